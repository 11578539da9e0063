use crate::harness::{Device, House};
use serde_json::{Value, json};

/// A call that is over.
async fn over(device: &mut Device, callee: &str) -> String {
    let call = device.call(callee).await;
    device.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    call
}

fn calls(list: &Value) -> Vec<String> {
    let calls = list.as_array().expect("a list").iter();
    calls.map(|each| each["callId"].as_str().expect("an id").to_owned()).collect()
}

/// Reads two at a time to the end, as `ask` does. Before each page but the first a call begins and ends, and another one
/// ends that began before all of them.
async fn read(house: &House, ask: impl AsyncFn(&House, &mut Device, &str) -> (Vec<String>, bool)) {
    let mut alice = house.device("alice").await;
    let mut old = Vec::new();
    for name in ["carol", "dave", "erin"] {
        let mut caller = house.device(name).await;
        let call = caller.call(&format!("{name}-friend")).await;
        old.push((caller, call));
    }
    let mut there = Vec::new();
    for callee in ["bob", "frank", "bob", "frank", "bob"] {
        there.push(over(&mut alice, callee).await);
    }
    let (mut read, mut more) = ask(house, &mut alice, "").await;
    while more {
        over(&mut alice, "bob").await;
        if let Some((mut caller, call)) = old.pop() {
            caller.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
        }
        let last = read.last().expect("a page that is not the last has some").clone();
        let (page, is_more) = ask(house, &mut alice, &last).await;
        read.extend(page);
        more = is_more;
    }
    let mut sorted: Vec<u64> = read.iter().map(|call| call.parse().expect("a number")).collect();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    sorted.dedup();
    assert_eq!(sorted.iter().map(u64::to_string).collect::<Vec<_>>(), read, "the newest first, none twice");
    for call in there {
        assert!(read.contains(&call), "{call} was there when the reading began");
    }
}

#[tokio::test]
async fn those_of_an_app() {
    let house = House::open().await;
    read(&house, async |house: &House, _: &mut Device, before: &str| {
        let before = if before.is_empty() { String::new() } else { format!("&before={before}") };
        let (status, page) = house.admin("GET", &format!("/records?limit=2{before}"), None).await;
        assert_eq!(status, 200);
        (calls(&page["records"]), page["more"] == true)
    })
    .await;
}

#[tokio::test]
async fn those_of_a_user() {
    let house = House::open().await;
    read(&house, async |_: &House, alice: &mut Device, before: &str| {
        let params = if before.is_empty() { json!({ "limit": 2 }) } else { json!({ "limit": 2, "before": before }) };
        let page = alice.ask("queryRecentCalls", params).await.expect("a page");
        (calls(&page["calls"]), page["more"] == true)
    })
    .await;
}
