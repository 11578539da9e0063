//! Every state of the telephone, at the size of a phone and of a desktop, light and dark: nothing is cut off, every
//! button can be pressed, and a picture of each is left in `target/screenshots` for people to look at.

use super::town::WebPhone;
use crate::browser::turn;
use crate::stage::Stage;
use serde_json::json;
use std::fs;
use std::path::Path;

/// What is shown, and the script that brings it about. Calls between real pages are tested elsewhere; here the states
/// are put into the model, so that there can be nine people without nine browsers.
const STATES: &[(&str, &str)] = &[
    ("sign-in", "show('signIn')"),
    ("home-new", "show('home')"),
    ("home", "book(); show('home')"),
    ("calling", "people('bob:ringing'); m.outgoing = true; show('call')"),
    ("calling-group", "people('bob:ringing', 'carol:ringing', 'dave:ringing'); m.outgoing = true; show('call')"),
    ("incoming-voice", "invited('alice', [], 1)"),
    ("incoming-video", "invited('alice', [], 2)"),
    ("incoming-group", "invited('alice', ['carol', 'dave'], 2)"),
    ("talking-voice", "talk(); people('bob:there'); show('call')"),
    ("talking-video", "talk(); people('bob:there:video'); self(); show('call')"),
    ("talking-muted", "talk(); people('bob:there:muted'); show('call')"),
    ("talking-three", "talk(); people('bob:there:video', 'carol:there'); self(); show('call')"),
    (
        "talking-five",
        "talk(); people('bob:there:video', 'carol:there', 'dave:there:video', 'erin:ringing'); self(); show('call')",
    ),
    (
        "talking-nine",
        "talk(); people(...'bob carol dave erin frank grace heidi ivan'.split(' ').map((n) => n + ':there:video')); self(); show('call')",
    ),
    ("talking-lost", "talk(); people('bob:there'); m.people.get('bob').quality = 6; show('call')"),
    ("reconnecting", "talk(); people('bob:there'); m.online = false; show('call')"),
    (
        "no-microphone",
        "talk(); people('bob:there'); show('call'); m.say(m.t.noMic.replace('{why}', m.t.reasons[-1302]))",
    ),
    ("devices", "talk(); people('bob:there'); show('call'); tsuwaTest.find(document, 'devices').click()"),
    ("invite", "talk(); people('bob:there'); show('call'); tsuwaTest.find(document, 'invite').click()"),
    ("ended", "ended('Call ended · 12:34')"),
    ("ended-no-answer", "ended(m.t.noAnswer.replace('{who}', 'bob'))"),
    ("ended-busy", "ended(m.t.busy.replace('{who}', 'bob'))"),
    ("ended-declined", "ended(m.t.declined.replace('{who}', 'bob'))"),
];

const SIZES: &[(&str, u32, u32, bool)] = &[("phone", 390, 844, true), ("desktop", 1280, 800, false)];

#[test]
fn every_state_of_the_phone_fits_its_screen() {
    let _turn = turn();
    let stage = Stage::open();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../screenshots");
    fs::create_dir_all(&folder).unwrap();
    let phone = WebPhone::open(&stage, "alice");
    phone.tab.eval(include_str!("states.js"));
    for (size, width, height, mobile) in SIZES {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile });
        phone.tab.command("Emulation.setDeviceMetricsOverride", metrics);
        for theme in ["light", "dark"] {
            let features = json!([
                { "name": "prefers-color-scheme", "value": theme },
                { "name": "prefers-reduced-motion", "value": "reduce" },
            ]);
            phone.tab.command("Emulation.setEmulatedMedia", json!({ "features": features }));
            for (name, script) in STATES {
                phone.tab.eval(&format!(
                    "tsuwaStates.put(({{ m, show, book, people, invited, talk, self, ended }}) => {{ {script} }})"
                ));
                let wrong = phone.tab.eval("tsuwaStates.wrong()");
                assert_eq!(wrong, json!([]), "{name} on a {theme} {size}");
                phone.tab.screenshot(&folder.join(format!("{name}-{size}-{theme}.png")));
            }
        }
    }
    for language in ["ja", "zh"] {
        for (name, script) in
            STATES.iter().filter(|(name, _)| ["home", "incoming-video", "talking-three"].contains(name))
        {
            phone.tab.eval(&format!("phone.lang = '{language}'"));
            phone.tab.eval(&format!(
                "tsuwaStates.put(({{ m, show, book, people, invited, talk, self, ended }}) => {{ {script} }})"
            ));
            assert_eq!(phone.tab.eval("tsuwaStates.wrong()"), json!([]), "{name} in {language}");
            phone.tab.screenshot(&folder.join(format!("{name}-desktop-dark-{language}.png")));
        }
    }
}
