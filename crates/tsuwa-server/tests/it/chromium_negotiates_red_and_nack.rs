//! The risk first: a browser's Opus is repaired by redundancy (RED) and by retransmission (NACK), and both must come
//! out of *our* offer. Two peer connections of one page talk through a media worker and a path that loses packets.

use crate::browser::Browser;
use crate::harness::PATIENCE;
use crate::lossy_path::{self, Path};
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::mpsc;
use tsuwa_call::{DeviceKey, MediaCommand, MediaReport};
use tsuwa_proto::{AppId, CallId};
use tsuwa_server::media::{MediaConfig, MediaOut, MediaPool};

const APP: AppId = AppId(1);
const CALL: CallId = CallId(1);
const OPUS: u8 = 111;
const RED: u8 = 63;

const PAGE: &str = r#"<!doctype html><script>
const parties = {};
async function party(user) {
  const pc = parties[user] = new RTCPeerConnection();
  const media = await navigator.mediaDevices.getUserMedia({ audio: true });
  pc.ontrack = (e) => { const a = new Audio(); a.srcObject = new MediaStream([e.track]); a.play(); };
  let last = 0;
  for (;;) {
    const offer = await (await fetch(`/offer?user=${user}&after=${last}`)).json();
    if (!offer) { await new Promise((done) => setTimeout(done, 50)); continue; }
    last = offer.offerId;
    await pc.setRemoteDescription({ type: 'offer', sdp: offer.sdp });
    const mine = offer.streams.find((s) => !s.userId);
    const up = pc.getTransceivers().find((t) => t.mid === mine.mid);
    up.direction = 'sendonly';
    const answer = await pc.createAnswer();
    await pc.setLocalDescription(answer);
    await fetch('/answer', { method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user, offerId: offer.offerId, sdp: answer.sdp }) });
    await up.sender.replaceTrack(media.getAudioTracks()[0]);
  }
}
async function report() {
  const all = {};
  for (const [user, pc] of Object.entries(parties)) {
    const stats = await pc.getStats();
    for (const s of stats.values()) {
      if (s.type !== 'inbound-rtp' && s.type !== 'outbound-rtp') continue;
      all[`${user} ${s.type}`] = { ...s, codec: stats.get(s.codecId)?.mimeType };
    }
  }
  await fetch('/report', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(all) });
}
const fail = (e) => fetch('/report', { method: 'POST', headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ error: String(e) }) });
party('alice').catch(fail);
party('bob').catch(fail);
setInterval(() => report().catch(fail), 500);
</script>"#;

struct Desk {
    pool: MediaPool,
    offers: Mutex<HashMap<String, Value>>,
    answers: Mutex<Vec<String>>,
    report: Mutex<Value>,
}

fn device(user: &str) -> DeviceKey {
    DeviceKey { user: user.parse().unwrap(), device: "page".parse().unwrap() }
}

#[tokio::test(flavor = "multi_thread")]
async fn sound_is_repaired_both_ways() {
    let path = Arc::new(Path::default());
    let outside = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let (out, mut outs) = mpsc::unbounded_channel();
    let config = MediaConfig {
        workers: 1,
        ips: vec!["127.0.0.1".parse().unwrap()],
        port: 0,
        advertise: Some(outside.local_addr().unwrap()),
    };
    let pool = MediaPool::start(config, out).unwrap();
    let worker = pool.addresses()[0][0];
    tokio::spawn(lossy_path::relay(outside, worker, path.clone()));

    let desk =
        Arc::new(Desk { pool, offers: Mutex::default(), answers: Mutex::default(), report: Mutex::new(Value::Null) });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let app = Router::new()
        .route("/", get(|| async { Html(PAGE) }))
        .route("/offer", get(offer))
        .route("/answer", post(answer))
        .route("/report", post(report))
        .with_state(desk.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let Some(_browser) = Browser::open(&url) else { return };

    desk.pool.command(APP, MediaCommand::Open { call: CALL });
    for user in ["alice", "bob"] {
        desk.pool.command(APP, MediaCommand::Leg { call: CALL, at: device(user), video: false });
        desk.pool.command(APP, MediaCommand::Admit { call: CALL, at: device(user) });
    }
    let mut up = 0;
    let until = Instant::now() + PATIENCE * 2;
    while Instant::now() < until {
        while let Ok((_, what)) = outs.try_recv() {
            match what {
                MediaOut::Offer { to, offer } => {
                    let offer = serde_json::to_value(&offer).unwrap()["params"].clone();
                    desk.offers.lock().unwrap().insert(to.user.as_str().to_owned(), offer);
                }
                MediaOut::Report(MediaReport::Up { .. }) => up += 1,
                MediaOut::AnswerRefused { reason, .. } => panic!("the browser's answer was refused: {reason}"),
                _ => {}
            }
        }
        let sound = path.down.lock().unwrap().values().sum::<u64>();
        path.loses.store(up == 2 && sound > 100, Ordering::Relaxed);
        if is_repaired(&desk, &path) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    let report = desk.report.lock().unwrap().clone();
    assert_eq!(up, 2, "both came up; the page says {report:#}");
    let answers = desk.answers.lock().unwrap().clone();
    assert!(answers.iter().all(|sdp| sdp.contains("a=rtpmap:63 red/48000/2")), "RED is in the answers: {answers:?}");
    let (sent, got) = (path.up.lock().unwrap().clone(), path.down.lock().unwrap().clone());
    assert!(sent.get(&RED) > sent.get(&OPUS), "the browser sends RED: {sent:?}");
    assert!(got.get(&RED) > got.get(&OPUS), "and gets it: {got:?}");
    let stats = desk.pool.stats();
    assert!(stats.rtp_lost > 0 && retransmitted(&report) > 0, "what the server missed came again: {report:#}");
    assert!(stats.resent > 0, "the browser asks for what it missed, and gets it: {stats:?} {report:#}");
    eprintln!(
        "lost {}, resent by us {}, by the browser {}",
        path.lost.load(Ordering::Relaxed),
        stats.resent,
        retransmitted(&report)
    );
}

fn is_repaired(desk: &Desk, path: &Path) -> bool {
    let stats = desk.pool.stats();
    path.lost.load(Ordering::Relaxed) > 20 && stats.resent > 5 && retransmitted(&desk.report.lock().unwrap()) > 5
}

/// Packets that the page's senders say they sent again.
fn retransmitted(report: &Value) -> u64 {
    let of = |stats: &Value| stats["retransmittedPacketsSent"].as_u64().unwrap_or(0);
    report.as_object().map_or(0, |all| all.values().map(of).sum())
}

#[derive(Deserialize)]
struct Ask {
    user: String,
    after: u64,
}

async fn offer(State(desk): State<Arc<Desk>>, Query(ask): Query<Ask>) -> Json<Value> {
    let offers = desk.offers.lock().unwrap();
    let newer = |offer: &&Value| offer["offerId"].as_u64() > Some(ask.after);
    Json(offers.get(&ask.user).filter(newer).cloned().unwrap_or(Value::Null))
}

async fn answer(State(desk): State<Arc<Desk>>, Json(answer): Json<Value>) -> Json<Value> {
    let sdp = answer["sdp"].as_str().unwrap().to_owned();
    desk.answers.lock().unwrap().push(sdp.clone());
    let at = device(answer["user"].as_str().unwrap());
    desk.pool.answer(APP, CALL, at, answer["offerId"].as_u64().unwrap(), sdp);
    Json(json!({}))
}

async fn report(State(desk): State<Arc<Desk>>, Json(report): Json<Value>) -> Json<Value> {
    *desk.report.lock().unwrap() = report;
    Json(json!({}))
}
