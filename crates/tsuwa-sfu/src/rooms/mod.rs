//! All rooms of one worker: who gets a datagram, who is to be woken when, and the walls between the rooms.

mod alarms;
mod commands;
mod doors;
mod shared;

use crate::counters::Counters;
use crate::engine::Settings;
use crate::keys::{Happening, Packet, Proto, RoomKey};
use crate::room::Room;
pub(crate) use doors::Door;
pub(crate) use doors::Kind;
pub(crate) use shared::Shared;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// How often loss of devices, offers without an answer and quality are looked after.
const SWEEP: Duration = Duration::from_millis(500);

/// See the crate's documentation for the loop that drives it.
pub struct Rooms {
    rooms: Vec<Option<Room>>,
    by_key: HashMap<RoomKey, usize>,
    shared: Shared,
    sweep_at: Option<Instant>,
}

impl std::fmt::Debug for Rooms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rooms").field("rooms", &self.by_key.len()).finish_non_exhaustive()
    }
}

impl Rooms {
    /// No rooms yet.
    pub fn new(settings: Settings) -> Self {
        Self { rooms: Vec::new(), by_key: HashMap::new(), shared: Shared::new(settings), sweep_at: None }
    }

    /// A datagram (or RFC 4571 frame) from `source`, received by the local socket at `local`.
    ///
    /// ICE checks are found by their user name; all else by its source address, which only an authenticated ICE check
    /// has bound. Whatever is not authentic is counted and changes nothing.
    pub fn receive(&mut self, now: Instant, proto: Proto, source: SocketAddr, local: SocketAddr, datagram: &[u8]) {
        let kind = Kind::of(datagram);
        let door = match kind {
            Some(Kind::Stun) => self.shared.doors.by_check(datagram),
            Some(_) => self.shared.doors.by_address(proto, source),
            None => None,
        };
        let (Some(kind), Some(door)) = (kind, door) else {
            self.shared.counters.unknown_source += 1;
            return;
        };
        self.in_room(door.room, |room, shared| match kind {
            Kind::Stun => room.check(shared, now, door, (proto, source, local), datagram),
            _ => room.datagram(shared, now, door, (proto, source, local), datagram, kind),
        });
    }

    /// Whether an authenticated ICE check has bound this address. A TCP connection that stays unbound is to be closed.
    pub fn is_bound(&self, proto: Proto, source: SocketAddr) -> bool {
        self.shared.doors.by_address(proto, source).is_some()
    }

    /// Lets all legs that something was written to send it. To be called after each batch of datagrams.
    pub fn flush(&mut self, now: Instant) {
        while let Some(door) = self.shared.dirty.pop() {
            self.in_room(door.room, |room, shared| room.flush(shared, now, door));
        }
    }

    /// What is to be sent, in order; to be drained after [`Self::flush`].
    pub fn packets(&mut self) -> &mut Vec<Packet> {
        &mut self.shared.packets
    }

    /// The next thing that happened in some room.
    pub fn poll_happening(&mut self) -> Option<(RoomKey, Happening)> {
        self.shared.happenings.pop_front()
    }

    /// When [`Self::handle_timeout`] is to be called at the latest.
    pub fn deadline(&self) -> Option<Instant> {
        let sweep = if self.by_key.is_empty() { None } else { self.sweep_at };
        [self.shared.alarms.next(), sweep, self.shared.settle_at].into_iter().flatten().min()
    }

    /// Wakes whoever is due. [`Self::flush`] is to follow.
    pub fn handle_timeout(&mut self, now: Instant) {
        while let Some((at, door)) = self.shared.alarms.due(now) {
            self.in_room(door.room, |room, shared| room.wake(shared, now, door, at));
        }
        if self.shared.settle_at.is_some_and(|at| at <= now) {
            self.shared.settle_at = None;
            for place in std::mem::take(&mut self.shared.unsettled) {
                self.in_room(place, |room, shared| room.settle(shared, now));
            }
        }
        if self.sweep_at.is_none_or(|at| at <= now) {
            self.sweep_at = Some(now + SWEEP);
            for place in 0..self.rooms.len() {
                self.in_room(place, |room, shared| room.sweep(shared, now));
            }
        }
    }

    /// Figures since the start.
    pub fn counters(&self) -> Counters {
        self.shared.counters
    }

    /// How many rooms there are.
    pub fn rooms(&self) -> usize {
        self.by_key.len()
    }

    /// How many legs there are.
    pub fn legs(&self) -> usize {
        self.rooms.iter().flatten().map(Room::legs).sum()
    }

    /// Has the next packet in a room panic. For tests of the walls between rooms.
    #[doc(hidden)]
    pub fn break_room(&mut self, key: RoomKey) {
        if let Some(room) = self.by_key.get(&key).and_then(|place| self.rooms[*place].as_mut()) {
            room.is_broken = true;
        }
    }

    /// Gives the next transport this name and password instead of random ones. For tests with recorded ICE checks.
    #[doc(hidden)]
    pub fn next_credentials(&mut self, ufrag: &str, password: &str) {
        let (ufrag, pass) = (ufrag.to_owned(), password.to_owned());
        self.shared.credentials = Some(str0m::IceCreds { ufrag, pass });
    }

    /// Does something in a room. A panic there takes that room away and nothing else.
    fn in_room<R>(&mut self, place: usize, work: impl FnOnce(&mut Room, &mut Shared) -> R) -> Option<R> {
        let room = self.rooms.get_mut(place)?.as_mut()?;
        let shared = &mut self.shared;
        // What is shared stays consistent: it is only appended to, and what it says of the room is taken out below.
        match catch_unwind(AssertUnwindSafe(|| work(room, shared))) {
            Ok(done) => Some(done),
            Err(_) => {
                self.shared.counters.rooms_lost += 1;
                if let Some(key) = self.take_away(place) {
                    self.shared.happenings.push_back((key, Happening::RoomLost));
                }
                None
            }
        }
    }

    fn take_away(&mut self, place: usize) -> Option<RoomKey> {
        let room = self.rooms.get_mut(place)?.take()?;
        self.by_key.remove(&room.key);
        self.shared.doors.close_room(place);
        self.shared.dirty.retain(|door| door.room != place);
        self.shared.unsettled.retain(|its| *its != place);
        Some(room.key)
    }
}
