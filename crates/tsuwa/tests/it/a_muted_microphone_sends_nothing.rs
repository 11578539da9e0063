use crate::media_rig::{Rig, reaches};
use tsuwa::media::CaptureSource;

/// And when it is on again, the timestamps have gone on: the other side knows it for a pause.
#[tokio::test]
async fn a_muted_microphone_sends_nothing() {
    let (rig, peer) = Rig::connected(CaptureSource::Voice { seed: 1 }).await;
    rig.engine.open_microphone();
    reaches(|| peer.came().len() > 10).await;
    rig.engine.set_mic_mute(true);
    // What was on its way arrives first; then nothing does, for longer than a busy machine would hold a packet up.
    let (mut before, mut looks) = (0, 0);
    reaches(|| {
        let came = peer.came().len();
        looks = if came == before { looks + 1 } else { 0 };
        before = came;
        looks == 100
    })
    .await;
    rig.engine.set_mic_mute(false);
    reaches(|| peer.came().len() > before + 5).await;
    let came = peer.came();
    let (at, after) = (came[before - 1], came[before]);
    assert_eq!(after.0, at.0 + 1, "no sequence number is left out");
    assert!(after.1.wrapping_sub(at.1) >= 10 * 960, "{} then {}", at.1, after.1);
}
