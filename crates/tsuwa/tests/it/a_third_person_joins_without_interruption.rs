use crate::media_rig::{Rig, reaches};
use tsuwa::media::CaptureSource;

#[tokio::test]
async fn a_third_person_joins_without_interruption() {
    let (mut rig, peer) = Rig::connected(CaptureSource::Voice { seed: 3 }).await;
    rig.engine.open_microphone();
    rig.until_heard("bob").await;
    let offer = peer.reoffer("carol");
    rig.offer(&peer, offer, false).await;
    rig.until_heard("carol").await;
    let so_far = peer.came().len();
    reaches(|| peer.came().len() > so_far + 20).await;
    // Not one packet is missing, and none had to wait.
    let came = peer.came();
    assert!(came.windows(2).all(|two| two[1].0 == two[0].0 + 1 && two[1].1 == two[0].1.wrapping_add(960)));
}
