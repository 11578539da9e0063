use crate::harness::{Device, House};
use serde_json::{Value, json};

fn calls(list: &Value) -> Vec<String> {
    let calls = list.as_array().expect("a list").iter();
    calls.map(|each| each["callId"].as_str().expect("an id").to_owned()).collect()
}

/// Some calls that are over, to these in turn; the newest first.
async fn some(alice: &mut Device, callees: &[&str]) -> Vec<String> {
    let mut made = Vec::new();
    for callee in callees {
        let call = alice.call(callee).await;
        alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
        made.insert(0, call);
    }
    made
}

#[tokio::test]
async fn an_apps_records_are_read_page_by_page() {
    let house = House::open().await;
    let mut alice = house.device("alice").await;
    let made = some(&mut alice, &["bob", "carol", "bob", "carol", "bob"]).await;
    let get = async |query: &str| house.admin("GET", &format!("/records{query}"), None).await;

    let (status, all) = get("").await;
    assert_eq!((status, calls(&all["records"]), &all["more"]), (200, made.clone(), &json!(false)));
    let (_, first) = get("?limit=2").await;
    assert_eq!((calls(&first["records"]), &first["more"]), (made[..2].to_vec(), &json!(true)));
    let (_, second) = get(&format!("?limit=3&before={}", made[1])).await;
    assert_eq!((calls(&second["records"]), &second["more"]), (made[2..].to_vec(), &json!(false)));
    let (_, end) = get(&format!("?before={}", made[4])).await;
    assert_eq!((calls(&end["records"]), &end["more"]), (Vec::new(), &json!(false)));

    let (_, carols) = get("?user=carol&limit=1").await;
    assert_eq!((calls(&carols["records"]), &carols["more"]), (vec![made[1].clone()], &json!(true)));
    let (_, nobodys) = get("?user=dave").await;
    assert_eq!(calls(&nobodys["records"]), Vec::<String>::new());

    let began = |index: usize| all["records"][index]["startedAt"].as_u64().expect("a moment");
    let (_, since) = get(&format!("?since={}", began(0))).await;
    assert_eq!(since["records"][0]["callId"], made[0]);
    let (_, until) = get(&format!("?until={}", began(4))).await;
    assert_eq!(calls(&until["records"]), Vec::<String>::new());
    let (_, between) = get(&format!("?since={}&until={}", began(4), began(0) + 1)).await;
    assert_eq!(calls(&between["records"]), made);

    // A record stands alone as it stands in the list.
    let (status, one) = house.admin("GET", &format!("/records/{}", made[2]), None).await;
    assert_eq!((status, &one), (200, &all["records"][2]));
}

#[tokio::test]
async fn a_users_own_calls_are_read_page_by_page() {
    let house = House::open().await;
    let mut alice = house.device("alice").await;
    let made = some(&mut alice, &["bob", "carol", "bob"]).await;
    let first = alice.ask("queryRecentCalls", json!({ "limit": 2 })).await.expect("a page");
    assert_eq!((calls(&first["calls"]), &first["more"]), (made[..2].to_vec(), &json!(true)));
    let rest = alice.ask("queryRecentCalls", json!({ "before": made[1] })).await.expect("a page");
    assert_eq!((calls(&rest["calls"]), &rest["more"]), (made[2..].to_vec(), &json!(false)));
    // Each sees its own only.
    let mut carol = house.device("carol").await;
    let hers = carol.ask("queryRecentCalls", json!({})).await.expect("a page");
    assert_eq!(calls(&hers["calls"]), [made[1].clone()]);
    let mut dave = house.device("dave").await;
    let nothing = dave.ask("queryRecentCalls", json!({})).await.expect("a page");
    assert_eq!(nothing, json!({ "calls": [], "more": false }));
}

#[tokio::test]
async fn a_wrong_question_is_refused_with_its_code() {
    let house = House::open().await;
    let mut alice = house.device("alice").await;
    for wrong in [json!({ "limit": 0 }), json!({ "limit": 101 }), json!({ "before": "x" }), json!({ "before": 7 })] {
        assert_eq!(alice.ask("queryRecentCalls", wrong.clone()).await, Err(-1202), "{wrong}");
    }
    for (query, status, code) in [
        ("?limit=0", 400, -1202),
        ("?limit=1001", 400, -1202),
        ("?limit=some", 400, -1202),
        ("?before=x", 400, -1202),
        ("?since=yesterday", 400, -1202),
        ("?limit=-1", 400, -1202),
        ("?limit=99999999999999999999999", 400, -1202),
        ("?limit=2&limit=3", 400, -1202),
        ("?before=", 400, -1202),
        ("?before=-1", 400, -1202),
        ("?before=99999999999999999999", 400, -1202),
        ("?before=1%00", 400, -1202),
        ("?since=-1", 400, -1202),
        ("?user=", 400, 7003),
        ("?user=alice%27%20OR%201", 400, 7003),
        ("?user=%FF", 400, 7003),
        ("?page=2", 400, -1202),
        ("?user=no%20spaces", 400, 7003),
        ("/x", 400, -1202),
        ("/17", 404, 8010),
        ("/18446744073709551615", 404, 8010),
    ] {
        let (came, body) = house.admin("GET", &format!("/records{query}"), None).await;
        assert_eq!((came, &body["error"]["code"]), (status, &json!(code)), "{query}");
    }
}

#[tokio::test]
async fn a_question_that_nothing_answers_is_a_page_without_records() {
    let house = House::open().await;
    some(&mut house.device("alice").await, &["bob"]).await;
    let most = u64::MAX;
    for query in [
        "?before=0".to_owned(),
        "?before=1".to_owned(),
        "?until=0".to_owned(),
        format!("?since={most}"),
        "?since=2&until=1".to_owned(),
        "?user=nobody".to_owned(),
    ] {
        let page = house.admin("GET", &format!("/records{query}"), None).await;
        assert_eq!(page, (200, json!({ "records": [], "more": false })), "{query}");
    }
    let (status, page) = house.admin("GET", &format!("/records?before={most}&until={most}&since=0"), None).await;
    assert_eq!((status, calls(&page["records"]).len()), (200, 1), "and bounds as wide as can be leave nothing out");
}

#[tokio::test]
async fn a_users_calls_are_that_users_only_however_alike_another_is_named() {
    let house = House::open().await;
    let names = ["bob", "bo", "bob2", "bob-2", "bob_", "b_b", "BOB", "Bob", "bobbob"];
    let made = some(&mut house.device("alice").await, &names).await;
    for (name, call) in names.iter().zip(made.iter().rev()) {
        let (_, page) = house.admin("GET", &format!("/records?user={name}"), None).await;
        assert_eq!(calls(&page["records"]), std::slice::from_ref(call), "{name}");
        let own = house.device(name).await.ask("queryRecentCalls", json!({})).await.expect("a page");
        assert_eq!(calls(&own["calls"]), std::slice::from_ref(call), "{name}");
    }
}

#[tokio::test]
async fn questions_without_end_are_stopped() {
    let house = House::open_with(|config| config.limits.requests_per_s = 1).await;
    let mut alice = house.device("alice").await;
    let mut refused = 0;
    for _ in 0..20 {
        refused += usize::from(alice.ask("queryRecentCalls", json!({})).await == Err(7008));
    }
    assert!(refused > 0, "they are counted with the other requests");
}
