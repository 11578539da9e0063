//! Rooms, clients and the network between them, on one clock.

use netem::{Netem, NetemConfig, WithLen};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use str0m::change::SdpOffer;
use str0m::media::{Mid, Pt};
use str0m::net::{Protocol, Receive, Transmit};
use str0m::rtp::{RtpPacket, RtpWrite};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};
use tsuwa_proto::{AppId, CallId, Stream, StreamKind};
use tsuwa_sfu::{Certificate, Happening, LegKey, LocalAddress, Proto, RoomKey, Rooms, Settings};

/// How long a packet takes from one place to another.
const DELAY: Duration = Duration::from_millis(5);
/// A packet of sound every 20 ms.
const PACKET: Duration = Duration::from_millis(20);

pub(crate) const OPUS: u8 = 111;
pub(crate) const RED: u8 = 63;

/// The call that most tests are about.
pub(crate) fn call(number: u64) -> RoomKey {
    RoomKey { app: AppId(1), call: CallId(number) }
}

pub(crate) fn leg(user: &str) -> LegKey {
    LegKey { user: user.parse().unwrap(), device: "d".parse().unwrap() }
}

/// One end of a WebRTC connection.
pub(crate) struct Link {
    pub(crate) rtc: Rtc,
    /// Each has a socket of its own.
    pub(crate) addr: SocketAddr,
    streams: Vec<Stream>,
    pub(crate) offer_id: u64,
    pub(crate) connected: bool,
}

/// A device with WebRTC.
pub(crate) struct Client {
    pub(crate) key: LegKey,
    pub(crate) room: RoomKey,
    pub(crate) addr: SocketAddr,
    pub(crate) config: RtcConfig,
    pub(crate) links: Vec<Link>,
    pub(crate) streams: Vec<Stream>,
    pub(crate) offers: Vec<String>,
    /// Sound that it has received: when, from whom, and the packet.
    pub(crate) heard: Vec<(Instant, String, RtpPacket)>,
    pub(crate) seen: Vec<RtpPacket>,
    pub(crate) asked_for_key_frames: usize,
    /// What it sends next: the payload, of which type; none while it is silent.
    pub(crate) speaks: Option<(u8, Vec<u8>)>,
    pub(crate) answers: bool,
    seqs: [u64; 2],
    /// What its engines gave while it was receiving.
    pending: Vec<Transmit>,
}

/// A datagram under way.
#[derive(Clone)]
pub(crate) struct Mail {
    at: Instant,
    pub(crate) from: SocketAddr,
    pub(crate) to: SocketAddr,
    pub(crate) bytes: Vec<u8>,
}

impl WithLen for Mail {
    fn len(&self) -> usize {
        self.bytes.len()
    }
}

pub(crate) struct Town {
    pub(crate) rooms: Rooms,
    pub(crate) now: Instant,
    pub(crate) server: SocketAddr,
    pub(crate) clients: Vec<Client>,
    pub(crate) mail: VecDeque<Mail>,
    pub(crate) news: Vec<(RoomKey, Happening)>,
    /// Says of each datagram whether the network loses it.
    pub(crate) loses: Box<dyn FnMut(&Mail) -> bool>,
    speak_at: Instant,
    /// A network worse than one that only takes its time.
    bad: Option<Netem<Mail>>,
}

impl Town {
    pub(crate) fn new() -> Self {
        let server: SocketAddr = "10.0.0.1:7000".parse().unwrap();
        let locals =
            vec![LocalAddress { proto: Proto::Udp, addr: server }, LocalAddress { proto: Proto::Tcp, addr: server }];
        let certificate = Certificate::make().unwrap();
        let now = Instant::now();
        Self {
            rooms: Rooms::new(Settings { locals, advertise: None, certificate, offers_from: 0 }),
            now,
            server,
            clients: Vec::new(),
            mail: VecDeque::new(),
            news: Vec::new(),
            loses: Box::new(|_| false),
            speak_at: now,
            bad: None,
        }
    }

    /// Opens the call and puts clients of these names in it; they speak Opus, with RED agreed on.
    pub(crate) fn with_call(names: &[&str]) -> Self {
        let mut town = Self::new();
        town.rooms.open(town.now, call(1));
        for name in names {
            town.join(name, config(true), false);
        }
        town
    }

    pub(crate) fn join(&mut self, name: &str, config: RtcConfig, video: bool) -> usize {
        self.join_room(name, call(1), config, video)
    }

    pub(crate) fn join_room(&mut self, name: &str, room: RoomKey, config: RtcConfig, video: bool) -> usize {
        let number = self.clients.len();
        self.clients.push(Client {
            key: leg(name),
            room,
            addr: SocketAddr::from(([10, 0, 1, number as u8], 5000)),
            config,
            links: Vec::new(),
            streams: Vec::new(),
            offers: Vec::new(),
            heard: Vec::new(),
            seen: Vec::new(),
            asked_for_key_frames: 0,
            speaks: Some((OPUS, vec![number as u8; 80])),
            answers: true,
            seqs: [0; 2],
            pending: Vec::new(),
        });
        self.rooms.join(self.now, room, leg(name), video);
        number
    }

