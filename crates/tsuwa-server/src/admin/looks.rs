//! What an administrator can look at.

use super::caller::Admin;
use crate::problem::Problem;
use axum::Json;
use axum::extract::Query;
use serde::Deserialize;
use serde_json::{Value, json};
use tsuwa_call::Policy;
use tsuwa_proto::UserId;

/// Most users in one answer.
const PAGE: usize = 1000;

/// `GET policy`
pub(super) async fn policy(admin: Admin) -> Result<Json<Policy>, Problem> {
    admin.look(|exchange| exchange.switchboard().policy().clone()).await.map(Json)
}

/// Where a page of users begins.
#[derive(Deserialize)]
pub(super) struct Page {
    /// Behind this user.
    after: Option<String>,
}

/// `GET users?after=`: in order, a thousand at a time.
pub(super) async fn users(
    admin: Admin,
    page: Result<Query<Page>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Value>, Problem> {
    let Query(page) = page.map_err(|e| Problem::bad(e.body_text()))?;
    let after: Option<UserId> =
        page.after.map(|text| text.parse().map_err(|e| Problem::bad(format!("after: {e}")))).transpose()?;
    let users = admin.look(move |exchange| {
        let users = exchange.switchboard().users().into_iter();
        users.filter(|user| after.as_ref().is_none_or(|after| user.user_id > *after)).take(PAGE + 1).collect::<Vec<_>>()
    });
    let mut users = users.await?;
    let more = users.len() > PAGE;
    users.truncate(PAGE);
    Ok(Json(json!({ "users": users, "more": more })))
}

/// `GET users/{user}/blocklist`
pub(super) async fn blocklist(admin: Admin) -> Result<Json<Value>, Problem> {
    let user = admin.user("user")?;
    let blocked = admin.look(move |exchange| exchange.switchboard().blocked_by(&user)).await?;
    Ok(Json(json!({ "blocked": blocked })))
}

/// `GET calls`
pub(super) async fn calls(admin: Admin) -> Result<Json<Value>, Problem> {
    let calls = admin.look(|exchange| exchange.switchboard().live_calls()).await?;
    Ok(Json(json!({ "calls": calls })))
}
