//! The administrator's HTTP: `/v1/apps/{app}/…`, with the app's server credential.
//!
//! Whatever changes something is an input of the app's log, as what devices ask for is.

mod acts;
mod caller;
mod looks;
mod records;

use crate::house::House;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, post, put};
use std::sync::Arc;

/// A thousand users of 32 bytes in JSON, with room.
const BODY_BYTES: usize = 64 * 1024;

/// The routes under `/v1/apps/{app}`.
pub(crate) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/policy", get(looks::policy).put(acts::set_policy))
        .route("/users", get(looks::users).post(acts::add_users))
        .route("/users/{user}", delete(acts::remove_user))
        .route("/users/{user}/blocklist", get(looks::blocklist))
        .route("/users/{user}/blocklist/{blocked}", put(acts::block).delete(acts::unblock))
        .route("/users/{user}/signout", post(acts::sign_out))
        .route("/users/{user}/devices/{device}/signout", post(acts::sign_out_device))
        .route("/calls", get(looks::calls))
        .route("/calls/{call}", delete(acts::end_call))
        .route("/records", get(records::page))
        .route("/records/{call}", get(records::one))
        .fallback(caller::nothing_here)
        .method_not_allowed_fallback(caller::nothing_so)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
}
