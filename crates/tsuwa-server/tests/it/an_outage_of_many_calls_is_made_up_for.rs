use crate::harness::{House, PATIENCE};
use crate::receiver::{Mood, Receiver};
use std::collections::BTreeMap;
use tokio::time::timeout;
use tsuwa_call::DeviceKey;
use tsuwa_exchange::{Entry, Exchange, Input, Log};
use tsuwa_proto::{Act, CallId, CallType, HangupTarget, Invite, MediaMode, Millis, RequestId, SessionId};
use tsuwa_server::Config;
use tsuwa_server::store::{Keeper, LogSync, Store};

/// Many times more than are on their way at once.
const CALLS: usize = 500;
const STORY: [&str; 4] = ["call.started", "call.invited", "call.cancelled", "call.ended"];

/// Writes a log in which so many calls began and ended, one after the other, and nobody has been told of any.
fn write(config: &Config) {
    let app = config.apps[0].id;
    let keeper = Keeper::start().expect("a thread");
    let mut store = Store::open(&config.data.calls_path(app), app, LogSync::Second, &keeper).expect("a log");
    let mut exchange = Exchange::new(app, store.reign().expect("a reign"));
    let at = Millis(crate::harness::now_s() * 1000);
    let mut entries: Vec<Entry> = Vec::new();
    let mut enter = |input: Input| {
        let entry = exchange.propose(at, input);
        exchange.committed(&entry);
        while exchange.poll_effect().is_some() {}
        entries.push(entry.clone());
        entry.position
    };
    enter(Input::Started);
    enter(Input::Settings { hooks: true });
    let alice = DeviceKey { user: "alice".parse().expect("an id"), device: "pad".parse().expect("an id") };
    let expires_at = at.plus(3_600_000);
    let session = SessionId(enter(Input::SignIn { origin: 1, at: alice, media: MediaMode::None, expires_at }));
    for number in 0..CALLS as u64 {
        let invite = Invite { kind: CallType::Audio, timeout_s: None, user_data: None };
        let act = Act::Call { user_id: "bob".parse().expect("an id"), invite };
        let call = CallId(enter(Input::Request { session, id: RequestId(2 * number + 1), act }));
        let act = Act::Hangup { target: HangupTarget::Call(call), invitation_id: None };
        enter(Input::Request { session, id: RequestId(2 * number + 2), act });
    }
    store.append(&entries).expect("appended");
}

async fn has_failed(house: &House, at_least: usize) {
    let row = format!("tsuwa_webhook_attempts_failed_total{{app=\"{}\"}} ", house.app());
    let failed = async {
        loop {
            let page = house.http("GET", "/metrics", &[], None).await.1;
            let count = page.lines().find_map(|line| line.strip_prefix(&row)).and_then(|text| text.parse().ok());
            if count.is_some_and(|count: usize| count >= at_least) {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, failed).await.expect("attempts that fail");
}

#[tokio::test]
async fn an_outage_of_many_calls_is_made_up_for() {
    let mut receiver = Receiver::open().await;
    receiver.mood(Mood::HangsUp);
    let house = receiver.house_with(|config| write(config)).await;
    has_failed(&house, CALLS).await;
    receiver.mood(Mood::Takes);
    let mut stories: BTreeMap<String, u64> = BTreeMap::new();
    let mut over = 0;
    while over < CALLS {
        let got = receiver.next().await;
        let told = stories.entry(got.call().to_owned()).or_default();
        let (_, _, number) = got.id();
        assert!(number == *told + 1 || number == *told, "webhook {number} came after {told}");
        if number == *told + 1 {
            assert_eq!(got.kind(), STORY[*told as usize]);
            *told = number;
            over += usize::from(number == 4);
        }
    }
    let (_, page) = house.admin("GET", "/records?limit=1000", None).await;
    assert_eq!(page["records"].as_array().map(Vec::len), Some(CALLS), "one record each");
}
