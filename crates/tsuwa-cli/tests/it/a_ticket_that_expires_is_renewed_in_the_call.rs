use crate::stage::{DEADLINE, Folder};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::time::{sleep, timeout};
use tsuwa::{CallType, EventStream, TrtcCalling};
use tsuwa_server::{Config, DEFAULT_APP, Server};
use tsuwa_usersig::{Claims, Key, sign};

async fn until(events: &mut EventStream, name: &str) {
    while timeout(DEADLINE, events.next()).await.expect("it comes").unwrap().name() != name {}
}

/// Row 30 of the scenarios.
#[tokio::test]
async fn when_the_ticket_expires_the_call_goes_on_and_a_new_login_lets_new_calls_be_made() {
    let folder = Folder::new();
    let config = Config::local(folder.join("data")).unwrap();
    let key = Key::new(config.apps[0].secret.expose()).unwrap();
    let server = Server::start(config).await.unwrap();
    let ticket = |user: &str, lifetime_s| {
        let issued_at_s = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        sign(&key, &Claims { app: DEFAULT_APP.0, user: user.to_owned(), issued_at_s, lifetime_s }).unwrap()
    };
    let phone = || TrtcCalling::builder().server(server.rpc_url()).without_media().build().unwrap();
    let (alice, bob) = (phone(), phone());
    let (mut alice_events, mut bob_events) = (alice.events(), bob.events());
    assert_eq!(bob.login(DEFAULT_APP.0, "bob", &ticket("bob", 600)).await.code, 0);
    // Two seconds: the ticket counts whole ones.
    assert_eq!(alice.login(DEFAULT_APP.0, "alice", &ticket("alice", 2)).await.code, 0);
    assert_eq!(alice.call("bob", CallType::Audio).await.code, 0);
    until(&mut bob_events, "onInvited").await;
    assert_eq!(bob.accept().await.code, 0);
    until(&mut alice_events, "onUserEnter").await;
    until(&mut alice_events, "onUserSigExpired").await;
    assert_eq!(alice.call("carol", CallType::Audio).await.code, 70001);
    assert_eq!(alice.login(DEFAULT_APP.0, "alice", &ticket("alice", 600)).await.code, 0);
    assert!(alice.current_call().is_some(), "the call goes on");
    assert_eq!(alice.call("carol", CallType::Audio).await.code, 0);
    alice.hangup();
    until(&mut bob_events, "onCallEnd").await;
    alice.destroy();
    bob.destroy();
    assert!(server.join(sleep(DEADLINE)).await);
}
