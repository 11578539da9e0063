//! Who is in the room, and who is let through.

use super::{Leg, Outlet, Room, User, hang_up};
use crate::engine;
use crate::keys::{LegKey, Track};
use crate::rooms::Shared;
use crate::transport::Transport;
use std::time::{Duration, Instant};

/// Most legs of a room: nine people with four ready devices each.
const MOST_LEGS: usize = tsuwa_proto::limits::PEOPLE * tsuwa_proto::limits::READY_DEVICES;

/// A device may have its transport made anew so often in so long; who asks more often is not heard until then.
const RESTARTS: u32 = 10;
const RESTARTS_IN: Duration = Duration::from_secs(10);

impl Room {
    pub(crate) fn join(&mut self, shared: &mut Shared, now: Instant, key: LegKey, video: bool) {
        if let Some(at) = self.find(&key) {
            let leg = self.legs[at].as_mut().expect("find gives a place that is taken");
            if video && !leg.video {
                // Pictures need an engine with congestion control, so they come with a transport of their own; sound
                // goes on over the old one meanwhile.
                leg.video = true;
                self.fresh(shared, now, at);
            }
            return;
        }
        if self.legs() >= MOST_LEGS {
            return;
        }
        let user = self.user(&key);
        let leg = Leg {
            key,
            user,
            video,
            admitted: false,
            tracks: [Outlet::default(); 2],
            current: None,
            next: None,
            unanswered: 0,
            up: false,
            lost: false,
            heard_at: now,
            restarts_since: now,
            restarts: 0,
        };
        let at = self.legs.iter().position(Option::is_none).unwrap_or_else(|| {
            self.legs.push(None);
            self.legs.len() - 1
        });
        self.legs[at] = Some(leg);
        self.fresh(shared, now, at);
    }

    /// The user's place; a place whose user has gone is used again.
    fn user(&mut self, key: &LegKey) -> usize {
        if let Some(at) = self.users.iter().position(|user| user.id == key.user) {
            self.users[at].legs += 1;
            return at;
        }
        let user = User { id: key.user.clone(), legs: 1 };
        match self.users.iter().position(|user| user.legs == 0) {
            Some(at) => {
                self.users[at] = user;
                at
            }
            None => {
                self.users.push(user);
                self.users.len() - 1
            }
        }
    }

    pub(crate) fn admit(&mut self, shared: &mut Shared, now: Instant, key: &LegKey) {
        let Some(at) = self.find(key) else { return };
        let leg = self.legs[at].as_mut().expect("find gives a place that is taken");
        if leg.admitted {
            return;
        }
        leg.admitted = true;
        for outlet in &mut leg.tracks {
            outlet.unmutes += 1;
            outlet.flowing = false;
        }
        let user = leg.user;
        // A device that was offered media long ago and never took it gets another chance now.
        let is_hopeless = leg.unanswered > 0 || leg.next.as_ref().is_none_or(|next| next.broken);
        if is_hopeless && leg.current.is_none() {
            leg.unanswered = 0;
            self.fresh(shared, now, at);
        }
        // Pictures can only begin with a key frame: the newcomer's for the others, the others' for the newcomer.
        self.ask_user(shared, now, user, None);
        self.ask_for_all(shared, now, at);
    }

    pub(crate) fn mute(&mut self, shared: &mut Shared, now: Instant, key: &LegKey, track: Track, muted: bool) {
        let Some(at) = self.find(key) else { return };
        let Some(outlet) = self.leg(at).map(|leg| leg.outlet(track)) else { return };
        if outlet.muted && !muted {
            outlet.unmutes += 1;
        }
        // An unmute arms the report again, also one without a mute before it: whoever says so wants to hear of it.
        outlet.flowing &= muted;
        outlet.muted = muted;
        if let (Track::Video, false, Some(user)) = (track, muted, self.leg(at).map(|leg| leg.user)) {
            self.ask_user(shared, now, user, None);
        }
    }

    pub(crate) fn leave(&mut self, shared: &mut Shared, now: Instant, key: &LegKey) {
        let Some(at) = self.find(key) else { return };
        let Some(leg) = self.legs[at].take() else { return };
        for transport in [leg.current, leg.next].into_iter().flatten() {
            hang_up(shared, transport, now);
        }
        let user = leg.user;
        self.users[user].legs -= 1;
        if self.users[user].legs == 0 {
            let others = self.legs.iter_mut().flatten().flat_map(Leg::transports);
            for down in others.flat_map(|transport| &mut transport.downs).filter(|down| down.user == Some(user)) {
                down.user = None;
            }
        }
    }

    pub(crate) fn close(&mut self, shared: &mut Shared, now: Instant) {
        for leg in std::mem::take(&mut self.legs).into_iter().flatten() {
            for transport in [leg.current, leg.next].into_iter().flatten() {
                hang_up(shared, transport, now);
            }
        }
    }

    pub(crate) fn restart(&mut self, shared: &mut Shared, now: Instant, key: &LegKey) {
        let Some(at) = self.find(key) else { return };
        let Some(leg) = self.leg(at) else { return };
        if now.saturating_duration_since(leg.restarts_since) >= RESTARTS_IN {
            (leg.restarts_since, leg.restarts) = (now, 0);
        }
        leg.restarts += 1;
        if leg.restarts <= RESTARTS {
            self.fresh(shared, now, at);
        }
    }

    /// A new transport for a leg, to be offered; what was being brought up gives way.
    pub(super) fn fresh(&mut self, shared: &mut Shared, now: Instant, at: usize) {
        let id = shared.next_transport();
        let door = self.door(at, id);
        let Some(leg) = self.leg(at) else { return };
        let mut rtc = engine::make(&shared.settings, now, leg.video);
        if let Some(credentials) = shared.credentials.take() {
            rtc.direct_api().set_local_ice_credentials(credentials);
        }
        let transport = Transport::new(id, rtc, now, leg.video);
        shared.doors.open(&transport.ufrag, door);
        if let Some(old) = leg.next.replace(transport) {
            hang_up(shared, old, now);
        }
        shared.unsettle(now, self.place);
    }
}
