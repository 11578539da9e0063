use super::site;
use crate::browser::{Browser, Devices, Tab, turn};
use crate::stage::{Stage, tsuwa};
use serde_json::json;
use std::fs;
use std::path::Path;

/// The first page in the README, as it stands there.
fn page() -> String {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk/web/README.md")).unwrap();
    let page = readme.split("```html\n").nth(1).unwrap().split("```").next().unwrap().to_owned();
    assert!(page.lines().count() <= 40, "an app developer's page has at most 40 lines");
    page
}

/// A developer's site, which knows who its one user is.
fn tab(stage: &Stage, user: &str) -> Tab {
    let sig = tsuwa().args(["sig", user, "--data"]).arg(stage.folder.join("data")).output().unwrap();
    let sig = String::from_utf8(sig.stdout).unwrap();
    let ticket = json!({ "sdkAppId": 1_400_000_001, "userId": user, "userSig": sig.trim(), "server": stage.url });
    let mut files = site::sdk("src", "/calling");
    files.push(("/".to_owned(), "text/html", page().into_bytes()));
    files.push(("/ticket".to_owned(), "application/json", ticket.to_string().into_bytes()));
    let tab = Browser::shared().tab(&format!("{}/", site::open(files)), Devices::Granted);
    tab.until(&format!("document.getElementById('state').textContent === '{user} is ready'"));
    tab
}

fn press(tab: &Tab, id: &str) {
    tab.eval(&format!("document.getElementById('{id}').dataset.act = '{id}'"));
    tab.press(id);
}

#[test]
fn the_readme_of_the_sdk_makes_a_video_call() {
    let _turn = turn();
    let stage = Stage::open();
    let (alice, bob) = (tab(&stage, "alice"), tab(&stage, "bob"));
    alice.eval("document.getElementById('whom').value = 'bob'");
    press(&alice, "call");
    bob.until("document.getElementById('state').textContent === 'alice is calling'");
    press(&bob, "accept");
    for tab in [&alice, &bob] {
        tab.until("document.getElementById('mine').videoWidth > 0");
        tab.until("document.querySelector('#others video')?.getVideoPlaybackQuality().totalVideoFrames > 10");
    }
    press(&alice, "hangup");
    bob.until("document.querySelector('#others video') === null");
}
