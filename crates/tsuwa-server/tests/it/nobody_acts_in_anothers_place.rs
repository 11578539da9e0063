//! The lesson of FaceTime, Signal, JioChat, Mocha, Duo and Messenger, over real sockets: roles are swapped, and nothing
//! comes of it.

use crate::harness::{Device, House, still_talks_and_ends};
use crate::torture::{name, set};
use serde_json::json;

#[tokio::test]
async fn while_it_rings_and_while_two_talk() {
    let house = House::open().await;
    let mut alice = house.device("alice").await;
    let mut bob = house.device("bob").await;
    let mut carol = house.device("carol").await;
    let mut wrong = Vec::new();
    for when in ["ringing", "talking"] {
        let call = alice.call("bob").await;
        bob.event("onInvited").await;
        if when == "talking" {
            answered(&mut alice, &mut bob, &call).await;
        }
        for message in set("roles").into_iter().filter(|message| message["when"] == when) {
            let mut params = message["params"].clone();
            if params["callId"] == "$call" {
                params["callId"] = json!(call);
            }
            let by = match message["by"].as_str().expect("who") {
                "alice" => &mut alice,
                "bob" => &mut bob,
                _ => &mut carol,
            };
            let got = by.ask(message["method"].as_str().expect("a method"), params).await;
            let expected = Err(message["expects"].as_i64().expect("a code"));
            if got != expected {
                wrong.push(format!("{}: expected {expected:?}, got {got:?}", name(&message)));
            }
        }
        if when == "ringing" {
            answered(&mut alice, &mut bob, &call).await;
        }
        // Nobody was told anything of all this, and the call is what it was.
        carol.nothing_more().await;
        alice.nothing_more().await;
        bob.nothing_more().await;
        alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
        bob.event("onUserLeave").await;
        bob.event("onCallEnd").await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let call = alice.call("bob").await;
    bob.event("onInvited").await;
    answered(&mut alice, &mut bob, &call).await;
    still_talks_and_ends((alice, bob, call)).await;
}

async fn answered(alice: &mut Device, bob: &mut Device, call: &str) {
    bob.ask("accept", json!({ "callId": call })).await.expect("an accept");
    alice.event("onUserEnter").await;
    bob.event("onUserEnter").await;
}
