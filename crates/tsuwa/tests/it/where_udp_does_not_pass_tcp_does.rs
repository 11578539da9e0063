use crate::media_peer::Peer;
use crate::media_rig::Rig;
use crate::media_wire::Wire;
use tsuwa::media::CaptureSource;
use tsuwa_voice::{Talker, compare};

#[tokio::test]
async fn where_udp_does_not_pass_tcp_does() {
    let peer = Peer::with("bob", Wire::tcp(), 0);
    let (mut rig, _peer) = Rig::connected_to(CaptureSource::Voice { seed: 6 }, peer).await;
    rig.engine.open_microphone();
    rig.until_heard("bob").await;
    rig.record(3).await;
    let mut said = vec![0; 5 * 48_000];
    Talker::new(6).fill(&mut said);
    let found = compare(&said, &rig.heard.samples(), 48_000).unwrap();
    assert!(found.correlation > 0.7, "{found:?}");
}
