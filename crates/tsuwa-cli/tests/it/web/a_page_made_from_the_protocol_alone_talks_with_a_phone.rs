use super::site;
use crate::browser::{Browser, Devices, Tab, turn};
use crate::stage::{Phone, Stage, read, tsuwa};
use tsuwa::sound::{RATE_HZ, Wav};

const PAGE: &str = include_str!("../../pages/bare.html");

fn page(stage: &Stage, user: &str, calls: &str) -> Tab {
    let sig = tsuwa().args(["sig", user, "--data"]).arg(stage.folder.join("data")).output().unwrap();
    let sig = String::from_utf8(sig.stdout).unwrap();
    let site = site::open(vec![("/".to_owned(), "text/html", PAGE.into())]);
    let rpc = format!("{}/rpc", stage.url.replace("http", "ws"));
    // Tickets are of letters, digits, and `*-_`: they need no escaping.
    let sig = sig.trim();
    let url = format!("{site}/?rpc={rpc}&app=1400000001&user={user}&sig={sig}&call={calls}");
    Browser::shared().tab(&url, Devices::Granted)
}

fn phone(stage: &Stage, user: &str, records: &std::path::Path) -> Phone {
    let mut phone = stage.phone_with(user, &["--silent", "--tone", "--record", records.to_str().unwrap()]);
    assert_eq!(phone.answer("login"), 0);
    phone
}

fn hears_the_page(phone: &mut Phone) {
    phone.until("the page's sound", |line| {
        line["event"] == "onUserVoiceVolume" && line["params"]["totalVolume"].as_u64().unwrap() > 20
    });
}

/// Both hear each other, and what repairs lost sound was agreed on.
fn talks(page: &Tab, phone: &mut Phone) {
    hears_the_page(phone);
    // A voice is at a tenth of full scale or so; silence is 0.
    page.until("state.loudest > 0.01");
    let answer = page.eval("state.answers.at(-1)");
    let answer = answer.as_str().unwrap();
    assert!(answer.contains("a=rtpmap:63 red/48000/2"), "RED is in the answer: {answer}");
    // Chromium takes NACK for sound from the offer and does not say so in its answer; that it then asks for what is
    // lost, and sends again what it is asked for, is shown where packets are lost (chromium_negotiates_red_and_nack).
    let offer = page.eval("state.offer");
    assert!(offer.as_str().unwrap().contains("a=rtcp-fb:111 nack"), "NACK is in the offer: {offer}");
    page.until("state.sends === 'audio/red' && state.stats['outbound-rtp'] > 20 && state.stats['inbound-rtp'] > 20");
    // There is enough of it to be recorded, however much a busy machine spoils.
    for _ in 0..8 {
        hears_the_page(phone);
    }
}

/// The fake microphone beeps: some of the recording is loud, and some of it is silent.
fn recorded_the_beeps(path: &std::path::Path) {
    let heard = Wav::parse(&read(path)).unwrap().at_48k();
    let level = |frame: &[i16]| frame.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / frame.len() as f64;
    let levels: Vec<f64> = heard.chunks(RATE_HZ as usize / 50).map(|frame| level(frame).sqrt()).collect();
    let loud = levels.iter().filter(|level| **level > 300.0).count();
    let silent = levels.iter().filter(|level| **level < 30.0).count();
    assert!(loud >= 5 && silent >= 20, "{loud} loud and {silent} silent frames of {}", levels.len());
}

#[test]
fn a_page_made_from_the_protocol_alone_calls_a_phone_and_sound_goes_both_ways() {
    let _turn = turn();
    let stage = Stage::open();
    let heard = stage.folder.join("heard.wav");
    let mut bob = phone(&stage, "bob", &heard);
    let page = page(&stage, "alice", "bob");
    assert_eq!(bob.event("onInvited")["sponsor"], "alice");
    bob.succeeds("accept");
    talks(&page, &mut bob);
    page.eval("hangUp()");
    bob.event("onCallEnd");
    bob.ends();
    recorded_the_beeps(&heard);
}

#[test]
fn a_phone_calls_a_page_made_from_the_protocol_alone_and_sound_goes_both_ways() {
    let _turn = turn();
    let stage = Stage::open();
    let heard = stage.folder.join("heard.wav");
    let page = page(&stage, "alice", "");
    page.until("state.up");
    let mut bob = phone(&stage, "bob", &heard);
    bob.succeeds("call alice");
    assert_eq!(bob.event("onUserEnter")["userId"], "alice");
    assert_eq!(page.eval("state.readyBeforeAccept"), true, "its transport was up while it rang");
    talks(&page, &mut bob);
    bob.types("hangup");
    page.until("state.ended");
    bob.ends();
    recorded_the_beeps(&heard);
    let names = page.eval("state.events.map(([name]) => name).filter((name) => name !== 'onNetworkQuality').join(' ')");
    assert_eq!(names, "onInvited onUserEnter onUserAudioAvailable onUserLeave onCallEnd");
}
