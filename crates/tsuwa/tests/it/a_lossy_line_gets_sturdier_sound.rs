use crate::media_peer::Peer;
use crate::media_rig::{Rig, reaches};
use crate::media_wire::Wire;
use tsuwa::media::CaptureSource;

/// Every fifth packet is lost on the way; once the other side has reported it, each carries the one before again.
#[tokio::test]
async fn a_lossy_line_gets_sturdier_sound() {
    let (rig, peer) = Rig::connected_to(CaptureSource::Voice { seed: 9 }, Peer::with("bob", Wire::udp(), 5)).await;
    rig.engine.open_microphone();
    reaches(|| peer.came().len() > 10).await;
    assert_eq!(peer.red(), 0, "on a line that loses nothing it would be a waste");
    reaches(|| peer.red() > 10).await;
}
