//! How the WebRTC engine is set up for a leg.

use crate::keys::Proto;
use crate::watch;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use str0m::bwe::Bitrate;
use str0m::config::DtlsCert;
use str0m::net::TcpType;
use str0m::rtp::{Extension, ExtensionMap};
use str0m::{Candidate, Rtc, RtcConfig};

/// Opus, and the payload type that browsers use for it.
const OPUS: u8 = 111;

/// How often the engine reports loss and round-trip time; network quality is told as often.
pub(crate) const STATS_EVERY: Duration = Duration::from_secs(2);
/// Sender and receiver reports: as often as quality is told, so that each telling has a new measurement.
const REPORTS_EVERY: Duration = Duration::from_secs(2);
/// Where a receiver's estimate starts: libwebrtc's own start bitrate.
const BWE_START: Bitrate = Bitrate::kbps(300);

/// The certificate that this process shows in DTLS. One serves all calls: what makes a call's keys its own is the
/// handshake, and the fingerprint goes out in each offer. Making one costs tens of milliseconds, so it is made once.
#[derive(Clone)]
pub struct Certificate(DtlsCert);

impl Certificate {
    /// Makes a fresh one; `None` if the machine's randomness or the library fails.
    pub fn make() -> Option<Self> {
        watch::provider().dtls_provider.generate_certificate().map(Self)
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Certificate")
    }
}

/// A bound socket that peers may send to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LocalAddress {
    /// UDP, or a TCP listener.
    pub proto: Proto,
    /// The address, port included.
    pub addr: SocketAddr,
}

/// What all rooms of a worker have in common.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The sockets, in order of preference.
    pub locals: Vec<LocalAddress>,
    /// What candidates say instead of `locals`, where the outside sees another address.
    pub advertise: Option<SocketAddr>,
    /// For DTLS.
    pub certificate: Certificate,
    /// The number before the first offer's. Offers of a room that is made anew elsewhere must not have the numbers
    /// of its former life, so the shell gives a place in time.
    pub offers_from: u64,
}

/// An engine for one leg, not negotiated yet.
pub(crate) fn make(settings: &Settings, now: Instant, video: bool) -> Rtc {
    let mut rtc = config(settings, video).build(now);
    for local in &settings.locals {
        // A bound socket's address is a valid candidate by construction.
        if let Some(candidate) = candidate(*local) {
            rtc.add_local_candidate(candidate);
        }
    }
    rtc
}

fn config(settings: &Settings, video: bool) -> RtcConfig {
    let mut config = RtcConfig::new()
        .set_crypto_provider(watch::provider())
        .set_dtls_cert(settings.certificate.0.clone())
        .set_ice_lite(true)
        .set_rtp_mode(true)
        .set_stats_interval(Some(STATS_EVERY))
        .set_rtcp_report_interval_audio(REPORTS_EVERY)
        // A pause of a sound stream means nothing to us; the longer, the fewer timers.
        .set_pause_threshold(Duration::from_secs(30))
        .set_send_buffer_audio(8)
        .clear_codecs()
        .set_extension_map(extensions(video))
        .enable_opus(true, true);
    for params in config.codec_config().iter_mut().filter(|params| *params.pt() == OPUS) {
        params.set_fb_nack(true);
        // Sound is not paced: its rate is a few packets of video, and feedback for it costs more than it tells.
        params.set_fb_transport_cc(false);
    }
    if video {
        config = config.enable_vp8(true).enable_vp9(true).enable_av1(true);
        // Constrained baseline, packetization modes 1 and 0: what each WebRTC endpoint has (RFC 7742).
        config.codec_config().add_h264(108.into(), Some(109.into()), true, 0x42e01f);
        config.codec_config().add_h264(124.into(), Some(120.into()), false, 0x42e01f);
        config = config.set_send_buffer_video(500).enable_bwe(Some(BWE_START));
    }
    config
}

fn extensions(video: bool) -> ExtensionMap {
    let mut map = ExtensionMap::empty();
    map.set(1, Extension::AudioLevel);
    map.set(4, Extension::RtpMid);
    if video {
        map.set(2, Extension::AbsoluteSendTime);
        map.set(3, Extension::TransportSequenceNumber);
        map.set(10, Extension::RtpStreamId);
        map.set(11, Extension::RepairedRtpStreamId);
        map.set(13, Extension::VideoOrientation);
    }
    map
}

fn candidate(local: LocalAddress) -> Option<Candidate> {
    match local.proto {
        Proto::Udp => Candidate::host(local.addr, str0m::net::Protocol::Udp).ok(),
        Proto::Tcp => Candidate::builder().tcp().host(local.addr).tcptype(TcpType::Passive).build().ok(),
    }
}
