//! The stand-in's socket: UDP, or TCP framed as RFC 4571.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;
use str0m::Candidate;
use str0m::net::{Protocol, TcpType};

/// How long a read waits.
const WAIT: Duration = Duration::from_millis(2);

pub(crate) enum Wire {
    Udp(UdpSocket),
    Tcp { listener: TcpListener, stream: Option<(TcpStream, SocketAddr)>, unread: Vec<u8> },
}

impl Wire {
    pub(crate) fn udp() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(WAIT)).unwrap();
        Self::Udp(socket)
    }

    pub(crate) fn tcp() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self::Tcp { listener, stream: None, unread: Vec::new() }
    }

    pub(crate) fn protocol(&self) -> Protocol {
        match self {
            Self::Udp(_) => Protocol::Udp,
            Self::Tcp { .. } => Protocol::Tcp,
        }
    }

    pub(crate) fn local(&self) -> SocketAddr {
        match self {
            Self::Udp(socket) => socket.local_addr().unwrap(),
            Self::Tcp { listener, .. } => listener.local_addr().unwrap(),
        }
    }

    pub(crate) fn candidate(&self) -> Candidate {
        match self {
            Self::Udp(_) => Candidate::host(self.local(), Protocol::Udp).unwrap(),
            Self::Tcp { .. } => {
                Candidate::builder().tcp().host(self.local()).tcptype(TcpType::Passive).build().unwrap()
            }
        }
    }

    pub(crate) fn send(&mut self, to: SocketAddr, bytes: &[u8]) {
        match self {
            Self::Udp(socket) => drop(socket.send_to(bytes, to)),
            Self::Tcp { stream: Some((stream, _)), .. } => {
                stream.write_all(&(bytes.len() as u16).to_be_bytes()).unwrap();
                stream.write_all(bytes).unwrap();
            }
            Self::Tcp { .. } => {}
        }
    }

    /// The next packet, if one comes soon.
    pub(crate) fn receive(&mut self) -> Option<(SocketAddr, Vec<u8>)> {
        let mut buffer = [0; 2000];
        match self {
            Self::Udp(socket) => {
                let (length, from) = socket.recv_from(&mut buffer).ok()?;
                Some((from, buffer[..length].to_vec()))
            }
            Self::Tcp { listener, stream, unread } => {
                let Some((stream, from)) = stream else {
                    std::thread::sleep(WAIT);
                    let (accepted, from) = listener.accept().ok()?;
                    accepted.set_nonblocking(false).unwrap();
                    accepted.set_read_timeout(Some(WAIT)).unwrap();
                    *stream = Some((accepted, from));
                    return None;
                };
                if let Ok(length) = stream.read(&mut buffer) {
                    unread.extend_from_slice(&buffer[..length]);
                }
                let length = usize::from(u16::from_be_bytes([*unread.first()?, *unread.get(1)?]));
                let packet = unread.get(2..2 + length)?.to_vec();
                unread.drain(..2 + length);
                Some((*from, packet))
            }
        }
    }
}
