//! What comes in, and what the engine makes of it.

use super::{Room, hang_up};
use crate::keys::{Happening, Packet, Proto};
use crate::rooms::{Door, Kind, Shared};
use crate::transport::{TooMany, Transport};
use crate::{rtcp, watch};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use str0m::bwe::BweKind;
use str0m::ice::StunMessage;
use str0m::net::{DatagramRecv, Protocol, Receive, Transmit};
use str0m::{Event, Input, Output};

/// An established transport of sound is not woken more often than this: its packets drive it anyway, 50 times a second
/// (a loss is only noticed by a packet that comes after it), and what else it has to do are reports, seconds apart.
/// Not for pictures, which are paced by the millisecond.
const CALM: Duration = Duration::from_millis(100);
/// No other is woken more often than this, which is as finely as epoll counts: an engine may want to be woken at once
/// again and again, and all rooms of the worker would wait for its time to pass.
const SOON: Duration = Duration::from_millis(1);

/// Where a datagram came from and where it arrived.
pub(crate) type Way = (Proto, SocketAddr, SocketAddr);

/// Puts what the engine sends on the list.
pub(super) fn send(packets: &mut Vec<Packet>, out: Transmit) {
    let proto = if out.proto == Protocol::Udp { Proto::Udp } else { Proto::Tcp };
    packets.push(Packet { proto, from: out.source, to: out.destination, bytes: out.contents.into() });
}

impl Room {
    /// An ICE check for one of our transports. Only one with our password binds its address.
    pub(crate) fn check(&mut self, shared: &mut Shared, now: Instant, door: Door, way: Way, datagram: &[u8]) {
        let Some(leg) = self.leg(door.leg) else { return };
        let Some(transport) = leg.transport(door.transport) else { return };
        let hmac = |key: &[u8], parts: &[&[u8]]| watch::provider().sha1_hmac_provider.sha1_hmac(key, parts);
        let authentic =
            StunMessage::parse(datagram).is_ok_and(|message| message.verify(transport.password.as_bytes(), hmac));
        if !authentic {
            shared.counters.unauthenticated += 1;
            return;
        }
        let bound = bind(shared, transport, door, (way.0, way.1));
        if bound.is_err() || feed(transport, now, way, datagram).is_err() {
            shared.counters.gated += 1;
            return;
        }
        leg.heard_at = now;
        self.pump(shared, now, door.leg, door.transport);
    }

    /// Anything else, from an address that a check has bound to the leg.
    pub(crate) fn datagram(
        &mut self,
        shared: &mut Shared,
        now: Instant,
        door: Door,
        way: Way,
        datagram: &[u8],
        kind: Kind,
    ) {
        assert!(!self.is_broken, "a test has broken this room");
        let Some(leg) = self.leg(door.leg) else { return };
        let Some(transport) = leg.transport(door.transport) else { return };
        if !transport.admits_datagram(now) {
            shared.counters.gated += 1;
            return;
        }
        watch::begin(kind == Kind::Rtcp);
        let fed = feed(transport, now, way, datagram);
        // A DTLS datagram shows only in the handshake's progress whether it was authentic; from a bound address it is
        // not counted unless the engine refuses it.
        let passed = fed.is_ok() && (kind == Kind::Dtls || watch::passed());
        if !passed {
            shared.counters.unauthenticated += 1;
            if fed.is_ok() {
                self.pump(shared, now, door.leg, door.transport);
            }
            return;
        }
        match kind {
            Kind::Rtp => shared.counters.rtp_in += 1,
            Kind::Rtcp => send_again(shared, transport, datagram),
            Kind::Dtls | Kind::Stun => {}
        }
        if kind != Kind::Dtls {
            leg.heard_at = now;
        }
        self.pump(shared, now, door.leg, door.transport);
    }

