use crate::fake_server::{FakeServer, INVITATION, told};
use serde_json::json;
use std::sync::{Mutex, mpsc};
use tsuwa::TrtcCallingEvent;

/// A listener is still busy with the first invitation when that one is withdrawn and another comes: an `accept` means
/// the first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_accept_names_the_call_that_listeners_were_last_told_of() {
    let server = FakeServer::start().await;
    let (calling, mut events, mut connection) = server.signed_in().await;
    let (go_on, wait) = mpsc::channel();
    let wait = Mutex::new(wait);
    calling.register_listener(move |event| {
        if matches!(event, TrtcCallingEvent::OnInvited { .. }) {
            // An error would say that the test is over.
            let _ = wait.lock().unwrap().recv();
        }
    });
    connection.invite(1, "11").await;
    told(&mut events, &["onInvited"]).await;
    connection.event(2, "onCallingCancel", json!({ "callId": "11" })).await;
    connection.invite(3, "12").await;
    let accepted = calling.accept();
    let (id, params) = connection.expect("accept").await;
    assert_eq!(params, json!({ "callId": "11", "invitationId": INVITATION }));
    connection.refuse(&id, 8010).await;
    go_on.send(()).unwrap();
    go_on.send(()).unwrap();
    assert_eq!(accepted.await.code, 8010);
    told(&mut events, &["onCallingCancel", "onInvited"]).await;
}
