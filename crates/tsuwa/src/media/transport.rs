//! One WebRTC connection to the server, which offers; this side answers.

use super::link::{self, Arrival, Arrived, TcpLink, UdpLink};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use str0m::change::SdpOffer;
use str0m::format::Codec;
use str0m::media::{Mid, Pt};
use str0m::net::{Protocol, Receive, TcpType};
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite, Ssrc};
use str0m::{Candidate, Event, IceConnectionState, Input, Output, Rtc};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tsuwa_proto::{CallId, Stream, StreamKind, UserId};

/// When UDP has not come up in this time, TCP is tried beside it.
const TCP_AFTER: Duration = Duration::from_secs(2);

/// When nothing has come up in this time, the transport is lost: half of what the server allows (15 s), so that
/// a second try fits in.
const UP_WITHIN: Duration = Duration::from_secs(7);

/// A transport that is lost says so again after so long: what was done about it came to nothing.
const LOST_AGAIN: Duration = Duration::from_secs(4);

/// Most datagrams taken in before it is somebody else's turn: more than come in 100 ms of a full call.
const AT_ONCE: usize = 64;

/// Longest offer that is looked at, in bytes: what the server may send of anything.
const LONGEST_OFFER: usize = 64 * 1024;

/// What a transport tells.
pub(super) enum Happened {
    /// It is up.
    Up,
    /// It is lost, or never came up.
    Lost,
    /// A packet of somebody's sound came.
    Sound { user: UserId, packet: Box<RtpPacket>, red: bool },
    /// How many of the packets sent did not arrive, 0 to 1.
    Loss(f32),
}

/// What is sent: an Opus packet, and the one before it for RED.
pub(super) struct Outgoing<'a> {
    pub(super) timestamp: u32,
    pub(super) payload: &'a [u8],
    pub(super) before: Option<&'a [u8]>,
    pub(super) first: bool,
    /// RFC 6464, but negative: −127 to 0 dB.
    pub(super) level: i8,
}

/// One connection.
pub(super) struct Transport {
    pub(super) id: u64,
    pub(super) call: CallId,
    pub(super) up: bool,
    rtc: Rtc,
    udp: Vec<UdpLink>,
    tcp: Option<TcpLink>,
    tcp_remotes: Vec<SocketAddr>,
    connecting: Option<JoinHandle<()>>,
    arrivals: mpsc::Sender<Arrival>,
    since: Instant,
    /// It is lost, and when to say so again.
    lost: Option<Instant>,
    was_up: bool,
    /// Whose sound comes on which m-line.
    users: HashMap<Mid, UserId>,
    ssrcs: HashMap<Ssrc, Mid>,
    uplink: Option<Mid>,
    seq: u64,
    timeout: Instant,
    happened: Vec<Happened>,
}

/// Why an offer could not be answered: the server's fault, or this machine has no way to it.
pub(super) struct BadOffer(pub(super) String);

impl Transport {
    /// A connection for the first offer; gives the answer too.
    pub(super) fn open(
        id: u64,
        call: CallId,
        sdp: &str,
        streams: &[Stream],
        now: Instant,
        arrivals: mpsc::Sender<Arrival>,
    ) -> Result<(Self, String), BadOffer> {
        let remotes = |proto: Protocol| -> Vec<SocketAddr> {
            let candidates = sdp.lines().filter_map(|line| line.trim().strip_prefix("a="));
            let candidates = candidates.filter(|line| line.starts_with("candidate:"));
            let candidates = candidates.filter_map(|line| Candidate::from_sdp_string(line).ok());
            candidates.filter(|candidate| candidate.proto() == proto).map(|candidate| candidate.addr()).collect()
        };
        let mut config =
            Rtc::builder().set_rtp_mode(true).enable_opus(true, true).set_stats_interval(Some(Duration::from_secs(1)));
        // str0m's own patience is for phones in lifts; here a new offer is to be had for the asking.
        config.set_initial_stun_rto(Duration::from_millis(200));
        config.set_max_stun_rto(Duration::from_millis(800));
        config.set_max_stun_retransmits(5);
        let mut rtc = config.build(now);
        let udp = link::open_udp(&remotes(Protocol::Udp), id, &arrivals);
        for link in &udp {
            if let Ok(candidate) = Candidate::host(link.local, Protocol::Udp) {
                rtc.add_local_candidate(candidate);
            }
        }
        let mut transport = Self {
            id,
            call,
            up: false,
            rtc,
            udp,
            tcp: None,
            tcp_remotes: remotes(Protocol::Tcp),
            connecting: None,
            arrivals,
            since: now,
            lost: None,
            was_up: false,
            users: HashMap::new(),
            ssrcs: HashMap::new(),
            uplink: None,
            // Anywhere: a receiver takes a sequence from where it begins.
            seq: 1,
            timeout: now,
            happened: Vec::new(),
        };
        let answer = transport.offer(sdp, streams, now)?;
        Ok((transport, answer))
    }