    pub(crate) fn admit(&mut self, name: &str) {
        self.rooms.admit(self.now, call(1), &leg(name));
    }

    /// Lets time pass, a millisecond at a time.
    pub(crate) fn run(&mut self, span: Duration) {
        let until = self.now + span;
        while self.now < until {
            self.now += Duration::from_millis(1);
            self.turn();
        }
    }

    /// Lets time pass until something is so; fails after ten seconds.
    pub(crate) fn run_until(&mut self, what: &str, mut is_so: impl FnMut(&Self) -> bool) {
        let until = self.now + Duration::from_secs(10);
        while !is_so(self) {
            assert!(self.now < until, "never: {what}");
            self.run(Duration::from_millis(1));
        }
    }

    pub(crate) fn run_until_up(&mut self) {
        self.run_until("all connected", |town| {
            town.clients.iter().all(|client| client.links.last().is_some_and(|link| link.connected))
        });
        self.run(Duration::from_millis(50));
    }

    fn turn(&mut self) {
        let now = self.now;
        while self.mail.front().is_some_and(|mail| mail.at <= now) {
            let mail = self.mail.pop_front().unwrap();
            self.deliver(mail);
        }
        while let Some(mail) = self.bad.as_mut().and_then(|bad| arrived(bad, now)) {
            self.deliver(mail);
        }
        if self.rooms.deadline().is_some_and(|deadline| deadline <= now) {
            self.rooms.handle_timeout(now);
        }
        self.collect();
        if self.speak_at <= now {
            self.speak_at = now + PACKET;
            self.clients.iter_mut().for_each(|client| client.speak(now));
        }
        for at in 0..self.clients.len() {
            for mail in self.clients[at].poll(now) {
                self.send(mail);
            }
        }
    }

    fn deliver(&mut self, mail: Mail) {
        if mail.to == self.server {
            self.rooms.receive(self.now, Proto::Udp, mail.from, mail.to, &mail.bytes);
            self.collect();
        } else if let Some(client) = self.clients.iter_mut().find(|client| client.addr.ip() == mail.to.ip()) {
            client.receive(self.now, mail.from, mail.to, &mail.bytes);
        }
    }

    /// Puts a datagram into the network, whoever claims to have sent it.
    pub(crate) fn inject(&mut self, from: SocketAddr, bytes: Vec<u8>) {
        self.mail.push_back(Mail { at: self.now + DELAY, from, to: self.server, bytes });
    }

    fn send(&mut self, mail: Mail) {
        match &mut self.bad {
            _ if (self.loses)(&mail) => {}
            Some(bad) => bad.handle_input(netem::Input::Packet(self.now, mail)),
            None => self.mail.push_back(mail),
        }
    }

    /// From now on the network is like this.
    pub(crate) fn network(&mut self, config: NetemConfig) {
        self.bad = Some(Netem::new(config));
    }

    /// Has all clients ask for sound that they miss, as browsers do.
    pub(crate) fn all_ask_for_what_they_miss(&mut self) {
        for client in &mut self.clients {
            let Some(link) = client.links.last_mut() else { continue };
            for line in &client.streams {
                if let Some(stream) = link.rtc.direct_api().stream_rx_by_mid(line.mid.as_str().into(), None) {
                    stream.suppress_nack(false);
                }
            }
        }
    }

    /// Takes what the rooms give: packets onto the network, offers to their clients.
    pub(crate) fn collect(&mut self) {
        let now = self.now;
        self.rooms.flush(now);
        let packets: Vec<_> = self.rooms.packets().drain(..).collect();
        for packet in packets {
            self.send(Mail { at: now + DELAY, from: packet.from, to: packet.to, bytes: packet.bytes });
        }
        while let Some((key, happening)) = self.rooms.poll_happening() {
            if let Happening::Offer { to, offer_id, fresh, sdp, streams } = &happening {
                let (room, answer) =
                    match self.clients.iter_mut().find(|client| client.key == *to && client.room == key) {
                        Some(client) => (client.room, client.offered(now, *offer_id, *fresh, sdp, streams)),
                        None => continue,
                    };
                if let Some(answer) = answer {
                    self.rooms.answer(now, room, to, *offer_id, &answer);
                }
            }
            self.news.push((key, happening));
        }
    }

    pub(crate) fn has_happened(&self, what: &Happening) -> bool {
        self.news.iter().any(|(_, happening)| happening == what)
    }

    /// Payload bytes that a client has heard of another, in order.
    pub(crate) fn heard(&self, by: &str, of: &str) -> Vec<&RtpPacket> {
        let client = self.clients.iter().find(|client| client.key == leg(by)).unwrap();
        client.heard.iter().filter(|(_, user, _)| user == of).map(|(_, _, packet)| packet).collect()
    }
}

fn arrived(network: &mut Netem<Mail>, now: Instant) -> Option<Mail> {
    network.handle_input(netem::Input::Timeout(now));
    match network.poll_output() {
        Some(netem::Output::Packet(mail)) => Some(mail),
        _ => None,
    }
}

