//! -100013, but for a device that has no media; and a room that can't be placed ends the call.

use crate::town::{Town, calls};
use tsuwa_call::{Input, MediaReport};
use tsuwa_proto::{Code, MediaMode};

#[test]
fn a_call_without_a_media_worker_is_refused() {
    let mut town = Town::of(&["A1", "B1"]);
    town.feed(Input::Capacity { open: false });
    town.refused("A1", calls("B", 1), Code::NoMediaWorker);
    town.sign_in_until("C1", MediaMode::None, 60_000_000);
    let call = town.call("C1", "B", 1);
    town.sees("B1", &["onInvited C [] false 1"]);
    town.hangup("C1", call);
    town.sees("B1", &["onCallingCancel"]);
    town.feed(Input::Capacity { open: true });
    let call = town.call("A1", "B", 1);
    town.sees("B1", &["onInvited A [] false 1"]);
    town.feed(Input::Media(MediaReport::PlaceFailed { call }));
    town.sees("A1", &["onError -100013", "onCallEnd media_failed"]);
    town.sees("B1", &["onCallingCancel ended_by_server"]);
}
