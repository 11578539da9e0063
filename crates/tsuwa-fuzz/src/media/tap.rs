//! The keys of a client that is to send what no client would. Its ciphers are wrapped: from what they are given to
//! encrypt follow the salts, and with key and salt any header and any plain text can be sealed (RFC 7714).

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};
use str0m::crypto::{
    AeadAes128GcmCipher, AeadAes256GcmCipher, CryptoError, CryptoProvider, SrtpProvider, SupportedAeadAes128Gcm,
    SupportedAeadAes256Gcm, SupportedAes128CmSha1_80,
};

thread_local! {
    static KEYS: RefCell<Keys> = const { RefCell::new(Keys { rtp: None, rtcp: None }) };
}

/// The length of a tag.
const TAG: usize = 16;

#[derive(Clone)]
struct Secret {
    key: Vec<u8>,
    salt: [u8; 12],
}

/// What a client encrypts with.
#[derive(Clone, Default)]
pub(super) struct Keys {
    rtp: Option<Secret>,
    rtcp: Option<Secret>,
}

impl Keys {
    /// Forgets what was seen so far.
    pub(super) fn forget() {
        KEYS.with_borrow_mut(|keys| *keys = Self::default());
    }

    /// What was seen since.
    pub(super) fn seen() -> Self {
        KEYS.with_borrow(Clone::clone)
    }

    pub(super) fn is_whole(&self) -> bool {
        self.rtp.is_some() && self.rtcp.is_some()
    }

    /// An SRTP packet with this header, as far as it is one, and this payload.
    pub(super) fn rtp(&self, packet: &[u8], roc: u32) -> Option<Vec<u8>> {
        let secret = self.rtp.as_ref()?;
        let (header, payload) = packet.split_at_checked(header_length(packet)?)?;
        let mut iv = [0; 12];
        iv[2..6].copy_from_slice(header.get(8..12)?);
        iv[6..10].copy_from_slice(&roc.to_be_bytes());
        iv[10..12].copy_from_slice(&header[2..4]);
        Some([header, &secret.seal(iv, header, payload)?].concat())
    }

    /// An SRTCP packet with this plain text, of which the first 8 bytes are the header.
    pub(super) fn rtcp(&self, plain: &[u8], index: u32) -> Option<Vec<u8>> {
        let secret = self.rtcp.as_ref()?;
        let (header, rest) = plain.split_at_checked(8)?;
        let mut iv = [0; 12];
        iv[2..6].copy_from_slice(&header[4..8]);
        iv[8..12].copy_from_slice(&index.to_be_bytes());
        let behind = (0x8000_0000 | index).to_be_bytes();
        let aad = [header, &behind].concat();
        Some([header, &secret.seal(iv, &aad, rest)?, &behind].concat())
    }
}

/// RFC 3550: 12 bytes, four for each source, and the extension. `None` if there are not so many.
fn header_length(packet: &[u8]) -> Option<usize> {
    let sources = 12 + 4 * usize::from(packet.first()? & 0x0f);
    if packet[0] & 0x10 == 0 {
        return Some(sources);
    }
    let length = packet.get(sources + 2..sources + 4)?;
    Some(sources + 4 + 4 * usize::from(u16::from_be_bytes([length[0], length[1]])))
}

impl Secret {
    /// From the first packet that was encrypted with it.
    fn learned(key: &[u8], iv: &[u8; 12], aad: &[u8]) -> (bool, Self) {
        let control = aad.get(1).is_some_and(|second| (192..=223).contains(second));
        let mut salt = *iv;
        let mut known = [0; 12];
        if control {
            known[2..6].copy_from_slice(&aad[4..8]);
            known[8..12].copy_from_slice(&aad[8..12]);
            known[8] &= 0x7f;
        } else {
            // The roll-over counter is 0: this is the beginning of a stream.
            known[2..6].copy_from_slice(&aad[8..12]);
            known[10..12].copy_from_slice(&aad[2..4]);
        }
        salt.iter_mut().zip(known).for_each(|(byte, known)| *byte ^= known);
        (control, Self { key: key.to_vec(), salt })
    }

