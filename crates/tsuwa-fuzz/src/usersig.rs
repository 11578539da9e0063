//! Tickets, as a server gets them.

use crate::bytes::Bytes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compress, Compression, FlushCompress};
use std::sync::OnceLock;
use tsuwa_usersig::{Claims, Key, UserBuf, sign, verify};

/// The app and the secret of the tickets among the seeds.
const APP: u32 = 1_400_000_000;
const SECRET: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
/// The moment in time at which they are looked at.
const NOW_S: u64 = 1_700_000_100;

/// Whatever comes as a ticket: it is refused, or it is good for exactly whom it was signed for. The first byte says what
/// the others are.
pub fn usersig(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    match bytes.byte() % 4 {
        0 => drop(verify(key(), APP, "alice", NOW_S, &bytes.text())),
        1 => drop(verify(key(), APP, "alice", NOW_S, &pack(bytes.rest()))),
        2 => signed(&mut bytes),
        _ => userbuf(bytes.rest()),
    }
}

fn key() -> &'static Key {
    static KEY: OnceLock<Key> = OnceLock::new();
    KEY.get_or_init(|| Key::new(SECRET).expect("it is not empty"))
}

/// What a ticket with this JSON in it looks like: stored, so that each byte of the input is one of the JSON.
fn pack(json: &[u8]) -> String {
    let mut packed = Vec::with_capacity(json.len() + json.len() / 100 + 64);
    let done = Compress::new(Compression::none(), true).compress_vec(json, &mut packed, FlushCompress::Finish);
    assert!(done.is_ok(), "there is room");
    STANDARD.encode(packed).replace('+', "*").replace('/', "-").replace('=', "_")
}

/// A ticket that is signed verifies, for its user only, and altered in one place not for anything else.
fn signed(bytes: &mut Bytes<'_>) {
    let (at, change) = (usize::from(bytes.byte()) | usize::from(bytes.byte()) << 8, bytes.byte());
    let (issued_at_s, lifetime_s) = (NOW_S - u64::from(bytes.byte()), 86_400 + u64::from(bytes.byte()));
    let user = bytes.text();
    let claims = Claims { app: APP, user: user.clone(), issued_at_s, lifetime_s };
    let Ok(ticket) = sign(key(), &claims) else { return };
    let verified = verify(key(), APP, &user, NOW_S, &ticket).expect("what was signed verifies");
    assert_eq!(verified.expires_at_s, issued_at_s + lifetime_s);
    assert!(verify(key(), APP, &format!("{user}x"), NOW_S, &ticket).is_err(), "it is another user's");
    assert!(verify(key(), APP + 1, &user, NOW_S, &ticket).is_err(), "it is another app's");
    let mut altered = ticket.into_bytes();
    let at = at % altered.len();
    altered[at] ^= change;
    if let Some(again) = String::from_utf8(altered).ok().and_then(|it| verify(key(), APP, &user, NOW_S, &it).ok()) {
        assert_eq!(again.expires_at_s, verified.expires_at_s, "an altered ticket says what the signed one said");
    }
}

/// What is read can be written, and is the same read again.
fn userbuf(data: &[u8]) {
    let Ok(buf) = UserBuf::decode(data) else { return };
    if let Ok(written) = buf.encode() {
        assert_eq!(UserBuf::decode(&written).as_ref(), Ok(&buf), "what was written reads as what it was");
    }
}
