//! What only pictures need: layers, key frames, VP8's picture ids.

use super::Room;
use super::forward::{Passed, extensions};
use super::inbound::mark;
use crate::codecs::Codec;
use crate::keyframe;
use crate::keys::Track;
use crate::layers;
use crate::rooms::{Door, Shared};
use crate::transport::Down;
use std::time::Instant;
use str0m::bwe::Bitrate;
use str0m::media::{KeyframeRequestKind, Mid};
use str0m::rtp::{RtpWrite, Vp8Descriptor, Vp8Patch};

/// How much of an estimate pictures may take: the rest is for sound, retransmissions and error.
const SHARE: f32 = 0.85;

impl Down {
    /// The packet as this receiver gets it; `None` if it gets another layer, or can't decode the codec.
    pub(super) fn picture(&mut self, codec: Codec, passed: &Passed<'_>) -> Option<RtpWrite> {
        let packet = passed.packet;
        let pt = self.payloads.video(codec)?;
        let fed = self.feed == Some(passed.feed);
        if !fed {
            // A change of source or layer happens at a key frame, and only to the layer that is wanted. A source that
            // is gone (unmuted, or on another transport) is left at once.
            let wanted = self.layer.is_none_or(|wanted| wanted == passed.layer);
            if !wanted || !keyframe::begins(codec, &packet.payload) {
                return None;
            }
        }
        let patch = if codec == Codec::Vp8 { self.vp8(&packet.payload, !fed) } else { None };
        let (seq, time) = self.number(passed)?;
        let write = RtpWrite::new(pt, seq.into(), time, passed.now, packet.payload.clone())
            .marker(packet.header.marker)
            .nackable(true)
            .ext_vals(extensions(packet));
        Some(match patch {
            Some(patch) => write.vp8_patch(patch),
            None => write,
        })
    }

    fn vp8(&mut self, payload: &[u8], splice: bool) -> Option<Vp8Patch> {
        let descriptor = Vp8Descriptor::parse(payload).ok()?;
        let (picture, level) = (descriptor.picture_id()?, descriptor.tl0_pic_idx().unwrap_or(0));
        if splice {
            let after = (self.vp8_last.0.wrapping_add(1), self.vp8_last.1.wrapping_add(1));
            self.vp8_shift = (after.0.wrapping_sub(picture), after.1.wrapping_sub(level));
        }
        // A picture id has 15 bits (RFC 7741); senders with 7-bit ids can't be patched and go through as they are.
        let picture = picture.wrapping_add(self.vp8_shift.0) & 0x7fff;
        let level = level.wrapping_add(self.vp8_shift.1);
        self.vp8_last = (picture, level);
        let mut patch = descriptor.patch().picture_id(picture);
        if descriptor.tl0_pic_idx().is_some() {
            patch = patch.tl0_pic_idx(level);
        }
        patch.build().ok()
    }
}

impl Room {
    /// A receiver asks for a key frame on an m-line: its source is asked.
    pub(super) fn ask_source(&mut self, shared: &mut Shared, now: Instant, door: Door, mid: Mid) {
        let Some(transport) = self.leg(door.leg).and_then(|leg| leg.transport(door.transport)) else { return };
        let Some(down) = transport.downs.iter().find(|down| down.mid == mid) else { return };
        if let (Some(user), layer) = (down.user, down.layer) {
            self.ask_user(shared, now, user, layer);
        }
    }

    /// Someone new sees: everybody is asked for a picture to begin with.
    pub(super) fn ask_for_all(&mut self, shared: &mut Shared, now: Instant, at: usize) {
        let Some(user) = self.leg(at).filter(|leg| leg.video && leg.is_open()).map(|leg| leg.user) else { return };
        for other in (0..self.users.len()).filter(|other| *other != user) {
            self.ask_user(shared, now, other, None);
        }
    }

    /// Asks the admitted device of a user for a key frame, of one layer or of all.
    pub(super) fn ask_user(&mut self, shared: &mut Shared, now: Instant, user: usize, layer: Option<usize>) {
        let open = |leg: &super::Leg| leg.user == user && leg.is_open();
        let Some(at) = self.legs.iter().position(|leg| leg.as_ref().is_some_and(open)) else { return };
        let place = self.place;
        let Some(transport) = self.leg(at).and_then(|leg| leg.current.as_mut()) else { return };
        let layers = transport.ups[Track::Video as usize].layers.len();
        for layer in (0..layers).filter(|its| layer.is_none_or(|layer| layer == *its)) {
            let Some(ssrc) = transport.ssrc_of_layer(layer) else { continue };
            if !transport.ups[Track::Video as usize].layers[layer].may_ask(now) {
                continue;
            }
            if let Some(stream) = transport.rtc.direct_api().stream_rx(&ssrc) {
                stream.request_keyframe(KeyframeRequestKind::Pli);
            }
            let door = Door { room: place, leg: at, transport: transport.id };
            mark(shared, transport, door);
        }
    }

    /// Chooses each receiver's layers anew, from its estimate and what is sent.
    pub(super) fn choose_layers(&mut self, shared: &mut Shared, now: Instant) {
        for at in 0..self.legs.len() {
            let Some(leg) = self.legs[at].as_ref().filter(|leg| leg.video && leg.is_open()) else { continue };
            let Some(transport) = leg.current.as_ref() else { continue };
            let users: Vec<usize> = transport
                .downs
                .iter()
                .filter(|down| down.track == Track::Video && down.ssrc.is_some())
                .filter_map(|down| down.user)
                .collect();
            let wanted: f32 =
                users.iter().filter_map(|user| self.sent_by(*user)).map(|its| layers::wanted(its, now)).sum();
            let budget = transport.estimate.map(|estimate| estimate * SHARE / users.len().max(1) as f32);
            let chosen: Vec<(usize, Option<usize>)> = users
                .iter()
                .map(|user| {
                    let present =
                        transport.downs.iter().find(|down| down.user == Some(*user) && down.track == Track::Video);
                    let present = present.and_then(|down| down.layer);
                    (*user, self.sent_by(*user).and_then(|its| layers::choose(its, present, budget, now)))
                })
                .collect();
            let Some(transport) = self.leg(at).and_then(|leg| leg.current.as_mut()) else { continue };
            transport.rtc.bwe().set_desired_bitrate(Bitrate::from((f64::from(wanted) * 1.3) as u64));
            let mut asked = Vec::new();
            for (user, layer) in chosen {
                let Some(down) = transport.down_of(user, Track::Video) else { continue };
                if layer.is_some() && down.layer != layer {
                    down.layer = layer;
                    asked.push((user, layer));
                }
            }
            asked.into_iter().for_each(|(user, layer)| self.ask_user(shared, now, user, layer));
        }
    }

    /// The layers that a user's admitted device sends.
    fn sent_by(&self, user: usize) -> Option<&[layers::Layer]> {
        let leg = self.legs.iter().flatten().find(|leg| leg.user == user && leg.is_open())?;
        leg.current.as_ref().map(|current| &current.ups[Track::Video as usize].layers[..])
    }
}
