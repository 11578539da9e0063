//! `Retry-After` (RFC 9110, 10.2.3): how long a receiver wants to be left alone.

use std::time::Duration;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// Days of a common year before each month.
const DAYS_BEFORE: [u64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
/// Leap days up to the end of 1969, had there always been this calendar.
const LEAP_DAYS_BEFORE_1970: u64 = 477;
const DAY_S: u64 = 86_400;

/// How long from now (Unix seconds): seconds, or a date in any of the three forms of HTTP. `None`: it says neither.
/// Nothing is bounded here.
pub(super) fn read(text: &str, now_s: u64) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number has are as good as for ever.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    Some(Duration::from_secs(date(text, now_s)?.saturating_sub(now_s)))
}

/// Unix seconds.
fn date(text: &str, now_s: u64) -> Option<u64> {
    let parts: Vec<&str> = text.split([' ', ',', '-']).filter(|part| !part.is_empty()).collect();
    let (day, month, year, time) = match parts[..] {
        // Sun, 06 Nov 1994 08:49:37 GMT, and Sunday, 06-Nov-94 08:49:37 GMT.
        [_, day, month, year, time, "GMT"] => (day, month, year, time),
        // Sun Nov  6 08:49:37 1994.
        [_, month, day, time, year] => (day, month, year, time),
        _ => return None,
    };
    let day: u64 = day.parse().ok().filter(|day| (1..=31).contains(day))?;
    let month = MONTHS.iter().position(|name| *name == month)?;
    let year = full_year(year, now_s)?;
    let mut clock = time.split(':');
    let mut below = |bound: u64| clock.next()?.parse::<u64>().ok().filter(|number| *number < bound);
    // A minute may have a leap second.
    let second_of_day = below(24)? * 3600 + below(60)? * 60 + below(61)?;
    if clock.next().is_some() {
        return None;
    }
    let leap_days = |year: u64| year / 4 - year / 100 + year / 400;
    let after_february = leap_days(year) - leap_days(year - 1) > 0 && month > 1;
    let days = (year - 1970) * 365 + leap_days(year - 1) - LEAP_DAYS_BEFORE_1970
        + DAYS_BEFORE[month]
        + u64::from(after_february)
        + day
        - 1;
    Some(days * DAY_S + second_of_day)
}

/// A year of two digits is the last one that ends so and is not more than fifty years ahead.
fn full_year(text: &str, now_s: u64) -> Option<u64> {
    let year: u64 = text.parse().ok()?;
    let year = match text.len() {
        4 => year,
        2 => {
            let this_year = 1970 + now_s / (365 * DAY_S + DAY_S / 4);
            let year = this_year - this_year % 100 + year;
            if year > this_year + 50 { year - 100 } else { year }
        }
        _ => return None,
    };
    (1970..=9999).contains(&year).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `date -u -d 2026-11-23T21:02:30Z +%s` gives it.
    const NOW_S: u64 = 1_795_467_750;

    #[test]
    fn a_wait_is_so_many_seconds_or_until_a_date() {
        for (text, seconds) in [
            ("0", 0),
            ("120", 120),
            (" 7 ", 7),
            ("99999999999999999999999999", u64::MAX),
            ("Mon, 23 Nov 2026 21:04:30 GMT", 120),
            ("Monday, 23-Nov-26 21:04:30 GMT", 120),
            ("Mon Nov 23 21:04:30 2026", 120),
            ("Tue Dec  1 00:00:00 2026", 615_450),
            ("Tue, 29 Feb 2028 00:00:00 GMT", 39_927_450),
            ("Wed, 01 Mar 2028 00:00:00 GMT", 40_013_850),
            // What is past is now.
            ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
            ("Sunday, 06-Nov-94 08:49:37 GMT", 0),
            ("Sun Nov  6 08:49:37 1994", 0),
        ] {
            assert_eq!(read(text, NOW_S), Some(Duration::from_secs(seconds)), "{text}");
        }
        assert_eq!(date("Sun, 06 Nov 1994 08:49:37 GMT", NOW_S), Some(784_111_777));
    }

    #[test]
    fn what_is_neither_says_nothing() {
        for text in [
            "",
            " ",
            "soon",
            "-5",
            "1.5",
            "5 s",
            "Mon, 23 Nov 2026 21:04:30",
            "Mon, 23 Nov 2026 21:04:30 CET",
            "Mon, 23 Nov 2026 24:04:30 GMT",
            "Mon, 23 Nov 2026 21:04:30:00 GMT",
            "Mon, 23 Nov 2026 21:04 GMT",
            "Mon, 0 Nov 2026 21:04:30 GMT",
            "Mon, 32 Nov 2026 21:04:30 GMT",
            "Mon, 23 Nomber 2026 21:04:30 GMT",
            "Mon, 23 Nov 226 21:04:30 GMT",
            "Mon, 23 Nov 1969 21:04:30 GMT",
            "Mon, 23 Nov 99999999999999999999 21:04:30 GMT",
            "Mon, 99999999999999999999 Nov 2026 21:04:30 GMT",
        ] {
            assert_eq!(read(text, NOW_S), None, "{text}");
        }
    }
}
