//! A page of Chromium whose peer connections talk through a media worker, over a path that can lose packets.

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
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tsuwa_call::{DeviceKey, MediaCommand, MediaReport};
use tsuwa_proto::{AppId, CallId, StreamKind};
use tsuwa_server::media::{MediaConfig, MediaOut, MediaPool, MediaStats};

const APP: AppId = AppId(1);
const CALL: CallId = CallId(1);

/// What the page and the workers say, and what the page is told.
struct Board {
    pool: MediaPool,
    offers: Mutex<HashMap<String, Value>>,
    answers: Mutex<Vec<String>>,
    report: Mutex<Value>,
}

/// See the module.
pub(crate) struct Desk {
    pub(crate) path: Arc<Path>,
    pub(crate) up: usize,
    /// Who has been told to be heard or seen.
    pub(crate) flowing: Vec<(DeviceKey, StreamKind)>,
    board: Arc<Board>,
    outs: UnboundedReceiver<(AppId, MediaOut)>,
    video: bool,
    _browser: Browser,
}

pub(crate) fn device(user: &str) -> DeviceKey {
    DeviceKey { user: user.parse().unwrap(), device: "page".parse().unwrap() }
}

impl Desk {
    /// Opens the page and the call.
    pub(crate) async fn open(video: bool) -> Self {
        let path = Arc::new(Path::default());
        let outside = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let (out, outs) = mpsc::unbounded_channel();
        let ips = vec!["127.0.0.1".parse().unwrap()];
        let advertise = Some(outside.local_addr().unwrap());
        let pool = MediaPool::start(MediaConfig { workers: 1, ips, port: 0, advertise }, out).unwrap();
        tokio::spawn(lossy_path::relay(outside, pool.addresses()[0][0], path.clone()));
        let (offers, answers, report) = (Mutex::default(), Mutex::default(), Mutex::new(Value::Null));
        let board = Arc::new(Board { pool, offers, answers, report });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/{}", listener.local_addr().unwrap(), if video { "?video" } else { "" });
        let app = Router::new()
            .route("/", get(|| async { Html(include_str!("studio_page.html")) }))
            .route("/offer", get(offer))
            .route("/answer", post(answer))
            .route("/report", post(report_in))
            .with_state(board.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        let browser = Browser::open(&url);
        board.pool.command(APP, MediaCommand::Open { call: CALL });
        Self { path, up: 0, flowing: Vec::new(), board, outs, video, _browser: browser }
    }

    /// Puts a party of the page in the call, admitted.
    pub(crate) fn join(&self, user: &str) {
        let at = device(user);
        self.board.pool.command(APP, MediaCommand::Leg { call: CALL, at: at.clone(), video: self.video });
        self.board.pool.command(APP, MediaCommand::Admit { call: CALL, at });
    }

    /// Passes on what the workers say until something is so; whether it became so in time.
    pub(crate) async fn until(&mut self, mut is_so: impl FnMut(&Self) -> bool) -> bool {
        let until = Instant::now() + PATIENCE * 2;
        while Instant::now() < until {
            while let Ok((_, what)) = self.outs.try_recv() {
                match what {
                    MediaOut::Offer { to, offer } => {
                        let offer = serde_json::to_value(&offer).unwrap()["params"].clone();
                        self.board.offers.lock().unwrap().insert(to.user.as_str().to_owned(), offer);
                    }
                    MediaOut::Report(MediaReport::Up { .. }) => self.up += 1,
                    MediaOut::Report(MediaReport::Flowing { at, kind, .. }) => self.flowing.push((at, kind)),
                    MediaOut::AnswerRefused { reason, .. } => panic!("the browser's answer was refused: {reason}"),
                    _ => {}
                }
            }
            if is_so(self) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    }

    pub(crate) fn stats(&self) -> MediaStats {
        self.board.pool.stats()
    }

    pub(crate) fn answers(&self) -> Vec<String> {
        self.board.answers.lock().unwrap().clone()
    }

    /// What the page said last, whole.
    pub(crate) fn report(&self) -> Value {
        self.board.report.lock().unwrap().clone()
    }

    /// A figure of each of the page's streams whose name begins with one and holds the other.
    pub(crate) fn figures(&self, user: &str, what: &str, field: &str) -> Vec<u64> {
        let report = self.board.report.lock().unwrap();
        let Some(all) = report.as_object() else { return Vec::new() };
        let streams = all.iter().filter(|(name, _)| name.starts_with(user) && name.contains(what));
        streams.map(|(_, stats)| stats[field].as_u64().unwrap_or(0)).collect()
    }

    pub(crate) fn sum(&self, user: &str, what: &str, field: &str) -> u64 {
        self.figures(user, what, field).into_iter().sum()
    }
}

#[derive(Deserialize)]
struct Ask {
    user: String,
    after: u64,
}

async fn offer(State(board): State<Arc<Board>>, Query(ask): Query<Ask>) -> Json<Value> {
    let offers = board.offers.lock().unwrap();
    let newer = |offer: &&Value| offer["offerId"].as_u64() > Some(ask.after);
    Json(offers.get(&ask.user).filter(newer).cloned().unwrap_or(Value::Null))
}

async fn answer(State(board): State<Arc<Board>>, Json(answer): Json<Value>) -> Json<Value> {
    let sdp = answer["sdp"].as_str().unwrap().to_owned();
    board.answers.lock().unwrap().push(sdp.clone());
    let at = device(answer["user"].as_str().unwrap());
    board.pool.answer(APP, CALL, at, answer["offerId"].as_u64().unwrap(), sdp);
    Json(json!({}))
}

async fn report_in(State(board): State<Arc<Board>>, Json(report): Json<Value>) -> Json<Value> {
    *board.report.lock().unwrap() = report;
    Json(json!({}))
}
