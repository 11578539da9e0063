//! Where a packet goes. This is the hot path: one look-up has found the leg, and from here there is no map, no log and
//! no allocation but the engine's own.

use super::inbound::mark;
use super::{Leg, Room};
use crate::codecs::Payload;
use crate::keys::{Happening, Track};
use crate::red;
use crate::rooms::{Door, Shared};
use crate::transport::{Down, Feed};
use std::time::Instant;
use str0m::media::Pt;
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite};

/// A packet that has passed its sender's gate.
pub(super) struct Passed<'a> {
    pub(super) packet: &'a RtpPacket,
    pub(super) feed: Feed,
    pub(super) payload: Payload,
    /// The sender's type for Opus: what RED blocks are marked with.
    pub(super) opus: Option<Pt>,
    /// The simulcast layer.
    pub(super) layer: usize,
    pub(super) now: Instant,
}

impl Room {
    pub(super) fn forward(&mut self, shared: &mut Shared, now: Instant, door: Door, packet: &RtpPacket) {
        let Some(leg) = self.leg(door.leg) else { return };
        // The gate: what is not admitted, or is muted, ends here, before anybody else's engine is touched.
        let (admitted, user) = (leg.admitted, leg.user);
        let Some(transport) = leg.current.as_mut().filter(|current| current.id == door.transport) else {
            shared.counters.gated += 1;
            return;
        };
        let Some((track, layer, missing)) = transport.source(packet.header.ssrc, *packet.seq_no) else { return };
        shared.counters.rtp_lost += missing;
        let up = &mut transport.ups[track as usize];
        let payload = up.payloads.meaning(packet.header.payload_type);
        let opus = up.payloads.opus();
        if track == Track::Video
            && let Some(layer) = up.layers.get_mut(layer)
        {
            layer.count(now, packet.payload.len());
        }
        let outlet = leg.tracks[track as usize];
        let (true, false, Some(payload)) = (admitted, outlet.muted, payload) else {
            shared.counters.gated += 1;
            return;
        };
        if !outlet.flowing && self.has_listener(door.leg) {
            let leg = self.legs[door.leg].as_mut().expect("the packet came from it");
            leg.outlet(track).flowing = true;
            let key = leg.key.clone();
            self.tell(shared, Happening::Flowing(key, track));
        }
        let feed = Feed { transport: door.transport, ssrc: *packet.header.ssrc, unmutes: outlet.unmutes };
        let passed = Passed { packet, feed, payload, opus, layer, now };
        let mut heard = false;
        for at in 0..self.legs.len() {
            heard |= self.pass_on(shared, at, user, track, &passed);
        }
        if !heard {
            shared.counters.gated += 1;
        }
    }

    /// Writes the packet to one leg, if it may and can have it.
    fn pass_on(&mut self, shared: &mut Shared, at: usize, user: usize, track: Track, passed: &Passed<'_>) -> bool {
        let place = self.place;
        // The other gate: nothing to a leg that is not admitted; nothing from a user to itself.
        let Some(leg) = self.legs[at].as_mut().filter(|leg| leg.admitted && leg.user != user) else { return false };
        let Some(transport) = leg.current.as_mut().filter(|its| its.connected && !its.broken) else { return false };
        let Some(down) = transport.down_of(user, track) else { return false };
        let (Some(_), mid) = (down.ssrc, down.mid) else { return false };
        let write = match passed.payload {
            Payload::Opus | Payload::Red => sound(down, passed),
            Payload::Video(codec) => down.picture(codec, passed),
        };
        let Some(write) = write else { return false };
        let mut api = transport.rtc.direct_api();
        // Among the few streams of a leg, looking at each is cheaper than hashing.
        let Some(stream) = api.stream_tx_by_mid(mid, None) else { return false };
        stream.write_rtp(write);
        shared.counters.rtp_out += 1;
        let door = Door { room: place, leg: at, transport: transport.id };
        mark(shared, transport, door);
        true
    }
}

/// RED to those who take it, plain Opus to the others.
fn sound(down: &mut Down, passed: &Passed<'_>) -> Option<RtpWrite> {
    let packet = passed.packet;
    // RED blocks carry the sender's own types, so a receiver with another type for Opus gets the plain block.
    let as_red = (passed.payload == Payload::Red && down.payloads.opus() == passed.opus).then(|| down.payloads.red());
    let (pt, payload) = match (passed.payload, as_red.flatten()) {
        (Payload::Red, Some(red)) => (red, packet.payload.clone()),
        (Payload::Red, None) => {
            let (block_pt, block) = red::primary(&packet.payload)?;
            if passed.opus.map(|pt| *pt) != Some(block_pt) {
                return None;
            }
            (down.payloads.opus()?, block.into())
        }
        _ => (down.payloads.opus()?, packet.payload.clone()),
    };
    let (seq, time) = down.number(passed)?;
    Some(
        RtpWrite::new(pt, seq.into(), time, passed.now, payload)
            .marker(packet.header.marker)
            .ext_vals(extensions(packet)),
    )
}

impl Down {
    /// The packet's number and time on this stream.
    pub(super) fn number(&mut self, passed: &Passed<'_>) -> Option<(u64, u32)> {
        if self.feed != Some(passed.feed) {
            self.feed = Some(passed.feed);
            self.timeline.splice();
        }
        self.timeline.map(*passed.packet.seq_no, passed.packet.header.timestamp, passed.now)
    }
}

/// What the sender says of the packet itself; what belongs to its transport stays there.
pub(super) fn extensions(packet: &RtpPacket) -> ExtensionValues {
    let from = &packet.header.ext_vals;
    ExtensionValues {
        audio_level: from.audio_level,
        voice_activity: from.voice_activity,
        video_orientation: from.video_orientation,
        ..ExtensionValues::default()
    }
}

impl Leg {
    /// Whether media can go to and from it.
    pub(super) fn is_open(&self) -> bool {
        self.admitted && self.current.as_ref().is_some_and(|current| current.connected && !current.broken)
    }
}
