use crate::media_peer::Peer;
use crate::media_rig::{CALL, Rig, reaches};
use tsuwa::media::{CaptureSource, EngineOut};

/// The request for another transport may have come to nothing; while another is on its way there is nothing to ask for.
#[tokio::test]
async fn what_is_lost_and_not_replaced_is_told_again() {
    let (mut rig, peer) = Rig::connected(CaptureSource::Voice { seed: 3 }).await;
    rig.engine.open_microphone();
    reaches(|| !peer.came().is_empty()).await;
    peer.die();
    for _ in 0..2 {
        rig.until(|out| (*out == EngineOut::Lost { call: CALL }).then_some(())).await;
    }
    let (second, offer) = Peer::start("bob");
    rig.offer(&second, offer, true).await;
    let next = rig.until(|out| matches!(out, EngineOut::Lost { .. } | EngineOut::Up { .. }).then(|| out.clone())).await;
    assert_eq!(next, EngineOut::Up { call: CALL });
}
