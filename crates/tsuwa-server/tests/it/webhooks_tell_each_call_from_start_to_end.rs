use crate::harness::{House, talk};
use crate::receiver::{Got, Receiver};
use serde_json::{Value, json};

/// All webhooks of the next call that comes to its end.
async fn story(receiver: &mut Receiver) -> Vec<Got> {
    let mut story = Vec::new();
    loop {
        let got = receiver.next().await;
        let over = got.kind() == "call.ended";
        story.push(got);
        if over {
            return story;
        }
    }
}

fn kinds(story: &[Got]) -> Vec<&str> {
    story.iter().map(|got| got.kind().strip_prefix("call.").expect("its beginning")).collect()
}

fn data<'a>(story: &'a [Got], kind: &str) -> Vec<&'a Value> {
    story.iter().filter(|got| got.kind() == format!("call.{kind}")).map(|got| &got.body["data"]).collect()
}

#[tokio::test]
async fn an_answered_call_is_told_in_order_and_signed() {
    let mut receiver = Receiver::open().await;
    let house = receiver.house().await;
    let (mut alice, _bob, call) = talk(&house, "alice", "bob").await;
    alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    let story = story(&mut receiver).await;
    assert_eq!(kinds(&story), ["started", "invited", "answered", "ended"]);
    for (got, number) in story.iter().zip(1..) {
        assert_eq!(got.id(), (house.app(), call.clone(), number));
        assert_eq!((got.call(), &got.body["sdkAppId"]), (call.as_str(), &json!(house.app())));
        assert_eq!(got.path, "/hooks/here?app=1");
        assert_eq!(got.headers["content-type"], "application/json");
        assert_eq!(got.headers["host"], receiver.address.to_string());
    }
    assert_eq!(data(&story, "started")[0]["callerDevice"], "phone");
    let invited = data(&story, "invited")[0];
    assert_eq!(
        (&invited["userId"], &invited["sponsor"], &invited["online"]),
        (&json!("bob"), &json!("alice"), &json!(true))
    );
    assert_eq!(data(&story, "answered")[0]["deviceId"], "phone");
    let (_, record) = house.admin("GET", &format!("/records/{call}"), None).await;
    assert_eq!(*data(&story, "ended")[0], record, "the end is told with the whole record");
}

#[tokio::test]
async fn every_start_has_an_end() {
    let mut receiver = Receiver::open().await;
    let house = receiver.house().await;
    let mut alice = house.device("alice").await;
    let mut bob = house.device("bob").await;

    // Declined.
    let call = alice.call("bob").await;
    bob.ask("reject", json!({ "callId": call })).await.expect("a reject");
    let declined = story(&mut receiver).await;
    assert_eq!(kinds(&declined), ["started", "invited", "cancelled", "ended"]);
    assert_eq!(data(&declined, "cancelled")[0]["outcome"], "declined");

    // Taken back.
    let call = alice.call("bob").await;
    alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    let cancelled = story(&mut receiver).await;
    assert_eq!(kinds(&cancelled), ["started", "invited", "cancelled", "ended"]);
    assert_eq!(data(&cancelled, "cancelled")[0]["outcome"], "cancelled");

    // Nobody there.
    let params = json!({ "userId": "carol", "type": 1, "timeout": 1 });
    alice.ask("call", params).await.expect("a call");
    let unanswered = story(&mut receiver).await;
    assert_eq!(kinds(&unanswered), ["started", "invited", "cancelled", "ended"]);
    assert_eq!(data(&unanswered, "invited")[0]["online"], false);
    assert_eq!(data(&unanswered, "cancelled")[0]["outcome"], "no_answer");

    // Ended by an administrator.
    let call = alice.call("bob").await;
    assert_eq!(house.admin("DELETE", &format!("/calls/{call}"), None).await.0, 200);
    let ended = story(&mut receiver).await;
    assert_eq!(data(&ended, "cancelled")[0]["reason"], "ended_by_server");

    // Busy: nothing rings, so nothing is to be rung for.
    let first = alice.call("bob").await;
    let mut dave = house.device("dave").await;
    let second = dave.call("bob").await;
    let mut calls = Vec::new();
    while calls.len() < 4 {
        calls.push(receiver.next().await);
    }
    let of_second: Vec<&str> = calls.iter().filter(|got| got.call() == second).map(Got::kind).collect();
    assert_eq!(of_second, ["call.started", "call.ended"]);
    alice.ask("hangup", json!({ "callId": first })).await.expect("a hangup");
    let rest = story(&mut receiver).await;
    assert_eq!(kinds(&rest), ["cancelled", "ended"]);
}

#[tokio::test]
async fn each_invitation_of_a_group_has_an_end_of_its_own() {
    let mut receiver = Receiver::open().await;
    let house = receiver.house().await;
    let mut alice = house.device("alice").await;
    let mut bob = house.device("bob").await;
    let params = json!({ "userIds": ["bob", "carol"], "type": 2, "userData": "cake" });
    let call = alice.ask("groupCall", params).await.expect("a call")["callId"].clone();
    bob.ask("accept", json!({ "callId": call })).await.expect("an accept");
    alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    let story = story(&mut receiver).await;
    let invited = data(&story, "invited");
    assert_eq!((invited.len(), &invited[0]["userData"], &invited[0]["isFromGroup"]), (2, &json!("cake"), &json!(true)));
    assert_eq!(data(&story, "answered")[0]["userId"], "bob");
    assert_eq!(data(&story, "cancelled")[0]["userId"], "carol");
    assert_eq!(story.len(), 6);
}

#[tokio::test]
async fn an_app_without_a_receiver_sends_nothing() {
    let house = House::open().await;
    let (_alice, _bob, call) = talk(&house, "alice", "bob").await;
    assert_eq!(house.admin("DELETE", &format!("/calls/{call}"), None).await.0, 200);
    assert!(!house.config.data.webhook_secret_path(house.config.apps[0].id).exists(), "no secret is made for nothing");
}
