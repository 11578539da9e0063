//! Many datagrams to many destinations in one system call. The one place of this crate with unsafe code.
#![allow(unsafe_code)]

use socket2::SockAddr;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::AsRawFd;

/// Most datagrams of one call. The kernel takes 1024; beyond some dozens the call's own cost is spread thin enough.
const MOST: usize = 64;

/// Datagrams that wait for one call; the memory is used again and again.
pub(super) struct Batch {
    to: Vec<SockAddr>,
    bytes: Vec<Vec<u8>>,
}

impl Batch {
    pub(super) fn new() -> Self {
        Self { to: Vec::with_capacity(MOST), bytes: Vec::with_capacity(MOST) }
    }

    /// Adds a datagram; `true` if the batch is full now.
    pub(super) fn push(&mut self, to: SocketAddr, bytes: Vec<u8>) -> bool {
        self.to.push(to.into());
        self.bytes.push(bytes);
        self.bytes.len() >= MOST
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Sends all and empties the batch. Returns how many the system did not take: a full buffer drops the rest, as a
    /// full network would, and a refused datagram (nobody listens there any more) drops itself.
    pub(super) fn send(&mut self, socket: &UdpSocket) -> u64 {
        let mut failed = 0;
        let mut from = 0;
        while from < self.bytes.len() {
            match self.send_from(socket, from) {
                Ok(sent) => from += sent.max(1),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    failed += (self.bytes.len() - from) as u64;
                    break;
                }
                Err(_) => {
                    failed += 1;
                    from += 1;
                }
            }
        }
        self.to.clear();
        self.bytes.clear();
        failed
    }

    #[cfg(any(target_os = "linux", target_os = "android"))]
    fn send_from(&mut self, socket: &UdpSocket, from: usize) -> io::Result<usize> {
        // Both arrays live to the end of the call and are as long as the count that is handed over; every pointer in
        // them points into `self.to` and `self.bytes`, which nobody changes meanwhile. The kernel only reads.
        let count = self.bytes.len() - from;
        let mut parts: [libc::iovec; MOST] = [libc::iovec { iov_base: std::ptr::null_mut(), iov_len: 0 }; MOST];
        // SAFETY: `mmsghdr` is a C struct of integers and pointers, for which zeroes are valid values.
        let mut headers: [libc::mmsghdr; MOST] = unsafe { std::mem::zeroed() };
        for at in 0..count.min(MOST) {
            let bytes = &mut self.bytes[from + at];
            parts[at] = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
            let to = &self.to[from + at];
            headers[at].msg_hdr.msg_name = to.as_ptr().cast_mut().cast();
            headers[at].msg_hdr.msg_namelen = to.len();
            headers[at].msg_hdr.msg_iov = &mut parts[at];
            headers[at].msg_hdr.msg_iovlen = 1;
        }
        // SAFETY: `headers` has at least `count.min(MOST)` entries, filled in above.
        let sent = unsafe {
            libc::sendmmsg(
                socket.as_raw_fd(),
                headers.as_mut_ptr(),
                count.min(MOST) as libc::c_uint,
                libc::MSG_DONTWAIT,
            )
        };
        usize::try_from(sent).map_err(|_| io::Error::last_os_error())
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    fn send_from(&mut self, socket: &UdpSocket, from: usize) -> io::Result<usize> {
        let to = self.to[from].as_socket().ok_or(io::ErrorKind::InvalidInput)?;
        socket.send_to(&self.bytes[from], to).map(|_| 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn each_datagram_reaches_its_own_destination() {
        let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
        let receivers: Vec<UdpSocket> = (0..3).map(|_| UdpSocket::bind("127.0.0.1:0").unwrap()).collect();
        let mut batch = Batch::new();
        for (at, receiver) in receivers.iter().enumerate() {
            assert!(!batch.push(receiver.local_addr().unwrap(), vec![at as u8; at + 1]));
        }
        assert_eq!(batch.send(&sender), 0);
        assert!(batch.is_empty());
        for (at, receiver) in receivers.iter().enumerate() {
            receiver.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            let mut bytes = [0; 16];
            let length = receiver.recv(&mut bytes).unwrap();
            assert_eq!(&bytes[..length], &vec![at as u8; at + 1][..]);
        }
    }
}
