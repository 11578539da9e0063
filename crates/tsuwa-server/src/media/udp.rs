//! A worker's UDP sockets: datagrams come and go in batches.

use super::batch::Batch;
use quinn_udp::{BATCH_SIZE, RecvMeta, UdpSockRef, UdpSocketState};
use std::io::{self, IoSliceMut};
use std::net::{SocketAddr, UdpSocket};

/// Bytes for one entry of a receive batch: the kernel may put several datagrams of one sender together in it.
const ENTRY_BYTES: usize = 64 * 1024;

/// One bound socket.
pub(super) struct Udp<'a> {
    pub(super) addr: SocketAddr,
    socket: &'a UdpSocket,
    state: UdpSocketState,
    out: Batch,
}

/// The memory that all sockets of a worker receive into; only what is filled is ever touched.
pub(super) struct Inbox {
    bytes: Vec<u8>,
    meta: [RecvMeta; BATCH_SIZE],
}

impl Inbox {
    pub(super) fn new() -> Self {
        Self { bytes: vec![0; ENTRY_BYTES * BATCH_SIZE], meta: [RecvMeta::default(); BATCH_SIZE] }
    }
}

impl<'a> Udp<'a> {
    pub(super) fn new(addr: SocketAddr, socket: &'a UdpSocket) -> io::Result<Self> {
        let state = UdpSocketState::new(UdpSockRef::from(socket))?;
        Ok(Self { addr, socket, state, out: Batch::new() })
    }

    /// Receives one batch and shows each datagram with its sender. `false` once nothing is left.
    pub(super) fn receive(&mut self, inbox: &mut Inbox, mut take: impl FnMut(SocketAddr, &[u8])) -> bool {
        let mut parts = inbox.bytes.chunks_exact_mut(ENTRY_BYTES).map(IoSliceMut::new);
        // There are exactly as many chunks as the array has entries.
        let mut parts: [IoSliceMut<'_>; BATCH_SIZE] =
            std::array::from_fn(|_| parts.next().unwrap_or_else(|| IoSliceMut::new(&mut [])));
        let count = match self.state.recv(UdpSockRef::from(self.socket), &mut parts, &mut inbox.meta) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return false,
            // ICMP's news of a peer that is gone, or an interruption: the next one may be fine.
            Err(_) => return true,
        };
        for (meta, bytes) in inbox.meta.iter().zip(&parts).take(count) {
            let filled = &bytes[..meta.len.min(bytes.len())];
            filled.chunks(meta.stride.max(1)).for_each(|datagram| take(meta.addr, datagram));
        }
        // Linux tells anew of what comes after this call, so a batch that was not full has emptied the socket.
        count == BATCH_SIZE
    }

    /// Adds a datagram to what is sent next. Returns how many the system did not take.
    pub(super) fn send(&mut self, to: SocketAddr, bytes: Vec<u8>) -> u64 {
        if self.out.push(to, bytes) { self.flush() } else { 0 }
    }

    /// Sends what waits. Returns how many the system did not take.
    pub(super) fn flush(&mut self) -> u64 {
        if self.out.is_empty() { 0 } else { self.out.send(self.socket) }
    }
}
