//! What machines ask: is it alive, is it ready, how is it doing.

use crate::house::House;
use crate::problem::Problem;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::net::SocketAddr;
use std::sync::Arc;
use tsuwa_proto::Code;

/// `/healthz`: 200 as long as every shard is at work; a supervisor should start the process anew otherwise.
pub(crate) async fn healthz(State(house): State<Arc<House>>) -> Response {
    if house.sound() { "ok\n".into_response() } else { unavailable("an app's shard has failed\n") }
}

/// `/readyz`: 200 while new sign-ins and calls are taken.
pub(crate) async fn readyz(State(house): State<Arc<House>>) -> Response {
    if house.draining() {
        return unavailable("shutting down\n");
    }
    if !house.media.capacity_open() {
        return unavailable("no media worker can take a call\n");
    }
    if house.sound() { "ready\n".into_response() } else { unavailable("an app's shard has failed\n") }
}

fn unavailable(why: &'static str) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, why).into_response()
}

/// `/metrics`: for this machine only, unless the configuration says otherwise. What a proxy brings comes from
/// elsewhere, though its address is this machine's.
pub(crate) async fn metrics(
    State(house): State<Arc<House>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    if !house.metrics_for_all && !from_this_machine(from, &headers) {
        let reason = "metrics are for this machine only; metrics_for_all opens them";
        return Problem::new(StatusCode::FORBIDDEN, Code::NotSignedIn, reason).into_response();
    }
    for app in house.apps.iter() {
        house.metrics.log_bytes(app.id, app.records.file_bytes());
    }
    let page = house.metrics.text(&house.media.stats());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], page).into_response()
}

/// Whether a program on this machine asks, for itself: what a proxy brings comes from elsewhere.
pub(crate) fn from_this_machine(from: SocketAddr, headers: &HeaderMap) -> bool {
    let proxied = ["forwarded", "x-forwarded-for", "x-real-ip", "via"].iter().any(|name| headers.contains_key(*name));
    !proxied && from.ip().to_canonical().is_loopback()
}
