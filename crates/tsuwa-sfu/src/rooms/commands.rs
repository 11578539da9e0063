//! What the world outside tells rooms.

use super::Rooms;
use crate::keys::{LegKey, RoomKey, Track};
use crate::room::Room;
use std::time::Instant;

impl Rooms {
    /// Makes the room, if it is not there.
    pub fn open(&mut self, now: Instant, key: RoomKey) {
        if self.by_key.contains_key(&key) {
            return;
        }
        let place = self.rooms.iter().position(Option::is_none).unwrap_or_else(|| {
            self.rooms.push(None);
            self.rooms.len() - 1
        });
        self.rooms[place] = Some(Room::new(key, place));
        self.by_key.insert(key, place);
        self.sweep_at.get_or_insert(now);
    }

    /// Takes the room away.
    pub fn close(&mut self, now: Instant, key: RoomKey) {
        if let Some(place) = self.by_key.get(&key).copied() {
            self.in_room(place, |room, shared| room.close(shared, now));
            self.take_away(place);
        }
    }

    /// Takes all rooms away.
    pub fn close_all(&mut self, now: Instant) {
        let keys: Vec<RoomKey> = self.by_key.keys().copied().collect();
        keys.into_iter().for_each(|key| self.close(now, key));
    }

    /// Makes a leg, closed, and an offer for it. If the leg is there, only a wish for pictures is new.
    pub fn join(&mut self, now: Instant, key: RoomKey, leg: LegKey, video: bool) {
        self.with(key, |room, shared| room.join(shared, now, leg, video));
    }

    /// Opens a leg's gates.
    pub fn admit(&mut self, now: Instant, key: RoomKey, leg: &LegKey) {
        self.with(key, |room, shared| room.admit(shared, now, leg));
    }

    /// Stops or lets pass what a leg sends.
    pub fn mute(&mut self, now: Instant, key: RoomKey, leg: &LegKey, track: Track, muted: bool) {
        self.with(key, |room, shared| room.mute(shared, now, leg, track, muted));
    }

    /// Takes a leg away.
    pub fn leave(&mut self, now: Instant, key: RoomKey, leg: &LegKey) {
        self.with(key, |room, shared| room.leave(shared, now, leg));
    }

    /// A device's answer to an offer. One to an offer that is not open is ignored.
    pub fn answer(&mut self, now: Instant, key: RoomKey, leg: &LegKey, offer_id: u64, sdp: &str) {
        self.with(key, |room, shared| room.answer(shared, now, leg, offer_id, sdp));
    }

    /// Offers a leg's media anew on a fresh transport; the old one is kept until the new one is up.
    pub fn restart(&mut self, now: Instant, key: RoomKey, leg: &LegKey) {
        self.with(key, |room, shared| room.restart(shared, now, leg));
    }

    fn with(&mut self, key: RoomKey, work: impl FnOnce(&mut Room, &mut super::Shared)) {
        if let Some(place) = self.by_key.get(&key).copied() {
            self.in_room(place, work);
        }
    }
}
