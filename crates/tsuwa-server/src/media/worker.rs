//! One worker: a thread that drives its rooms.

use super::orders::Order;
use super::out::{self, MediaOut, MediaStats};
use super::pool::Calls;
use super::sockets::Sockets;
use super::tcp::{self, Connections};
use super::udp::{Inbox, Udp};
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token, Waker};
use std::io;
use std::os::fd::AsRawFd;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedSender;
use tsuwa_proto::AppId;
use tsuwa_sfu::{Happening, Packet, Proto, Rooms, Settings};

/// Tokens: UDP sockets from 0, listeners from here, connections from [`tcp::FIRST_TOKEN`].
const LISTENERS: usize = 1 << 15;
const WAKER: Token = Token(usize::MAX);
/// Receive batches of one socket in one turn, so that commands, alarms and other sockets get theirs.
const BATCHES: usize = 8;
/// How often figures are published and connections looked after.
const TIDY: Duration = Duration::from_millis(500);

/// A busy worker lets packets gather for so long before it takes them. Waking, and a system call in each direction, cost
/// about as much as half a packet's whole way through it, so that a few at a time cost a fifth less each; what it adds
/// to the way of a packet, half of this in the mean, is a hundredth of the 20 ms that the packet lasts.
const GATHER: Duration = Duration::from_micros(400);
/// A worker is busy from so many packets in [`TIDY`] on: 2000 a second, 40 devices that speak. Below that a turn that
/// waits would find one packet all the same.
const BUSY: u64 = 1000;

/// What a worker's thread is given.
pub(super) struct Post {
    pub(super) number: usize,
    pub(super) orders: Receiver<Order>,
    pub(super) out: UnboundedSender<(AppId, MediaOut)>,
    pub(super) figures: Arc<Mutex<MediaStats>>,
    pub(super) calls: Arc<Calls>,
}

/// Why the loop ended.
pub(super) enum End {
    /// It was told to.
    Stopped,
    /// The system refused something that it has to give.
    Failed(io::Error),
}

pub(super) struct Worker<'a> {
    pub(super) post: &'a Post,
    poll: &'a mut Poll,
    sockets: &'a Sockets,
    udp: Vec<Udp<'a>>,
    connections: Connections,
    inbox: Inbox,
    pub(super) rooms: Rooms,
    /// What came before this worker took over from one that died.
    before: MediaStats,
    send_failed: u64,
    tidy_at: Instant,
    /// Packets received by the time of the last tidying, and whether there were many since the one before.
    received: u64,
    busy: bool,
    /// What has been ordered and is still to be done; kept for its memory.
    pub(super) orders: Vec<Order>,
    /// Sources that may have more although nothing new is told of them.
    unfinished: Vec<Token>,
}

impl<'a> Worker<'a> {
    /// Begins; the sockets are registered already ([`Self::register`]).
    pub(super) fn new(
        post: &'a Post,
        poll: &'a mut Poll,
        sockets: &'a Sockets,
        settings: Settings,
    ) -> io::Result<Self> {
        let udp: Vec<Udp<'a>> =
            sockets.udp.iter().map(|(addr, socket)| Udp::new(*addr, socket)).collect::<io::Result<_>>()?;
        let mut before = *lock(&post.figures);
        (before.rooms, before.legs) = (0, 0);
        // What a worker that died was told of, nobody tells again.
        let listeners = (0..sockets.tcp.len()).map(|at| Token(LISTENERS + at));
        let unfinished = (0..udp.len()).map(Token).chain(listeners).collect();
        Ok(Self {
            post,
            poll,
            sockets,
            udp,
            connections: Connections::new(),
            inbox: Inbox::new(),
            rooms: Rooms::new(settings),
            before,
            send_failed: 0,
            tidy_at: Instant::now(),
            received: 0,
            busy: false,
            orders: Vec::new(),
            unfinished,
        })
    }

    /// Has the loop hear of the sockets. Once, however often a worker begins anew.
    pub(super) fn register(poll: &Poll, sockets: &Sockets) -> io::Result<()> {
        for (at, (_, socket)) in sockets.udp.iter().enumerate() {
            poll.registry().register(&mut SourceFd(&socket.as_raw_fd()), Token(at), Interest::READABLE)?;
        }
        for (at, (_, socket)) in sockets.tcp.iter().enumerate() {
            let token = Token(LISTENERS + at);
            poll.registry().register(&mut SourceFd(&socket.as_raw_fd()), token, Interest::READABLE)?;
        }
        Ok(())
    }

    /// Something to wake the loop with.
    pub(super) fn waker(poll: &Poll) -> io::Result<Waker> {
        Waker::new(poll.registry(), WAKER)
    }