    /// The engine of a leg that was written to, or is due.
    pub(crate) fn flush(&mut self, shared: &mut Shared, now: Instant, door: Door) {
        let Some(transport) = self.leg(door.leg).and_then(|leg| leg.transport(door.transport)) else { return };
        // Something of its own came in the same batch, and took along what was written.
        if !std::mem::take(&mut transport.dirty) {
            return;
        }
        if transport.rtc.handle_input(Input::Timeout(now)).is_ok() {
            self.pump(shared, now, door.leg, door.transport);
        }
    }

    /// An alarm rings that was set for `at`.
    pub(crate) fn wake(&mut self, shared: &mut Shared, now: Instant, door: Door, at: Instant) {
        let Some(transport) = self.leg(door.leg).and_then(|leg| leg.transport(door.transport)) else { return };
        if transport.alarm != Some(at) {
            return;
        }
        transport.alarm = None;
        match transport.wakes_at {
            Some(at) if at <= now => {
                transport.dirty = true;
                self.flush(shared, now, door);
            }
            Some(at) => {
                let at = at.max(now + calm(transport));
                set_alarm(shared, transport, door, at);
            }
            None => {}
        }
    }

    /// Takes out of the engine all that it has to give.
    pub(super) fn pump(&mut self, shared: &mut Shared, now: Instant, at: usize, id: u64) {
        loop {
            let door = self.door(at, id);
            let Some(transport) = self.leg(at).and_then(|leg| leg.transport(id)) else { return };
            match transport.rtc.poll_output() {
                Ok(Output::Transmit(out)) => {
                    keep(transport, &out);
                    send(&mut shared.packets, out);
                }
                Ok(Output::Timeout(wakes_at)) => {
                    transport.wakes_at = Some(wakes_at);
                    let wakes_at = wakes_at.max(now + calm(transport));
                    set_alarm(shared, transport, door, wakes_at);
                    return;
                }
                // By reference: a packet is some five hundred bytes, and this is where each comes through.
                Ok(Output::Event(Event::RtpPacket(packet))) => self.forward(shared, now, door, &packet),
                Ok(Output::Event(event)) => self.event(shared, now, door, event),
                Err(_) => {
                    // The handshake was refused, or its keys don't fit the answer's fingerprint.
                    transport.broken = true;
                    transport.wakes_at = None;
                    self.broke(shared, at, id);
                    return;
                }
            }
        }
    }

    fn event(&mut self, shared: &mut Shared, now: Instant, door: Door, event: Event) {
        match event {
            Event::Connected => self.connected(shared, now, door),
            Event::KeyframeRequest(request) => self.ask_source(shared, now, door, request.mid),
            Event::EgressBitrateEstimate(BweKind::Twcc { estimate, .. }) => {
                if let Some(transport) = self.leg(door.leg).and_then(|leg| leg.transport(door.transport)) {
                    transport.estimate = Some(estimate.as_f64() as f32);
                }
            }
            Event::MediaEgressStats(stats) => {
                if let Some(transport) = self.leg(door.leg).and_then(|leg| leg.transport(door.transport)) {
                    transport.round_trip = stats.rtt.or(transport.round_trip);
                    transport.loss_down = stats.loss.or(transport.loss_down);
                }
            }
            Event::MediaIngressStats(stats) => {
                if let Some(transport) = self.leg(door.leg).and_then(|leg| leg.transport(door.transport)) {
                    transport.loss_up = stats.loss.or(transport.loss_up);
                }
            }
            Event::Closed => {
                if let Some(transport) = self.leg(door.leg).and_then(|leg| leg.transport(door.transport)) {
                    transport.broken = true;
                }
            }
            _ => {}
        }
    }

    /// ICE and DTLS are done: the transport takes the place of the one before it.
    fn connected(&mut self, shared: &mut Shared, now: Instant, door: Door) {
        let Some(leg) = self.leg(door.leg) else { return };
        let Some(transport) = leg.transport(door.transport) else { return };
        transport.connected = true;
        if leg.next.as_ref().is_some_and(|next| next.id == door.transport) {
            let old = std::mem::replace(&mut leg.current, leg.next.take());
            if let Some(old) = old {
                hang_up(shared, old, now);
            }
        }
        let Some(leg) = self.leg(door.leg) else { return };
        leg.heard_at = now;
        let (was_up, was_lost) = (std::mem::replace(&mut leg.up, true), std::mem::take(&mut leg.lost));
        let key = leg.key.clone();
        if !was_up {
            self.tell(shared, Happening::Up(key));
        } else if was_lost {
            self.tell(shared, Happening::Back(key));
        }
        self.ask_for_all(shared, now, door.leg);
    }

