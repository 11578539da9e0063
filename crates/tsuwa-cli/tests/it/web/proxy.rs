//! Ways between a page and its server that can be cut, blocked and slowed.

use crate::hall::free_port;
use std::collections::BinaryHeap;
use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// Copies what one side says to the other, each piece so much later, until it is swallowed.
fn copy_later(mut from: TcpStream, mut to: TcpStream, delay: Duration, swallowed: Arc<AtomicBool>) {
    let (tell, pieces) = channel::<(Instant, Vec<u8>)>();
    thread::spawn(move || {
        for (at, piece) in pieces {
            thread::sleep(at.saturating_duration_since(Instant::now()));
            if io::Write::write_all(&mut to, &piece).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    });
    thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        while let Ok(length @ 1..) = io::Read::read(&mut from, &mut buffer) {
            if swallowed.load(Ordering::Relaxed) {
                continue;
            }
            if tell.send((Instant::now() + delay, buffer[..length].to_vec())).is_err() {
                break;
            }
        }
    });
}

/// TCP to the server: the page, its socket.
pub(crate) struct Wire {
    pub(crate) url: String,
    ends: Arc<Mutex<Vec<End>>>,
    held: Arc<AtomicBool>,
}

/// The page's end of a connection, and whether what is said over it is swallowed.
struct End {
    page: TcpStream,
    swallowed: Arc<AtomicBool>,
}

impl Wire {
    pub(crate) fn to(server: &str) -> Self {
        Self::delayed(server, Duration::ZERO)
    }

    pub(crate) fn delayed(server: &str, delay: Duration) -> Self {
        let server = server.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (ends, held) = (Arc::<Mutex<Vec<End>>>::default(), Arc::<AtomicBool>::default());
        let (kept, holds) = (Arc::clone(&ends), Arc::clone(&held));
        thread::spawn(move || {
            for page in listener.incoming().map_while(Result::ok) {
                if holds.load(Ordering::Relaxed) {
                    continue;
                }
                let Ok(server) = TcpStream::connect(&server) else { continue };
                for end in [&page, &server] {
                    end.set_nodelay(true).unwrap();
                }
                let swallowed = Arc::<AtomicBool>::default();
                let copy = |from: &TcpStream, to: &TcpStream| {
                    copy_later(from.try_clone().unwrap(), to.try_clone().unwrap(), delay, Arc::clone(&swallowed));
                };
                copy(&page, &server);
                copy(&server, &page);
                kept.lock().unwrap().push(End { page, swallowed });
            }
        });
        Self { url, ends, held }
    }

    /// Ends every connection that there is.
    pub(crate) fn cut(&self) {
        for end in self.ends.lock().unwrap().drain(..) {
            // It may have ended by itself.
            let _ = end.page.shutdown(Shutdown::Both);
        }
    }

    /// Of every connection that there is nothing arrives any more, and neither side is told: as with a router that has
    /// forgotten it.
    pub(crate) fn swallow(&self) {
        for end in self.ends.lock().unwrap().iter() {
            end.swallowed.store(true, Ordering::Relaxed);
        }
    }

    /// Lets no new connection through.
    pub(crate) fn hold(&self, held: bool) {
        self.held.store(held, Ordering::Relaxed);
    }
}

/// UDP to the server's media port, at an address that the server is to advertise.
pub(crate) struct Datagrams {
    pub(crate) address: SocketAddr,
    /// What the server is to bind.
    pub(crate) server_port: String,
    blocked: Arc<AtomicBool>,
}

impl Datagrams {
    pub(crate) fn new() -> Self {
        Self::delayed(Duration::ZERO)
    }

    pub(crate) fn delayed(delay: Duration) -> Self {
        let outside = Arc::new(UdpSocket::bind("127.0.0.1:0").unwrap());
        let address = outside.local_addr().unwrap();
        let server = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let blocked = Arc::<AtomicBool>::default();
        let blocks = Arc::clone(&blocked);
        let later = Later::start(delay);
        thread::spawn(move || {
            let mut inside: Vec<(SocketAddr, Arc<UdpSocket>)> = Vec::new();
            let mut buffer = [0; 2048];
            while let Ok((length, page)) = outside.recv_from(&mut buffer) {
                let known = inside.iter().find(|(at, _)| *at == page).map(|(_, socket)| Arc::clone(socket));
                let socket = known.unwrap_or_else(|| {
                    let socket = Arc::new(UdpSocket::bind("127.0.0.1:0").unwrap());
                    inside.push((page, Arc::clone(&socket)));
                    let (from, to, blocks, later) =
                        (Arc::clone(&socket), Arc::clone(&outside), Arc::clone(&blocks), later.clone());
                    thread::spawn(move || {
                        let mut buffer = [0; 2048];
                        while let Ok((length, _)) = from.recv_from(&mut buffer) {
                            if !blocks.load(Ordering::Relaxed) {
                                later.send(&to, page, &buffer[..length]);
                            }
                        }
                    });
                    socket
                });
                if !blocks.load(Ordering::Relaxed) {
                    later.send(&socket, server, &buffer[..length]);
                }
            }
        });
        Self { address, server_port: server.port().to_string(), blocked }
    }

    /// Nothing goes through, either way.
    pub(crate) fn block(&self, blocked: bool) {
        self.blocked.store(blocked, Ordering::Relaxed);
    }
}

/// A datagram on its way.
struct Parcel {
    at: Instant,
    number: u64,
    by: Arc<UdpSocket>,
    to: SocketAddr,
    bytes: Vec<u8>,
}

impl PartialEq for Parcel {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Parcel {}
impl PartialOrd for Parcel {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Parcel {
    /// The earliest is the greatest: a heap gives the greatest first.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (other.at, other.number).cmp(&(self.at, self.number))
    }
}

/// Sends datagrams when their time has come.
#[derive(Clone)]
struct Later {
    delay: Duration,
    queue: std::sync::mpsc::Sender<Parcel>,
}

impl Later {
    fn start(delay: Duration) -> Self {
        let (queue, parcels) = channel::<Parcel>();
        thread::spawn(move || {
            let (mut heap, mut number) = (BinaryHeap::<Parcel>::new(), 0);
            loop {
                let due = heap.peek().map(|first| first.at);
                let wait = due.map_or(Duration::from_secs(60), |at| at.saturating_duration_since(Instant::now()));
                match parcels.recv_timeout(wait) {
                    Ok(parcel) => {
                        number += 1;
                        heap.push(Parcel { number, ..parcel });
                    }
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => {}
                }
                while heap.peek().is_some_and(|first| first.at <= Instant::now()) {
                    let Some(Parcel { by, to, bytes, .. }) = heap.pop() else { break };
                    // Lost, if it can't be sent: as datagrams are.
                    let _ = by.send_to(&bytes, to);
                }
            }
        });
        Self { delay, queue }
    }

    fn send(&self, by: &Arc<UdpSocket>, to: SocketAddr, bytes: &[u8]) {
        let parcel =
            Parcel { at: Instant::now() + self.delay, number: 0, by: Arc::clone(by), to, bytes: bytes.to_vec() };
        // The thread lives as long as this.
        let _ = self.queue.send(parcel);
    }
}
