use crate::stage::{DEADLINE, Folder};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::time::{sleep, timeout};
use tsuwa::media::{AudioSetup, CaptureSource, PlaybackSink, Recording};
use tsuwa::sound::loudness;
use tsuwa::{CallType, EventStream, TrtcCalling};
use tsuwa_server::{Config, DEFAULT_APP, Server};
use tsuwa_usersig::{Claims, Key, sign};

async fn story(events: &mut EventStream, until: &str) -> Vec<&'static str> {
    let mut names = Vec::new();
    loop {
        let event = timeout(DEADLINE, events.next()).await.expect("the event comes").unwrap();
        if !event.is_periodic() {
            names.push(event.name());
            if event.name() == until {
                return names;
            }
        }
    }
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
    let folder = Folder::new();
    let config = Config::local(folder.join("data")).unwrap();
    let key = Key::new(config.apps[0].secret.expose()).unwrap();
    let server = Server::start(config).await.unwrap();
    let phone = |user: &str, seed: u64| {
        let heard = Recording::new();
        let playback = PlaybackSink::Memory(heard.clone());
        let audio = AudioSetup { capture: CaptureSource::Voice { seed }, playback };
        let calling = TrtcCalling::builder().server(server.rpc_url()).audio(audio).build().unwrap();
        let issued_at_s = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let claims = Claims { app: DEFAULT_APP.0, user: user.to_owned(), issued_at_s, lifetime_s: 600 };
        let sig = sign(&key, &claims).unwrap();
        (calling, heard, sig)
    };
    let ((alice, alice_hears, alice_sig), (bob, bob_hears, bob_sig)) = (phone("alice", 1), phone("bob", 2));
    let (mut alice_events, mut bob_events) = (alice.events(), bob.events());
    assert_eq!(alice.login(DEFAULT_APP.0, "alice", &alice_sig).await.code, 0);
    assert_eq!(bob.login(DEFAULT_APP.0, "bob", &bob_sig).await.code, 0);
    assert_eq!(alice.call("bob", CallType::Audio).await.code, 0);
    story(&mut bob_events, "onInvited").await;
    assert_eq!(bob.accept().await.code, 0);
    assert!(heard_after(&bob_hears, 0).await && heard_after(&alice_hears, 0).await);
    story(&mut alice_events, "onUserAudioAvailable").await;
    story(&mut bob_events, "onUserAudioAvailable").await;

    for _ in 0..2 {
        alice.network_changed();
        // The old transport still carries for a moment; what comes after this is the new one's.
        sleep(Duration::from_secs(1)).await;
        let (at_bob, at_alice) = (bob_hears.samples().len(), alice_hears.samples().len());
        assert!(heard_after(&bob_hears, at_bob).await, "bob hears alice");
        assert!(heard_after(&alice_hears, at_alice).await, "alice hears bob");
    }
    bob.hangup();
    assert_eq!(story(&mut alice_events, "onCallEnd").await, ["onUserLeave", "onCallEnd"]);
    alice.destroy();
    bob.destroy();
    assert!(server.join(sleep(DEADLINE)).await);
}