    fn seal(&self, mut iv: [u8; 12], aad: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
        iv.iter_mut().zip(self.salt).for_each(|(byte, salt)| *byte ^= salt);
        let mut sealed = vec![0; plain.len() + TAG];
        let srtp = plain_provider().srtp_provider;
        if let Ok(key) = <[u8; 16]>::try_from(&self.key[..]) {
            srtp.aead_aes_128_gcm().create_cipher(key, true).encrypt(&iv, aad, plain, &mut sealed).ok()?;
        } else {
            let key = <[u8; 32]>::try_from(&self.key[..]).ok()?;
            srtp.aead_aes_256_gcm().create_cipher(key, true).encrypt(&iv, aad, plain, &mut sealed).ok()?;
        }
        Some(sealed)
    }
}

fn learn(key: &[u8], iv: &[u8; 12], aad: &[u8]) {
    let (control, secret) = Secret::learned(key, iv, aad);
    KEYS.with_borrow_mut(|keys| {
        let place = if control { &mut keys.rtcp } else { &mut keys.rtp };
        place.get_or_insert(secret);
    });
}

/// The process's cryptography as it is.
pub(super) fn plain_provider() -> &'static CryptoProvider {
    static PLAIN: OnceLock<CryptoProvider> = OnceLock::new();
    PLAIN.get_or_init(str0m::crypto::from_feature_flags)
}

/// The same, with what it encrypts looked at.
pub(super) fn provider() -> Arc<CryptoProvider> {
    static TAPPED: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    TAPPED.get_or_init(|| Arc::new(CryptoProvider { srtp_provider: &Tapped, ..plain_provider().clone() })).clone()
}

#[derive(Debug)]
struct Tapped;

impl SrtpProvider for Tapped {
    fn aes_128_cm_sha1_80(&self) -> &'static dyn SupportedAes128CmSha1_80 {
        plain_provider().srtp_provider.aes_128_cm_sha1_80()
    }
    fn aead_aes_128_gcm(&self) -> &'static dyn SupportedAeadAes128Gcm {
        &Tapped
    }
    fn aead_aes_256_gcm(&self) -> &'static dyn SupportedAeadAes256Gcm {
        &Tapped
    }
    fn srtp_aes_128_ecb_round(&self, key: &[u8], input: &[u8], output: &mut [u8]) {
        plain_provider().srtp_provider.srtp_aes_128_ecb_round(key, input, output);
    }
    fn srtp_aes_256_ecb_round(&self, key: &[u8], input: &[u8], output: &mut [u8]) {
        plain_provider().srtp_provider.srtp_aes_256_ecb_round(key, input, output);
    }
}

impl SupportedAeadAes128Gcm for Tapped {
    fn create_cipher(&self, key: [u8; 16], encrypt: bool) -> Box<dyn AeadAes128GcmCipher> {
        Box::new(Gcm128(plain_provider().srtp_provider.aead_aes_128_gcm().create_cipher(key, encrypt), key))
    }
}

impl SupportedAeadAes256Gcm for Tapped {
    fn create_cipher(&self, key: [u8; 32], encrypt: bool) -> Box<dyn AeadAes256GcmCipher> {
        Box::new(Gcm256(plain_provider().srtp_provider.aead_aes_256_gcm().create_cipher(key, encrypt), key))
    }
}

#[derive(Debug)]
struct Gcm128(Box<dyn AeadAes128GcmCipher>, [u8; 16]);

impl AeadAes128GcmCipher for Gcm128 {
    fn encrypt(&mut self, iv: &[u8; 12], aad: &[u8], input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        learn(&self.1, iv, aad);
        self.0.encrypt(iv, aad, input, output)
    }
    fn decrypt(&mut self, iv: &[u8; 12], aads: &[&[u8]], input: &[u8], out: &mut [u8]) -> Result<usize, CryptoError> {
        self.0.decrypt(iv, aads, input, out)
    }
}

#[derive(Debug)]
struct Gcm256(Box<dyn AeadAes256GcmCipher>, [u8; 32]);

impl AeadAes256GcmCipher for Gcm256 {
    fn encrypt(&mut self, iv: &[u8; 12], aad: &[u8], input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        learn(&self.1, iv, aad);
        self.0.encrypt(iv, aad, input, output)
    }
    fn decrypt(&mut self, iv: &[u8; 12], aads: &[&[u8]], input: &[u8], out: &mut [u8]) -> Result<usize, CryptoError> {
        self.0.decrypt(iv, aads, input, out)
    }
}
