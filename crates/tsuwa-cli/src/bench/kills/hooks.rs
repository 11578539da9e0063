//! A receiver of webhooks that checks their signatures and their order, and sometimes fails.

use super::books::named;
use crate::bench::draw::Draw;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tsuwa::CallId;
use tsuwa_proto::HookEvent;

/// What the webhooks of a measurement are signed with. Nobody else sees them.
const KEY: &[u8; 32] = b"the key of one measurement alone";
/// Some of the answers take so long.
const SLOW: Duration = Duration::from_millis(300);

pub(super) struct Receiver {
    address: SocketAddr,
    desk: Arc<Desk>,
    serving: JoinHandle<()>,
}

struct Desk {
    refuses: u32,
    papers: Mutex<Papers>,
}

struct Papers {
    draw: Draw,
    calls: BTreeMap<CallId, Vec<HookEvent>>,
    taken: usize,
    repeated: usize,
    refused: usize,
    faults: Vec<String>,
}

impl Desk {
    fn papers(&self) -> MutexGuard<'_, Papers> {
        self.papers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Receiver {
    pub(super) async fn open(refuses: u32, draw: Draw) -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|e| e.to_string())?;
        let address = listener.local_addr().map_err(|e| e.to_string())?;
        let papers = Papers { draw, calls: BTreeMap::new(), taken: 0, repeated: 0, refused: 0, faults: Vec::new() };
        let desk = Arc::new(Desk { refuses, papers: Mutex::new(papers) });
        let routes = Router::new().route("/hooks", post(take)).with_state(Arc::clone(&desk));
        // It serves until it is dropped.
        let serving = tokio::spawn(async move { drop(axum::serve(listener, routes).await) });
        Ok(Self { address, desk, serving })
    }

    /// The lines of an app that sends its webhooks here.
    pub(super) fn configuration(&self) -> String {
        let secret = STANDARD.encode(KEY);
        format!("webhook_url = \"http://{}/hooks\"\nwebhook_secret = \"whsec_{secret}\"\n", self.address)
    }

    /// Waits until the end of each of these calls was told, but not for ever.
    pub(super) async fn wait_for_ends(&self, calls: &BTreeSet<CallId>, patience: Duration) {
        let by = Instant::now() + patience;
        let waits =
            |papers: &Papers| !calls.iter().all(|call| papers.calls.get(call).is_some_and(|told| is_ended(told)));
        while waits(&self.desk.papers()) && Instant::now() < by {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Each call was told from its start to its end, and no other. (Their order was looked at when they came.)
    pub(super) fn check(&self, calls: &BTreeSet<CallId>, complete: bool) -> Vec<String> {
        let papers = self.desk.papers();
        let mut wrong = papers.faults.clone();
        for call in calls.iter().filter(|call| !papers.calls.contains_key(call)) {
            wrong.push(format!("no webhook of call {call} came"));
        }
        for (call, told) in &papers.calls {
            if complete && !calls.contains(call) {
                wrong.push(format!("webhooks came of call {call}, which nobody made"));
            }
            wrong.extend(whole(told).err().map(|why| format!("the webhooks of call {call}: {why}")));
        }
        named(wrong, "webhooks are wrong")
    }

    pub(super) fn figures(&self) -> String {
        let papers = self.desk.papers();
        format!(
            "{} webhooks of {} calls were taken, {} of them again, {} refused on purpose",
            papers.taken,
            papers.calls.len(),
            papers.repeated,
            papers.refused
        )
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn take(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let (id, at, signature) = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    if !is_signed(&id, &at, &signature, &body) {
        desk.papers().faults.push(format!("webhook {id} is not signed as it should be"));
        return StatusCode::UNAUTHORIZED;
    }
    let (answer, slow) = {
        let mut papers = desk.papers();
        let refuses = papers.draw.percent(desk.refuses);
        match papers.arrives(&id, &body, !refuses) {
            Err(why) => papers.faults.push(format!("webhook {id}: {why}")),
            Ok(()) if refuses => papers.refused += 1,
            Ok(()) => {}
        }
        (if refuses { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::NO_CONTENT }, papers.draw.percent(5))
    };
    if slow {
        // The server may be killed before it hears that it was taken.
        tokio::time::sleep(SLOW).await;
    }
    answer
}

impl Papers {
    /// It is the one after the last that was taken, or that one again.
    fn arrives(&mut self, id: &str, body: &[u8], taken: bool) -> Result<(), String> {
        let mut words = id.rsplitn(3, '-');
        let number: usize = words.next().and_then(|word| word.parse().ok()).ok_or("its id has no number")?;
        let call: CallId = words.next().and_then(|word| word.parse().ok()).ok_or("its id names no call")?;
        let event: HookEvent = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        let told = self.calls.entry(call).or_default();
        let again = number == told.len() && told.last() == Some(&event);
        if !again && number != told.len() + 1 {
            return Err(format!("it came when {} had been taken", told.len()));
        }
        if taken {
            self.taken += 1;
            self.repeated += usize::from(again);
            if !again {
                told.push(event);
            }
        }
        Ok(())
    }
}

/// As Standard Webhooks 1.0.0 says: HMAC-SHA256 over id, second and body.
fn is_signed(id: &str, at: &str, signature: &str, body: &[u8]) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(KEY) else { return false };
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(body);
    signature == format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

fn is_ended(told: &[HookEvent]) -> bool {
    matches!(told.last(), Some(HookEvent::Ended(_)))
}

/// From one start to one end, and every invitation with its own.
fn whole(told: &[HookEvent]) -> Result<(), String> {
    let Some((HookEvent::Started { .. }, rest)) = told.split_first() else {
        return Err("the first does not say that it started".into());
    };
    let Some((HookEvent::Ended(_), between)) = rest.split_last() else {
        return Err(format!("the last of {} does not say that it ended", told.len()));
    };
    let mut rings = BTreeSet::new();
    for event in between {
        match event {
            HookEvent::Invited { user_id, .. } if rings.insert(user_id) => {}
            HookEvent::Answered { user_id, .. } | HookEvent::Cancelled { user_id, .. } if rings.remove(user_id) => {}
            other => return Err(format!("{other:?} is out of place")),
        }
    }
    if rings.is_empty() { Ok(()) } else { Err("an invitation has no end".into()) }
}
