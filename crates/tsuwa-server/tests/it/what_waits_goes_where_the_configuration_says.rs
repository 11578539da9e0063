use crate::receiver::{Mood, Receiver};
use serde_json::json;

#[tokio::test]
async fn what_waits_goes_where_the_configuration_says() {
    let before = Receiver::open().await;
    before.mood(Mood::HangsUp);
    let house = before.house().await;
    let mut alice = house.device("alice").await;
    let over = alice.call("bob").await;
    alice.ask("hangup", json!({ "callId": over })).await.expect("a hangup");
    let rings = alice.call("carol").await;

    // Another address, and another secret: `next_of` checks whose.
    let mut now = Receiver::open().await;
    let house = house.restart_with(|config| config.apps[0].webhooks = Some(now.config())).await;
    before.mood(Mood::Takes);
    let mut alice = house.resume(&alice).await;
    alice.ask("hangup", json!({ "callId": rings })).await.expect("a hangup");
    let mut stories = [Vec::new(), Vec::new()];
    while stories[0].len() + stories[1].len() < 8 {
        let got = now.next().await;
        stories[usize::from(got.call() == rings)].push((got.id().2, got.kind().to_owned()));
    }
    for story in stories {
        let kinds = ["call.started", "call.invited", "call.cancelled", "call.ended"];
        let whole: Vec<_> = (1..).zip(kinds.map(str::to_owned)).collect();
        assert_eq!(story, whole);
    }
    assert!(before.is_untouched(), "nothing goes where it went before");
}
