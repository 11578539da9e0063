//! The media rooms, as far as calls can tell: they obey, make offers, and report what they notice. Packets are counted by
//! the half second.

use crate::doing::{Do, PhoneNo};
use crate::laws::Law;
use crate::server::ToShard;
use crate::town::{Fault, Town};
use std::collections::BTreeMap;
use tsuwa_call::{DeviceKey, MediaCommand, MediaReport};
use tsuwa_proto::{CallId, Signal, StreamKind};

/// Without an authenticated packet for so long a leg is lost, in milliseconds (as the real rooms judge).
const LOST_MS: u64 = 5_000;

/// What the shard orders.
pub(crate) enum Order {
    Command(MediaCommand),
    Answer { call: CallId, phone: PhoneNo, offer_id: u64, good: bool },
    Restart { call: CallId, phone: PhoneNo },
}

/// What the rooms say to the shard.
#[derive(Clone)]
pub(crate) enum Saying {
    Report(MediaReport),
    Offer { to: DeviceKey, offer: Signal },
}

#[derive(Default)]
pub(crate) struct Rooms {
    rooms: BTreeMap<CallId, BTreeMap<PhoneNo, Leg>>,
    /// Whether the process that they are in lives, and which of its workers' lives it is.
    life: u32,
    full: bool,
    last_order: u64,
    last_saying: u64,
    last_offer: u64,
}

#[derive(Default)]
struct Leg {
    admitted: bool,
    muted: [bool; 2],
    /// Reported as flowing since it was admitted or unmuted.
    flowing: [bool; 2],
    video: bool,
    offer: u64,
    answered: bool,
    up: bool,
    lost: bool,
    heard_at: u64,
}

impl Rooms {
    /// With the process everything is gone.
    pub(crate) fn die(&mut self) {
        self.rooms.clear();
        self.life += 1;
    }

    pub(crate) fn begin(&mut self) {
        (self.full, self.last_order, self.last_saying) = (false, 0, 0);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rooms.is_empty()
    }
}

impl Town {
    pub(crate) fn media_command(&mut self, command: MediaCommand) {
        self.order(Order::Command(command));
    }

    pub(crate) fn media_answer(&mut self, call: CallId, at: &DeviceKey, offer_id: u64, good: bool) {
        let Some(phone) = self.phone_of(at) else { return };
        self.order(Order::Answer { call, phone, offer_id, good });
    }

    pub(crate) fn media_restart(&mut self, call: CallId, at: &DeviceKey) {
        let Some(phone) = self.phone_of(at) else { return };
        self.order(Order::Restart { call, phone });
    }

    fn order(&mut self, order: Order) {
        let at = (self.now + self.dice.below(3)).max(self.rooms.last_order);
        self.rooms.last_order = at;
        self.queue.put(at, Do::Order(self.rooms.life, order));
    }

    fn say(&mut self, saying: Saying) {
        let at = (self.now + self.dice.below(3)).max(self.rooms.last_saying);
        self.rooms.last_saying = at;
        self.queue.put(at, Do::Says(self.rooms.life, saying));
    }

    fn report(&mut self, report: MediaReport) {
        self.say(Saying::Report(report));
    }

    pub(crate) fn says(&mut self, life: u32, saying: Saying) {
        if life == self.rooms.life {
            self.at_shard(self.server.life, 0, None, ToShard::Media(saying));
        }
    }

    /// A worker carries out an order; what is of a room that is gone is ignored.
    pub(crate) fn carry_order(&mut self, life: u32, order: Order) {
        if life != self.rooms.life {
            return;
        }
        match order {
            Order::Command(command) => self.obey(command),
            Order::Answer { call, phone, offer_id, good } => self.answered(call, phone, offer_id, good),
            Order::Restart { call, phone } => {
                if self.rooms.rooms.get(&call).is_some_and(|room| room.contains_key(&phone)) {
                    self.offer(call, phone, true);
                }
            }
        }
    }