    /// Takes an offer that goes on with this connection; gives the answer.
    pub(super) fn offer(&mut self, sdp: &str, streams: &[Stream], now: Instant) -> Result<String, BadOffer> {
        if sdp.len() > LONGEST_OFFER {
            return Err(BadOffer("the offer is too long".into()));
        }
        let offer = SdpOffer::from_sdp_string(sdp).map_err(|error| BadOffer(error.to_string()))?;
        let answer = self.rtc.sdp_api().accept_offer(offer).map_err(|error| BadOffer(error.to_string()))?;
        let sound = streams.iter().filter(|stream| stream.kind == StreamKind::Audio);
        self.users.clear();
        self.uplink = None;
        for stream in sound {
            let mid = Mid::from(stream.mid.as_str());
            match &stream.user_id {
                Some(user) => drop(self.users.insert(mid, user.clone())),
                None => self.uplink = Some(mid),
            }
        }
        self.turn(now);
        Ok(without_pictures(&answer.to_sdp_string()))
    }
}

/// Running it.
impl Transport {
    /// Everybody whose sound can come by this connection.
    pub(super) fn users(&self) -> impl Iterator<Item = &UserId> {
        self.users.values()
    }

    /// When [`Self::turn`] is wanted at the latest.
    pub(super) fn timeout(&self) -> Instant {
        self.timeout
    }

    /// What happened since the last time.
    pub(super) fn take_happened(&mut self) -> Vec<Happened> {
        std::mem::take(&mut self.happened)
    }

    /// Takes in what a link brought.
    pub(super) fn arrived(&mut self, what: Arrived, now: Instant) {
        match what {
            Arrived::Packet { proto, local, from, bytes } => {
                if let Ok(receive) = Receive::new(proto, from, local, &bytes) {
                    let input = Input::Receive(now, receive);
                    if self.rtc.accepts(&input) && self.rtc.handle_input(input).is_err() {
                        self.lose(now);
                    }
                    self.drain(now);
                }
            }
            Arrived::Connected(link) => {
                let candidate = Candidate::builder().tcp().host(link.local).tcptype(TcpType::Active).build();
                if let Ok(candidate) = candidate {
                    self.rtc.add_local_candidate(candidate);
                    self.tcp = Some(link);
                }
                self.turn(now);
            }
        }
    }

    /// Takes in what has come and not been brought yet, at most [`AT_ONCE`] datagrams.
    pub(super) fn catch_up(&mut self, now: Instant) {
        for _ in 0..AT_ONCE {
            let mut links = self.udp.iter();
            let Some((proto, local, (from, bytes))) =
                links.find_map(|link| Some((Protocol::Udp, link.local, link.receive()?)))
            else {
                return;
            };
            self.arrived(Arrived::Packet { proto, local, from, bytes }, now);
        }
    }

    /// Sends a packet of sound in this very turn; drops it while the connection is not up.
    pub(super) fn send(&mut self, packet: &Outgoing<'_>, now: Instant) {
        let Some((mid, opus, red)) = self.up.then(|| self.sending()).flatten() else { return };
        let (pt, payload) = match (packet.before, red) {
            (Some(before), Some(red)) => {
                let opus = *opus;
                let older =
                    [tsuwa_voice::Block { payload_type: opus, offset: tsuwa_voice::FRAME as u32, payload: before }];
                (red, tsuwa_voice::build_red(opus, packet.payload, &older))
            }
            _ => (opus, packet.payload.to_vec()),
        };
        let values = ExtensionValues {
            audio_level: Some(packet.level),
            voice_activity: Some(packet.level > -60),
            ..Default::default()
        };
        let mut api = self.rtc.direct_api();
        let Some(stream) = api.stream_tx_by_mid(mid, None) else { return };
        let write = RtpWrite::new(pt, self.seq.into(), packet.timestamp, now, payload);
        stream.write_rtp(write.marker(packet.first).ext_vals(values));
        self.seq += 1;
        self.turn(now);
    }

    /// The m-line to send on, Opus' payload type, and RED's where it was agreed on.
    fn sending(&self) -> Option<(Mid, Pt, Option<Pt>)> {
        let mid = self.uplink?;
        let media = self.rtc.media(mid).filter(|media| media.direction().is_sending())?;
        let agreed = media.remote_pts();
        let params = self.rtc.codec_config().params().iter();
        let opus = params.filter(|p| p.spec().codec == Codec::Opus).find(|p| agreed.contains(&p.pt()))?;
        Some((mid, opus.pt(), opus.red()))
    }