    /// Runs until it is told to stop.
    pub(super) fn run(&mut self) -> End {
        let mut events = Events::with_capacity(1024);
        loop {
            if self.busy {
                std::thread::sleep(GATHER);
            }
            let now = Instant::now();
            let wake_at = self.rooms.deadline().map_or(self.tidy_at, |deadline| deadline.min(self.tidy_at));
            // epoll counts whole milliseconds; rounding up spares a turn that would come too early.
            let wait = if self.unfinished.is_empty() { wake_at.saturating_duration_since(now) } else { Duration::ZERO };
            match self.poll.poll(&mut events, Some(wait)) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return End::Failed(error),
            }
            let stop = self.fetch();
            if !self.orders.is_empty() {
                // What had come before an order was given goes before it: the last packets ahead of a mute are heard.
                (0..self.udp.len()).for_each(|at| self.receive(Token(at)));
            }
            for token in std::mem::take(&mut self.unfinished) {
                self.serve(token, true, false);
            }
            for event in &events {
                self.serve(event.token(), event.is_readable() || event.is_read_closed(), event.is_writable());
            }
            self.obey();
            if stop {
                self.finish();
                return End::Stopped;
            }
            let now = Instant::now();
            if self.rooms.deadline().is_some_and(|deadline| deadline <= now) {
                self.rooms.handle_timeout(now);
            }
            self.let_out(now);
            self.tidy(now);
        }
    }

    fn serve(&mut self, token: Token, readable: bool, writable: bool) {
        let now = Instant::now();
        match token {
            WAKER => {}
            Token(at) if at < LISTENERS && at < self.udp.len() => self.receive(token),
            Token(at) if at < tcp::FIRST_TOKEN => {
                if let Some((local, listener)) = self.sockets.tcp.get(at.wrapping_sub(LISTENERS)) {
                    self.connections.accept(listener, *local, self.poll.registry(), now);
                }
            }
            token => {
                if writable {
                    self.connections.write(token, self.poll.registry());
                }
                if readable {
                    let Self { connections, rooms, poll, .. } = self;
                    let more = connections.receive(token, poll.registry(), |peer, local, frame| {
                        rooms.receive(now, Proto::Tcp, peer, local, frame);
                    });
                    if more {
                        self.unfinished.push(token);
                    }
                    self.let_out(now);
                }
            }
        }
    }

    /// A UDP socket's datagrams. What they give goes out after each batch.
    fn receive(&mut self, token: Token) {
        for _ in 0..BATCHES {
            let now = Instant::now();
            let Self { udp, inbox, rooms, .. } = self;
            let socket = &mut udp[token.0];
            let local = socket.addr;
            let more =
                socket.receive(inbox, |source, datagram| rooms.receive(now, Proto::Udp, source, local, datagram));
            self.let_out(now);
            if !more {
                return;
            }
        }
        self.unfinished.push(token);
    }

    /// Sends what the rooms have to send, and tells what they have to tell.
    fn let_out(&mut self, now: Instant) {
        self.rooms.flush(now);
        let Self { rooms, udp, connections, poll, send_failed, .. } = self;
        for packet in rooms.packets().drain(..) {
            let Packet { proto, from, to, bytes } = packet;
            match proto {
                Proto::Udp => {
                    // One or two sockets: looking is cheaper than a map.
                    if let Some(socket) = udp.iter_mut().find(|socket| socket.addr == from) {
                        *send_failed += socket.send(to, bytes);
                    }
                }
                Proto::Tcp => *send_failed += u64::from(!connections.send(from, to, &bytes, poll.registry())),
            }
        }
        for socket in udp {
            *send_failed += socket.flush();
        }
        while let Some((key, happening)) = self.rooms.poll_happening() {
            if happening == Happening::RoomLost {
                tracing::error!(call = %key.call, "a media room panicked; the call is placed anew");
                self.post.calls.forget(key);
            }
            out::translate(key.call, happening, |out| drop(self.post.out.send((key.app, out))));
        }
    }

    fn tidy(&mut self, now: Instant) {
        if now < self.tidy_at {
            return;
        }
        self.tidy_at = now + TIDY;
        let received = self.rooms.counters().rtp_in;
        self.busy = received - std::mem::replace(&mut self.received, received) >= BUSY;
        let rooms = &self.rooms;
        self.connections.sweep(now, self.poll.registry(), |peer| rooms.is_bound(Proto::Tcp, peer));
        self.publish();
    }

    fn publish(&self) {
        let counters = self.rooms.counters();
        let mut figures = MediaStats::of(&counters, self.rooms.rooms(), self.rooms.legs(), self.send_failed);
        figures.add_counts(&self.before);
        *lock(&self.post.figures) = figures;
    }

    /// Says goodbye on every transport.
    fn finish(&mut self) {
        let now = Instant::now();
        self.rooms.close_all(now);
        self.let_out(now);
        self.publish();
    }
}

/// A lock that another thread's panic does not take from us: what it guards is whole at every moment.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