    fn obey(&mut self, command: MediaCommand) {
        match command {
            MediaCommand::Open { call } => {
                if self.rooms.full {
                    self.counts.fault(Fault::NoPlace);
                    return self.report(MediaReport::PlaceFailed { call });
                }
                self.rooms.rooms.entry(call).or_default();
                self.report(MediaReport::Placed { call });
            }
            MediaCommand::Leg { call, at, video } => {
                let Some(phone) = self.phone_of(&at) else { return };
                let Some(room) = self.rooms.rooms.get_mut(&call) else { return };
                let fresh = !room.contains_key(&phone);
                let leg = room.entry(phone).or_default();
                if fresh || (video && !leg.video) {
                    leg.video |= video;
                    self.offer(call, phone, fresh);
                }
            }
            MediaCommand::Admit { call, at } => {
                if let Some(leg) = self.leg(call, &at) {
                    leg.admitted = true;
                }
            }
            MediaCommand::Mute { call, at, kind, muted } => {
                if let Some(leg) = self.leg(call, &at) {
                    leg.muted[kind as usize] = muted;
                    leg.flowing[kind as usize] = false;
                }
            }
            MediaCommand::Drop { call, at } => {
                if let Some(phone) = self.phone_of(&at)
                    && let Some(room) = self.rooms.rooms.get_mut(&call)
                {
                    room.remove(&phone);
                }
            }
            MediaCommand::Close { call } => drop(self.rooms.rooms.remove(&call)),
        }
    }

    fn leg(&mut self, call: CallId, at: &DeviceKey) -> Option<&mut Leg> {
        let phone = self.phone_of(at)?;
        self.rooms.rooms.get_mut(&call)?.get_mut(&phone)
    }

    fn offer(&mut self, call: CallId, phone: PhoneNo, fresh: bool) {
        self.rooms.last_offer += 1;
        let offer_id = self.rooms.last_offer;
        let Some(leg) = self.rooms.rooms.get_mut(&call).and_then(|room| room.get_mut(&phone)) else { return };
        (leg.offer, leg.answered) = (offer_id, false);
        let offer = Signal::MediaOffer { call_id: call, offer_id, fresh, sdp: "v=0".to_owned(), streams: Vec::new() };
        let to = self.phones[phone].at.clone();
        self.say(Saying::Offer { to, offer });
    }

    fn answered(&mut self, call: CallId, phone: PhoneNo, offer_id: u64, good: bool) {
        let Some(leg) = self.rooms.rooms.get_mut(&call).and_then(|room| room.get_mut(&phone)) else { return };
        if leg.offer != offer_id || leg.answered {
            return;
        }
        leg.answered = true;
        if !good {
            self.counts.fault(Fault::BadAnswer);
            let at = self.phones[phone].at.clone();
            return self.report(MediaReport::Failed { call, at });
        }
        if !self.phones[phone].no_media {
            let at = self.now + self.phones[phone].way_ms * 2 + self.dice.within(20, 300);
            self.queue.put(at, Do::Connected(self.rooms.life, phone, offer_id));
        } else {
            self.counts.fault(Fault::MediaNeverUp);
        }
    }

    pub(crate) fn connected(&mut self, life: u32, phone: PhoneNo, offer_id: u64) {
        let away = self.phones[phone].away_until > self.now;
        if life != self.rooms.life || away {
            return;
        }
        let now = self.now;
        for (call, room) in &mut self.rooms.rooms {
            if let Some(leg) = room.get_mut(&phone).filter(|leg| leg.offer == offer_id) {
                let call = *call;
                let was = std::mem::replace(&mut leg.up, true);
                let back = std::mem::take(&mut leg.lost);
                leg.heard_at = now;
                let at = self.phones[phone].at.clone();
                if !was {
                    self.report(MediaReport::Up { call, at });
                    self.queue.put(now + LOST_MS, Do::LegCheck(life, call.0, phone));
                    self.packets_soon(phone);
                } else if back {
                    self.report(MediaReport::Back { call, at });
                    self.queue.put(now + LOST_MS, Do::LegCheck(life, call.0, phone));
                }
                return;
            }
        }
    }

