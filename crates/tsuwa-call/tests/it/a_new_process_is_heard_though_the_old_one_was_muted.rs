//! A new process does not know what the old one had shut: what it sends is meant to be heard.

use crate::town::{Town, device};
use tsuwa_call::MediaCommand;
use tsuwa_proto::StreamKind;

#[test]
fn a_new_process_is_heard_though_the_old_one_was_muted() {
    let (mut town, call) = Town::talking();
    town.mute("A1", call, true);
    town.sees("B1", &["audio A false"]);
    town.sign_in("A1");
    town.sees("A1", &["onUserEnter B", "audio B true"]);
    let made_last = town.media.iter().rev().take_while(|m| !matches!(m, MediaCommand::Drop { .. }));
    let shut = MediaCommand::Mute { call, at: device("A1"), kind: StreamKind::Audio, muted: true };
    assert!(made_last.clone().count() > 0 && !made_last.clone().any(|m| *m == shut));
    town.sound("A1", call);
    town.sees("B1", &["audio A true"]);
}
