use crate::media_rig::Rig;
use tsuwa::media::CaptureSource;
use tsuwa_voice::{Talker, compare};

#[tokio::test]
async fn what_is_said_is_heard() {
    let (mut rig, _peer) = Rig::connected(CaptureSource::Voice { seed: 42 }).await;
    rig.engine.open_microphone();
    rig.until_heard("bob").await;
    rig.record(4).await;
    let mut said = vec![0; 6 * 48_000];
    Talker::new(42).fill(&mut said);
    let found = compare(&said, &rig.heard.samples(), 48_000).unwrap();
    assert!(found.correlation > 0.7, "{found:?}");
    assert!(found.level_db.abs() < 4.0, "{found:?}");
}
