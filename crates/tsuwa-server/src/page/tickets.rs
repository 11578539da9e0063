//! Tickets for names that are typed in: only by a server that nobody has configured, to this machine only.

use crate::health::from_this_machine;
use crate::house::House;
use crate::problem::Problem;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use tsuwa_proto::{Code, UserId};

/// How long such a ticket is good, in seconds: a day of trying things out.
const LIFETIME_S: u64 = 24 * 3600;

/// `/about`: whether this server gives out tickets, and which app there is, if there is one only.
pub(crate) async fn about(State(house): State<Arc<House>>) -> Response {
    let mut apps = house.apps.iter().map(|app| app.id.0);
    let sdk_app_id = apps.next().filter(|_| apps.next().is_none());
    let body = json!({ "tickets": house.gives_tickets, "sdkAppId": sdk_app_id });
    ([(CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    user_id: String,
}

/// `POST /ticket`, `{"userId": …}`: `{"sdkAppId": …, "userSig": …}`.
pub(crate) async fn ticket(
    State(house): State<Arc<House>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    if !house.gives_tickets {
        let reason = "this server gives out no tickets; the app's own server makes them";
        return Err(Problem::new(StatusCode::NOT_FOUND, Code::NotSignedIn, reason));
    }
    if !from_this_machine(from, &headers) || !is_ours(&headers) {
        let reason = "tickets are given to pages of this server on this machine only";
        return Err(Problem::new(StatusCode::FORBIDDEN, Code::NotSignedIn, reason));
    }
    let wanted: Wanted = serde_json::from_slice(&body).map_err(|e| Problem::bad(e.to_string()))?;
    let user: UserId =
        wanted.user_id.parse().map_err(|_| Problem::from(tsuwa_proto::Refusal::from(Code::BadUserId)))?;
    let app = house.apps.iter().next().ok_or_else(Problem::gone)?;
    let sig = app.sign(&user, house.clock.now(), LIFETIME_S)?;
    let body = json!({ "sdkAppId": app.id.0, "userSig": sig });
    Ok(([(CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// Whether a page of this server asks. Other sites' pages can send here too: their browser then says another `Origin`;
/// and a name of theirs that they let point to this machine is in `Host`. JSON they can't send without asking first.
fn is_ours(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(host) = text(HOST) else { return false };
    let json = text(CONTENT_TYPE).is_some_and(|kind| kind.split(';').next() == Some("application/json"));
    let same = |origin: &str| origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")) == Some(host);
    json && names_this_machine(host) && text(ORIGIN).is_none_or(same)
}

fn names_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    name == "localhost" || name.trim_matches(['[', ']']).parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_taken_for_it() {
        for host in ["localhost", "localhost:7700", "127.0.0.1:7700", "127.1.2.3", "[::1]:7700", "[::1]"] {
            assert!(names_this_machine(host), "{host}");
        }
        for host in
            ["", "example.com", "example.com:7700", "192.0.2.1:7700", "localhost.example.com", "[2001:db8::1]:7"]
        {
            assert!(!names_this_machine(host), "{host}");
        }
    }
}
