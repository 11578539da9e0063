//! Devices with WebRTC against a pool of media workers, over real sockets.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use str0m::change::SdpOffer;
use str0m::net::{Protocol, Receive, TcpType, Transmit};
use str0m::rtp::RtpWrite;
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};
use tokio::sync::mpsc::UnboundedReceiver;
use tsuwa_call::{DeviceKey, MediaCommand, MediaReport};
use tsuwa_proto::{AppId, CallId, Signal};
use tsuwa_server::media::{MediaConfig, MediaOut, MediaPool};
use tsuwa_sfu::framing::{self, Deframer};

pub(crate) const APP: AppId = AppId(1);

pub(crate) fn key(user: &str) -> DeviceKey {
    DeviceKey { user: user.parse().unwrap(), device: "d".parse().unwrap() }
}

/// How a device reaches the worker.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Udp,
    Tcp,
}

/// Where each device's offers go.
type Offers = HashMap<(CallId, DeviceKey), Sender<Signal>>;

/// A pool, and the devices of its calls.
pub(crate) struct Studio {
    pub(crate) pool: Arc<MediaPool>,
    pub(crate) reports: Arc<Mutex<Vec<MediaReport>>>,
    offers: Arc<Mutex<Offers>>,
}

/// A device's thread; it ends with this.
pub(crate) struct Device {
    /// Packets of sound that it has received.
    pub(crate) heard: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
}

impl Drop for Device {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

impl Studio {
    pub(crate) fn open(workers: usize) -> Self {
        Self::open_at(workers, &["127.0.0.1"])
    }

    /// With these addresses; devices go to the first.
    pub(crate) fn open_at(workers: usize, ips: &[&str]) -> Self {
        let (out, outs) = tokio::sync::mpsc::unbounded_channel();
        let ips = ips.iter().map(|ip| ip.parse().unwrap()).collect();
        let config = MediaConfig { workers, ips, port: 0, advertise: None };
        let pool = Arc::new(MediaPool::start(config, out).unwrap());
        let (reports, offers) = (Arc::<Mutex<Vec<_>>>::default(), Arc::<Mutex<Offers>>::default());
        let studio = Self { pool, reports: reports.clone(), offers: offers.clone() };
        std::thread::spawn(move || hand_out(outs, &reports, &offers));
        studio
    }

    /// Opens a call and admits a device of each name.
    pub(crate) fn call(&self, call: CallId, devices: &[(&str, By)]) -> Vec<Device> {
        let devices: Vec<Device> = devices.iter().map(|(name, by)| self.device(call, name, *by)).collect();
        self.place(call);
        devices
    }

    /// A device, in a call of its own, that answers its offer and goes no further: the offer, and its answer.
    pub(crate) fn answered(&self, call: CallId, name: &str) -> (String, String) {
        let (sender, offers) = channel();
        self.offers.lock().unwrap().insert((call, key(name)), sender);
        self.place(call);
        let Ok(Signal::MediaOffer { offer_id, sdp, .. }) = offers.recv_timeout(crate::harness::PATIENCE) else {
            panic!("an offer in time")
        };
        let mut rtc = RtcConfig::new().clear_codecs().enable_opus(true, true).set_rtp_mode(true).build(Instant::now());
        let answer = rtc.sdp_api().accept_offer(SdpOffer::from_sdp_string(&sdp).unwrap()).unwrap().to_sdp_string();
        self.pool.answer(APP, call, key(name), offer_id, answer.clone());
        (sdp, answer)
    }

    /// Has the call's room made, with all its devices.
    pub(crate) fn place(&self, call: CallId) {
        self.pool.command(APP, MediaCommand::Open { call });
        let keys: Vec<DeviceKey> =
            self.offers.lock().unwrap().keys().filter(|(its, _)| *its == call).map(|(_, at)| at.clone()).collect();
        for at in keys {
            self.pool.command(APP, MediaCommand::Leg { call, at: at.clone(), video: false });
            self.pool.command(APP, MediaCommand::Admit { call, at });
        }
    }

    fn device(&self, call: CallId, name: &str, by: By) -> Device {
        let (sender, offers) = channel();
        self.offers.lock().unwrap().insert((call, key(name)), sender);
        let (heard, over) = (Arc::default(), Arc::default());
        let device = Device { heard: Arc::clone(&heard), over: Arc::clone(&over) };
        let line = Line { pool: self.pool.clone(), call, at: key(name), by, heard, over };
        std::thread::spawn(move || line.live(&offers));
        device
    }

