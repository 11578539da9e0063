//! One call's room. Split by what happens: who is in it ([`gates`]), what is negotiated ([`offers`]), what comes in
//! ([`inbound`]), where it goes ([`forward`], [`pictures`]), and what is looked after ([`sweep`]).

mod forward;
mod gates;
mod inbound;
mod offers;
mod pictures;
mod sweep;

use crate::keys::{Happening, LegKey, RoomKey, Track};
use crate::rooms::{Door, Shared};
use crate::transport::Transport;
use std::time::Instant;
use tsuwa_proto::UserId;

/// See the module.
pub(crate) struct Room {
    pub(crate) key: RoomKey,
    /// Its place among the worker's rooms.
    place: usize,
    legs: Vec<Option<Leg>>,
    /// Everybody who has a leg, or had one; m-lines name users by their place here.
    users: Vec<User>,
    quality_at: Option<Instant>,
    /// Set by a test: the next packet panics.
    pub(crate) is_broken: bool,
}

struct User {
    id: UserId,
    legs: usize,
}

/// One device in the call.
struct Leg {
    key: LegKey,
    user: usize,
    /// Whether pictures are offered to it.
    video: bool,
    admitted: bool,
    tracks: [Outlet; 2],
    /// The transport that media flows on.
    current: Option<Transport>,
    /// The one that is being brought up.
    next: Option<Transport>,
    /// How many offers for a transport of its own went without an answer.
    unanswered: u32,
    up: bool,
    lost: bool,
    heard_at: Instant,
    /// Restarts that were asked for, and since when they are counted.
    restarts_since: Instant,
    restarts: u32,
}

/// What a leg sends of one track, as the others see it.
#[derive(Clone, Copy, Default)]
struct Outlet {
    muted: bool,
    /// Counts unmutes: what was not forwarded in between must not look like loss.
    unmutes: u32,
    /// Whether the first packet that may be forwarded has been reported.
    flowing: bool,
}

impl Leg {
    fn transports(&mut self) -> impl Iterator<Item = &mut Transport> {
        self.current.iter_mut().chain(self.next.iter_mut())
    }

    fn transport(&mut self, id: u64) -> Option<&mut Transport> {
        self.transports().find(|transport| transport.id == id)
    }

    fn outlet(&mut self, track: Track) -> &mut Outlet {
        &mut self.tracks[track as usize]
    }
}

impl Room {
    pub(crate) fn new(key: RoomKey, place: usize) -> Self {
        Self { key, place, legs: Vec::new(), users: Vec::new(), quality_at: None, is_broken: false }
    }

    pub(crate) fn legs(&self) -> usize {
        self.legs.iter().flatten().count()
    }

    fn find(&self, key: &LegKey) -> Option<usize> {
        self.legs.iter().position(|leg| leg.as_ref().is_some_and(|leg| leg.key == *key))
    }

    fn leg(&mut self, at: usize) -> Option<&mut Leg> {
        self.legs.get_mut(at)?.as_mut()
    }

    fn tell(&self, shared: &mut Shared, what: Happening) {
        shared.happenings.push_back((self.key, what));
    }

    fn door(&self, leg: usize, transport: u64) -> Door {
        Door { room: self.place, leg, transport }
    }

    /// Whether anybody else of another user is admitted: only then can a packet of that leg go anywhere.
    fn has_listener(&self, of: usize) -> bool {
        let user = self.legs[of].as_ref().map(|leg| leg.user);
        self.legs.iter().flatten().any(|leg| leg.admitted && Some(leg.user) != user)
    }
}

/// Takes a transport's doors away and says goodbye to its peer.
fn hang_up(shared: &mut Shared, mut transport: Transport, now: Instant) {
    shared.doors.close(&transport.ufrag, &transport.addresses, transport.id);
    if transport.connected && transport.rtc.close().is_ok() {
        let _ = transport.rtc.handle_input(str0m::Input::Timeout(now));
        // RTCP BYE and the DTLS alert: a handful of datagrams at most.
        for _ in 0..16 {
            match transport.rtc.poll_output() {
                Ok(str0m::Output::Transmit(out)) => inbound::send(&mut shared.packets, out),
                Ok(str0m::Output::Event(_)) => {}
                Ok(str0m::Output::Timeout(_)) | Err(_) => break,
            }
        }
    }
}