    fn broke(&mut self, shared: &mut Shared, at: usize, id: u64) {
        let Some(leg) = self.leg(at) else { return };
        let never_up = leg.current.is_none() && leg.next.as_ref().is_some_and(|next| next.id == id);
        if never_up {
            let key = leg.key.clone();
            self.tell(shared, Happening::Failed(key));
        }
    }
}

fn feed(transport: &mut Transport, now: Instant, way: Way, datagram: &[u8]) -> Result<(), ()> {
    let (proto, source, destination) = way;
    let contents = DatagramRecv::try_from(datagram).map_err(drop)?;
    let received = Receive { proto: proto.into(), source, destination, contents };
    transport.rtc.handle_input(Input::Receive(now, received)).map_err(drop)?;
    // The engine's time has moved, so what was written to it goes out with what it says now.
    transport.dirty = false;
    Ok(())
}

/// Binds an address to the transport; the one that was bound longest ago gives way.
fn bind(
    shared: &mut Shared,
    transport: &mut Transport,
    door: Door,
    address: (Proto, SocketAddr),
) -> Result<(), TooMany> {
    if shared.doors.by_address(address.0, address.1) == Some(door) {
        return Ok(());
    }
    if let Some(oldest) = transport.take_address(address)? {
        shared.doors.unbind(oldest, transport.id);
    }
    shared.doors.bind(address.0, address.1, door);
    Ok(())
}

/// Remembers the way out, and sound packets for those who miss them.
fn keep(transport: &mut Transport, out: &Transmit) {
    let bytes: &[u8] = &out.contents;
    if bytes.len() < 12 || Kind::of(bytes) != Some(Kind::Rtp) {
        return;
    }
    let proto = if out.proto == Protocol::Udp { Proto::Udp } else { Proto::Tcp };
    transport.route = Some((proto, out.source, out.destination));
    let ssrc = u32::from_be_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]);
    if let Some(down) = transport.sound_with(ssrc) {
        down.resends.keep(u16::from_be_bytes([bytes[2], bytes[3]]), bytes);
    }
}

/// Sends again what an RTCP packet says is missing of sound; of pictures the engine does it.
fn send_again(shared: &mut Shared, transport: &mut Transport, datagram: &[u8]) {
    let mut compound = std::mem::take(&mut shared.scratch);
    compound.clear();
    compound.extend_from_slice(&datagram[..8]);
    watch::with_control(|plain| compound.extend_from_slice(plain));
    if let Some((proto, from, to)) = transport.route {
        rtcp::for_each_nack(&compound, |ssrc, seq| {
            let Some(bytes) = transport.sound_with(ssrc).and_then(|down| down.resends.again(seq)) else { return };
            shared.packets.push(Packet { proto, from, to, bytes: bytes.to_vec() });
            shared.counters.resent += 1;
        });
    }
    shared.scratch = compound;
}

/// How long a transport is left alone.
fn calm(transport: &Transport) -> Duration {
    if transport.connected && !transport.video { CALM } else { SOON }
}

/// Sets an alarm, unless an earlier one is set already: that one will look again.
fn set_alarm(shared: &mut Shared, transport: &mut Transport, door: Door, at: Instant) {
    if transport.alarm.is_none_or(|set| set > at) {
        transport.alarm = Some(at);
        shared.alarms.set(at, door);
    }
}

/// Puts a transport on the list of those that have something to send.
pub(super) fn mark(shared: &mut Shared, transport: &mut Transport, door: Door) {
    if !transport.dirty {
        transport.dirty = true;
        shared.dirty.push(door);
    }
}
