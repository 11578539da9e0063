//! A worker's TCP connections: for devices whose network lets no UDP through (ICE over TCP, RFC 6544; the device
//! connects). Each has small bounds, and one without an authenticated ICE check is closed soon.

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};
use tsuwa_sfu::framing::{self, Deframer};

/// Most connections of a worker at a time; one that comes after is closed at once.
const MOST: usize = 4096;
/// Most of them that no authenticated ICE check has come over; the oldest gives way.
const MOST_STRANGERS: usize = 1024;
/// How long a connection may go without one. A device sends its first check as soon as it is connected.
const STRANGER: Duration = Duration::from_secs(10);
/// Most bytes that wait to be sent: about a second of sound for nine. Beyond, packets are dropped, as a network would.
const MOST_WAITING: usize = 64 * 1024;
/// Reads of one connection in one turn, so that a busy one doesn't hold up the others.
const READS: usize = 8;

/// Tokens from here on are connections.
pub(super) const FIRST_TOKEN: usize = 1 << 16;

struct Connection {
    stream: TcpStream,
    local: SocketAddr,
    peer: SocketAddr,
    inbound: Deframer,
    waiting: Vec<u8>,
    since: Instant,
    known: bool,
}

/// See the module.
pub(super) struct Connections {
    slots: Vec<Option<Connection>>,
    by_peer: HashMap<(SocketAddr, SocketAddr), usize>,
    strangers: usize,
}

impl Connections {
    pub(super) fn new() -> Self {
        Self { slots: Vec::new(), by_peer: HashMap::new(), strangers: 0 }
    }

    /// Takes all connections that wait at a listener.
    pub(super) fn accept(&mut self, listener: &TcpListener, local: SocketAddr, registry: &Registry, now: Instant) {
        loop {
            let (mut stream, peer) = match listener.accept() {
                Ok((stream, _)) if stream.set_nonblocking(true).is_err() => continue,
                Ok((stream, peer)) => (TcpStream::from_std(stream), peer),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                // A connection that was gone before it was taken; or no descriptors left: the next turn tries again.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
                Err(_) => return,
            };
            if self.by_peer.len() >= MOST {
                continue;
            }
            if self.strangers >= MOST_STRANGERS {
                self.close_oldest_stranger(registry);
            }
            let at = self.slots.iter().position(Option::is_none).unwrap_or_else(|| {
                self.slots.push(None);
                self.slots.len() - 1
            });
            let _ = stream.set_nodelay(true);
            let interest = Interest::READABLE | Interest::WRITABLE;
            if registry.register(&mut stream, Token(FIRST_TOKEN + at), interest).is_err() {
                continue;
            }
            let inbound = Deframer::default();
            let connection = Connection { stream, local, peer, inbound, waiting: Vec::new(), since: now, known: false };
            self.slots[at] = Some(connection);
            self.by_peer.insert((local, peer), at);
            self.strangers += 1;
        }
    }

    /// Reads what a connection has and shows each frame with its peer and local address. `true` if more is left.
    pub(super) fn receive(
        &mut self,
        token: Token,
        registry: &Registry,
        mut take: impl FnMut(SocketAddr, SocketAddr, &[u8]),
    ) -> bool {
        let at = token.0 - FIRST_TOKEN;
        let mut buffer = [0; 4096];
        for _ in 0..READS {
            let Some(connection) = self.slots.get_mut(at).and_then(Option::as_mut) else { return false };
            match connection.stream.read(&mut buffer) {
                Ok(0) => {
                    self.close(at, registry);
                    return false;
                }
                Ok(length) => {
                    connection.inbound.push(&buffer[..length]);
                    loop {
                        match connection.inbound.next_frame() {
                            Ok(Some(frame)) => take(connection.peer, connection.local, frame),
                            Ok(None) => break,
                            Err(_) => {
                                self.close(at, registry);
                                return false;
                            }
                        }
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return false,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => {
                    self.close(at, registry);
                    return false;
                }
            }
        }
        true
    }

    /// Sends a frame; `false` if it was dropped.
    pub(super) fn send(&mut self, local: SocketAddr, peer: SocketAddr, datagram: &[u8], registry: &Registry) -> bool {
        let Some(at) = self.by_peer.get(&(local, peer)).copied() else { return false };
        let Some(connection) = self.slots[at].as_mut() else { return false };
        if connection.waiting.len() + datagram.len() + 2 > MOST_WAITING {
            return false;
        }
        framing::frame(datagram, &mut connection.waiting);
        self.write(Token(FIRST_TOKEN + at), registry);
        true
    }

    /// Goes on sending what waits at a connection.
    pub(super) fn write(&mut self, token: Token, registry: &Registry) {
        let at = token.0 - FIRST_TOKEN;
        let Some(connection) = self.slots.get_mut(at).and_then(Option::as_mut) else { return };
        while !connection.waiting.is_empty() {
            match connection.stream.write(&connection.waiting) {
                Ok(written) => drop(connection.waiting.drain(..written)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::NotConnected) => return,
                Err(_) => return self.close(at, registry),
            }
        }
    }

    /// Closes those that are nobody's: strangers after a while, and those whose leg is gone.
    pub(super) fn sweep(&mut self, now: Instant, registry: &Registry, is_bound: impl Fn(SocketAddr) -> bool) {
        for at in 0..self.slots.len() {
            let Some(connection) = self.slots[at].as_mut() else { continue };
            let bound = is_bound(connection.peer);
            if bound != connection.known {
                connection.known = bound;
                connection.since = now;
                self.strangers = if bound { self.strangers.saturating_sub(1) } else { self.strangers + 1 };
            } else if !bound && now.saturating_duration_since(connection.since) >= STRANGER {
                self.close(at, registry);
            }
        }
    }

    fn close_oldest_stranger(&mut self, registry: &Registry) {
        let strangers = self.slots.iter().enumerate().filter_map(|(at, its)| Some((at, its.as_ref()?)));
        let oldest = strangers.filter(|(_, its)| !its.known).min_by_key(|(_, its)| its.since).map(|(at, _)| at);
        if let Some(at) = oldest {
            self.close(at, registry);
        }
    }

    fn close(&mut self, at: usize, registry: &Registry) {
        let Some(mut connection) = self.slots.get_mut(at).and_then(Option::take) else { return };
        let _ = registry.deregister(&mut connection.stream);
        self.by_peer.remove(&(connection.local, connection.peer));
        if !connection.known {
            self.strangers = self.strangers.saturating_sub(1);
        }
    }
}
