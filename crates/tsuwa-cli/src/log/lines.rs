//! Entries and effects as lines for people.

use serde::Serialize;
use serde_json::{Map, Value};
use std::fmt::Write;
use tsuwa_proto::Millis;

/// Anything of the log's as one line: names of variants and fields as in the code, devices as `user/device`.
pub(super) fn line(of: &impl Serialize) -> String {
    let mut text = String::new();
    // What the log holds always serialises.
    words(&serde_json::to_value(of).unwrap_or_default(), &mut text);
    text
}

fn words(value: &Value, text: &mut String) {
    match value {
        Value::Null => text.push('-'),
        Value::String(word) if !word.is_empty() && !word.contains(char::is_whitespace) => text.push_str(word),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            // Writing to memory does not fail.
            let _ = write!(text, "{value}");
        }
        Value::Array(all) => {
            text.push('[');
            for (index, each) in all.iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                inner(each, text);
            }
            text.push(']');
        }
        Value::Object(all) if all.is_empty() => text.push_str("{}"),
        Value::Object(all) => object(all, text),
    }
}

fn object(all: &Map<String, Value>, text: &mut String) {
    let named = |name: &str| all.get(name).and_then(Value::as_str);
    if let (2, Some(user), Some(device)) = (all.len(), named("user"), named("device")) {
        text.push_str(user);
        text.push('/');
        text.push_str(device);
        return;
    }
    // An event as it is sent.
    if let (2, Some(method), Some(params)) = (all.len(), named("method"), all.get("params")) {
        text.push_str(method);
        text.push(' ');
        words(params, text);
        return;
    }
    let mut all_fields = all.iter();
    if let (Some((variant, value)), None) = (all_fields.next(), all_fields.next())
        && variant.starts_with(char::is_uppercase)
    {
        text.push_str(variant);
        text.push(' ');
        words(value, text);
        return;
    }
    let mut first = true;
    for (name, value) in all.iter().filter(|(_, value)| !value.is_null()) {
        if !first {
            text.push(' ');
        }
        first = false;
        text.push_str(name);
        text.push('=');
        inner(value, text);
    }
}

/// What is more than a word is put in brackets within something else.
fn inner(value: &Value, text: &mut String) {
    let mut words_of = String::new();
    words(value, &mut words_of);
    let several = matches!(value, Value::Object(_)) && words_of.contains(' ');
    if several {
        let _ = write!(text, "({words_of})");
    } else {
        text.push_str(&words_of);
    }
}

/// A moment in UTC.
pub(super) fn time(at: Millis) -> String {
    let Millis(ms) = at;
    let (days, in_day) = (ms / 86_400_000, ms % 86_400_000);
    // Days since 1 March of the year 0, counted in the 400 years after which the calendar repeats itself: there a leap
    // day is the last of its year.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    let (h, min, s, ms) = (in_day / 3_600_000, in_day / 60_000 % 60, in_day / 1000 % 60, in_day % 1000);
    format!("{year:04}-{month:02}-{day:02} {h:02}:{min:02}:{s:02}.{ms:03}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn moments_are_told_in_utc() {
        let told = [0, 951_782_399_999, 951_782_400_000, 951_868_800_000, 1_795_466_645_123].map(|ms| time(Millis(ms)));
        let right = [
            "1970-01-01 00:00:00.000",
            "2000-02-28 23:59:59.999",
            "2000-02-29 00:00:00.000",
            "2000-03-01 00:00:00.000",
            "2026-11-23 20:44:05.123",
        ];
        assert_eq!(told, right);
    }

    #[test]
    fn a_line_has_everything_and_no_quotes_where_none_are_needed() {
        let entry = json!({ "Request": { "session": "5", "act": { "Call": { "user_id": "bob", "invite": { "kind": 1, "user_data": "two words" } } }, "origin": null } });
        assert_eq!(line(&entry), "Request act=(Call invite=(kind=1 user_data=\"two words\") user_id=bob) session=5");
        assert_eq!(line(&json!([{ "user": "bob", "device": "phone" }, "Started"])), "[bob/phone, Started]");
        assert_eq!(line(&json!({ "method": "onCallEnd", "params": { "callId": "7" } })), "onCallEnd callId=7");
    }
}
