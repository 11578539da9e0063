//! Pairs of engines, and a loop that moves sound between the two of each.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::fmt;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::config::DtlsCert;
use str0m::ice::StunMessage;
use str0m::media::{Direction, MediaKind, Mid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};

/// The longest wait for a datagram: alarms ring so much later at most. What they are for in a call of sound are
/// reports, seconds apart.
pub const LONGEST: Duration = Duration::from_millis(5);

/// One of two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// The first.
    A,
    /// The second.
    B,
}

impl Side {
    /// By its letter.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "a" => Some(Self::A),
            "b" => Some(Self::B),
            _ => None,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::A { "a" } else { "b" })
    }
}

/// An offer for one side.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The offer.
    pub sdp: String,
    /// The `mid` on which the side sends.
    pub up: String,
    /// The `mid` on which it hears the other.
    pub down: String,
}

struct End {
    rtc: Rtc,
    ufrag: String,
    down: Mid,
    pending: Option<SdpPendingOffer>,
    /// When the engine wants to be woken, and the earliest alarm that is set for it.
    wakes_at: Instant,
    alarm: Option<Instant>,
    is_up: bool,
}

/// See the crate.
pub struct Forwarder {
    socket: UdpSocket,
    addr: SocketAddr,
    certificate: DtlsCert,
    /// Two places for each pair.
    ends: Vec<Option<End>>,
    by_ufrag: HashMap<String, usize>,
    by_source: HashMap<SocketAddr, usize>,
    alarms: BinaryHeap<Reverse<(Instant, usize)>>,
    came_up: Vec<(usize, Side)>,
    forwarded: u64,
    bytes: Vec<u8>,
}

impl fmt::Debug for Forwarder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Forwarder").field("forwarded", &self.forwarded).finish_non_exhaustive()
    }
}

impl Forwarder {
    /// Binds the socket and makes the certificate, which serves all.
    ///
    /// # Errors
    /// If the address can't be bound, or no certificate can be made.
    pub fn bind(addr: SocketAddr) -> io::Result<Self> {
        let socket = socket2::Socket::new(socket2::Domain::for_address(addr), socket2::Type::DGRAM, None)?;
        // As much as Tsuwa's own; what the system doesn't grant, it cuts.
        let _ = socket.set_recv_buffer_size(8 << 20);
        let _ = socket.set_send_buffer_size(8 << 20);
        socket.bind(&addr.into())?;
        socket.set_read_timeout(Some(LONGEST))?;
        let socket = UdpSocket::from(socket);
        let certificate = str0m::crypto::from_feature_flags().dtls_provider.generate_certificate();
        Ok(Self {
            addr: socket.local_addr()?,
            socket,
            certificate: certificate.ok_or_else(|| io::Error::other("no certificate could be made"))?,
            ends: Vec::new(),
            by_ufrag: HashMap::new(),
            by_source: HashMap::new(),
            alarms: BinaryHeap::new(),
            came_up: Vec::new(),
            forwarded: 0,
            bytes: vec![0; 2048],
        })
    }

    /// The bound address.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// RTP packets forwarded so far.
    pub fn forwarded(&self) -> u64 {
        self.forwarded
    }

    /// Who has come up since this was asked last.
    pub fn taken_up(&mut self) -> Vec<(usize, Side)> {
        std::mem::take(&mut self.came_up)
    }

