//! The commands of a phone, as they are typed.

use std::time::Duration;
use tsuwa::{CallId, CallType, TrtcCallingEvent};

/// How long a `wait` waits unless it says otherwise: as long as an invitation rings.
const WAIT: Duration = Duration::from_secs(30);
/// No script waits longer than this: a day.
const LONGEST_S: f64 = 86_400.0;

/// One line.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Command {
    Call { user: String, kind: CallType },
    Group { users: Vec<String>, kind: CallType },
    Accept,
    Reject,
    Hangup,
    Mute(bool),
    Speaker(bool),
    Recent { before: Option<CallId>, limit: Option<usize> },
    Sleep(Duration),
    Wait { wanted: Wanted, seconds: Duration },
    Help,
    Quit,
}

/// The commands, for somebody at a keyboard.
pub(super) const HELP: &str = "call USER [video] · group USER USER… [video] · accept · reject · hangup · mute on|off · \
     speaker on|off · recent [COUNT] [before CALL] · wait EVENT [WORD…] [SECONDS] · sleep SECONDS · quit";

/// The event that a `wait` waits for.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Wanted {
    name: String,
    words: Vec<String>,
}

impl Wanted {
    pub(super) fn is(&self, event: &TrtcCallingEvent) -> bool {
        let plain = |name: &str| name.strip_prefix("on").unwrap_or(name).to_ascii_lowercase();
        if plain(event.name()) != plain(&self.name) {
            return false;
        }
        let values = serde_json::to_value(event).map(|value| leaves(&value["params"])).unwrap_or_default();
        self.words.iter().all(|word| values.contains(word))
    }
}

impl std::fmt::Display for Wanted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.name)?;
        self.words.iter().try_for_each(|word| write!(f, " {word}"))
    }
}

fn leaves(value: &serde_json::Value) -> Vec<String> {
    match value {
        serde_json::Value::Object(map) => map.values().flat_map(leaves).collect(),
        serde_json::Value::Array(list) => list.iter().flat_map(leaves).collect(),
        serde_json::Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

/// A line; `None` if there is nothing on it but a comment.
///
/// # Errors
/// What is wrong with it, for people.
pub(super) fn parse(line: &str) -> Result<Option<Command>, String> {
    let words: Vec<&str> = line.split('#').next().unwrap_or_default().split_whitespace().collect();
    let Some((name, rest)) = words.split_first() else { return Ok(None) };
    let command = match (*name, rest) {
        ("call", [user]) => Command::Call { user: (*user).to_owned(), kind: CallType::Audio },
        ("call", [user, "video"]) => Command::Call { user: (*user).to_owned(), kind: CallType::Video },
        ("call", _) => return Err("call USER [video]".to_owned()),
        ("group", [users @ .., "video"]) if !users.is_empty() => group(users, CallType::Video),
        ("group", users) if !users.is_empty() => group(users, CallType::Audio),
        ("group", _) => return Err("group USER USER… [video]".to_owned()),
        ("accept", []) => Command::Accept,
        ("reject", []) => Command::Reject,
        ("hangup", []) => Command::Hangup,
        ("mute", [on]) => Command::Mute(switch("mute", on)?),
        ("mute", []) => Command::Mute(true),
        ("unmute", []) => Command::Mute(false),
        ("speaker", [on]) => Command::Speaker(switch("speaker", on)?),
        ("recent", words) => recent(words).ok_or("recent [COUNT] [before CALL]")?,
        ("sleep", [seconds]) => Command::Sleep(span(seconds).ok_or("sleep SECONDS")?),
        ("wait", [event, words @ ..]) => wait(event, words),
        ("wait", []) => return Err("wait EVENT [WORD…] [SECONDS]".to_owned()),
        ("help" | "?", []) => Command::Help,
        ("quit" | "exit", []) => Command::Quit,
        _ => return Err(format!("\"{}\" is no command of this phone; see tsuwa phone --help", line.trim())),
    };
    Ok(Some(command))
}

fn group(users: &[&str], kind: CallType) -> Command {
    Command::Group { users: users.iter().map(|user| (*user).to_owned()).collect(), kind }
}

fn wait(event: &str, words: &[&str]) -> Command {
    let (words, seconds) = match words.split_last() {
        Some((last, before)) if span(last).is_some() => (before, span(last).unwrap_or(WAIT)),
        _ => (words, WAIT),
    };
    let words = words.iter().map(|word| (*word).to_owned()).collect();
    Command::Wait { wanted: Wanted { name: event.to_owned(), words }, seconds }
}

fn recent(words: &[&str]) -> Option<Command> {
    let (count, before) = match words {
        [count @ .., "before", call] => (count, Some(call.parse().ok()?)),
        count => (count, None),
    };
    let limit = match count {
        [] => None,
        [count] => Some(count.parse().ok()?),
        _ => return None,
    };
    Some(Command::Recent { before, limit })
}

fn switch(name: &str, word: &str) -> Result<bool, String> {
    match word {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(format!("{name} on|off")),
    }
}

fn span(word: &str) -> Option<Duration> {
    let seconds: f64 = word.parse().ok()?;
    (0.0..=LONGEST_S).contains(&seconds).then(|| Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_names_an_event_its_parameters_and_its_patience() {
        let Ok(Some(Command::Wait { wanted, seconds })) = parse("wait onUserAudioAvailable bob false 5") else {
            panic!("it is a wait");
        };
        assert_eq!(seconds, Duration::from_secs(5));
        let heard = |user: &str, available| TrtcCallingEvent::OnUserAudioAvailable {
            user_id: user.parse().unwrap(),
            available,
        };
        assert!(wanted.is(&heard("bob", false)));
        assert!(!wanted.is(&heard("bob", true)));
        assert!(!wanted.is(&heard("carol", false)));
    }

    #[test]
    fn recent_takes_how_many_and_before_which() {
        let recent = |before, limit| Ok(Some(Command::Recent { before, limit }));
        assert_eq!(parse("recent"), recent(None, None));
        assert_eq!(parse("recent 5"), recent(None, Some(5)));
        assert_eq!(parse("recent before 12"), recent(Some(CallId(12)), None));
        assert_eq!(parse("recent 5 before 12"), recent(Some(CallId(12)), Some(5)));
    }

    #[test]
    fn what_is_no_command_is_said_so() {
        for line in [
            "cal bob",
            "call",
            "mute maybe",
            "sleep -1",
            "sleep long",
            "wait",
            "accept bob",
            "recent all",
            "recent before",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
        assert_eq!(parse("  # a comment"), Ok(None));
        assert_eq!(parse(""), Ok(None));
    }
}