    /// Waits until something is so.
    pub(crate) fn until(&self, what: &str, mut is_so: impl FnMut() -> bool) {
        let until = Instant::now() + crate::harness::PATIENCE;
        while !is_so() {
            assert!(Instant::now() < until, "never: {what}; {:?}", self.pool.stats());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn has(&self, report: &MediaReport) -> bool {
        self.reports.lock().unwrap().contains(report)
    }
}

fn hand_out(mut outs: UnboundedReceiver<(AppId, MediaOut)>, reports: &Mutex<Vec<MediaReport>>, offers: &Mutex<Offers>) {
    while let Some((_, out)) = outs.blocking_recv() {
        match out {
            MediaOut::Report(report) => reports.lock().unwrap().push(report),
            MediaOut::Offer { to, offer } => {
                let Signal::MediaOffer { call_id, .. } = offer else { panic!("an offer is an offer") };
                if let Some(device) = offers.lock().unwrap().get(&(call_id, to)) {
                    let _ = device.send(offer);
                }
            }
            MediaOut::AnswerRefused { reason, .. } => panic!("an answer was refused: {reason}"),
            MediaOut::Quality { .. } => {}
        }
    }
}

/// One device's side of things.
struct Line {
    pool: Arc<MediaPool>,
    call: CallId,
    at: DeviceKey,
    by: By,
    heard: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
}

enum Wire {
    Udp(UdpSocket),
    Tcp(TcpStream, Deframer),
}

impl Line {
    fn live(&self, offers: &Receiver<Signal>) {
        let mut link: Option<(Rtc, Wire, SocketAddr, String)> = None;
        let mut seq = 0_u64;
        let mut speak_at = Instant::now();
        while !self.over.load(Ordering::Relaxed) {
            while let Ok(Signal::MediaOffer { offer_id, fresh, sdp, streams, .. }) = offers.try_recv() {
                let up = streams.iter().find(|line| line.user_id.is_none()).unwrap().mid.clone();
                link = match link.take() {
                    Some((rtc, wire, addr, _)) if !fresh => Some((rtc, wire, addr, up)),
                    _ => {
                        let (rtc, wire, addr) = self.connect(&sdp);
                        Some((rtc, wire, addr, up))
                    }
                };
                let Some((rtc, ..)) = &mut link else { unreachable!("it was made above") };
                let answer = rtc.sdp_api().accept_offer(SdpOffer::from_sdp_string(&sdp).unwrap()).unwrap();
                self.pool.answer(APP, self.call, self.at.clone(), offer_id, answer.to_sdp_string());
            }
            let Some((rtc, wire, addr, up)) = &mut link else {
                std::thread::sleep(Duration::from_millis(1));
                continue;
            };
            let now = Instant::now();
            if speak_at <= now && rtc.is_connected() {
                (speak_at, seq) = (now + Duration::from_millis(20), seq + 1);
                if let Some(stream) = rtc.direct_api().stream_tx_by_mid(up.as_str().into(), None) {
                    stream.write_rtp(RtpWrite::new(111.into(), seq.into(), seq as u32 * 960, now, vec![7; 60]));
                }
            }
            let _ = rtc.handle_input(Input::Timeout(now));
            self.drain(rtc, wire);
            for (proto, from, bytes) in receive(wire) {
                if let Ok(received) = Receive::new(proto, from, *addr, &bytes) {
                    let _ = rtc.handle_input(Input::Receive(Instant::now(), received));
                    self.drain(rtc, wire);
                }
            }
        }
    }

    fn connect(&self, sdp: &str) -> (Rtc, Wire, SocketAddr) {
        let worker = sdp.lines().find_map(|line| {
            let mut words = line.strip_prefix("a=candidate:")?.split(' ').skip(4);
            Some(SocketAddr::new(words.next()?.parse().ok()?, words.next()?.parse().ok()?))
        });
        let worker = worker.expect("an offer has a candidate");
        let mut rtc = RtcConfig::new().clear_codecs().enable_opus(true, true).set_rtp_mode(true).build(Instant::now());
        let (wire, addr) = match self.by {
            By::Udp => {
                let socket = UdpSocket::bind((worker.ip(), 0)).unwrap();
                socket.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
                let addr = socket.local_addr().unwrap();
                rtc.add_local_candidate(Candidate::host(addr, Protocol::Udp).unwrap());
                (Wire::Udp(socket), addr)
            }
            By::Tcp => {
                let stream = TcpStream::connect(worker).unwrap();
                stream.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
                let addr = stream.local_addr().unwrap();
                let candidate = Candidate::builder().tcp().host(addr).tcptype(TcpType::Active).build();
                rtc.add_local_candidate(candidate.unwrap());
                (Wire::Tcp(stream, Deframer::default()), addr)
            }
        };
        (rtc, wire, addr)
    }

    fn drain(&self, rtc: &mut Rtc, wire: &mut Wire) {
        while let Ok(output) = rtc.poll_output() {
            match output {
                Output::Transmit(out) => send(wire, &out),
                Output::Event(Event::RtpPacket(_)) => drop(self.heard.fetch_add(1, Ordering::Relaxed)),
                Output::Event(_) => {}
                Output::Timeout(_) => return,
            }
        }
    }
}

fn send(wire: &mut Wire, out: &Transmit) {
    match wire {
        Wire::Udp(socket) => drop(socket.send_to(&out.contents, out.destination)),
        Wire::Tcp(stream, _) => {
            let mut frame = Vec::new();
            framing::frame(&out.contents, &mut frame);
            let _ = stream.write_all(&frame);
        }
    }
}

/// What has come, a datagram each.
fn receive(wire: &mut Wire) -> Vec<(Protocol, SocketAddr, Vec<u8>)> {
    let mut bytes = [0; 2048];
    match wire {
        Wire::Udp(socket) => match socket.recv_from(&mut bytes) {
            Ok((length, from)) => vec![(Protocol::Udp, from, bytes[..length].to_vec())],
            Err(_) => Vec::new(),
        },
        Wire::Tcp(stream, deframer) => {
            let Ok(from) = stream.peer_addr() else { return Vec::new() };
            if let Ok(length) = stream.read(&mut bytes) {
                deframer.push(&bytes[..length]);
            }
            let mut frames = Vec::new();
            while let Ok(Some(frame)) = deframer.next_frame() {
                frames.push((Protocol::Tcp, from, frame.to_vec()));
            }
            frames
        }
    }
}
