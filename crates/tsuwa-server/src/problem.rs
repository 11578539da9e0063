//! What an HTTP request is told that can't be carried out.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tsuwa_proto::{Code, Refusal};

/// An HTTP status, and `{"error":{"code":…,"message":…}}`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    refusal: Refusal,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: Code, reason: impl Into<String>) -> Self {
        Self { status, refusal: Refusal::new(code, reason) }
    }

    /// A body or path that does not say what it should.
    pub(crate) fn bad(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Code::BadParameter, reason)
    }

    /// The shard does not answer: it failed, or the server is at its end.
    pub(crate) fn gone() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, Code::NoMediaWorker, "the server is shutting down, or failed")
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.code {
            // Who is not signed in is a user of whom something was asked; the caller's own credential is judged before.
            Code::AppUnknown | Code::UserUnknown | Code::InvitationOver | Code::NotSignedIn => StatusCode::NOT_FOUND,
            Code::RateLimited | Code::TooManyFailures => StatusCode::TOO_MANY_REQUESTS,
            Code::WrongState | Code::AlreadyInvited => StatusCode::CONFLICT,
            _ => StatusCode::BAD_REQUEST,
        };
        Self { status, refusal }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({ "error": { "code": self.refusal.code.number(), "message": self.refusal.desc } });
        (self.status, Json(body)).into_response()
    }
}
