//! Over real sockets, driven as its documentation says.

use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};
use str0m::change::SdpOffer;
use str0m::net::{Protocol, Receive};
use str0m::rtp::RtpWrite;
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};
use tsuwa_benches::{Forwarder, Side, escape, unescape};

struct Device {
    rtc: Rtc,
    socket: UdpSocket,
    addr: SocketAddr,
    up: String,
    sent: u64,
    heard: Vec<Vec<u8>>,
}

impl Device {
    fn answering(forwarder: &mut Forwarder, side: Side) -> Self {
        let offer = forwarder.offer(0, side, Instant::now());
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_nonblocking(true).unwrap();
        let addr = socket.local_addr().unwrap();
        let mut rtc = RtcConfig::new().clear_codecs().enable_opus(true, false).set_rtp_mode(true).build(Instant::now());
        rtc.add_local_candidate(Candidate::host(addr, Protocol::Udp).unwrap());
        let sdp = unescape(&escape(&offer.sdp));
        let answer = rtc.sdp_api().accept_offer(SdpOffer::from_sdp_string(&sdp).unwrap()).unwrap();
        forwarder.answer(0, side, &answer.to_sdp_string(), Instant::now()).unwrap();
        Self { rtc, socket, addr, up: offer.up, sent: 0, heard: Vec::new() }
    }

    fn turn(&mut self, speaks: bool) {
        let mut bytes = [0; 2048];
        while let Ok((length, from)) = self.socket.recv_from(&mut bytes) {
            if let Ok(received) = Receive::new(Protocol::Udp, from, self.addr, &bytes[..length]) {
                let _ = self.rtc.handle_input(Input::Receive(Instant::now(), received));
                self.drain();
            }
        }
        let now = Instant::now();
        if speaks && let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(self.up.as_str().into(), None) {
            self.sent += 1;
            let payload = vec![self.sent as u8; 60];
            stream.write_rtp(RtpWrite::new(111.into(), self.sent.into(), self.sent as u32 * 960, now, payload));
        }
        let _ = self.rtc.handle_input(Input::Timeout(now));
        self.drain();
    }

    fn drain(&mut self) {
        while let Ok(output) = self.rtc.poll_output() {
            match output {
                Output::Transmit(out) => drop(self.socket.send_to(&out.contents, out.destination)),
                Output::Event(Event::RtpPacket(packet)) => self.heard.push(packet.payload.to_vec()),
                Output::Event(_) => {}
                Output::Timeout(_) => return,
            }
        }
    }
}

#[test]
fn both_ways_and_as_it_was_sent() {
    let mut forwarder = Forwarder::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let mut a = Device::answering(&mut forwarder, Side::A);
    let mut b = Device::answering(&mut forwarder, Side::B);
    let until = Instant::now() + Duration::from_secs(20);
    let mut up = 0;
    let mut speak_at = Instant::now();
    while a.heard.len() < 20 || b.heard.len() < 20 {
        assert!(Instant::now() < until, "{up} up, {} forwarded", forwarder.forwarded());
        let speaks = up == 2 && Instant::now() >= speak_at;
        if speaks {
            speak_at = Instant::now() + Duration::from_millis(5);
        }
        a.turn(speaks);
        b.turn(speaks);
        forwarder.turn().unwrap();
        up += forwarder.taken_up().len();
    }
    assert!(a.heard.windows(2).all(|two| two[1][0] == two[0][0].wrapping_add(1)), "in order, none missing");
    assert!(forwarder.forwarded() >= 40);
}
