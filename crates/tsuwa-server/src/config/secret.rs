//! Secrets: never shown by `Debug`, compared in constant time, and none of those that everybody knows.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// Fewer bytes than this can be guessed (128 bits of hex text).
const SHORTEST_BYTES: usize = 32;
/// More than this is a mistake: a file that is no secret.
const LONGEST_BYTES: usize = 256;

/// Secrets that stand in documents, examples and test vectors: whoever can read can sign with them.
const PUBLISHED: &[&str] = &[
    // The sample configuration's placeholder (docs/tsuwa.toml).
    "replace-this-by-a-secret-of-your-own-of-at-least-32-bytes",
    // The dummy of the public UserSig vectors.
    "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e",
];

/// An app's secret, or a credential: text that only its owner knows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a text as secret.
    ///
    /// # Errors
    /// The reason why it can't be one: too short, too long, with spaces, or known to everybody.
    pub fn new(text: &str) -> Result<Self, &'static str> {
        if PUBLISHED.contains(&text) {
            return Err("is an example that everybody knows; make one of your own");
        }
        if text.len() < SHORTEST_BYTES {
            return Err("is too short: 32 bytes at the least");
        }
        if text.len() > LONGEST_BYTES {
            return Err("is too long: 256 bytes at the most");
        }
        if !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err("may hold only visible ASCII characters, no spaces");
        }
        if text.bytes().all(|b| Some(&b) == text.as_bytes().first()) {
            return Err("is one character over and over");
        }
        Ok(Self(text.to_owned()))
    }

    /// 64 hexadecimal digits from the system's random source.
    ///
    /// # Errors
    /// The system has no random source.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes.iter().map(|b| format!("{b:02x}")).collect()))
    }

    /// The text. For signing, and for showing to its owner; not for logs.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether `shown` is this secret, in a time that does not tell how much of it is right.
    pub fn is(&self, shown: &str) -> bool {
        let digest = |text: &str| {
            // HMAC takes a key of any length.
            let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()) else { unreachable!() };
            mac.update(text.as_bytes());
            mac
        };
        let wanted = digest(&self.0).finalize().into_bytes();
        digest(shown).verify_slice(&wanted).is_ok()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
