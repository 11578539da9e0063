//! The vectors, and tickets that no generator writes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use tsuwa_usersig::{Claims, Key, Verified, VerifyError, verify};

pub(crate) const SECRET: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
pub(crate) const APP: u32 = 1_400_000_000;
pub(crate) const ISSUED_AT_S: u64 = 1_700_000_000;
pub(crate) const LIFETIME_S: u64 = 604_800;
/// A minute after the vectors' tickets were made.
pub(crate) const NOW_S: u64 = ISSUED_AT_S + 60;

/// Tickets of two independent public generators.
pub(crate) fn vectors() -> Value {
    serde_json::from_str(include_str!("../usersig-vectors.json")).unwrap()
}

pub(crate) fn key() -> Key {
    Key::new(SECRET).unwrap()
}

/// What the vectors' tickets say.
pub(crate) fn claims() -> Claims {
    Claims { app: APP, user: "alice".into(), issued_at_s: ISSUED_AT_S, lifetime_s: LIFETIME_S }
}

/// Verifies as the server does when alice signs in with a ticket.
pub(crate) fn verify_alice(ticket: &str) -> Result<Verified, VerifyError> {
    verify(&key(), APP, "alice", NOW_S, ticket)
}

/// base64 of the HMAC over a text, written down here a second time from its definition.
pub(crate) fn mac(text: &str) -> String {
    let mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap().chain_update(text);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// The signature that belongs to the vectors' user ticket.
pub(crate) fn good_sig() -> String {
    mac("TLS.identifier:alice\nTLS.sdkappid:1400000000\nTLS.time:1700000000\nTLS.expire:604800\n")
}

pub(crate) fn deflate(bytes: &[u8], level: u32) -> Vec<u8> {
    let mut packed = Vec::with_capacity(bytes.len() * 2 + 100);
    Compress::new(Compression::new(level), true).compress_vec(bytes, &mut packed, FlushCompress::Finish).unwrap();
    packed
}

pub(crate) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes).replace('+', "*").replace('/', "-").replace('=', "_")
}

/// The compressed part of a ticket.
pub(crate) fn from_base64(ticket: &str) -> Vec<u8> {
    STANDARD.decode(ticket.replace('*', "+").replace('-', "/").replace('_', "=")).unwrap()
}

/// Packs any text as a ticket.
pub(crate) fn pack(json: &str) -> String {
    to_base64(&deflate(json.as_bytes(), 6))
}

/// The JSON in a ticket.
pub(crate) fn unpack(ticket: &str) -> Value {
    let mut json = Vec::with_capacity(10_000);
    Decompress::new(true).decompress_vec(&from_base64(ticket), &mut json, FlushDecompress::Finish).unwrap();
    serde_json::from_slice(&json).unwrap()
}

/// A ticket of the vectors' user with some of its JSON's text replaced.
pub(crate) fn altered(from: &str, to: &str) -> String {
    let json = json();
    assert!(json.contains(from), "{from}");
    pack(&json.replace(from, to))
}

/// The JSON of the vectors' user ticket.
pub(crate) fn json() -> String {
    format!(
        r#"{{"TLS.ver":"2.0","TLS.identifier":"alice","TLS.sdkappid":1400000000,"TLS.time":1700000000,"TLS.expire":604800,"TLS.sig":"{}"}}"#,
        good_sig()
    )
}

/// A userbuf's bytes from their hex.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

/// A properly signed ticket around any userbuf text.
pub(crate) fn with_userbuf(text: &str) -> String {
    let sig = mac(&format!(
        "TLS.identifier:alice\nTLS.sdkappid:1400000000\nTLS.time:1700000000\nTLS.expire:604800\nTLS.userbuf:{text}\n"
    ));
    let mut json: Value = serde_json::from_str(&json()).unwrap();
    json["TLS.userbuf"] = text.into();
    json["TLS.sig"] = sig.into();
    pack(&json.to_string())
}
