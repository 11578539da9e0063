use crate::media_rig::{Rig, reaches};
use tsuwa::media::{CaptureSource, EngineOut};
use tsuwa_proto::Code;

#[tokio::test]
async fn a_missing_file_is_told_and_the_call_goes_on() {
    let capture = CaptureSource::Wav { path: "no/such/file.wav".into(), looped: false };
    let (mut rig, peer) = Rig::connected(capture).await;
    rig.engine.open_microphone();
    rig.until(|out| matches!(out, EngineOut::Error(refusal) if refusal.code == Code::MicrophoneFailed).then_some(()))
        .await;
    reaches(|| peer.came().len() > 10).await;
}