    /// What a device has sent in this half second: checks of its transport always, sound and pictures if it has opened
    /// them.
    pub(crate) fn packets(&mut self, phone: PhoneNo, turn: u64) {
        if self.phones[phone].packet_turn != turn || self.phones[phone].session.is_none() {
            return;
        }
        self.phones[phone].packet_turn += 1;
        let Some(call) = self.phones[phone].transport else { return };
        if !self.rooms.rooms.get(&call).is_some_and(|room| room.contains_key(&phone)) {
            return;
        }
        self.packets_soon(phone);
        if self.phones[phone].away_until > self.now || self.phones[phone].media_away_until > self.now {
            return;
        }
        let sends = self.phones[phone].sends(call);
        let now = self.now;
        let Some(leg) = self.rooms.rooms.get_mut(&call).and_then(|room| room.get_mut(&phone)) else { return };
        if !leg.up {
            return;
        }
        leg.heard_at = now;
        if std::mem::take(&mut leg.lost) {
            let at = self.phones[phone].at.clone();
            self.report(MediaReport::Back { call, at });
            self.queue.put(now + LOST_MS, Do::LegCheck(self.rooms.life, call.0, phone));
        }
        for kind in [StreamKind::Audio, StreamKind::Video] {
            if sends[kind as usize] {
                self.forward(call, phone, kind);
            }
        }
    }

    fn forward(&mut self, call: CallId, from: PhoneNo, kind: StreamKind) {
        let Some(room) = self.rooms.rooms.get_mut(&call) else { return };
        let Some(leg) = room.get_mut(&from).filter(|leg| leg.admitted && !leg.muted[kind as usize]) else {
            self.counts.stopped += 1;
            return;
        };
        let first = !std::mem::replace(&mut leg.flowing[kind as usize], true);
        let to: Vec<PhoneNo> =
            room.iter().filter(|(to, leg)| **to != from && leg.admitted && leg.up).map(|(to, _)| *to).collect();
        for party in to.iter().chain([&from]) {
            let consented = self.books.ever_consented(call, *party);
            let who = *party;
            self.laws.hold(Law::NoPacketBefore, consented, || format!("phone {who} in call {call}"));
        }
        self.counts.forwarded += to.len() as u64;
        if first {
            let at = self.phones[from].at.clone();
            self.report(MediaReport::Flowing { call, at, kind });
        }
    }

    pub(crate) fn packets_soon(&mut self, phone: PhoneNo) {
        self.phones[phone].packet_turn += 1;
        let turn = self.phones[phone].packet_turn;
        self.queue.put(self.now + 400 + self.dice.below(200), Do::Packets(phone, turn));
    }

    pub(crate) fn leg_check(&mut self, life: u32, call: u64, phone: PhoneNo) {
        if life != self.rooms.life {
            return;
        }
        let call = CallId(call);
        let now = self.now;
        let Some(leg) = self.rooms.rooms.get_mut(&call).and_then(|room| room.get_mut(&phone)) else { return };
        if !leg.up || leg.lost {
            return;
        }
        if now < leg.heard_at + LOST_MS {
            let at = leg.heard_at + LOST_MS;
            self.queue.put(at, Do::LegCheck(life, call.0, phone));
            return;
        }
        leg.lost = true;
        self.counts.fault(Fault::MediaLost);
        let at = self.phones[phone].at.clone();
        self.report(MediaReport::Lost { call, at });
    }

    /// A worker dies, and begins anew without its rooms; or one room only breaks.
    pub(crate) fn worker_dies(&mut self, all: bool) {
        let calls: Vec<CallId> = self.rooms.rooms.keys().copied().collect();
        let calls = if all { calls } else { self.dice.one(&calls).into_iter().collect() };
        for call in calls {
            self.rooms.rooms.remove(&call);
            self.counts.fault(if all { Fault::WorkerDied } else { Fault::RoomBroke });
            self.report(MediaReport::RoomLost { call });
        }
    }

    /// No more rooms can be made; whether the shard is told before somebody tries. Or again they can.
    pub(crate) fn rooms_full(&mut self, full: bool, told: bool) {
        self.rooms.full = full;
        if full {
            self.counts.fault(Fault::RoomsFull);
        }
        if told || !full {
            self.at_shard(self.server.life, 0, None, ToShard::Capacity { open: !full });
        }
    }
}
