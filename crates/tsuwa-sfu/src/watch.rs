//! Which datagrams pass authentication.
//!
//! str0m drops what fails SRTP authentication without a word. So its ciphers are wrapped: while one datagram is
//! handled, the wrapper notes whether its decryption succeeded, and keeps the plain text of RTCP. A note is made and
//! read on one thread within one call, hence a thread-local cell.
//!
//! The same wrapper sees the session keys when the ciphers are made: here a forwarder beside the engine would get them
//! (see [`crate::path`]).

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};
use str0m::crypto::{
    AeadAes128GcmCipher, AeadAes256GcmCipher, Aes128CmSha1_80Cipher, CryptoError, CryptoProvider, SrtpProvider,
    SupportedAeadAes128Gcm, SupportedAeadAes256Gcm, SupportedAes128CmSha1_80,
};

thread_local! {
    static NOTE: RefCell<Note> = const { RefCell::new(Note { passed: false, control: false, plain: Vec::new() }) };
}

struct Note {
    passed: bool,
    control: bool,
    plain: Vec<u8>,
}

/// Begins the handling of an SRTP (`control`: SRTCP) datagram.
pub(crate) fn begin(control: bool) {
    NOTE.with_borrow_mut(|note| {
        note.passed = false;
        note.control = control;
        note.plain.clear();
    });
}

/// Whether the datagram that was begun has passed.
pub(crate) fn passed() -> bool {
    NOTE.with_borrow(|note| note.passed)
}

/// The plain text behind the first 8 bytes of the RTCP datagram that was begun; empty if it did not pass.
pub(crate) fn with_control<R>(read: impl FnOnce(&[u8]) -> R) -> R {
    NOTE.with_borrow(|note| read(&note.plain))
}

fn note(plain: &[u8]) {
    NOTE.with_borrow_mut(|note| {
        note.passed = true;
        if note.control {
            note.plain.clear();
            note.plain.extend_from_slice(plain);
        }
    });
}

/// The process's cryptography, with watched ciphers.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    let made = PROVIDER.get_or_init(|| Arc::new(CryptoProvider { srtp_provider: &Watched, ..plain().clone() }));
    made.clone()
}

fn plain() -> &'static CryptoProvider {
    static PLAIN: OnceLock<CryptoProvider> = OnceLock::new();
    PLAIN.get_or_init(str0m::crypto::from_feature_flags)
}

#[derive(Debug)]
struct Watched;

impl SrtpProvider for Watched {
    fn aes_128_cm_sha1_80(&self) -> &'static dyn SupportedAes128CmSha1_80 {
        &Watched
    }
    fn aead_aes_128_gcm(&self) -> &'static dyn SupportedAeadAes128Gcm {
        &Watched
    }
    fn aead_aes_256_gcm(&self) -> &'static dyn SupportedAeadAes256Gcm {
        &Watched
    }
    fn srtp_aes_128_ecb_round(&self, key: &[u8], input: &[u8], output: &mut [u8]) {
        plain().srtp_provider.srtp_aes_128_ecb_round(key, input, output);
    }
    fn srtp_aes_256_ecb_round(&self, key: &[u8], input: &[u8], output: &mut [u8]) {
        plain().srtp_provider.srtp_aes_256_ecb_round(key, input, output);
    }
}

impl SupportedAes128CmSha1_80 for Watched {
    fn create_cipher(&self, key: [u8; 16], encrypt: bool) -> Box<dyn Aes128CmSha1_80Cipher> {
        let cipher = plain().srtp_provider.aes_128_cm_sha1_80().create_cipher(key, encrypt);
        if encrypt { cipher } else { Box::new(Cm(cipher)) }
    }
}

impl SupportedAeadAes128Gcm for Watched {
    fn create_cipher(&self, key: [u8; 16], encrypt: bool) -> Box<dyn AeadAes128GcmCipher> {
        let cipher = plain().srtp_provider.aead_aes_128_gcm().create_cipher(key, encrypt);
        if encrypt { cipher } else { Box::new(Gcm128(cipher)) }
    }
}

impl SupportedAeadAes256Gcm for Watched {
    fn create_cipher(&self, key: [u8; 32], encrypt: bool) -> Box<dyn AeadAes256GcmCipher> {
        let cipher = plain().srtp_provider.aead_aes_256_gcm().create_cipher(key, encrypt);
        if encrypt { cipher } else { Box::new(Gcm256(cipher)) }
    }
}

#[derive(Debug)]
struct Cm(Box<dyn Aes128CmSha1_80Cipher>);

impl Aes128CmSha1_80Cipher for Cm {
    fn encrypt(&mut self, iv: &[u8; 16], input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        self.0.encrypt(iv, input, output)
    }
    fn decrypt(&mut self, iv: &[u8; 16], input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        // str0m verifies the HMAC before it decrypts, so a packet that comes here is authentic.
        self.0.decrypt(iv, input, output)?;
        note(&output[..input.len()]);
        Ok(())
    }
}

#[derive(Debug)]
struct Gcm128(Box<dyn AeadAes128GcmCipher>);

impl AeadAes128GcmCipher for Gcm128 {
    fn encrypt(&mut self, iv: &[u8; 12], aad: &[u8], input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        self.0.encrypt(iv, aad, input, output)
    }
    fn decrypt(&mut self, iv: &[u8; 12], aads: &[&[u8]], input: &[u8], out: &mut [u8]) -> Result<usize, CryptoError> {
        let length = self.0.decrypt(iv, aads, input, out)?;
        note(&out[..length]);
        Ok(length)
    }
}

#[derive(Debug)]
struct Gcm256(Box<dyn AeadAes256GcmCipher>);

impl AeadAes256GcmCipher for Gcm256 {
    fn encrypt(&mut self, iv: &[u8; 12], aad: &[u8], input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        self.0.encrypt(iv, aad, input, output)
    }
    fn decrypt(&mut self, iv: &[u8; 12], aads: &[&[u8]], input: &[u8], out: &mut [u8]) -> Result<usize, CryptoError> {
        let length = self.0.decrypt(iv, aads, input, out)?;
        note(&out[..length]);
        Ok(length)
    }
}
