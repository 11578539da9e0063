//! The telephone at `/`: the web SDK and its phone, as they are in `sdk/web`, out of the binary.
//!
//! The page itself is asked for anew each time. What it loads lies under a version, the hash of all of it, and may be
//! kept for ever; under `latest` the same can be had by pages of other sites, which ask each time whether it is new.

mod files;
mod tickets;

pub(crate) use tickets::{about, ticket};

use axum::extract::Path;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use files::{FILES, INDEX};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::LazyLock;

/// Nothing but what comes from this server: no script in the page, no style in an attribute, no frame around it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
    media-src 'self' blob: mediastream:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";
/// What the page may ask the browser for.
const PERMISSIONS: &str =
    "camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self), screen-wake-lock=(self)";
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// The page, with the version of what it loads put in.
struct Page {
    version: String,
    html: String,
    etag: HeaderValue,
}

static PAGE: LazyLock<Page> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for file in FILES {
        hash.update(file.path);
        hash.update([0]);
        hash.update(file.text);
        hash.update([0]);
    }
    let version = hex(&hash.finalize()[..8]);
    let html = INDEX.replace("{version}", &version);
    let etag = etag(&html);
    Page { version, html, etag }
});

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A strong entity tag: the same bytes have the same.
fn etag(text: &str) -> HeaderValue {
    let quoted = format!("\"{}\"", hex(&Sha256::digest(text)[..16]));
    HeaderValue::try_from(quoted).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Whether the client has it already (RFC 9110, 13.1.2).
fn is_known(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let Some(known) = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()) else { return false };
    known.split(',').map(|each| each.trim().trim_start_matches("W/")).any(|each| each == "*" || each == etag)
}

/// `/`
pub(crate) async fn front(asked: HeaderMap) -> Response {
    let page = &*PAGE;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (ETAG, page.etag.clone()),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (PERMISSIONS_POLICY, HeaderValue::from_static(PERMISSIONS)),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    if is_known(&asked, &page.etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, page.html.as_str()).into_response()
}

/// `/web/{version}/{path}`
pub(crate) async fn asset(Path((version, path)): Path<(String, String)>, asked: HeaderMap) -> Response {
    let caching = match version.as_str() {
        "latest" => "no-cache",
        // 31536000 s are a year, the longest that caches are asked to keep anything.
        version if version == PAGE.version => "public, max-age=31536000, immutable",
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let Some(file) = FILES.iter().find(|file| file.path == path) else { return StatusCode::NOT_FOUND.into_response() };
    let etag = etag(file.text);
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(file.kind)),
        (CACHE_CONTROL, HeaderValue::from_static(caching)),
        (ETAG, etag.clone()),
        // Modules are fetched with CORS; there is nothing of anybody's in them.
        (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    if is_known(&asked, &etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, file.text).into_response()
}
