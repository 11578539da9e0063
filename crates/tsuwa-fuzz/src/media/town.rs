//! Rooms with clients, and nothing between them: what one sends the other has at once.

use super::tap;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use str0m::change::SdpOffer;
use str0m::config::DtlsCert;
use str0m::media::{Mid, Pt};
use str0m::net::{Protocol, Receive};
use str0m::rtp::RtpWrite;
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};
use tsuwa_proto::{AppId, CallId, Stream, StreamKind};
use tsuwa_sfu::{Certificate, Happening, LegKey, LocalAddress, Proto, RoomKey, Rooms, Settings};

/// The call that all is about.
pub(super) const CALL: RoomKey = RoomKey { app: AppId(1), call: CallId(1) };
pub(super) const OPUS: u8 = 111;
/// Turns of a millisecond until everybody is connected; more than enough.
const TURNS: usize = 400;

pub(super) fn leg(user: &str) -> LegKey {
    LegKey { user: user.parse().expect("an id"), device: "d".parse().expect("an id") }
}

pub(super) fn server() -> SocketAddr {
    SocketAddr::from(([10, 0, 0, 1], 7000))
}

/// A device with WebRTC.
pub(super) struct Client {
    pub(super) key: LegKey,
    pub(super) addr: SocketAddr,
    pub(super) rtc: Option<Rtc>,
    config: RtcConfig,
    streams: Vec<Stream>,
    pub(super) connected: bool,
    pub(super) heard: usize,
    /// Whether its answers go to the rooms by themselves.
    pub(super) answers: bool,
    /// The last offer, and what the engine makes of it.
    pub(super) offer: Option<(u64, String, String)>,
    seq: u64,
}

pub(super) struct Town {
    pub(super) rooms: Rooms,
    pub(super) now: Instant,
    pub(super) clients: Vec<Client>,
}

impl Town {
    pub(super) fn new() -> Self {
        static CERTIFICATE: OnceLock<Certificate> = OnceLock::new();
        let certificate = CERTIFICATE.get_or_init(|| Certificate::make().expect("the library works")).clone();
        let addr = server();
        let locals = vec![LocalAddress { proto: Proto::Udp, addr }, LocalAddress { proto: Proto::Tcp, addr }];
        let now = Instant::now();
        let mut rooms = Rooms::new(Settings { locals, advertise: None, certificate, offers_from: 0 });
        rooms.open(now, CALL);
        Self { rooms, now, clients: Vec::new() }
    }

    /// Somebody joins; `tapped`: its keys are to be seen.
    pub(super) fn join(&mut self, name: &str, video: bool, red: bool, tapped: bool) {
        let number = self.clients.len() as u8;
        self.clients.push(Client {
            key: leg(name),
            addr: SocketAddr::from(([10, 0, 1, number], 5000)),
            rtc: None,
            config: config(video, red, tapped),
            streams: Vec::new(),
            connected: false,
            heard: 0,
            answers: true,
            offer: None,
            seq: 0,
        });
        self.rooms.join(self.now, CALL, leg(name), video);
    }

    pub(super) fn admit_all(&mut self) {
        for at in 0..self.clients.len() {
            let key = self.clients[at].key.clone();
            self.rooms.admit(self.now, CALL, &key);
        }
    }

    /// Lets time pass until all are connected; `false` if they never are.
    pub(super) fn connect(&mut self) -> bool {
        for _ in 0..TURNS {
            if self.clients.iter().all(|client| client.connected) {
                return true;
            }
            self.turn(Duration::from_millis(1));
        }
        false
    }

    /// Lets a moment pass, and everything be done that is to be done by then.
    pub(super) fn turn(&mut self, span: Duration) {
        self.now += span;
        if self.rooms.deadline().is_some_and(|deadline| deadline <= self.now) {
            self.rooms.handle_timeout(self.now);
        }
        for client in &mut self.clients {
            if let Some(rtc) = &mut client.rtc {
                let _ = rtc.handle_input(Input::Timeout(self.now));
            }
        }
        // Some rounds: each answer may have an answer.
        for _ in 0..4 {
            self.collect();
            for at in 0..self.clients.len() {
                for bytes in self.clients[at].drain() {
                    let addr = self.clients[at].addr;
                    self.rooms.receive(self.now, Proto::Udp, addr, server(), &bytes);
                }
            }
        }
        self.collect();
    }

