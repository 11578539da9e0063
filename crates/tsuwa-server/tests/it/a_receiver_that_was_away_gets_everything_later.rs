use crate::harness::PATIENCE;
use crate::receiver::{Got, Mood, Receiver};
use serde_json::json;
use std::collections::BTreeMap;
use tokio::time::timeout;

/// Whatever comes until so many calls are over; each call's webhooks without repetitions, as a receiver should.
async fn stories(receiver: &mut Receiver, calls: usize) -> BTreeMap<String, Vec<Got>> {
    let mut stories: BTreeMap<String, Vec<Got>> = BTreeMap::new();
    let mut over = 0;
    while over < calls {
        let got = receiver.next().await;
        let story = stories.entry(got.call().to_owned()).or_default();
        let (_, _, number) = got.id();
        let seen = story.len() as u64;
        assert!(number <= seen + 1, "webhook {number} came after {seen}");
        if number == seen + 1 {
            over += usize::from(got.kind() == "call.ended");
            story.push(got);
        }
    }
    stories
}

async fn is_away_and_comes_back(mood: Mood) {
    let mut receiver = Receiver::open().await;
    receiver.mood(mood);
    let house = receiver.house().await;
    let mut alice = house.device("alice").await;
    let mut made = Vec::new();
    for callee in ["bob", "carol", "dave"] {
        let call = alice.call(callee).await;
        alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
        made.push(call);
    }
    // It has been tried more than once.
    let failed = async {
        let count = format!("tsuwa_webhook_attempts_failed_total{{app=\"{}\"}}", house.app());
        loop {
            let page = house.http("GET", "/metrics", &[], None).await.1;
            let row = page.lines().find(|line| line.starts_with(&count)).unwrap_or("0 0");
            if row.rsplit(' ').next().expect("a number").parse::<f64>().expect("a number") >= 6.0 {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, failed).await.expect("attempts that fail");
    receiver.mood(Mood::Takes);
    let stories = stories(&mut receiver, made.len()).await;
    assert_eq!(stories.keys().cloned().collect::<Vec<_>>(), made);
    for story in stories.values() {
        let kinds: Vec<_> = story.iter().map(Got::kind).collect();
        assert_eq!(kinds, ["call.started", "call.invited", "call.cancelled", "call.ended"]);
    }
    // What was tried and not taken is what came in the end.
    for refused in receiver.refused.lock().expect("no panic in there").iter() {
        receiver.check(refused);
        let taken = &stories[refused.call()][0];
        assert_eq!((&taken.text, taken.id()), (&refused.text, refused.id()));
    }
}

#[tokio::test]
async fn nobody_is_there_for_a_while() {
    is_away_and_comes_back(Mood::HangsUp).await;
}

#[tokio::test]
async fn it_is_in_trouble_for_a_while() {
    is_away_and_comes_back(Mood::Answers(500, String::new())).await;
}

#[tokio::test]
async fn a_redirect_is_no_answer_and_is_not_followed() {
    let elsewhere = Receiver::open().await;
    let location = format!("Location: http://{}/\r\n", elsewhere.address);
    is_away_and_comes_back(Mood::Answers(307, location)).await;
    assert!(elsewhere.is_untouched(), "nobody was sent there");
}
