//! One WebRTC transport of a leg: the engine, its m-lines and what was negotiated.

use crate::codecs::{Codec, Payloads};
use crate::keys::{Proto, Track};
use crate::layers::{self, Layer};
use crate::resend::Resends;
use crate::timeline::Timeline;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use str0m::Rtc;
use str0m::change::SdpPendingOffer;
use str0m::media::{Mid, Rid};
use str0m::rtp::Ssrc;

/// Sound's RTP clock (RFC 7587) and pictures' (RFC 3551).
const CLOCKS_HZ: [u32; 2] = [48_000, 90_000];

/// Most addresses of one transport that are known at a time: a device tries each pair of its own and ours.
const MOST_ADDRESSES: usize = 8;

/// Most addresses that one transport takes in its life. A device whose network changes more often asks for another.
const MOST_ADDRESSES_EVER: usize = 64;

/// Most datagrams of one transport in a second; what is more is dropped unseen. Three layers of pictures and sound are
/// about five hundred.
const MOST_A_SECOND: u32 = 4000;

/// Most sources of one m-line that are told apart: simulcast layers, and a new SSRC for each change of device.
const MOST_SOURCES: usize = 8;

/// A transport has had all the addresses that it may have.
#[derive(Debug)]
pub(crate) struct TooMany;

/// An offer that waits for its answer.
pub(crate) struct Pending {
    /// Its number.
    pub(crate) id: u64,
    /// The engine's half.
    pub(crate) offer: SdpPendingOffer,
    /// Its text, to be said again.
    pub(crate) sdp: String,
    /// When it was said.
    pub(crate) at: Instant,
}

/// The m-line on which the device sends.
#[derive(Default)]
pub(crate) struct Up {
    pub(crate) mid: Option<Mid>,
    pub(crate) payloads: Payloads,
    pub(crate) layers: Vec<Layer>,
    sources: Vec<Source>,
}

struct Source {
    ssrc: Ssrc,
    layer: usize,
    highest: u64,
}

/// What feeds a receiver's stream: it changes with the device, the transport, the SSRC, and each unmute.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Feed {
    pub(crate) transport: u64,
    pub(crate) ssrc: u32,
    pub(crate) unmutes: u32,
}

/// An m-line on which the device receives a user.
pub(crate) struct Down {
    /// Whose, as an index of the room's users; `None` once that user is gone.
    pub(crate) user: Option<usize>,
    pub(crate) track: Track,
    pub(crate) mid: Mid,
    /// The stream's SSRC once the device has agreed to receive it.
    pub(crate) ssrc: Option<Ssrc>,
    pub(crate) payloads: Payloads,
    pub(crate) timeline: Timeline,
    pub(crate) resends: Resends,
    pub(crate) feed: Option<Feed>,
    pub(crate) layer: Option<usize>,
    /// What is to be added to VP8's picture ids, so that they go on over a change of layer.
    pub(crate) vp8_shift: (u16, u8),
    pub(crate) vp8_last: (u16, u8),
}

impl Down {
    pub(crate) fn new(user: usize, track: Track, mid: Mid, id: u64) -> Self {
        // The engine's SSRC is random, so the first number and timestamp need not be; they only must not be 0 for all.
        let seed = id.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 16;
        Self {
            user: Some(user),
            track,
            mid,
            ssrc: None,
            payloads: Payloads::default(),
            timeline: Timeline::new(CLOCKS_HZ[track as usize], seed as u16, (seed >> 16) as u32),
            resends: Resends::default(),
            feed: None,
            layer: None,
            vp8_shift: (0, 0),
            vp8_last: (0, 0),
        }
    }
}

/// See the module.
pub(crate) struct Transport {
    /// Unique among all rooms of the worker.
    pub(crate) id: u64,
    pub(crate) rtc: Rtc,
    pub(crate) ufrag: String,
    pub(crate) password: String,
    pub(crate) video: bool,
    pub(crate) pending: Option<Pending>,
    pub(crate) made_at: Instant,
    pub(crate) answered: bool,
    pub(crate) connected: bool,
    pub(crate) broken: bool,
    pub(crate) ups: [Up; 2],
    pub(crate) downs: Vec<Down>,
    pub(crate) addresses: Vec<(Proto, SocketAddr)>,
    addresses_ever: usize,
    second: Option<Instant>,
    in_second: u32,
    /// By what way the engine sent last.
    pub(crate) route: Option<(Proto, SocketAddr, SocketAddr)>,
    /// When the engine wants to be woken.
    pub(crate) wakes_at: Option<Instant>,
    /// The earliest alarm that is set for it.
    pub(crate) alarm: Option<Instant>,
    /// Whether it is on the list of those to be flushed.
    pub(crate) dirty: bool,
    pub(crate) round_trip: Option<Duration>,
    pub(crate) loss_up: Option<f32>,
    pub(crate) loss_down: Option<f32>,
    /// Bits per second that the device is thought able to receive.
    pub(crate) estimate: Option<f32>,
    /// What pictures may be sent in, as the last offer said; empty: anything.
    pub(crate) video_offered: Vec<Codec>,
}

impl Transport {
    pub(crate) fn new(id: u64, mut rtc: Rtc, now: Instant, video: bool) -> Self {
        let creds = rtc.direct_api().local_ice_credentials();
        Self {
            id,
            rtc,
            ufrag: creds.ufrag,
            password: creds.pass,
            video,
            pending: None,
            made_at: now,
            answered: false,
            connected: false,
            broken: false,
            ups: Default::default(),
            downs: Vec::new(),
            addresses: Vec::new(),
            addresses_ever: 0,
            second: None,
            in_second: 0,
            route: None,
            wakes_at: None,
            alarm: None,
            dirty: false,
            round_trip: None,
            loss_up: None,
            loss_down: None,
            estimate: None,
            video_offered: Vec::new(),
        }
    }

