use crate::harness::House;
use crate::logbook::change;
use serde_json::json;
use std::collections::BTreeSet;

/// As large as a record with a hundred invitations and stays, and more of them than go into one answer.
const COPIES: &str = "
WITH RECURSIVE copies(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < 200)
INSERT INTO records
SELECT call - n, started_ms, ended_ms,
    json_set(record, '$.callId', CAST(call - n AS TEXT), '$.callerDevice', hex(zeroblob(25000)))
FROM records, copies";

#[tokio::test]
async fn a_page_of_records_is_of_bounded_size() {
    let house = House::open().await;
    let mut alice = house.device("alice").await;
    let call = alice.call("bob").await;
    alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    let house = house.restart_with(|config| change(&config.data.calls_path(config.apps[0].id), COPIES)).await;
    let mut read = BTreeSet::new();
    let (mut pages, mut count, mut before) = (0, 0, String::new());
    loop {
        let (status, page) = house.admin("GET", &format!("/records?limit=1000{before}"), None).await;
        assert_eq!(status, 200);
        let records = page["records"].as_array().expect("a list");
        assert!(page.to_string().len() < 5_000_000, "{} of them", records.len());
        let calls = records.iter().map(|record| record["callId"].as_str().expect("an id"));
        read.extend(calls.map(str::to_owned));
        (pages, count) = (pages + 1, count + records.len());
        if page["more"] == false {
            break;
        }
        let last = records.last().expect("a page that is not the last has some");
        before = format!("&before={}", last["callId"].as_str().expect("an id"));
    }
    assert_eq!((read.len(), count), (201, 201), "each once");
    assert!(pages > 1);
}
