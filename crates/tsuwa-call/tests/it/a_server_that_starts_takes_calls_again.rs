use crate::town::{Town, calls};
use tsuwa_call::Input;
use tsuwa_proto::{Code, MediaMode};

/// A server that is being stopped takes no new calls. That is in its log, and not for ever.
#[test]
fn a_server_that_starts_takes_calls_again() {
    let mut town = Town::of(&["B1"]);
    town.sign_in_until("A1", MediaMode::Webrtc, 60_000);
    town.feed(Input::Capacity { open: false });
    town.refused("A1", calls("B", 1), Code::NoMediaWorker);
    town.feed(Input::Started);
    town.socket("A1", true);
    town.call("A1", "B", 1);
    town.forget_what_was_seen();
}
