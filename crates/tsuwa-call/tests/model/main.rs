//! Invite, accept, cancel, time out, on several devices: every order of everything, checked to the end.
//!
//! Each test here is a small town whose every state is visited: the real switchboard, beside it a specification that
//! says who is where, and what every device was told. There is no bound on how long it goes on: states that differ only
//! in their past are one (see [`canonical`]), so it ends by itself when nothing new can come about.
//!
//! `cargo test -p tsuwa-call --test model -- --nocapture` prints how many states there were. With `TSUWA_MODEL=large`
//! the larger towns are searched as well; they want `--release`.

mod canonical;
mod moments;
mod properties;
mod rules;
mod step;
mod story;
mod system;
mod weigh;

use moments::Moment::*;
use rules::Times;
use stateright::{Checker, HasDiscoveries, Model};
use system::Size;

/// A grace of a different length than half a ringing, so that each can end first.
const TIMES: Times = Times { ring_ms: 30_000, grace_ms: 20_000 };

const SMALL: Size = Size {
    devices: &[],
    times: TIMES,
    step_ms: 10_000,
    one_device: false,
    losses: false,
    sign_ins: false,
    restarts: false,
    groups: false,
    admin: false,
    media: false,
    sometimes: &[],
};

/// Visits every state, and says how many there were.
fn search(name: &str, size: Size) {
    let checker = size.checker().finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    println!(
        "{name}: {} states, {} steps between them, at most {} deep",
        checker.unique_state_count(),
        checker.state_count(),
        checker.max_depth()
    );
    let found = checker.discoveries();
    for path in found.values() {
        if let Some((promise, why)) = path.last_state().broken.first() {
            let property = properties::name(*promise);
            let steps: Vec<String> = path.clone().into_actions().iter().map(|step| format!("{step:?}")).collect();
            panic!("{name}: not {property}: {why}, after\n  {}", steps.join("\n  "));
        }
    }
    let unseen = checker.model().sometimes.iter().map(|moment| moment.name()).find(|seen| !found.contains_key(seen));
    assert_eq!(unseen, None, "{name}: never seen");
    assert!(checker.is_done(), "{name}: not every state was visited");
}

/// Whether the larger towns are searched too.
fn is_large() -> bool {
    std::env::var("TSUWA_MODEL").is_ok_and(|size| size == "large")
}

#[test]
fn one_calls_another_who_has_two_devices() {
    let sometimes = &[
        Answered,
        AnsweredElsewhere,
        RejectedElsewhere,
        Rejected,
        Cancelled,
        TimedOut,
        GlareJoined,
        AnsweredAtTheLast,
        EndedByServer,
    ];
    search("two devices", Size { devices: &["A1", "B1", "B2"], admin: true, sometimes, ..SMALL });
}

#[test]
fn two_lose_their_sockets_and_the_process_dies() {
    let sometimes = &[CallerLost, LostCallerAnswered, BackInTime, EndToldLate, RestartedInACall, RestartedWhileRinging];
    let size = Size { devices: &["A1", "B1", "B2"], losses: true, restarts: true, sometimes, ..SMALL };
    search("losses", size.clone());
    if is_large() {
        search("losses, two by two", Size { devices: &["A1", "A2", "B1", "B2"], ..size });
    }
}

#[test]
fn two_sign_in_and_out() {
    let sometimes = &[RungAtSignIn, AnsweredElsewhere, EndToldLate, TimedOut];
    let size = Size { devices: &["A1", "B1", "B2"], losses: true, sign_ins: true, sometimes, ..SMALL };
    search("sign-ins", size.clone());
    if is_large() {
        search("sign-ins, two by two", Size { devices: &["A1", "A2", "B1", "B2"], restarts: true, ..size });
    }
}

#[test]
fn a_sign_in_elsewhere_takes_over() {
    let sometimes = &[Kicked, RingingMovedOver, EndToldLate, RestartedInACall];
    let (losses, restarts, sign_ins, one_device) = (true, true, true, true);
    let devices = &["A1", "B1", "B2"];
    search("one device", Size { devices, losses, restarts, sign_ins, one_device, sometimes, ..SMALL });
}

#[test]
fn three_call_each_other() {
    let sometimes = &[Busy, TwoRing, ThirdJoined, GlareJoined, Cancelled, AnsweredAtTheLast];
    let size = Size { devices: &["A1", "B1", "C1"], groups: true, admin: true, sometimes, ..SMALL };
    search("three", size.clone());
    search("three, one with two devices", Size { devices: &["A1", "B1", "C1", "C2"], ..size.clone() });
    if is_large() {
        search("three, with losses", Size { losses: true, ..size.clone() });
        search("four", Size { devices: &["A1", "B1", "C1", "D1"], groups: false, ..size });
    }
}

#[test]
fn two_whose_media_comes_late_or_fails() {
    let sometimes = &[Answered, MediaFailed, LostBySilence, BackInTime];
    // As long as media may take to come up, so that no shorter step of time is needed.
    let times = Times { ring_ms: 30_000, grace_ms: 15_000 };
    let devices = &["A1", "B1"];
    let size = Size { devices, losses: true, media: true, times, step_ms: 15_000, sometimes, ..SMALL };
    search("media", size.clone());
    if is_large() {
        search("media, two devices", Size { devices: &["A1", "B1", "B2"], restarts: true, ..size });
    }
}
