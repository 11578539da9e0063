//! The connection of a call, and the one that is about to replace it.

use super::engine::EngineOut;
use super::link::Arrival;
use super::transport::{BadOffer, Happened, Transport};
use std::time::Instant;
use tokio::sync::mpsc;
use tsuwa_proto::{CallId, Code, Refusal, Stream, UserId};

/// What became of an offer.
pub(super) enum Offered {
    /// This is the answer.
    Answer(String),
    /// It goes on with a connection that is not there.
    Nothing,
    /// It can't be answered.
    Bad(BadOffer),
}

impl Offered {
    /// How the rest of the SDK is told.
    pub(super) fn told(self, call: CallId, offer_id: u64) -> EngineOut {
        match self {
            Self::Answer(sdp) => EngineOut::Answer { call, offer_id, sdp },
            Self::Nothing => EngineOut::Lost { call },
            Self::Bad(why) => EngineOut::Error(Refusal::new(Code::MediaFailed, why.0)),
        }
    }
}

pub(super) struct Connections {
    /// The connection in use, and the one that is to replace it when it is up.
    current: Option<Transport>,
    next: Option<Transport>,
    made: u64,
    arrivals: mpsc::Sender<Arrival>,
}

impl Connections {
    /// None yet; what comes in by their sockets goes to `arrivals`.
    pub(super) fn new(arrivals: mpsc::Sender<Arrival>) -> Self {
        Self { current: None, next: None, made: 0, arrivals }
    }

    pub(super) fn offer(&mut self, call: CallId, fresh: bool, sdp: &str, streams: &[Stream]) -> Offered {
        let now = Instant::now();
        if self.current.as_ref().is_some_and(|transport| transport.call != call) {
            // The call before was not ended by its last event; it is over all the same.
            self.close();
        }
        let answer = if fresh {
            self.made += 1;
            Transport::open(self.made, call, sdp, streams, now, self.arrivals.clone()).map(|(transport, answer)| {
                // Sound goes on over the present connection until the new one is up.
                let place = if self.current.is_some() { &mut self.next } else { &mut self.current };
                *place = Some(transport);
                answer
            })
        } else if let Some(transport) = self.next.as_mut().or(self.current.as_mut()) {
            transport.offer(sdp, streams, now)
        } else {
            return Offered::Nothing;
        };
        answer.map_or_else(Offered::Bad, Offered::Answer)
    }

    /// Closes all.
    pub(super) fn close(&mut self) {
        self.current = None;
        self.next = None;
    }

    /// When [`Self::turn`] is wanted at the latest.
    pub(super) fn timeout(&self) -> Option<Instant> {
        [&self.current, &self.next].into_iter().flatten().map(Transport::timeout).min()
    }

    /// Lets time pass.
    pub(super) fn turn(&mut self, now: Instant) {
        for transport in [&mut self.current, &mut self.next].into_iter().flatten() {
            if transport.timeout() <= now {
                transport.turn(now);
            }
        }
    }

    /// Takes in what a socket brought. A late word from a connection that is closed is dropped.
    pub(super) fn arrived(&mut self, arrival: Arrival, now: Instant) {
        let mut transports = [&mut self.current, &mut self.next].into_iter().flatten();
        if let Some(transport) = transports.find(|transport| transport.id == arrival.transport) {
            transport.arrived(arrival.what, now);
        }
    }

    /// Takes in what has come and not been brought yet.
    pub(super) fn catch_up(&mut self, now: Instant) {
        for transport in [&mut self.current, &mut self.next].into_iter().flatten() {
            transport.catch_up(now);
        }
    }

    /// What happened since the last time; changes to the new connection if it is up.
    pub(super) fn take_happened(&mut self) -> Vec<(CallId, Happened)> {
        let mut all = Vec::new();
        let mut switch = false;
        let replaced = self.next.is_some();
        for (place, next) in [(&mut self.current, false), (&mut self.next, true)] {
            let Some(transport) = place else { continue };
            for happened in transport.take_happened() {
                switch |= next && matches!(happened, Happened::Up);
                // That the old one is lost is no news while another is being brought up in its place.
                if next || !replaced || !matches!(happened, Happened::Lost) {
                    all.push((transport.call, happened));
                }
            }
        }
        if switch {
            self.current = self.next.take();
        }
        all
    }

    /// The connection that sound can be sent by.
    pub(super) fn up(&mut self) -> Option<&mut Transport> {
        self.current.as_mut().filter(|transport| transport.up)
    }

    /// Everybody whose sound can come.
    pub(super) fn users(&self) -> Vec<UserId> {
        self.current.iter().flat_map(Transport::users).cloned().collect()
    }
}
