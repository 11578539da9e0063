//! The devices' door: WebSockets at `/rpc`.

mod buckets;
mod connection;
mod guards;
mod link;
mod requests;
mod writer;

pub(crate) use guards::Guards;
pub(crate) use link::{End, Link};

use crate::house::House;
use crate::problem::Problem;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::net::SocketAddr;
use std::sync::Arc;
use tsuwa_proto::{Code, SUBPROTOCOL, limits};

/// A frame over the limit is still read up to this size, so that the client can be told; beyond, the socket is dropped.
const READ_BYTES: usize = 4 * limits::FRAME_BYTES;

/// What each connection reads into at first; most frames have a few hundred bytes, and most connections are idle.
const BUFFER_BYTES: usize = 4096;

/// Opens a device's WebSocket.
///
/// Any origin may: a page of another site has nothing to gain, since who somebody is comes in messages (tickets), and
/// never along with the request by itself (cookies).
pub(crate) async fn upgrade(
    State(house): State<Arc<House>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    socket: WebSocketUpgrade,
) -> Response {
    let from = house.caller(from, &headers);
    let wanted = HeaderValue::from_static(SUBPROTOCOL);
    if !socket.requested_protocols().any(|offered| *offered == wanted) {
        let reason = format!("Sec-WebSocket-Protocol: must offer {SUBPROTOCOL}");
        return Problem::new(StatusCode::BAD_REQUEST, Code::BadParameter, reason).into_response();
    }
    if house.closing() {
        let reason = "the server is shutting down";
        return Problem::new(StatusCode::SERVICE_UNAVAILABLE, Code::NoMediaWorker, reason).into_response();
    }
    let Some(seats) = house.guards.admit(from) else {
        let reason = "too many connections; try again in a moment";
        return Problem::new(StatusCode::SERVICE_UNAVAILABLE, Code::RateLimited, reason).into_response();
    };
    socket
        .protocols([SUBPROTOCOL])
        .read_buffer_size(BUFFER_BYTES)
        .max_message_size(READ_BYTES)
        .max_frame_size(READ_BYTES)
        .on_upgrade(move |socket| connection::serve(house, from, socket, seats))
}
