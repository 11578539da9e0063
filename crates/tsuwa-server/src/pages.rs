//! What a browser sees that comes here: a page that says what this is.

use axum::http::header;
use axum::response::{Html, IntoResponse, Response};

/// `/`
pub(crate) async fn front() -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    let headers = [(header::CONTENT_SECURITY_POLICY, policy), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (headers, Html(include_str!("front.html"))).into_response()
}
