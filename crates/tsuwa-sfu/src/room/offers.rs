//! What is negotiated: an m-line for each user, in an offer that waits for its answer.

use super::Room;
use crate::codecs::Codec;
use crate::keys::{Happening, LegKey, Track};
use crate::layers::RIDS;
use crate::rooms::Shared;
use crate::sdp::{self, Polish};
use crate::transport::{Down, Pending, Transport};
use std::time::Instant;
use str0m::RtcError;
use str0m::change::{SdpAnswer, SdpApi};
use str0m::media::{Direction, MediaKind, Mid, Simulcast, SimulcastLayer};
use tsuwa_proto::Stream;

/// Who a transport's m-lines are to be for.
struct Wish {
    user: usize,
    track: Track,
}

impl Room {
    /// Makes the offers that have become due.
    pub(crate) fn settle(&mut self, shared: &mut Shared, now: Instant) {
        // A newcomer must be on everybody's m-lines, so every leg is looked at.
        for at in 0..self.legs.len() {
            self.offer(shared, now, at);
        }
    }

    /// Offers a leg what its transport lacks, if no offer is open.
    fn offer(&mut self, shared: &mut Shared, now: Instant, at: usize) {
        let wishes = self.wishes(at);
        let common = self.common_codecs(at);
        let Some(leg) = self.leg(at) else { return };
        let video = leg.video;
        let Some(transport) = leg.next.as_mut().or(leg.current.as_mut()) else { return };
        if transport.pending.is_some() || transport.broken {
            return;
        }
        let lacking = wishes.into_iter().filter(|wish| transport.down_of(wish.user, wish.track).is_none()).collect();
        let narrowed = video && transport.answered && transport.narrow(&common);
        let Some((id, sdp)) = make_offer(transport, shared, now, lacking, narrowed) else { return };
        let fresh = !transport.answered;
        let streams = self.streams(at);
        let to = self.legs[at].as_ref().expect("the leg was there above").key.clone();
        self.tell(shared, Happening::Offer { to, offer_id: id, fresh, sdp, streams });
    }

    fn wishes(&self, at: usize) -> Vec<Wish> {
        let Some(leg) = self.legs[at].as_ref() else { return Vec::new() };
        let others = (0..self.users.len()).filter(|user| *user != leg.user && self.users[*user].legs > 0);
        let sends_video = |user: usize| self.legs.iter().flatten().any(|leg| leg.user == user && leg.video);
        others
            .flat_map(|user| {
                let video = leg.video && sends_video(user);
                let tracks = if video { &[Track::Audio, Track::Video][..] } else { &[Track::Audio][..] };
                tracks.iter().map(move |track| Wish { user, track: *track })
            })
            .collect()
    }

    /// What all other legs that see pictures decode, in the first one's order; empty while nobody has answered yet.
    fn common_codecs(&self, at: usize) -> Vec<Codec> {
        let mut common: Option<Vec<Codec>> = None;
        for (place, leg) in self.legs.iter().enumerate() {
            let Some(leg) = leg.as_ref().filter(|leg| place != at && leg.video) else { continue };
            let Some(transport) = leg.current.as_ref().or(leg.next.as_ref()).filter(|its| its.answered) else {
                continue;
            };
            let Some(down) = transport.downs.iter().find(|down| down.track == Track::Video && down.ssrc.is_some())
            else {
                continue;
            };
            common = Some(match common {
                None => down.payloads.video_codecs().collect(),
                Some(so_far) => so_far.into_iter().filter(|codec| down.payloads.video(*codec).is_some()).collect(),
            });
        }
        common.unwrap_or_default()
    }

    fn streams(&self, at: usize) -> Vec<Stream> {
        let Some(leg) = self.legs[at].as_ref() else { return Vec::new() };
        let Some(transport) = leg.next.as_ref().or(leg.current.as_ref()) else { return Vec::new() };
        let ups = [Track::Audio, Track::Video].into_iter().filter_map(|track| {
            let mid = transport.ups[track as usize].mid?;
            Some(Stream { mid: mid.to_string(), kind: track.into(), user_id: None })
        });
        let downs = transport.downs.iter().filter_map(|down| {
            let user_id = Some(self.users[down.user?].id.clone());
            Some(Stream { mid: down.mid.to_string(), kind: down.track.into(), user_id })
        });
        ups.chain(downs).collect()
    }

    pub(crate) fn answer(&mut self, shared: &mut Shared, now: Instant, key: &LegKey, offer_id: u64, sdp: &str) {
        let Some(at) = self.find(key) else { return };
        let leg = self.legs[at].as_mut().expect("find gives a place that is taken");
        let open =
            |transport: &&mut Transport| transport.pending.as_ref().is_some_and(|pending| pending.id == offer_id);
        let Some(transport) = leg.transports().find(open) else { return };
        let id = transport.id;
        match accept(transport, sdp) {
            Ok(()) => {
                leg.unanswered = 0;
                let _ = leg.transport(id).map(|transport| transport.rtc.handle_input(str0m::Input::Timeout(now)));
                self.pump(shared, now, at, id);
                // Who came in meanwhile gets their m-lines now; and the codecs that all decode may be fewer.
                shared.unsettle(now, self.place);
            }
            Err(reason) => {
                transport.broken = true;
                let failed = !transport.answered;
                let failed = failed && leg.current.is_none();
                let leg = leg.key.clone();
                self.tell(shared, Happening::AnswerRefused { leg: leg.clone(), reason });
                if failed {
                    self.tell(shared, Happening::Failed(leg));
                }
            }
        }
    }

