//! A stand-in for the server's media side: ICE-lite, offers, and sends back under another name what it gets.

use crate::media_wire::Wire;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Instant;
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::format::Codec;
use str0m::media::{Direction, MediaKind, Mid};
use str0m::net::Receive;
use str0m::rtp::RtpWrite;
use str0m::{Event, Input, Output, Rtc};
use tsuwa_proto::{Stream, StreamKind, UserId};

/// What an offer says.
pub(crate) struct Offer {
    pub(crate) sdp: String,
    pub(crate) streams: Vec<Stream>,
}

enum Command {
    Answer(String),
    Reoffer(UserId, Sender<Offer>),
    Die,
}

/// What came in: sequence numbers and timestamps, in order of arrival, and when.
pub(crate) type Came = Arc<Mutex<Vec<(u64, u32, Instant)>>>;

type Red = Arc<Mutex<Vec<usize>>>;

/// The peer; its thread ends with it.
pub(crate) struct Peer {
    commands: Sender<Command>,
    came: Came,
    red: Red,
}

impl Peer {
    /// A peer that echoes as `user`, and its first offer.
    pub(crate) fn start(user: &str) -> (Self, Offer) {
        Self::with(user, Wire::udp(), 0)
    }

    /// One that can be reached by this wire, and does not get every `losing`th packet (0: gets all).
    pub(crate) fn with(user: &str, wire: Wire, losing: u64) -> (Self, Offer) {
        let (commands, inbox) = channel();
        let (came, red) = (Came::default(), Red::default());
        let mut echo = Echo::new(wire, losing, Arc::clone(&came), Arc::clone(&red));
        let offer = echo.offer(user.parse().unwrap());
        std::thread::spawn(move || echo.run(&inbox));
        (Self { commands, came, red }, offer)
    }

    /// Those of the packets that came in that were RED: how many had come with each.
    pub(crate) fn red(&self) -> Vec<usize> {
        self.red.lock().unwrap().clone()
    }

    /// Gives it the answer.
    pub(crate) fn answer(&self, sdp: String) {
        self.commands.send(Command::Answer(sdp)).unwrap();
    }

    /// Another user joins, who says the same.
    pub(crate) fn reoffer(&self, user: &str) -> Offer {
        let (reply, offer) = channel();
        self.commands.send(Command::Reoffer(user.parse().unwrap(), reply)).unwrap();
        offer.recv().unwrap()
    }

    /// Vanishes without a word.
    pub(crate) fn die(&self) {
        let _ = self.commands.send(Command::Die);
    }

    /// What came in so far.
    pub(crate) fn came(&self) -> Vec<(u64, u32, Instant)> {
        self.came.lock().unwrap().clone()
    }
}

struct Echo {
    rtc: Rtc,
    wire: Wire,
    losing: u64,
    sound: u64,
    red: Red,
    uplink: Option<Mid>,
    users: Vec<(Mid, UserId)>,
    pending: Option<SdpPendingOffer>,
    came: Came,
}

impl Echo {
    fn new(wire: Wire, losing: u64, came: Came, red: Red) -> Self {
        let config = Rtc::builder().set_rtp_mode(true).set_ice_lite(true).clear_codecs().enable_opus(true, true);
        let mut rtc = config.build(Instant::now());
        rtc.add_local_candidate(wire.candidate());
        Self { rtc, wire, losing, sound: 0, red, uplink: None, users: Vec::new(), pending: None, came }
    }

    fn offer(&mut self, user: UserId) -> Offer {
        let mut change = self.rtc.sdp_api();
        let uplink = *self
            .uplink
            .get_or_insert_with(|| change.add_media(MediaKind::Audio, Direction::RecvOnly, None, None, None));
        let mid = change.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None);
        let (offer, pending) = change.apply().unwrap();
        self.users.push((mid, user));
        self.pending = Some(pending);
        let stream = |mid: Mid, user_id| Stream { mid: mid.to_string(), kind: StreamKind::Audio, user_id };
        let mut streams = vec![stream(uplink, None)];
        streams.extend(self.users.iter().map(|(mid, user)| stream(*mid, Some(user.clone()))));
        Offer { sdp: offer.to_sdp_string(), streams }
    }

    fn run(mut self, inbox: &Receiver<Command>) {
        let (protocol, local) = (self.wire.protocol(), self.wire.local());
        loop {
            match inbox.try_recv() {
                Ok(Command::Answer(sdp)) => {
                    let answer = SdpAnswer::from_sdp_string(&sdp).unwrap();
                    self.rtc.sdp_api().accept_answer(self.pending.take().unwrap(), answer).unwrap();
                }
                Ok(Command::Reoffer(user, reply)) => reply.send(self.offer(user)).unwrap(),
                Ok(Command::Die) | Err(std::sync::mpsc::TryRecvError::Disconnected) => return,
                Err(std::sync::mpsc::TryRecvError::Empty) => {}
            }
            self.drain();
            if let Some((from, bytes)) = self.wire.receive()
                && !self.loses(&bytes)
                && let Ok(receive) = Receive::new(protocol, from, local, &bytes)
            {
                self.rtc.handle_input(Input::Receive(Instant::now(), receive)).unwrap();
            }
            self.drain();
            self.rtc.handle_input(Input::Timeout(Instant::now())).unwrap();
        }
    }

    /// Whether a packet of sound is to be lost (RTP: version 2, and no RTCP type).
    fn loses(&mut self, bytes: &[u8]) -> bool {
        let sound = bytes.len() > 12 && bytes[0] >> 6 == 2 && !(192..224).contains(&bytes[1]);
        self.sound += u64::from(sound);
        sound && self.losing > 0 && self.sound.is_multiple_of(self.losing)
    }

    fn drain(&mut self) {
        loop {
            match self.rtc.poll_output().unwrap() {
                Output::Timeout(_) => return,
                Output::Transmit(transmit) => {
                    self.wire.send(transmit.destination, &transmit.contents);
                }
                Output::Event(Event::RtpPacket(packet)) => {
                    let (seq, timestamp) = (*packet.seq_no, packet.header.timestamp);
                    self.came.lock().unwrap().push((seq, timestamp, Instant::now()));
                    for (mid, _) in self.users.clone() {
                        self.send_back(mid, &packet);
                    }
                }
                Output::Event(_) => {}
            }
        }
    }

    fn send_back(&mut self, mid: Mid, packet: &str0m::rtp::RtpPacket) {
        let Some(media) = self.rtc.media(mid) else { return };
        let agreed = media.remote_pts().to_vec();
        let params = self.rtc.codec_config().params().iter();
        let Some(opus) = params.filter(|p| p.spec().codec == Codec::Opus).find(|p| agreed.contains(&p.pt())) else {
            return;
        };
        // RED is passed on as RED: the two m-lines agreed on the same.
        let plain = packet.header.payload_type == opus.pt();
        let pt = if plain { opus.pt() } else { opus.red().unwrap() };
        if !plain {
            self.red.lock().unwrap().push(self.came.lock().unwrap().len());
        }
        let write = RtpWrite::new(pt, packet.seq_no, packet.header.timestamp, Instant::now(), packet.payload.clone());
        let mut api = self.rtc.direct_api();
        if let Some(stream) = api.stream_tx_by_mid(mid, None) {
            stream.write_rtp(write.marker(packet.header.marker));
        }
        self.rtc.handle_input(Input::Timeout(Instant::now())).unwrap();
    }
}
