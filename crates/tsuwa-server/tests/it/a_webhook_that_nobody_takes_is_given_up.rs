use crate::harness::{House, PATIENCE};
use crate::receiver::{Got, Mood, Receiver};
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};
use tokio::time::timeout;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tsuwa_exchange::{Exchange, Input, Log};
use tsuwa_proto::{Act, CallId, CallType, Invite, MediaMode, Millis, RequestId, SessionId};
use tsuwa_server::Config;
use tsuwa_server::store::{Keeper, LogSync, Store};

/// Longer than the document of the webhooks says that one is kept: 72 hours.
const LONG_MS: u64 = 73 * 60 * 60 * 1000;

/// Writes a log in which nobody has answered a call, whose webhooks wait; and so long after it another call.
fn write(config: &Config) -> (CallId, CallId) {
    let app = config.apps[0].id;
    let keeper = Keeper::start().expect("a thread");
    let mut store = Store::open(&config.data.calls_path(app), app, LogSync::Second, &keeper).expect("a log");
    let mut exchange = Exchange::new(app, store.reign().expect("a reign"));
    let mut enter = |at: Millis, input: Input| {
        let entry = exchange.propose(at, input);
        store.append(std::slice::from_ref(&entry)).expect("appended");
        exchange.committed(&entry);
        entry.position
    };
    let start = Millis(crate::harness::now_s() * 1000);
    enter(start, Input::Started);
    enter(start, Input::Settings { hooks: true });
    let [old, new] = [start, start.plus(LONG_MS)].map(|at| {
        let who =
            tsuwa_call::DeviceKey { user: "alice".parse().expect("an id"), device: "pad".parse().expect("an id") };
        let expires_at = at.plus(1_000_000);
        let session = enter(at, Input::SignIn { origin: 1, at: who, media: MediaMode::None, expires_at });
        let invite = Invite { kind: CallType::Audio, timeout_s: None, user_data: None };
        let act = Act::Call { user_id: "bob".parse().expect("an id"), invite };
        let call = enter(at, Input::Request { session: SessionId(session), id: RequestId(1), act });
        // The ringing is over, and later the session.
        enter(at.plus(31_000), Input::Tick);
        enter(at.plus(100_000), Input::Tick);
        CallId(call)
    });
    (old, new)
}

/// What the server's operator reads of webhooks, but for details.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<(Level, String)>>>);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, "{field}={value:?} ").expect("a text takes all");
    }
}

impl Subscriber for Lines {
    fn enabled(&self, of: &Metadata<'_>) -> bool {
        of.target().starts_with("tsuwa_server::hooks") && *of.level() <= Level::INFO
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        self.0.lock().expect("no panic in here").push((*event.metadata().level(), line.0));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

async fn says(house: &House, row: &str) {
    let row = format!("{row}{{app=\"{}\"}} 1\n", house.app());
    let said = async {
        while !house.http("GET", "/metrics", &[], None).await.1.contains(&row) {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, said).await.unwrap_or_else(|_| panic!("{row}"));
}

fn whole(story: &[Got]) -> Vec<(u64, &str)> {
    story.iter().map(|got| (got.id().2, got.kind())).collect()
}

#[tokio::test]
async fn and_the_next_one_of_its_call_goes_on() {
    let lines = Lines::default();
    // The test's own thread is the one that carries its webhooks.
    let _guard = tracing::subscriber::set_default(lines.clone());
    let mut receiver = Receiver::open().await;
    receiver.mood(Mood::TakesAllButFirsts);
    let mut calls = None;
    // The newest in the log tells the time, as it never goes back: it is ahead of the machine's by those hours.
    let house = receiver.house_with(|config| calls = Some(write(config))).await;
    let (old, new) = calls.expect("they are written");

    let mut story = Vec::new();
    while story.len() < 3 {
        story.push(receiver.next().await);
    }
    assert_eq!(whole(&story), [(2, "call.invited"), (3, "call.cancelled"), (4, "call.ended")]);
    assert!(story.iter().all(|got| got.call() == old.to_string()), "the younger call's first one still waits");
    says(&house, "tsuwa_webhooks_given_up_total").await;
    let given_up: Vec<String> = {
        let lines = lines.0.lock().expect("no panic in there");
        lines.iter().filter(|(level, _)| *level == Level::ERROR).map(|(_, line)| line.clone()).collect()
    };
    assert_eq!(given_up.len(), 1, "{given_up:?}");
    for part in ["given up", &format!("call={old}"), "number=1", "the receiver answered 500", "hours=72"] {
        assert!(given_up[0].contains(part), "{part}: {given_up:?}");
    }

    // What was given up does not come again, not even after a restart.
    let house = house.restart().await;
    receiver.mood(Mood::Takes);
    let mut story = Vec::new();
    while story.len() < 4 {
        story.push(receiver.next().await);
    }
    assert_eq!(whole(&story), [(1, "call.started"), (2, "call.invited"), (3, "call.cancelled"), (4, "call.ended")]);
    assert!(story.iter().all(|got| got.call() == new.to_string()), "the younger call's, all of them");
    let (_, page) = house.admin("GET", "/records", None).await;
    assert_eq!(page["records"].as_array().map(Vec::len), Some(2), "each has its record all the same");
}
