//! An app's secret.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// An app's secret, as the one who signs and the one who verifies hold it. `Debug` shows nothing of it.
///
/// The key is the secret's *text*: a secret of 64 hex characters is 64 bytes of key, not 32.
#[derive(Clone)]
pub struct Key {
    keyed: Hmac<Sha256>,
    length_bytes: usize,
}

/// A secret without a character: everybody could sign with it. The configuration's fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EmptyKey;

impl fmt::Display for EmptyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the secret is empty")
    }
}

impl std::error::Error for EmptyKey {}

impl Key {
    /// A key of a secret's text.
    ///
    /// # Errors
    /// [`EmptyKey`] if the text is empty.
    pub fn new(text: &str) -> Result<Self, EmptyKey> {
        if text.is_empty() {
            return Err(EmptyKey);
        }
        // HMAC takes a key of any length; its constructor fails for other algorithms only.
        let keyed = Hmac::new_from_slice(text.as_bytes()).expect("HMAC takes a key of any length");
        Ok(Self { keyed, length_bytes: text.len() })
    }

    /// Whether the secret is so short that whoever holds a ticket may find it by trying: under 32 characters (128 bits
    /// if they are random hex digits). Worth a warning where secrets are configured.
    pub fn is_short(&self) -> bool {
        self.length_bytes < 32
    }

    /// The HMAC of a text.
    pub(crate) fn mac(&self, text: &str) -> [u8; 32] {
        self.keyed.clone().chain_update(text).finalize().into_bytes().into()
    }

    /// Whether `mac` is the HMAC of the text, in a time that does not depend on how many bytes are right.
    pub(crate) fn agrees(&self, text: &str, mac: &[u8]) -> bool {
        self.keyed.clone().chain_update(text).verify_slice(mac).is_ok()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}
