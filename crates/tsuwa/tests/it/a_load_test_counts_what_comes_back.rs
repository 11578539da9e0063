use crate::media_peer::Peer;
use crate::media_rig::{CALL, reaches};
use std::time::Duration;
use tokio::sync::mpsc;
use tsuwa::media::load::Load;
use tsuwa::media::{AudioSetup, EngineOut, MediaEngine};

/// Two parties on one thread, each on its own line: everything sent comes back, is counted and timed.
#[tokio::test]
async fn a_load_test_counts_what_comes_back() {
    let load = Load::start().unwrap();
    let (tell, mut out) = mpsc::unbounded_channel();
    let mut parties = Vec::new();
    for _ in 0..2 {
        let engine = MediaEngine::start(AudioSetup::load(&load), tell.clone());
        let (peer, offer) = Peer::start("bob");
        engine.offer(CALL, 1, true, offer.sdp, offer.streams);
        while let Some(event) = out.recv().await {
            if let EngineOut::Answer { sdp, .. } = event {
                peer.answer(sdp);
                break;
            }
        }
        parties.push((engine, peer));
    }
    reaches(|| load.stats().up == 2).await;
    assert_eq!(load.stats().sent, 0, "nothing before the microphone is open");
    parties.iter().for_each(|(engine, _)| engine.open_microphone());
    reaches(|| load.stats().received > 100).await;
    parties.iter().for_each(|(engine, _)| engine.set_mic_mute(true));
    // Of one moment: a packet may still be sent before the mute is heard.
    let mut stats = load.final_stats();
    reaches(|| {
        stats = load.final_stats();
        stats.received == stats.sent
    })
    .await;
    assert_eq!((stats.parties, stats.lost, stats.delays.count()), (2, 0, stats.received), "{stats:?}");
    assert!(stats.delays.percentile(50.0) > Duration::ZERO, "{stats:?}");
    assert!(stats.delays.percentile(50.0) <= stats.delays.percentile(99.0), "{stats:?}");
}