    /// Lets time pass and sends what is to be sent.
    pub(super) fn turn(&mut self, now: Instant) {
        if self.rtc.handle_input(Input::Timeout(now)).is_err() {
            self.lose(now);
        }
        self.drain(now);
    }

    /// Does what the engine wants done after each input.
    fn drain(&mut self, now: Instant) {
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(at)) => {
                    self.timeout = at;
                    break;
                }
                Ok(Output::Transmit(transmit)) => match (transmit.proto, &self.tcp) {
                    (Protocol::Udp, _) => {
                        if let Some(link) = self.udp.iter().find(|link| link.local == transmit.source) {
                            link.send(transmit.destination, &transmit.contents);
                        }
                    }
                    (Protocol::Tcp, Some(link)) if link.remote == transmit.destination => link.send(&transmit.contents),
                    _ => {}
                },
                Ok(Output::Event(event)) => self.event(event, now),
                Err(_) => {
                    self.lose(now);
                    // A connection that has failed asks for nothing more.
                    self.timeout = now + UP_WITHIN;
                    break;
                }
            }
        }
        self.watch(now);
    }

    /// Tries TCP, or gives up, when it is time.
    fn watch(&mut self, now: Instant) {
        if let Some(again) = self.lost {
            if now >= again {
                self.lost = None;
                self.lose(now);
            }
            self.timeout = self.timeout.min(self.lost.unwrap_or(again));
            return;
        }
        if self.up {
            return;
        }
        if self.connecting.is_none() && !self.tcp_remotes.is_empty() {
            let at = self.since + TCP_AFTER;
            if now >= at {
                let remote = self.tcp_remotes.remove(0);
                self.connecting = Some(link::connect_tcp(remote, self.id, self.arrivals.clone()));
            } else {
                self.timeout = self.timeout.min(at);
            }
        }
        let end = self.since + UP_WITHIN;
        if now >= end {
            self.lose(now);
        } else {
            self.timeout = self.timeout.min(end);
        }
    }

    fn event(&mut self, event: Event, now: Instant) {
        match event {
            Event::Connected => {
                self.up = true;
                self.was_up = true;
                self.happened.push(Happened::Up);
            }
            Event::IceConnectionStateChange(IceConnectionState::Disconnected) | Event::Closed => self.lose(now),
            Event::IceConnectionStateChange(state) if state.is_connected() && self.was_up => {
                // Back by itself before a new offer came.
                self.lost = None;
                self.up = true;
            }
            Event::RtpPacket(packet) => self.sound(packet),
            Event::MediaEgressStats(stats) if Some(stats.mid) == self.uplink => {
                if let Some(loss) = stats.loss {
                    self.happened.push(Happened::Loss(loss));
                }
            }
            _ => {}
        }
    }

    fn sound(&mut self, packet: RtpPacket) {
        let ssrc = packet.header.ssrc;
        let mid = match self.ssrcs.get(&ssrc) {
            Some(mid) => *mid,
            None => {
                let Some(mid) = self.rtc.direct_api().stream_rx(&ssrc).map(|stream| stream.mid()) else { return };
                self.ssrcs.insert(ssrc, mid);
                mid
            }
        };
        let Some(user) = self.users.get(&mid).cloned() else { return };
        let pt = packet.header.payload_type;
        let red = self.rtc.codec_config().params().iter().any(|p| p.red() == Some(pt));
        self.happened.push(Happened::Sound { user, packet: Box::new(packet), red });
    }

    fn lose(&mut self, now: Instant) {
        if self.lost.is_none() {
            self.lost = Some(now + LOST_AGAIN);
            self.up = false;
            self.happened.push(Happened::Lost);
        }
    }
}

impl Drop for Transport {
    fn drop(&mut self) {
        if let Some(connecting) = self.connecting.take() {
            connecting.abort();
        }
    }
}

/// The answer with every m-line of pictures put to sleep: this side neither takes nor shows any, and the server need not
/// send them. (Codecs stay named: an m-line without any is one that many parsers refuse.)
fn without_pictures(answer: &str) -> String {
    let mut asleep = String::with_capacity(answer.len());
    let mut pictures = false;
    for line in answer.lines() {
        if line.starts_with("m=") {
            pictures = line.starts_with("m=video");
        }
        let direction = matches!(line, "a=sendrecv" | "a=sendonly" | "a=recvonly");
        asleep.push_str(if pictures && direction { "a=inactive" } else { line });
        asleep.push_str("\r\n");
    }
    asleep
}