    /// Gives to the clients what the rooms have for them.
    pub(super) fn collect(&mut self) {
        self.rooms.flush(self.now);
        for packet in std::mem::take(self.rooms.packets()) {
            if let Some(client) = self.clients.iter_mut().find(|client| client.addr == packet.to) {
                client.receive(self.now, &packet.bytes);
            }
        }
        while let Some((_, happening)) = self.rooms.poll_happening() {
            let Happening::Offer { to, offer_id, fresh, sdp, streams } = happening else {
                assert!(happening != Happening::RoomLost, "a room panicked");
                continue;
            };
            let Some(client) = self.clients.iter_mut().find(|client| client.key == to) else { continue };
            let answer = client.offered(self.now, fresh, &sdp, streams);
            client.offer = Some((offer_id, sdp, answer.clone()));
            if client.answers && !answer.is_empty() {
                self.rooms.answer(self.now, CALL, &to, offer_id, &answer);
            }
        }
        assert_eq!(self.rooms.counters().rooms_lost, 0, "a room panicked");
    }
}

fn config(video: bool, red: bool, tapped: bool) -> RtcConfig {
    static CERTIFICATE: OnceLock<DtlsCert> = OnceLock::new();
    let plain = tap::plain_provider();
    let certificate =
        CERTIFICATE.get_or_init(|| plain.dtls_provider.generate_certificate().expect("the library works")).clone();
    let provider = if tapped { tap::provider() } else { Arc::new(plain.clone()) };
    let config = RtcConfig::new()
        .set_crypto_provider(provider)
        .set_dtls_cert(certificate)
        .set_rtp_mode(true)
        .set_rtcp_report_interval_audio(Duration::from_millis(50))
        .clear_codecs()
        .enable_opus(true, red);
    if video { config.enable_vp8(true).enable_vp9(true).enable_h264(true) } else { config }
}

impl Client {
    /// Takes an offer and gives the answer; nothing if the engine does not take it.
    fn offered(&mut self, now: Instant, fresh: bool, sdp: &str, streams: Vec<Stream>) -> String {
        if fresh || self.rtc.is_none() {
            let mut rtc = self.config.clone().build(now);
            if let Ok(candidate) = Candidate::host(self.addr, Protocol::Udp) {
                rtc.add_local_candidate(candidate);
            }
            (self.rtc, self.connected) = (Some(rtc), false);
        }
        self.streams = streams;
        let (Some(rtc), Ok(offer)) = (&mut self.rtc, SdpOffer::from_sdp_string(sdp)) else { return String::new() };
        rtc.sdp_api().accept_offer(offer).map_or_else(|_| String::new(), |answer| answer.to_sdp_string())
    }

    fn receive(&mut self, now: Instant, bytes: &[u8]) {
        let Ok(received) = Receive::new(Protocol::Udp, server(), self.addr, bytes) else { return };
        if let Some(rtc) = &mut self.rtc {
            let _ = rtc.handle_input(Input::Receive(now, received));
        }
    }

    fn drain(&mut self) -> Vec<Vec<u8>> {
        let mut out = Vec::new();
        let Some(rtc) = &mut self.rtc else { return out };
        loop {
            match rtc.poll_output() {
                Ok(Output::Transmit(transmit)) => out.push(transmit.contents.to_vec()),
                Ok(Output::Event(Event::Connected)) => self.connected = true,
                Ok(Output::Event(Event::RtpPacket(_))) => self.heard += 1,
                Ok(Output::Event(_)) => {}
                Ok(Output::Timeout(_)) | Err(_) => return out,
            }
        }
    }

    /// The SSRC on which it speaks.
    pub(super) fn ssrc(&mut self) -> Option<u32> {
        let mid = self.up()?;
        Some(*self.rtc.as_mut()?.direct_api().stream_tx_by_mid(mid, None)?.ssrc())
    }

    fn up(&self) -> Option<Mid> {
        let line = self.streams.iter().find(|line| line.kind == StreamKind::Audio && line.user_id.is_none())?;
        Some(Mid::from(line.mid.as_str()))
    }

    /// Says something.
    pub(super) fn speak(&mut self, now: Instant) {
        self.seq += 1;
        let (Some(mid), seq) = (self.up(), self.seq) else { return };
        let Some(rtc) = &mut self.rtc else { return };
        if let Some(stream) = rtc.direct_api().stream_tx_by_mid(mid, None) {
            stream.write_rtp(RtpWrite::new(Pt::new_with_value(OPUS), seq.into(), seq as u32 * 960, now, vec![7; 60]));
        }
        let _ = rtc.handle_input(Input::Timeout(now));
    }
}
