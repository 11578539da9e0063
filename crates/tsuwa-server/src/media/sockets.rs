//! The sockets of a worker: for each address one of UDP and one of TCP, all on one port.

use super::pool::MediaConfig;
use socket2::{Domain, Protocol, Socket, Type};
use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};

/// How often another free port is tried, where the one that UDP gave is taken for TCP or on another address.
const TRIES: usize = 32;

/// What the kernel may hold of packets that the worker has not come to: about a quarter of a second of a thousand
/// sound streams (a datagram of 172 bytes takes 768 of it). The system may allow less.
const BUFFER_BYTES: usize = 8 << 20;

/// Why the workers can't be started.
#[derive(Debug)]
pub enum MediaStartError {
    /// The address can't be bound (the configuration's fault: taken, or not this machine's).
    Bind {
        /// The address.
        addr: SocketAddr,
        /// What the system said.
        error: io::Error,
    },
    /// No address to name in candidates was given.
    NoAddress,
    /// A thread can't be started, or the certificate can't be made (the machine's fault).
    System(String),
}

impl fmt::Display for MediaStartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bind { addr, error } => write!(f, "media can't be bound to {addr}: {error}"),
            Self::NoAddress => f.write_str("no address for media"),
            Self::System(why) => write!(f, "media can't be started: {why}"),
        }
    }
}

impl std::error::Error for MediaStartError {}

/// Bound and not blocking, in the order of the configured addresses.
#[derive(Debug)]
pub(super) struct Sockets {
    pub(super) udp: Vec<(SocketAddr, UdpSocket)>,
    pub(super) tcp: Vec<(SocketAddr, TcpListener)>,
}

impl Sockets {
    /// Binds those of worker number `worker`.
    pub(super) fn bind(config: &MediaConfig, worker: usize) -> Result<Self, MediaStartError> {
        let first = *config.ips.first().ok_or(MediaStartError::NoAddress)?;
        let wanted = match config.port {
            0 => 0,
            port => u16::try_from(worker)
                .ok()
                .and_then(|worker| port.checked_add(worker))
                .ok_or_else(|| MediaStartError::System(format!("there is no port {port} + {worker}")))?,
        };
        let mut tried = 0;
        loop {
            tried += 1;
            match Self::bind_all(&config.ips, first, wanted) {
                Err(MediaStartError::Bind { error, .. })
                    if wanted == 0 && tried < TRIES && error.kind() == io::ErrorKind::AddrInUse => {}
                done => return done,
            }
        }
    }

    fn bind_all(ips: &[IpAddr], first: IpAddr, port: u16) -> Result<Self, MediaStartError> {
        let (addr, socket) = udp(SocketAddr::new(first, port))?;
        let port = addr.port();
        let mut sockets = Self { udp: vec![(addr, socket)], tcp: vec![tcp(SocketAddr::new(first, port))?] };
        for ip in ips.iter().skip(1) {
            let addr = SocketAddr::new(*ip, port);
            if sockets.udp.iter().any(|(bound, _)| *bound == addr) {
                continue;
            }
            sockets.udp.push(udp(addr)?);
            sockets.tcp.push(tcp(addr)?);
        }
        Ok(sockets)
    }
}

fn udp(addr: SocketAddr) -> Result<(SocketAddr, UdpSocket), MediaStartError> {
    let bind = || -> io::Result<(SocketAddr, UdpSocket)> {
        let socket = Socket::new(Domain::for_address(addr), Type::DGRAM, Some(Protocol::UDP))?;
        if addr.is_ipv6() {
            socket.set_only_v6(true)?;
        }
        // What the system doesn't grant, it cuts.
        let _ = socket.set_recv_buffer_size(BUFFER_BYTES);
        let _ = socket.set_send_buffer_size(BUFFER_BYTES);
        socket.set_nonblocking(true)?;
        socket.bind(&addr.into())?;
        let socket = UdpSocket::from(socket);
        Ok((socket.local_addr()?, socket))
    };
    bind().map_err(|error| MediaStartError::Bind { addr, error })
}

fn tcp(addr: SocketAddr) -> Result<(SocketAddr, TcpListener), MediaStartError> {
    let bind = || -> io::Result<(SocketAddr, TcpListener)> {
        let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
        if addr.is_ipv6() {
            socket.set_only_v6(true)?;
        }
        socket.set_reuse_address(true)?;
        socket.set_nonblocking(true)?;
        socket.bind(&addr.into())?;
        socket.listen(1024)?;
        let listener = TcpListener::from(socket);
        Ok((listener.local_addr()?, listener))
    };
    bind().map_err(|error| MediaStartError::Bind { addr, error })
}
