//! The sockets of a transport: UDP from each of this machine's addresses that leads to the server, and TCP.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use str0m::net::Protocol;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Most addresses of this machine that are used at once: a wire, Wi-Fi, mobile, IPv6 and so on.
const MOST_SOCKETS: usize = 6;

/// Longest datagram taken: what Ethernet carries. Larger ones are none of WebRTC's.
const LONGEST: usize = 1500;

/// Packets on their way into or out of a TCP connection; what does not fit is dropped, as UDP would.
const TCP_QUEUE: usize = 64;

/// How long a socket is left alone after an error.
const AFTER_ERROR: Duration = Duration::from_millis(10);

/// How long a TCP connection may take.
const TCP_CONNECT: Duration = Duration::from_secs(5);

/// What came in by a link.
pub(super) struct Arrival {
    /// The transport that the link belongs to.
    pub(super) transport: u64,
    /// What came.
    pub(super) what: Arrived,
}

/// What came in by a link.
pub(super) enum Arrived {
    /// A packet.
    Packet { proto: Protocol, local: SocketAddr, from: SocketAddr, bytes: Vec<u8> },
    /// A TCP connection stands.
    Connected(TcpLink),
}

/// A UDP socket, read by a task of its own.
pub(super) struct UdpLink {
    pub(super) local: SocketAddr,
    socket: std::net::UdpSocket,
    reader: JoinHandle<()>,
}

impl UdpLink {
    /// A socket on `ip`, any port.
    fn open(ip: IpAddr, transport: u64, arrivals: mpsc::Sender<Arrival>) -> io::Result<Self> {
        let socket = std::net::UdpSocket::bind((ip, 0))?;
        socket.set_nonblocking(true)?;
        let local = socket.local_addr()?;
        // The clone is for sending: tokio would first wait to hear that the socket is writable.
        let incoming = UdpSocket::from_std(socket.try_clone()?)?;
        let reader = tokio::spawn(async move {
            let mut buffer = [0; LONGEST];
            loop {
                let Ok((length, from)) = incoming.recv_from(&mut buffer).await else {
                    // About one datagram (a port that was unreachable), or the network is down: it may come back.
                    tokio::time::sleep(AFTER_ERROR).await;
                    continue;
                };
                let bytes = buffer[..length].to_vec();
                let what = Arrived::Packet { proto: Protocol::Udp, local, from, bytes };
                if arrivals.send(Arrival { transport, what }).await.is_err() {
                    return;
                }
            }
        });
        Ok(Self { local, socket, reader })
    }

    /// The next datagram that has come, without waiting for the reader's turn.
    pub(super) fn receive(&self) -> Option<(SocketAddr, Vec<u8>)> {
        let mut buffer = [0; LONGEST];
        let (length, from) = self.socket.recv_from(&mut buffer).ok()?;
        Some((from, buffer[..length].to_vec()))
    }

    /// Sends, or drops if the socket is full or the way is closed: what is missing is noticed and made up for above.
    pub(super) fn send(&self, to: SocketAddr, bytes: &[u8]) {
        let _ = self.socket.send_to(bytes, to);
    }
}

impl Drop for UdpLink {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

/// UDP sockets on the addresses from which the system reaches `remotes`: what it would send from.
pub(super) fn open_udp(remotes: &[SocketAddr], transport: u64, arrivals: &mpsc::Sender<Arrival>) -> Vec<UdpLink> {
    let mut links: Vec<UdpLink> = Vec::new();
    for remote in remotes {
        let Ok(ip) = way_to(*remote) else { continue };
        if links.len() < MOST_SOCKETS
            && links.iter().all(|link| link.local.ip() != ip)
            && let Ok(link) = UdpLink::open(ip, transport, arrivals.clone())
        {
            links.push(link);
        }
    }
    links
}

/// This machine's address on the way to `remote`. Connecting a UDP socket sends nothing.
fn way_to(remote: SocketAddr) -> io::Result<IpAddr> {
    let any: IpAddr = if remote.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let probe = std::net::UdpSocket::bind((any, 0))?;
    probe.connect(remote)?;
    Ok(probe.local_addr()?.ip())
}

/// A TCP connection, framed as RFC 4571: two bytes of length before each packet.
pub(super) struct TcpLink {
    pub(super) local: SocketAddr,
    pub(super) remote: SocketAddr,
    outgoing: mpsc::Sender<Arc<[u8]>>,
    tasks: [JoinHandle<()>; 2],
}

impl TcpLink {
    /// Sends, or drops if the connection is too slow.
    pub(super) fn send(&self, bytes: &[u8]) {
        let Ok(length) = u16::try_from(bytes.len()) else { return };
        let framed: Vec<u8> = [&length.to_be_bytes(), bytes].concat();
        let _ = self.outgoing.try_send(framed.into());
    }
}

impl Drop for TcpLink {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Connects to `remote`; [`Arrived::Connected`] comes when it stands, nothing if it can't be.
pub(super) fn connect_tcp(remote: SocketAddr, transport: u64, arrivals: mpsc::Sender<Arrival>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let connecting = tokio::time::timeout(TCP_CONNECT, TcpStream::connect(remote));
        let Ok(Ok(stream)) = connecting.await else { return };
        // Each packet is to go at once.
        let _ = stream.set_nodelay(true);
        let Ok(local) = stream.local_addr() else { return };
        let (mut reader, mut writer) = stream.into_split();
        let (outgoing, mut queue) = mpsc::channel::<Arc<[u8]>>(TCP_QUEUE);
        let incoming = arrivals.clone();
        let read = tokio::spawn(async move {
            let mut bytes = Vec::new();
            while let Ok(length) = reader.read_u16().await {
                bytes.resize(usize::from(length), 0);
                if reader.read_exact(&mut bytes).await.is_err() {
                    return;
                }
                let what = Arrived::Packet { proto: Protocol::Tcp, local, from: remote, bytes: bytes.clone() };
                if incoming.send(Arrival { transport, what }).await.is_err() {
                    return;
                }
            }
        });
        let write = tokio::spawn(async move {
            while let Some(framed) = queue.recv().await {
                if writer.write_all(&framed).await.is_err() {
                    return;
                }
            }
        });
        let link = TcpLink { local, remote, outgoing, tasks: [read, write] };
        let _ = arrivals.send(Arrival { transport, what: Arrived::Connected(link) }).await;
    })
}
