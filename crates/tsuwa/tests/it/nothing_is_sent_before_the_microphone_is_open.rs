use crate::media_rig::{Rig, reaches, stays};
use tsuwa::media::CaptureSource;

#[tokio::test]
async fn nothing_is_sent_before_the_microphone_is_open() {
    let (rig, peer) = Rig::connected(CaptureSource::Voice { seed: 1 }).await;
    assert!(stays(|| peer.came().is_empty()).await);
    rig.engine.open_microphone();
    reaches(|| !peer.came().is_empty()).await;
}
