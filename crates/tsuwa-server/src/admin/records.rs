//! The records of calls that are over.

use super::caller::Admin;
use crate::problem::Problem;
use crate::store::Wanted;
use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use tsuwa_proto::{CallId, Code, Millis};

/// So many records are in an answer to a request that does not say.
const PAGE: usize = 100;
/// Most records in an answer; fewer, if they are large.
const MOST: usize = 1000;

/// Which records are asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    before: Option<String>,
    limit: Option<usize>,
    user: Option<String>,
    since: Option<u64>,
    until: Option<u64>,
}

/// `GET records?before=&limit=&user=&since=&until=`: the newest first.
pub(super) async fn page(admin: Admin, asked: Result<Query<Asked>, QueryRejection>) -> Result<Json<Value>, Problem> {
    let Query(asked) = asked.map_err(|e| Problem::bad(e.body_text()))?;
    let limit = asked.limit.unwrap_or(PAGE);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::bad(format!("limit: must be 1 to {MOST}")));
    }
    let call = |text: String| text.parse::<CallId>().map_err(|e| Problem::bad(format!("before: {e}")));
    let before = asked.before.map(call).transpose()?;
    let user = asked.user.map(|text| Admin::user_id("user", &text)).transpose()?;
    let wanted = Wanted { before, user, since: asked.since.map(Millis), until: asked.until.map(Millis) };
    let page = admin.records().await?.page(wanted, limit).await.map_err(unreadable)?;
    Ok(Json(json!({ "records": page.found, "more": page.more })))
}

/// `GET records/{call}`
pub(super) async fn one(admin: Admin) -> Result<Json<Value>, Problem> {
    let call: CallId = admin.path("call")?;
    let found = admin.records().await?.one(call).await.map_err(unreadable)?;
    found.map(Json).ok_or_else(|| {
        let reason =
            "there is no record of this call: it is not over, its record was too old, or there was no such call";
        Problem::new(StatusCode::NOT_FOUND, Code::InvitationOver, reason)
    })
}

fn unreadable(error: crate::store::ReadError) -> Problem {
    tracing::error!(%error, "records");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, Code::NoMediaWorker, "the records can't be read; the log says why")
}
