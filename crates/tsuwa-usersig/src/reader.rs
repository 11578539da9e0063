//! A ticket's JSON, read strictly: what two readers could read differently is refused.

use crate::claims::{Claims, is_user_id};
use crate::error::VerifyError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer};

/// The fields as they stand. A field that is there twice is refused by the derived reader; so are a number in quotes,
/// a fraction, a negative one, one with an exponent and one that does not fit. A field of another name is passed over:
/// it is not signed and nothing depends on it.
#[derive(Deserialize)]
struct Fields {
    #[serde(rename = "TLS.ver")]
    version: String,
    #[serde(rename = "TLS.identifier")]
    user: String,
    #[serde(rename = "TLS.sdkappid")]
    app: u32,
    #[serde(rename = "TLS.time")]
    issued_at_s: u64,
    #[serde(rename = "TLS.expire")]
    lifetime_s: u64,
    #[serde(rename = "TLS.userbuf", default, deserialize_with = "a_text")]
    userbuf: Option<String>,
    #[serde(rename = "TLS.sig")]
    sig: String,
}

/// A text if the field is there: `null` is not the same as a missing field, and no generator writes it.
fn a_text<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    String::deserialize(d).map(Some)
}

/// A ticket whose form is right. Nothing of it is believed yet.
pub(crate) struct Unverified {
    pub(crate) claims: Claims,
    /// The base64 text, for the signature.
    pub(crate) userbuf_text: Option<String>,
    /// The bytes that it stands for.
    pub(crate) userbuf: Option<Vec<u8>>,
    pub(crate) sig: Vec<u8>,
}

impl Unverified {
    /// Reads the unpacked JSON.
    pub(crate) fn read(json: &[u8]) -> Result<Self, VerifyError> {
        // The derived reader would take an array of the values, too.
        if json.iter().find(|b| !b.is_ascii_whitespace()) != Some(&b'{') {
            return Err(VerifyError::Fields);
        }
        let fields: Fields = serde_json::from_slice(json).map_err(|_| VerifyError::Fields)?;
        if fields.version != "2.0" {
            return Err(VerifyError::Version);
        }
        // Not only a rule of ids: a line feed in here would let one signature stand for two different tickets.
        if !is_user_id(&fields.user) {
            return Err(VerifyError::Identifier);
        }
        let sig = STANDARD.decode(&fields.sig).map_err(|_| VerifyError::Fields)?;
        let userbuf = match &fields.userbuf {
            // Some generators sign an empty one and some don't.
            Some(text) if text.is_empty() => return Err(VerifyError::Fields),
            Some(text) => Some(STANDARD.decode(text).map_err(|_| VerifyError::Fields)?),
            None => None,
        };
        let Fields { user, app, issued_at_s, lifetime_s, userbuf: userbuf_text, .. } = fields;
        Ok(Self { claims: Claims { app, user, issued_at_s, lifetime_s }, userbuf_text, userbuf, sig })
    }
}
