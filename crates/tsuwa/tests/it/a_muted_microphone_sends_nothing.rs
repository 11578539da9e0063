use crate::media_rig::{Rig, reaches, stays};
use tsuwa::media::CaptureSource;

/// And when it is on again, the timestamps have gone on: the other side knows it for a pause.
#[tokio::test]
async fn a_muted_microphone_sends_nothing() {
    let (rig, peer) = Rig::connected(CaptureSource::Voice { seed: 1 }).await;
    rig.engine.open_microphone();
    reaches(|| peer.came().len() > 10).await;
    rig.engine.set_mic_mute(true);
    // What was on its way arrives first.
    let mut last = 0;
    reaches(|| std::mem::replace(&mut last, peer.came().len()) == last).await;
    assert!(stays(|| peer.came().len() <= last + 1).await);
    let before = peer.came().len();
    rig.engine.set_mic_mute(false);
    reaches(|| peer.came().len() > before + 5).await;
    let came = peer.came();
    let (at, after) = (came[before - 1], came[before]);
    assert_eq!(after.0, at.0 + 1, "no sequence number is left out");
    assert!(after.1.wrapping_sub(at.1) >= 10 * 960, "{} then {}", at.1, after.1);
}
