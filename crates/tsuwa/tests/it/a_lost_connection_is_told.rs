use crate::media_rig::{CALL, Rig, reaches};
use tsuwa::media::{CaptureSource, EngineOut};

#[tokio::test]
async fn a_lost_connection_is_told() {
    let (mut rig, peer) = Rig::connected(CaptureSource::Voice { seed: 3 }).await;
    rig.engine.open_microphone();
    reaches(|| !peer.came().is_empty()).await;
    peer.die();
    rig.until(|out| (*out == EngineOut::Lost { call: CALL }).then_some(())).await;
}