    /// Makes one side of a pair and its offer.
    pub fn offer(&mut self, pair: usize, side: Side, now: Instant) -> Offer {
        let mut rtc = RtcConfig::new()
            .set_crypto_provider(std::sync::Arc::new(str0m::crypto::from_feature_flags()))
            .set_dtls_cert(self.certificate.clone())
            .set_ice_lite(true)
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, false)
            .build(now);
        if let Ok(candidate) = Candidate::host(self.addr, Protocol::Udp) {
            rtc.add_local_candidate(candidate);
        }
        let mut changes = rtc.sdp_api();
        let up = changes.add_media(MediaKind::Audio, Direction::RecvOnly, None, None, None);
        let down = changes.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None);
        let (offer, pending) = changes.apply().expect("two m-lines are a change");
        let ufrag = rtc.direct_api().local_ice_credentials().ufrag;
        let at = place(pair, side);
        if self.ends.len() <= at {
            self.ends.resize_with((at | 1) + 1, || None);
        }
        self.forget(at);
        self.by_ufrag.insert(ufrag.clone(), at);
        let end = End { rtc, ufrag, down, pending: Some(pending), wakes_at: now, alarm: None, is_up: false };
        self.ends[at] = Some(end);
        Offer { sdp: offer.to_sdp_string(), up: up.to_string(), down: down.to_string() }
    }

    /// Takes a side's answer.
    ///
    /// # Errors
    /// With the reason, if there is no open offer or the answer doesn't fit it.
    pub fn answer(&mut self, pair: usize, side: Side, sdp: &str, now: Instant) -> Result<(), String> {
        let at = place(pair, side);
        let end = self.ends.get_mut(at).and_then(Option::as_mut).ok_or("no such side")?;
        let answer = SdpAnswer::from_sdp_string(sdp).map_err(|error| error.to_string())?;
        let pending = end.pending.take().ok_or("no open offer")?;
        end.rtc.sdp_api().accept_answer(pending, answer).map_err(|error| error.to_string())?;
        self.wake(at, now);
        Ok(())
    }

    /// Takes a pair away.
    pub fn close(&mut self, pair: usize) {
        self.forget(place(pair, Side::A));
        self.forget(place(pair, Side::B));
    }

    fn forget(&mut self, at: usize) {
        if let Some(end) = self.ends.get_mut(at).and_then(Option::take) {
            self.by_ufrag.remove(&end.ufrag);
            self.by_source.retain(|_, its| *its != at);
        }
    }

    /// Waits for a datagram, at most [`LONGEST`], and does what it, and the time, ask for.
    ///
    /// # Errors
    /// If the socket fails.
    pub fn turn(&mut self) -> io::Result<()> {
        let mut bytes = std::mem::take(&mut self.bytes);
        match self.socket.recv_from(&mut bytes) {
            Ok((length, source)) => self.datagram(source, &bytes[..length], Instant::now()),
            // A time-out, or ICMP's news of a device that is gone.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::ConnectionRefused
                ) => {}
            Err(error) => return Err(error),
        }
        self.bytes = bytes;
        let now = Instant::now();
        while self.alarms.peek().is_some_and(|Reverse((at, _))| *at <= now) {
            let Some(Reverse((set_for, at))) = self.alarms.pop() else { break };
            // One that an earlier one has replaced rings for nobody: setting another for it would make ever more.
            let Some(end) = self.ends[at].as_mut().filter(|end| end.alarm == Some(set_for)) else { continue };
            end.alarm = None;
            if end.wakes_at <= now {
                self.wake(at, now);
            } else {
                self.set_alarm(at);
            }
        }
        Ok(())
    }

    /// Sets an alarm, unless an earlier one is set: that one looks again.
    fn set_alarm(&mut self, at: usize) {
        let Some(end) = self.ends[at].as_mut() else { return };
        if end.alarm.is_none_or(|set| set > end.wakes_at) {
            end.alarm = Some(end.wakes_at);
            self.alarms.push(Reverse((end.wakes_at, at)));
        }
    }

    fn datagram(&mut self, source: SocketAddr, bytes: &[u8], now: Instant) {
        let at = match self.by_source.get(&source) {
            Some(at) => *at,
            None => {
                let Ok(message) = StunMessage::parse(bytes) else { return };
                let ufrag = message.split_username().map(|(ours, _)| ours);
                let Some(at) = ufrag.and_then(|ours| self.by_ufrag.get(ours)).copied() else { return };
                self.by_source.insert(source, at);
                at
            }
        };
        let Some(end) = self.ends[at].as_mut() else { return };
        let Ok(received) = Receive::new(Protocol::Udp, source, self.addr, bytes) else { return };
        if end.rtc.handle_input(Input::Receive(now, received)).is_ok() {
            self.drain(at, now);
        }
    }

    fn wake(&mut self, at: usize, now: Instant) {
        let Some(end) = self.ends[at].as_mut() else { return };
        if end.rtc.handle_input(Input::Timeout(now)).is_ok() {
            self.drain(at, now);
        }
    }

    fn drain(&mut self, at: usize, now: Instant) {
        loop {
            let Some(end) = self.ends[at].as_mut() else { return };
            match end.rtc.poll_output() {
                Ok(Output::Transmit(out)) => {
                    // A full socket loses a packet, as a network does.
                    let _ = self.socket.send_to(&out.contents, out.destination);
                }
                Ok(Output::Timeout(wakes_at)) => {
                    end.wakes_at = wakes_at;
                    self.set_alarm(at);
                    return;
                }
                Ok(Output::Event(Event::RtpPacket(packet))) => self.forward(at, packet, now),
                Ok(Output::Event(Event::Connected)) => {
                    end.is_up = true;
                    self.came_up.push((at / 2, if at.is_multiple_of(2) { Side::A } else { Side::B }));
                }
                Ok(Output::Event(_)) => {}
                Err(_) => return,
            }
        }
    }

    /// To the other of the pair, at once.
    fn forward(&mut self, from: usize, packet: RtpPacket, now: Instant) {
        let Some(other) = self.ends[from ^ 1].as_mut().filter(|other| other.is_up) else { return };
        let down = other.down;
        let mut api = other.rtc.direct_api();
        let Some(stream) = api.stream_tx_by_mid(down, None) else { return };
        let RtpPacket { seq_no, header, payload, .. } = packet;
        let mut ext_vals = header.ext_vals;
        // What belongs to the sender's transport stays there.
        let sent = ExtensionValues::default();
        (ext_vals.mid, ext_vals.rid, ext_vals.transport_cc, ext_vals.abs_send_time) =
            (sent.mid, sent.rid, sent.transport_cc, sent.abs_send_time);
        let write = RtpWrite::new(header.payload_type, seq_no, header.timestamp, now, payload);
        stream.write_rtp(write.marker(header.marker).ext_vals(ext_vals));
        self.forwarded += 1;
        self.wake(from ^ 1, now);
    }
}

fn place(pair: usize, side: Side) -> usize {
    pair * 2 + usize::from(side == Side::B)
}
