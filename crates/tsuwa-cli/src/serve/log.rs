//! What the server logs, to standard error.

use std::io::IsTerminal;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging.
///
/// # Errors
/// `TSUWA_LOG` is none of the levels.
pub(super) fn start() -> Result<(), String> {
    let wanted = filter(std::env::var("TSUWA_LOG").ok().as_deref())?;
    let lines =
        tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    // Where somebody logs already, it goes on so.
    let _ = tracing_subscriber::registry().with(lines.with_filter(wanted)).try_init();
    Ok(())
}

/// Our own lines at this level. Libraries warn of whatever a peer sent them, with its own words in it, as often as it
/// likes: of theirs only errors, unless more is asked for; and never their finest, which holds each frame with the ticket
/// in it.
fn filter(level: Option<&str>) -> Result<Targets, String> {
    let level: LevelFilter = level.unwrap_or("info").parse().map_err(|_| {
        let levels = "off, error, warn, info, debug or trace";
        format!("TSUWA_LOG: \"{}\" is not {levels}", level.unwrap_or_default())
    })?;
    let most = if level >= LevelFilter::DEBUG { LevelFilter::DEBUG } else { LevelFilter::ERROR };
    let others = level.min(most);
    Ok(Targets::new().with_default(others).with_target("tsuwa", level))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn what_a_peer_made_a_library_say_is_not_logged() {
        let usual = filter(None).expect("a filter");
        assert!(usual.would_enable("tsuwa_server::server", &Level::INFO));
        assert!(!usual.would_enable("str0m::sdp::parser", &Level::WARN));
        assert!(usual.would_enable("str0m::sdp::parser", &Level::ERROR));
        assert!(filter(Some("debug")).expect("a filter").would_enable("str0m::sdp::parser", &Level::WARN));
        assert!(!filter(Some("off")).expect("a filter").would_enable("str0m::sdp::parser", &Level::ERROR));
    }

    #[test]
    fn no_frame_is_logged_whole_whatever_is_asked_for() {
        let finest = filter(Some("trace")).expect("a filter");
        assert!(finest.would_enable("tsuwa_server::server", &Level::TRACE));
        assert!(!finest.would_enable("tungstenite::protocol", &Level::TRACE));
    }

    #[test]
    fn a_level_that_is_none_is_refused_by_name() {
        assert!(filter(Some("loud")).expect_err("no level").starts_with("TSUWA_LOG: \"loud\""));
    }
}
