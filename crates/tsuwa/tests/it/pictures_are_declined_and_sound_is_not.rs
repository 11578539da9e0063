use crate::media_rig::{CALL, Rig};
use std::time::Instant;
use str0m::change::SdpAnswer;
use str0m::media::{Direction, MediaKind};
use str0m::{Candidate, Rtc};
use tsuwa::media::{CaptureSource, EngineOut};
use tsuwa_proto::{Stream, StreamKind};

/// A video call's offer: the answer is one that the server's own parser takes, with the m-lines of pictures asleep.
#[tokio::test]
async fn pictures_are_declined_and_sound_is_not() {
    let mut rtc = Rtc::builder().set_rtp_mode(true).set_ice_lite(true).build(Instant::now());
    rtc.add_local_candidate(Candidate::host("127.0.0.1:9".parse().unwrap(), "udp").unwrap());
    let mut change = rtc.sdp_api();
    let mut line = |kind, direction| change.add_media(kind, direction, None, None, None);
    let sound = [Direction::RecvOnly, Direction::SendOnly].map(|direction| line(MediaKind::Audio, direction));
    let pictures = [Direction::RecvOnly, Direction::SendOnly].map(|direction| line(MediaKind::Video, direction));
    let (offer, pending) = change.apply().unwrap();
    let stream = |mid: str0m::media::Mid, kind| Stream { mid: mid.to_string(), kind, user_id: None };
    let streams = vec![stream(sound[0], StreamKind::Audio), stream(pictures[0], StreamKind::Video)];

    let mut rig = Rig::new(CaptureSource::Silence);
    rig.engine.offer(CALL, 1, true, offer.to_sdp_string(), streams);
    let answer = rig
        .until(|out| match out {
            EngineOut::Answer { sdp, .. } => Some(sdp.clone()),
            _ => None,
        })
        .await;
    rtc.sdp_api().accept_answer(pending, SdpAnswer::from_sdp_string(&answer).unwrap()).unwrap();
    assert!(sound.iter().all(|mid| rtc.media(*mid).unwrap().direction() != Direction::Inactive));
    assert!(pictures.iter().all(|mid| rtc.media(*mid).unwrap().direction() == Direction::Inactive));
}