    /// Whether another datagram is still within bounds.
    pub(crate) fn admits_datagram(&mut self, now: Instant) -> bool {
        if self.second.is_none_or(|since| now.saturating_duration_since(since) >= Duration::from_secs(1)) {
            self.second = Some(now);
            self.in_second = 0;
        }
        self.in_second += 1;
        self.in_second <= MOST_A_SECOND
    }

    /// Takes an address that an authenticated check came from; `false` if it has had too many. Gives the address that
    /// gives way, if one does.
    pub(crate) fn take_address(
        &mut self,
        address: (Proto, SocketAddr),
    ) -> Result<Option<(Proto, SocketAddr)>, TooMany> {
        if self.addresses.contains(&address) {
            return Ok(None);
        }
        if self.addresses_ever >= MOST_ADDRESSES_EVER {
            return Err(TooMany);
        }
        self.addresses_ever += 1;
        self.addresses.push(address);
        Ok((self.addresses.len() > MOST_ADDRESSES).then(|| self.addresses.remove(0)))
    }

    /// Reads off what an answer has settled.
    pub(crate) fn settle(&mut self) {
        let Self { rtc, ups, downs, .. } = self;
        for up in ups.iter_mut() {
            if let Some(media) = up.mid.and_then(|mid| rtc.media(mid)) {
                up.payloads = Payloads::agreed(rtc.codec_config().params(), media.remote_pts());
            }
        }
        for down in downs.iter_mut() {
            let Some(media) = rtc.media(down.mid) else { continue };
            let open = media.direction().is_sending();
            down.payloads = Payloads::agreed(rtc.codec_config().params(), media.remote_pts());
            down.ssrc = if open { rtc.direct_api().stream_tx_by_mid(down.mid, None).map(|tx| tx.ssrc()) } else { None };
        }
    }

    /// Whether the device may send pictures in a codec that not all decode, so that it has to be offered fewer.
    pub(crate) fn narrow(&mut self, common: &[Codec]) -> bool {
        let sent = &self.ups[Track::Video as usize].payloads;
        let (fits, others): (Vec<Codec>, Vec<Codec>) = sent.video_codecs().partition(|codec| common.contains(codec));
        // With nothing in common, whoever decodes it shall see it rather than nobody.
        let narrowed = !others.is_empty() && !fits.is_empty() && self.video_offered != fits;
        if narrowed {
            self.video_offered = fits;
        }
        narrowed
    }

    /// Which track and layer an incoming SSRC is, and how many packets its numbering says are missing before this one.
    pub(crate) fn source(&mut self, ssrc: Ssrc, seq: u64) -> Option<(Track, usize, u64)> {
        for track in [Track::Audio, Track::Video] {
            if let Some(source) = self.ups[track as usize].sources.iter_mut().find(|source| source.ssrc == ssrc) {
                let missing = seq.saturating_sub(source.highest + 1);
                source.highest = source.highest.max(seq);
                return Some((track, source.layer, missing));
            }
        }
        let (track, layer) = self.learn(ssrc, seq)?;
        Some((track, layer, 0))
    }

    /// An SSRC's first packet: it has passed authentication, and the engine has assigned it to an m-line.
    fn learn(&mut self, ssrc: Ssrc, seq: u64) -> Option<(Track, usize)> {
        let mut api = self.rtc.direct_api();
        let stream = api.stream_rx(&ssrc)?;
        let (mid, rid) = (stream.mid(), stream.rid());
        let track =
            [Track::Audio, Track::Video].into_iter().find(|track| self.ups[*track as usize].mid == Some(mid))?;
        if track == Track::Audio {
            // Browsers send sound again on the same SSRC; the engine expects RTX and would not ask. By the m-line, since
            // only that look-up has the engine think its timers over.
            if let Some(stream) = api.stream_rx_by_mid(mid, rid) {
                stream.suppress_nack(false);
            }
        }
        let up = &mut self.ups[track as usize];
        let layer = rid.and_then(layer_of).unwrap_or(0);
        if up.layers.len() <= layer {
            up.layers.resize_with(layer + 1, Layer::default);
        }
        if up.sources.len() >= MOST_SOURCES {
            up.sources.remove(0);
        }
        up.sources.push(Source { ssrc, layer, highest: seq });
        Some((track, layer))
    }

    /// The SSRC that a layer was last heard on.
    pub(crate) fn ssrc_of_layer(&self, layer: usize) -> Option<Ssrc> {
        self.ups[Track::Video as usize]
            .sources
            .iter()
            .rev()
            .find(|source| source.layer == layer)
            .map(|source| source.ssrc)
    }

    /// The m-line on which the device receives a user's track.
    pub(crate) fn down_of(&mut self, user: usize, track: Track) -> Option<&mut Down> {
        self.downs.iter_mut().find(|down| down.user == Some(user) && down.track == track)
    }

    /// The sound stream with this SSRC, on its way out.
    pub(crate) fn sound_with(&mut self, ssrc: u32) -> Option<&mut Down> {
        self.downs.iter_mut().find(|down| down.track == Track::Audio && down.ssrc.is_some_and(|its| *its == ssrc))
    }
}

fn layer_of(rid: Rid) -> Option<usize> {
    layers::RIDS.iter().position(|name| Rid::from(*name) == rid)
}
