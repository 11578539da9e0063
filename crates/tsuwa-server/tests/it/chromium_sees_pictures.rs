//! Pictures of a browser: up in simulcast, down in one layer, repaired by RTX, paced by transport-wide feedback.

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
use tsuwa_proto::{AppId, CallId, StreamKind};
use tsuwa_server::media::{MediaConfig, MediaOut, MediaPool};

const APP: AppId = AppId(1);
const CALL: CallId = CallId(1);

const PAGE: &str = r#"<!doctype html><body><script>
const parties = {};
async function party(user) {
  const pc = parties[user] = new RTCPeerConnection();
  const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 1280, height: 720 } });
  pc.ontrack = (e) => {
    const element = document.createElement(e.track.kind);
    element.srcObject = new MediaStream([e.track]);
    element.muted = true;
    document.body.append(element);
    element.play();
  };
  let last = 0;
  for (;;) {
    const offer = await (await fetch(`/offer?user=${user}&after=${last}`)).json();
    if (!offer) { await new Promise((done) => setTimeout(done, 50)); continue; }
    last = offer.offerId;
    await pc.setRemoteDescription({ type: 'offer', sdp: offer.sdp });
    const up = (kind) => {
      const mine = offer.streams.find((s) => !s.userId && s.kind === kind);
      return pc.getTransceivers().find((t) => t.mid === mine.mid);
    };
    for (const kind of ['audio', 'video']) up(kind).direction = 'sendonly';
    const answer = await pc.createAnswer();
    await pc.setLocalDescription(answer);
    await fetch('/answer', { method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user, offerId: offer.offerId, sdp: answer.sdp }) });
    await up('audio').sender.replaceTrack(media.getAudioTracks()[0]);
    await up('video').sender.replaceTrack(media.getVideoTracks()[0]);
  }
}
async function report() {
  const all = {};
  for (const [user, pc] of Object.entries(parties)) {
    const stats = await pc.getStats();
    for (const s of stats.values()) {
      if (s.type !== 'inbound-rtp' && s.type !== 'outbound-rtp') continue;
      if (s.kind === 'video') all[`${user} ${s.type} ${s.rid ?? ''}`] = { ...s, codec: stats.get(s.codecId)?.mimeType };
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
async fn both_ways_and_repaired() {
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
        desk.pool.command(APP, MediaCommand::Leg { call: CALL, at: device(user), video: true });
        desk.pool.command(APP, MediaCommand::Admit { call: CALL, at: device(user) });
    }
    let mut flowing = Vec::new();
    let until = Instant::now() + PATIENCE * 2;
    while Instant::now() < until && !is_seen(&desk) {
        while let Ok((_, what)) = outs.try_recv() {
            match what {
                MediaOut::Offer { to, offer } => {
                    let offer = serde_json::to_value(&offer).unwrap()["params"].clone();
                    desk.offers.lock().unwrap().insert(to.user.as_str().to_owned(), offer);
                }
                MediaOut::Report(MediaReport::Flowing { at, kind, .. }) => flowing.push((at, kind)),
                MediaOut::AnswerRefused { reason, .. } => panic!("the browser's answer was refused: {reason}"),
                _ => {}
            }
        }
        path.loses.store(flowing.len() >= 4, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    let report = desk.report.lock().unwrap().clone();
    let all = |what: &str, field: &str| -> Vec<u64> {
        let stats = report.as_object().unwrap().iter().filter(|(name, _)| name.contains(what));
        stats.map(|(_, stats)| stats[field].as_u64().unwrap_or(0)).collect()
    };
    eprintln!(
        "{:?} {:?} {:?} {:?}",
        all("inbound", "framesDecoded"),
        all("inbound", "frameWidth"),
        all("outbound", "packetsSent"),
        all("outbound", "retransmittedPacketsSent")
    );
    assert!(is_seen(&desk), "both see pictures, and what was lost came again: {report:#}");
    for user in ["alice", "bob"] {
        for kind in [StreamKind::Audio, StreamKind::Video] {
            let told = flowing.iter().filter(|its| **its == (device(user), kind)).count();
            assert_eq!(told, 1, "{user}'s {kind:?} is told once");
        }
    }
    let layers = all("outbound", "packetsSent").into_iter().filter(|sent| *sent > 0).count();
    assert!(layers >= 4, "each sends two layers at least: {report:#}");
}

/// Both decode, and both kinds of repair have been used: the browser's to us, and ours to the browser.
fn is_seen(desk: &Desk) -> bool {
    let report = desk.report.lock().unwrap();
    let Some(all) = report.as_object() else { return false };
    let sum = |what: &str, field: &str| -> u64 {
        let stats = all.iter().filter(|(name, _)| name.contains(what));
        stats.map(|(_, stats)| stats[field].as_u64().unwrap_or(0)).sum()
    };
    let decoded = |user: &str| sum(&format!("{user} inbound"), "framesDecoded") > 60;
    decoded("alice")
        && decoded("bob")
        && sum("outbound", "retransmittedPacketsSent") > 0
        && sum("inbound", "retransmittedPacketsReceived") > 0
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
