//! A webhook as it goes over the wire (Standard Webhooks 1.0.0).

use crate::config::WebhookSecret;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;
use tsuwa_proto::{AppId, Hook, HookEvent, Millis};

/// Id and body: the same at each attempt, so that a receiver can drop repetitions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Letter {
    /// App, call and number: `webhook-id`.
    pub(super) id: String,
    pub(super) body: String,
}

/// The body. The event adds `type` and `data`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(flatten)]
    event: &'a HookEvent,
    timestamp: String,
    sdk_app_id: AppId,
}

impl Letter {
    pub(super) fn new(app: AppId, hook: &Hook) -> Self {
        let id = format!("{}-{}-{}", app.0, hook.call_id, hook.number);
        let body = Body { event: &hook.event, timestamp: rfc3339(hook.at), sdk_app_id: app };
        // Texts, numbers and lists of them always serialise.
        Self { id, body: serde_json::to_string(&body).unwrap_or_default() }
    }

    /// `webhook-signature` of an attempt at this Unix second: over id, second and body, one by each secret.
    pub(super) fn signatures(&self, secrets: &[WebhookSecret], at_s: u64) -> String {
        let signatures: Vec<String> = secrets.iter().map(|secret| self.signature(secret, at_s)).collect();
        signatures.join(" ")
    }

    fn signature(&self, secret: &WebhookSecret, at_s: u64) -> String {
        // HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.key()) else { unreachable!() };
        mac.update(format!("{}.{at_s}.", self.id).as_bytes());
        mac.update(self.body.as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// A moment in RFC 3339, UTC, with milliseconds.
fn rfc3339(at: Millis) -> String {
    let (seconds, millis) = (at.0 / 1000, at.0 % 1000);
    let (mut days, second) = (seconds / 86_400, seconds % 86_400);
    let mut year: u64 = 1970;
    loop {
        let in_year = if is_leap(year) { 366 } else { 365 };
        if days < in_year {
            break;
        }
        days -= in_year;
        year += 1;
        if year > 9999 {
            // No clock says so; RFC 3339 has four digits.
            return "9999-12-31T23:59:59.999Z".to_owned();
        }
    }
    let february = if is_leap(year) { 29 } else { 28 };
    let mut month = 1;
    for in_month in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if days < in_month {
            break;
        }
        days -= in_month;
        month += 1;
    }
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z", days + 1)
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_rfc_3339_has_it() {
        // Seconds as `date -u -d … +%s` gives them.
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400, "2000-02-29T00:00:00.000Z"),
            (951_868_799, "2000-02-29T23:59:59.000Z"),
            (951_868_800, "2000-03-01T00:00:00.000Z"),
            (1_704_067_199, "2023-12-31T23:59:59.000Z"),
            (1_735_689_599, "2024-12-31T23:59:59.000Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(rfc3339(Millis(seconds * 1000)), text);
        }
        assert_eq!(rfc3339(Millis(1_667_507_170_344)), "2022-11-03T20:26:10.344Z");
        assert_eq!(rfc3339(Millis(u64::MAX)), "9999-12-31T23:59:59.999Z");
    }

    #[test]
    fn the_signature_is_that_of_the_specification() {
        let body = r#"{"test": 2432232314}"#.to_owned();
        let letter = Letter { id: "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned(), body };
        let secret: WebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse().expect("a secret");
        let known = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(letter.signatures(std::slice::from_ref(&secret), 1_614_265_330), known);
        let other = WebhookSecret::random().expect("random numbers");
        let both = letter.signatures(&[other, secret], 1_614_265_330);
        let (first, second) = both.split_once(' ').expect("two, with a space between");
        assert_eq!((first.len(), second), (known.len(), known));
    }
}
