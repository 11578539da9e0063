//! The way from a datagram to its leg.

use crate::keys::Proto;
use std::collections::HashMap;
use std::net::SocketAddr;
use str0m::ice::StunMessage;

/// Which leg, and which of its transports. A transport's id is never used twice, so an old door opens nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Door {
    pub(crate) room: usize,
    pub(crate) leg: usize,
    pub(crate) transport: u64,
}

/// What a datagram is, by its first bytes (RFC 7983).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Stun,
    Dtls,
    Rtp,
    Rtcp,
}

impl Kind {
    pub(crate) fn of(datagram: &[u8]) -> Option<Self> {
        match datagram {
            [0..=1, ..] if datagram.len() >= 20 => Some(Self::Stun),
            [20..=63, ..] => Some(Self::Dtls),
            // RFC 5761: payload types 64 to 95 are RTCP's. An SRTP packet has a header of 12 bytes, RTCP of 8.
            [128..=191, second, ..] if (64..=95).contains(&(second & 0x7f)) && datagram.len() >= 8 => Some(Self::Rtcp),
            [128..=191, ..] if datagram.len() >= 12 => Some(Self::Rtp),
            _ => None,
        }
    }
}

/// See the module.
#[derive(Default)]
pub(crate) struct Doors {
    by_ufrag: HashMap<String, Door>,
    by_address: HashMap<(Proto, SocketAddr), Door>,
}

impl Doors {
    /// By the first half of an ICE check's user name; not authenticated yet.
    pub(crate) fn by_check(&self, datagram: &[u8]) -> Option<Door> {
        let message = StunMessage::parse(datagram).ok()?;
        if !message.is_binding_request() {
            return None;
        }
        let (ours, _) = message.split_username()?;
        self.by_ufrag.get(ours).copied()
    }

    /// By an address that an authenticated check has bound.
    pub(crate) fn by_address(&self, proto: Proto, source: SocketAddr) -> Option<Door> {
        self.by_address.get(&(proto, source)).copied()
    }

    /// A transport is offered.
    pub(crate) fn open(&mut self, ufrag: &str, door: Door) {
        self.by_ufrag.insert(ufrag.to_owned(), door);
    }

    /// An authenticated check came from the address: it is this leg's now, whosever it was.
    pub(crate) fn bind(&mut self, proto: Proto, source: SocketAddr, door: Door) {
        self.by_address.insert((proto, source), door);
    }

    /// A transport is gone.
    pub(crate) fn close(&mut self, ufrag: &str, addresses: &[(Proto, SocketAddr)], transport: u64) {
        self.by_ufrag.remove(ufrag);
        for address in addresses {
            self.unbind(*address, transport);
        }
    }

    /// Forgets an address, if it is still that transport's.
    pub(crate) fn unbind(&mut self, address: (Proto, SocketAddr), transport: u64) {
        if self.by_address.get(&address).is_some_and(|door| door.transport == transport) {
            self.by_address.remove(&address);
        }
    }

    /// A room is gone without having closed its legs.
    pub(crate) fn close_room(&mut self, room: usize) {
        self.by_ufrag.retain(|_, door| door.room != room);
        self.by_address.retain(|_, door| door.room != room);
    }
}
