use crate::house::House;
use crate::stage::DEADLINE;
use std::time::{Duration, Instant};
use tokio::time::sleep;
use tsuwa::CallType;
use tsuwa::media::{AudioSetup, CaptureSource, PlaybackSink, Recording};
use tsuwa::sound::loudness;

fn voice(seed: u64) -> (AudioSetup, Recording) {
    let heard = Recording::new();
    (AudioSetup { capture: CaptureSource::Voice { seed }, playback: PlaybackSink::Memory(heard.clone()) }, heard)
}

/// Waits until there is half a second of sound behind a moment.
async fn heard_after(recording: &Recording, mark: usize) -> bool {
    let by = Instant::now() + DEADLINE;
    while Instant::now() < by {
        let samples = recording.samples();
        let tenths = samples.get(mark..).unwrap_or_default().chunks_exact(4_800);
        if tenths.filter(|tenth| loudness(tenth).audible()).count() >= 5 {
            return true;
        }
        sleep(Duration::from_millis(50)).await;
    }
    false
}

/// Wi-Fi to mobile: a new connection and a new transport for the sound, and nobody is told anything.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_goes_on_when_the_network_changes_under_it() {
    let house = House::open().await;
    let ((for_alice, alice_hears), (for_bob, bob_hears)) = (voice(1), voice(2));
    let mut alice = house.line_with("alice", for_alice).await;
    let mut bob = house.line_with("bob", for_bob).await;
    assert_eq!(alice.calling.call("bob", CallType::Audio).await.code, 0);
    bob.sees(&["onInvited"]).await;
    assert_eq!(bob.calling.accept().await.code, 0);
    assert!(heard_after(&bob_hears, 0).await && heard_after(&alice_hears, 0).await);
    alice.sees(&["onUserEnter", "onUserAudioAvailable"]).await;
    bob.sees(&["onUserEnter", "onUserAudioAvailable"]).await;

    for _ in 0..2 {
        alice.calling.network_changed();
        // The old transport still carries for a moment; what comes after this is the new one's.
        sleep(Duration::from_secs(1)).await;
        let (at_bob, at_alice) = (bob_hears.samples().len(), alice_hears.samples().len());
        assert!(heard_after(&bob_hears, at_bob).await, "bob hears alice");
        assert!(heard_after(&alice_hears, at_alice).await, "alice hears bob");
    }
    bob.calling.hangup();
    alice.sees(&["onUserLeave", "onCallEnd"]).await;
}