    /// What to do about an offer that was not answered.
    ///
    /// One for a transport of its own is made anew, so that a late answer to the first can't meet the second. A later
    /// one is said again as it was: applying it twice does nothing.
    pub(super) fn offer_again(&mut self, shared: &mut Shared, now: Instant, at: usize) {
        let Some(leg) = self.leg(at) else { return };
        leg.unanswered += 1;
        if leg.next.as_ref().is_some_and(|transport| !transport.answered) {
            self.fresh(shared, now, at);
            return;
        }
        let Some(transport) = leg.next.as_mut().or(leg.current.as_mut()) else { return };
        let Some(pending) = transport.pending.as_mut() else { return };
        pending.at = now;
        let (offer_id, sdp, to) = (pending.id, pending.sdp.clone(), leg.key.clone());
        let streams = self.streams(at);
        self.tell(shared, Happening::Offer { to, offer_id, fresh: false, sdp, streams });
    }
}

/// Makes an offer with what is lacking; `None` if nothing is, or no more m-lines fit.
fn make_offer(
    transport: &mut Transport,
    shared: &mut Shared,
    now: Instant,
    lacking: Vec<Wish>,
    narrowed: bool,
) -> Option<(u64, String)> {
    let Transport { id, rtc, ups, downs, video, video_offered, .. } = transport;
    let mut lines = downs.len() + 2;
    let mut changes = rtc.sdp_api();
    if ups[Track::Audio as usize].mid.is_none() {
        let mid = changes.add_media(MediaKind::Audio, Direction::RecvOnly, None, None, None);
        ups[Track::Audio as usize].mid = Some(mid);
    }
    if *video && ups[Track::Video as usize].mid.is_none() {
        let mid = changes.add_media(MediaKind::Video, Direction::RecvOnly, None, None, Some(layers()));
        ups[Track::Video as usize].mid = Some(mid);
    }
    for wish in lacking {
        // The m-line of somebody who has left serves the next one; its stream goes on numbering.
        if let Some(down) = downs.iter_mut().find(|down| down.user.is_none() && down.track == wish.track) {
            down.user = Some(wish.user);
            down.layer = None;
            touch(&mut changes, down.mid, Direction::SendOnly);
        } else if lines < sdp::MOST_LINES {
            lines += 1;
            let kind = if wish.track == Track::Audio { MediaKind::Audio } else { MediaKind::Video };
            let mid = changes.add_media(kind, Direction::SendOnly, None, None, None);
            downs.push(Down::new(wish.user, wish.track, mid, *id + lines as u64));
        }
    }
    if let Some(mid) = ups[Track::Video as usize].mid.filter(|_| narrowed) {
        touch(&mut changes, mid, Direction::RecvOnly);
    }
    let (offer, pending) = changes.apply()?;
    let mid = ups[Track::Video as usize].mid.map(|mid| mid.to_string());
    let video_up = mid.as_deref().filter(|_| !video_offered.is_empty()).map(|mid| (mid, &video_offered[..]));
    let sdp = sdp::polish(&offer.to_sdp_string(), &Polish { advertise: shared.settings.advertise, video_up });
    let id = shared.next_offer();
    transport.pending = Some(Pending { id, offer: pending, sdp: sdp.clone(), at: now });
    Some((id, sdp))
}

fn layers() -> Simulcast {
    let mut simulcast = Simulcast::new();
    // The largest first: SDP's order is that of preference (RFC 8853).
    RIDS.iter().rev().for_each(|rid| simulcast.add_recv_layer(SimulcastLayer::new(rid)));
    simulcast
}

/// Has an m-line offered again although nothing of it changes for the engine.
fn touch(changes: &mut SdpApi<'_>, mid: Mid, direction: Direction) {
    changes.set_direction(mid, Direction::Inactive);
    changes.set_direction(mid, direction);
}

fn accept(transport: &mut Transport, sdp: &str) -> Result<(), String> {
    if sdp.len() > sdp::LONGEST_ANSWER {
        return Err("the answer is too long".to_owned());
    }
    let answer = SdpAnswer::from_sdp_string(&sdp::without_candidates(sdp));
    let answer = answer.map_err(|_| "the answer is no SDP".to_owned())?;
    let Some(pending) = transport.pending.take() else { return Ok(()) };
    transport.rtc.sdp_api().accept_answer(pending.offer, answer).map_err(|error| match error {
        // The engine's texts speak of m-lines and attributes only.
        RtcError::RemoteSdp(why) => format!("the answer does not fit the offer: {why}"),
        _ => "the answer does not fit the offer".to_owned(),
    })?;
    transport.answered = true;
    transport.settle();
    Ok(())
}