/// VP8 payloads: a descriptor with a 15-bit picture id, then the frame's first bytes.
pub(crate) fn vp8(picture: u16, key: bool) -> Vec<u8> {
    let id = picture.to_be_bytes();
    vec![0x90, 0x80, 0x80 | id[0], id[1], u8::from(!key), 0, 0, 0, 0]
}

/// A client's engine: Opus, with RED or without.
pub(crate) fn config(red: bool) -> RtcConfig {
    let mut config = RtcConfig::new()
        .set_crypto_provider(Arc::new(str0m::crypto::from_feature_flags()))
        .set_rtp_mode(true)
        .clear_codecs()
        .enable_opus(true, red);
    for params in config.codec_config().iter_mut() {
        params.set_fb_nack(true);
    }
    config
}

impl Client {
    /// Takes an offer and gives the answer.
    pub(crate) fn offered(
        &mut self,
        now: Instant,
        id: u64,
        fresh: bool,
        sdp: &str,
        streams: &[Stream],
    ) -> Option<String> {
        self.offers.push(sdp.to_owned());
        if !self.answers {
            return None;
        }
        if fresh {
            let mut rtc = self.config.clone().build(now);
            let addr = SocketAddr::new(self.addr.ip(), self.addr.port() + self.links.len() as u16);
            rtc.add_local_candidate(Candidate::host(addr, Protocol::Udp).unwrap());
            self.links.push(Link { rtc, addr, streams: Vec::new(), offer_id: id, connected: false });
        }
        self.streams = streams.to_vec();
        let link = self.links.last_mut()?;
        link.offer_id = id;
        link.streams = streams.to_vec();
        let offer = SdpOffer::from_sdp_string(sdp).unwrap();
        let answer = link.rtc.sdp_api().accept_offer(offer).unwrap();
        Some(answer.to_sdp_string())
    }

    fn receive(&mut self, now: Instant, from: SocketAddr, to: SocketAddr, bytes: &[u8]) {
        let Ok(received) = Receive::new(Protocol::Udp, from, to, bytes) else { return };
        let input = Input::Receive(now, received);
        if let Some(link) = self.links.iter_mut().find(|link| link.addr == to) {
            let _ = link.rtc.handle_input(input);
            self.pending = self.drain(now);
        }
    }

    /// The m-line on which it sends.
    pub(crate) fn up(&self, kind: StreamKind) -> Option<Mid> {
        let stream = self.streams.iter().find(|stream| stream.kind == kind && stream.user_id.is_none())?;
        Some(Mid::from(stream.mid.as_str()))
    }

    fn speak(&mut self, now: Instant) {
        self.seqs[0] += 1;
        let Some((pt, payload)) = self.speaks.clone() else { return };
        self.write(now, StreamKind::Audio, pt, payload, false);
    }

    /// Sends one packet over the link that was connected last.
    pub(crate) fn write(&mut self, now: Instant, kind: StreamKind, pt: u8, payload: Vec<u8>, marker: bool) {
        let Some(mid) = self.up(kind) else { return };
        let (seq, clock) = match kind {
            StreamKind::Audio => (self.seqs[0], 960),
            StreamKind::Video => {
                self.seqs[1] += 1;
                (self.seqs[1], 1800)
            }
        };
        let time = seq as u32 * clock;
        let Some(link) = self.links.iter_mut().rev().find(|link| link.connected) else { return };
        let mut api = link.rtc.direct_api();
        let Some(stream) = api.stream_tx_by_mid(mid, None) else { return };
        stream.write_rtp(RtpWrite::new(Pt::new_with_value(pt), seq.into(), time, now, payload).marker(marker));
        let _ = link.rtc.handle_input(Input::Timeout(now));
    }

    fn poll(&mut self, now: Instant) -> Vec<Mail> {
        for link in &mut self.links {
            let _ = link.rtc.handle_input(Input::Timeout(now));
        }
        self.drain(now)
            .into_iter()
            .map(|out| Mail { at: now + DELAY, from: out.source, to: out.destination, bytes: out.contents.to_vec() })
            .collect()
    }

    fn drain(&mut self, now: Instant) -> Vec<Transmit> {
        let mut out = std::mem::take(&mut self.pending);
        for link in &mut self.links {
            loop {
                match link.rtc.poll_output() {
                    Ok(Output::Transmit(transmit)) => out.push(transmit),
                    Ok(Output::Event(Event::Connected)) => link.connected = true,
                    Ok(Output::Event(Event::KeyframeRequest(_))) => self.asked_for_key_frames += 1,
                    Ok(Output::Event(Event::RtpPacket(packet))) => {
                        let stream = link.rtc.direct_api().stream_rx(&packet.header.ssrc).map(|rx| rx.mid());
                        let line = link.streams.iter().find(|line| stream.is_some_and(|mid| *line.mid == *mid));
                        match line.and_then(|line| Some((line.kind, line.user_id.clone()?))) {
                            Some((StreamKind::Audio, user)) => self.heard.push((now, user.as_str().to_owned(), packet)),
                            _ => self.seen.push(packet),
                        }
                    }
                    Ok(Output::Event(_)) => {}
                    Ok(Output::Timeout(_)) | Err(_) => break,
                }
            }
        }
        out
    }
}
