use crate::media_rig::{DEADLINE, Rig};
use std::time::Instant;
use tsuwa::media::CaptureSource;
use tsuwa_voice::{RATE_HZ, Talker, compare};

#[tokio::test]
async fn what_is_said_is_heard() {
    let (mut rig, _peer) = Rig::connected(CaptureSource::Voice { seed: 42 }).await;
    rig.engine.open_microphone();
    rig.until_heard("bob").await;
    let second = RATE_HZ as usize;
    let mut said = vec![0; 2 * DEADLINE.as_secs() as usize * second];
    Talker::new(42).fill(&mut said);
    let by = Instant::now() + DEADLINE;
    loop {
        let mark = rig.heard.samples().len();
        rig.record(4).await;
        let found = compare(&said[mark..], &rig.heard.samples()[mark..], 2 * second);
        if found.is_some_and(|found| found.correlation > 0.7 && found.level_db.abs() < 4.0) {
            return;
        }
        // A machine that is busy with something else for a moment spoils a piece, and not every one.
        assert!(Instant::now() < by, "{found:?}");
    }
}
