//! What the rooms of a worker have in common.

use super::alarms::Alarms;
use super::doors::{Door, Doors};
use crate::counters::Counters;
use crate::engine::Settings;
use crate::keys::{Happening, Packet, RoomKey};
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use str0m::IceCreds;

/// How long after a command offers are made: the commands of one decision come one by one, and each offer is to name
/// everybody that the decision brought in.
const SETTLE: Duration = Duration::from_millis(2);

/// See the module.
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) packets: Vec<Packet>,
    pub(crate) happenings: VecDeque<(RoomKey, Happening)>,
    pub(crate) counters: Counters,
    pub(crate) doors: Doors,
    pub(crate) alarms: Alarms,
    /// Legs that something was written to.
    pub(crate) dirty: Vec<Door>,
    /// Rooms with offers to make, and when.
    pub(crate) unsettled: Vec<usize>,
    pub(crate) settle_at: Option<Instant>,
    /// Text of a decrypted RTCP packet; kept for its memory.
    pub(crate) scratch: Vec<u8>,
    /// Name and password of the next transport, where a test says them.
    pub(crate) credentials: Option<IceCreds>,
    offers: u64,
    transports: u64,
}

impl Shared {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            offers: settings.offers_from,
            settings,
            packets: Vec::new(),
            happenings: VecDeque::new(),
            counters: Counters::default(),
            doors: Doors::default(),
            alarms: Alarms::default(),
            dirty: Vec::new(),
            unsettled: Vec::new(),
            settle_at: None,
            scratch: Vec::new(),
            credentials: None,
            transports: 0,
        }
    }

    pub(crate) fn next_offer(&mut self) -> u64 {
        self.offers += 1;
        self.offers
    }

    pub(crate) fn next_transport(&mut self) -> u64 {
        self.transports += 1;
        self.transports
    }

    /// The room has offers to make, a moment from now.
    pub(crate) fn unsettle(&mut self, now: Instant, place: usize) {
        if !self.unsettled.contains(&place) {
            self.unsettled.push(place);
        }
        self.settle_at = Some(now + SETTLE);
    }
}
