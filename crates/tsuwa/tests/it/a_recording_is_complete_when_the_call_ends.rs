use crate::media_peer::Peer;
use crate::media_rig::{CALL, reaches};
use std::path::Path;
use tokio::sync::mpsc;
use tsuwa::media::{AudioSetup, CaptureSource, EngineOut, MediaEngine, PlaybackSink};
use tsuwa_voice::{Resampler, Talker, Wav, compare, wav_header};

/// A WAV file of 16 kHz is said, and what is heard is in another when the call has ended.
#[tokio::test]
async fn a_recording_is_complete_when_the_call_ends() {
    let folder = std::env::temp_dir().join(format!("tsuwa-media-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (say, heard) = (folder.join("say.wav"), folder.join("heard.wav"));
    let mut said = vec![0; 3 * 48_000];
    Talker::new(5).fill(&mut said);
    let mut slow = Vec::new();
    Resampler::new(48_000, 16_000).process(&said, &mut slow);
    let mut file = wav_header(16_000, slow.len()).to_vec();
    slow.iter().for_each(|sample| file.extend_from_slice(&sample.to_le_bytes()));
    std::fs::write(&say, file).unwrap();
    let twice = [said.clone(), said].concat();
    let mut found = None;
    // A machine that is busy with something else for a moment spoils one, and not every one.
    for _ in 0..5 {
        let recorded = record(&say, &heard).await;
        assert_eq!(recorded.rate_hz, 48_000);
        found = compare(&twice, &recorded.samples, 48_000);
        if found.is_some_and(|found| found.correlation > 0.7) {
            break;
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(found.is_some_and(|found| found.correlation > 0.7), "{found:?}");
}

/// What is heard in a call of three seconds, in which this file is said.
async fn record(say: &Path, heard: &Path) -> Wav {
    let (tell, mut out) = mpsc::unbounded_channel();
    let capture = CaptureSource::Wav { path: say.to_owned(), looped: true };
    let engine =
        MediaEngine::start(AudioSetup { capture, playback: PlaybackSink::Wav { path: heard.to_owned() } }, tell);
    let (peer, offer) = Peer::start("bob");
    engine.offer(CALL, 1, true, offer.sdp, offer.streams);
    engine.open_microphone();
    while let Some(event) = out.recv().await {
        match event {
            EngineOut::Answer { sdp, .. } => peer.answer(sdp),
            EngineOut::FirstSound { .. } => break,
            EngineOut::Error(refusal) => panic!("{refusal}"),
            _ => {}
        }
    }
    let so_far = peer.came().len();
    reaches(|| peer.came().len() > so_far + 150).await;
    engine.end_call();
    drop(engine);
    // The engine's end is the channel's.
    while out.recv().await.is_some() {}
    Wav::parse(&std::fs::read(heard).unwrap()).unwrap()
}
