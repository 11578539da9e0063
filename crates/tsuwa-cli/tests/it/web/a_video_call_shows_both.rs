use super::town::{WebPhone, talking};
use crate::browser::turn;
use crate::stage::{DEADLINE, Stage};
use std::time::Instant;

/// How alike two small grey pictures are: 1 for the same, 0 for nothing in common.
fn likeness(a: &[f64], b: &[f64]) -> f64 {
    let mean = |p: &[f64]| p.iter().sum::<f64>() / p.len() as f64;
    let (ma, mb) = (mean(a), mean(b));
    let product: f64 = a.iter().zip(b).map(|(x, y)| (x - ma) * (y - mb)).sum();
    let norm = |p: &[f64], m: f64| p.iter().map(|x| (x - m).powi(2)).sum::<f64>().sqrt();
    product / (norm(a, ma) * norm(b, mb)).max(1e-9)
}

fn shows_what_was_sent(seer: &WebPhone, sender: &WebPhone) {
    seer.sees(&sender.user);
    let by = Instant::now() + DEADLINE;
    let mut best = 0.0_f64;
    while Instant::now() < by {
        best = best.max(likeness(&sender.picture(None), &seer.picture(Some(&sender.user))));
        if best > 0.8 {
            return;
        }
    }
    panic!("{} sees something else than {} sends: {best}", seer.user, sender.user);
}

/// Pictures both ways, the camera off and on again; a voice call that becomes a video call.
#[test]
fn a_video_call_shows_both_until_a_camera_goes_off() {
    let _turn = turn();
    let stage = Stage::open();
    let (alice, bob) = talking(&stage, "callVideo");
    shows_what_was_sent(&bob, &alice);
    shows_what_was_sent(&alice, &bob);
    alice.hears("bob");
    let sizes = "[...(await phone.calling.getStats()).values()].filter((r) => r.type === 'outbound-rtp' && \
         r.kind === 'video' && r.framesEncoded > 0).map((r) => `${r.rid} ${r.frameHeight}`).sort().join()";
    alice.tab.until(&format!("(globalThis.layers = {sizes}).split(',').length === 3"));

    alice.tab.press("camera");
    bob.does_not_see("alice");
    alice.tab.until("phone.calling.sending.camera === false");
    alice.tab.press("camera");
    shows_what_was_sent(&bob, &alice);

    alice.hang_up();
    bob.is("ended");
    for phone in [&alice, &bob] {
        phone.tab.until("!phone.calling.sending.camera && !phone.calling.sending.microphone");
    }
    let story = bob.story(8);
    assert_eq!(story[..2], ["onInvited alice", "onUserEnter alice"]);
    assert_eq!(story[story.len() - 2..], ["onUserLeave alice 0", "onCallEnd"]);
    let seen: Vec<_> = story.iter().filter(|each| each.starts_with("onUserVideoAvailable")).collect();
    let on = "onUserVideoAvailable alice true";
    assert_eq!(seen, [on, "onUserVideoAvailable alice false", on]);
}

#[test]
fn a_camera_opened_in_a_voice_call_is_seen_and_the_sound_goes_on() {
    let _turn = turn();
    let stage = Stage::open();
    let (alice, bob) = talking(&stage, "callAudio");
    bob.hears("alice");
    assert_eq!(alice.tab.eval("phone.calling.sending.camera"), false, "a voice call opens no camera");
    alice.tab.press("camera");
    shows_what_was_sent(&bob, &alice);
    bob.hears("alice");
    bob.tab.key("c");
    shows_what_was_sent(&alice, &bob);
    alice.tab.press("share");
    alice.tab.until("phone.calling.sending.screen");
    bob.sees("alice");
    alice.tab.press("share");
    alice.tab.until("!phone.calling.sending.screen && phone.calling.sending.camera");
    shows_what_was_sent(&bob, &alice);

    // The browser's own button ends the sharing as well; without a camera nothing is left to see.
    alice.tab.press("camera");
    bob.does_not_see("alice");
    let watch = "navigator.mediaDevices.getDisplayMedia = ((open) => async (wanted) => { \
         const stream = await open(wanted); globalThis.shared = stream.getVideoTracks()[0]; return stream; \
         })(navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices)); 0";
    alice.tab.eval(watch);
    alice.tab.press("share");
    bob.sees("alice");
    alice.tab.eval("shared.stop(); shared.dispatchEvent(new Event('ended')); 0");
    bob.does_not_see("alice");
    alice.tab.until("!phone.calling.sending.screen");
}
