use crate::media_peer::Peer;
use crate::media_rig::{Rig, reaches};
use crate::media_wire::Wire;
use tsuwa::media::CaptureSource;

/// Every fifth packet is lost on the way; once the other side has reported it, each carries the one before again.
#[tokio::test]
async fn a_lossy_line_gets_sturdier_sound() {
    let (rig, peer) = Rig::connected_to(CaptureSource::Voice { seed: 9 }, Peer::with("bob", Wire::udp(), 5)).await;
    rig.engine.open_microphone();
    reaches(|| peer.red().len() > 10).await;
    assert!(peer.red()[0] >= 5, "on a line that has lost nothing it would be a waste: {:?}", peer.red());
}
