//! How long it takes from the click on accept until the caller is heard. With `TSUWA_CALLS=20` it is measured over so
//! many calls (docs/performance.md has the figures); else over one, to see that nothing is negotiated after the click.

use super::proxy::{Datagrams, Wire};
use super::town::WebPhone;
use crate::browser::{Devices, turn};
use crate::stage::Stage;
use serde_json::Value;
use std::time::Duration;

/// What a call took, in milliseconds.
struct Took {
    /// From the click to the caller's sound at the callee.
    heard: f64,
    /// From the click to the callee's sound at the caller; the two tabs have one clock.
    heard_back: f64,
    /// Of that, until the callee's microphone was open.
    microphone: f64,
}

fn measure(alice: &WebPhone, bob: &WebPhone, calls: usize) -> Vec<Took> {
    for phone in [alice, bob] {
        phone.tab.eval(include_str!("measure.js"));
    }
    let mut took = Vec::new();
    for _ in 0..calls {
        alice.dials("bob", "callAudio");
        bob.rings_from("alice");
        for (phone, other) in [(alice, "bob"), (bob, "alice")] {
            phone.tab.eval(&format!("void measure.listen('{other}')"));
        }
        // A ringing telephone is not answered at once: media is ready by then.
        let described = [alice, bob].map(|phone| phone.tab.until("measure.ready() && measure.descriptions"));
        bob.tab.press("accept");
        let heard = bob.tab.until("measure.heardAt && measure.clickedAt && measure.microphoneAt && measure");
        let back = alice.tab.until("measure.heardAt && measure");
        let by_then = [&back, &heard].map(|measured| measured["descriptions"].clone());
        assert_eq!(by_then, described, "nothing is negotiated after the click");
        let (number, clicked) =
            (|value: &Value, name: &str| value[name].as_f64().unwrap(), heard["clickedAt"].as_f64().unwrap());
        took.push(Took {
            heard: number(&heard, "heardAt") - clicked,
            heard_back: number(&back, "heardAt") - clicked,
            microphone: number(&heard, "microphoneAt") - clicked,
        });
        alice.hang_up();
        for phone in [alice, bob] {
            phone.tab.until("phone.model.screen === 'ended' || phone.model.screen === 'home'");
            phone.tab.eval("phone.model.dismiss(); measure.reset()");
            phone.is("home");
        }
    }
    took
}

fn calls() -> usize {
    std::env::var("TSUWA_CALLS").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

fn say(where_: &str, took: &[Took]) {
    let mut line = format!("{where_}, {} calls, ms from the click (median, least, most):", took.len());
    let column = |of: fn(&Took) -> f64| {
        let mut all: Vec<f64> = took.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        format!("{:.0} ({:.0}–{:.0})", all[all.len() / 2], all[0], all[all.len() - 1])
    };
    line += &format!(" caller heard {}", column(|took| took.heard));
    line += &format!("; callee heard {}", column(|took| took.heard_back));
    line += &format!(", its microphone open after {}", column(|took| took.microphone));
    eprintln!("{line}");
    eprintln!("  caller heard: {:.0?}", took.iter().map(|took| took.heard).collect::<Vec<_>>());
}

#[test]
fn the_caller_is_heard_right_after_the_click() {
    let _turn = turn();
    let stage = Stage::open();
    let (alice, bob) = (WebPhone::open(&stage, "alice"), WebPhone::open(&stage, "bob"));
    say("loopback", &measure(&alice, &bob, calls()));
}

#[test]
fn over_a_long_way_the_caller_is_heard_a_round_trip_after_the_click() {
    let _turn = turn();
    let one_way = Duration::from_millis(100);
    let path = Datagrams::delayed(one_way);
    let advertise = path.address.to_string();
    let stage =
        Stage::open_with(&["--media-advertise", &advertise, "--media-port", &path.server_port, "--workers", "1"]);
    let wire = Wire::delayed(&stage.url, one_way);
    let alice = WebPhone::open_at(&wire.url, "alice", Devices::Granted);
    let bob = WebPhone::open_at(&wire.url, "bob", Devices::Granted);
    let took = measure(&alice, &bob, calls());
    say("100 ms each way", &took);
    let least = took.iter().map(|took| took.heard).fold(f64::INFINITY, f64::min);
    assert!(least > 195.0, "the way is as long as it is meant to be: {least} ms");
}
