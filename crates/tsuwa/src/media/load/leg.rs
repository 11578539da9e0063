//! One party of a load test.

use super::{Heard, Join, Shared};
use crate::media::connections::Connections;
use crate::media::engine::{Command, EngineOut};
use crate::media::transport::{Happened, Outgoing};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use str0m::rtp::RtpPacket;
use tokio::sync::mpsc;
use tsuwa_proto::UserId;
use tsuwa_voice::FRAME;

/// Between two packets.
const EVERY: Duration = Duration::from_millis(20);

/// Packets waiting for the party: more than come in a second from the others of a full call.
const ARRIVALS: usize = 512;

/// Behind an Opus packet's first byte: these four, the party's number, the packet's, and when it was sent in
/// nanoseconds of this process. No decoder will see it.
const MARK: [u8; 4] = *b"tsuw";
const MARKED: usize = 1 + 4 + 4 + 4 + 8;

pub(super) struct Leg {
    number: u32,
    shared: Arc<Shared>,
    out: mpsc::UnboundedSender<EngineOut>,
    connections: Connections,
    open: bool,
    muted: bool,
    sent: u32,
    heard: HashSet<UserId>,
}

impl Leg {
    /// Lives until the client's engine handle is dropped.
    pub(super) async fn run(number: u32, shared: Arc<Shared>, join: Join) {
        let (arrivals, mut arrived) = mpsc::channel(ARRIVALS);
        let Join { mut inbox, out } = join;
        // Parties are spread over the 20 ms (the golden ratio spreads evenly however many there are).
        let phase = EVERY.mul_f64((f64::from(number) * 0.618_034).fract());
        let mut send_at = Instant::now() + phase;
        let mut leg = Self {
            number,
            shared,
            out,
            connections: Connections::new(arrivals),
            open: false,
            muted: false,
            sent: 0,
            heard: HashSet::new(),
        };
        loop {
            let timeout = leg.connections.timeout();
            let wake = timeout.map_or(send_at, |timeout| timeout.min(send_at));
            tokio::select! {
                biased;
                command = inbox.recv() => match command {
                    Some(command) => leg.command(command),
                    None => return,
                },
                Some(arrival) = arrived.recv() => leg.connections.arrived(arrival, Instant::now()),
                () = tokio::time::sleep_until(wake.into()), if leg.open || timeout.is_some() => {}
            }
            let now = Instant::now();
            if now >= send_at {
                leg.send(now);
                // Late by more than a packet: those between are not sent in a burst.
                send_at += EVERY * (1 + ((now - send_at).as_micros() / EVERY.as_micros()) as u32);
            }
            leg.connections.turn(now);
            leg.happened(now);
        }
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Offer { call, offer_id, fresh, sdp, streams } => {
                let offered = self.connections.offer(call, fresh, &sdp, &streams);
                self.tell(offered.told(call, offer_id));
            }
            Command::OpenMicrophone => self.open = true,
            Command::Mute(muted) => self.muted = muted,
            Command::EndCall => {
                self.connections.close();
                self.open = false;
                self.heard.clear();
            }
            Command::HandsFree(_) | Command::VolumeInterval(_) => {}
        }
    }

    fn tell(&self, what: EngineOut) {
        let _ = self.out.send(what);
    }

    fn send(&mut self, now: Instant) {
        let (Some(transport), true, false) = (self.connections.up(), self.open, self.muted) else { return };
        self.sent += 1;
        let packets = &self.shared.packets;
        let mut payload = packets[(self.sent + self.number) as usize % packets.len()].clone();
        if payload.len() < MARKED {
            payload.resize(MARKED, 0);
        }
        payload[1..5].copy_from_slice(&MARK);
        payload[5..9].copy_from_slice(&self.number.to_be_bytes());
        payload[9..13].copy_from_slice(&self.sent.to_be_bytes());
        let since = (Instant::now() - self.shared.begin).as_nanos() as u64;
        payload[13..21].copy_from_slice(&since.to_be_bytes());
        let timestamp = self.sent.wrapping_mul(FRAME as u32);
        let packet = Outgoing { timestamp, payload: &payload, before: None, first: self.sent == 1, level: -20 };
        transport.send(&packet, now);
        let mut counted = self.shared.counted();
        counted.stats.sent += 1;
        counted.sent[self.number as usize] = self.sent;
    }

    fn happened(&mut self, now: Instant) {
        for (call, happened) in self.connections.take_happened() {
            match happened {
                Happened::Up => {
                    self.shared.counted().stats.up += 1;
                    self.tell(EngineOut::Up { call });
                }
                Happened::Lost => {
                    self.shared.counted().stats.connections_lost += 1;
                    self.tell(EngineOut::Lost { call });
                }
                Happened::Sound { user, packet, .. } => self.count(now, user, &packet),
                Happened::Loss(_) => {}
            }
        }
    }

    fn count(&mut self, now: Instant, user: UserId, packet: &RtpPacket) {
        if !self.heard.contains(&user) {
            self.heard.insert(user.clone());
            self.tell(EngineOut::FirstSound { user, at: now, arrived: packet.timestamp });
        }
        let mut counted = self.shared.counted();
        counted.stats.received += 1;
        let Some((from, number, since)) = read_mark(&packet.payload) else { return };
        let delay = (now - self.shared.begin).saturating_sub(Duration::from_nanos(since));
        counted.stats.delays.add(delay);
        let fresh = Heard { first: number, last: number, count: 0 };
        let heard = counted.heard.entry((self.number, from)).or_insert(fresh);
        // One that was overtaken by the first is not counted as missing, and must not make up for one that is.
        if number >= heard.first {
            heard.last = heard.last.max(number);
            heard.count += 1;
        }
    }
}

/// The sender, the packet's number and when it was sent, in nanoseconds.
fn read_mark(payload: &[u8]) -> Option<(u32, u32, u64)> {
    let marked: &[u8; MARKED] = payload.first_chunk()?;
    let number = |at: usize| u32::from_be_bytes([marked[at], marked[at + 1], marked[at + 2], marked[at + 3]]);
    if marked[1..5] != MARK {
        return None;
    }
    Some((number(5), number(9), u64::from(number(13)) << 32 | u64::from(number(17))))
}
