//! Which codec a payload type means, leg by leg.

use str0m::format::{Codec as Named, CodecSpec, PayloadParams};
use str0m::media::Pt;

/// A codec of pictures, as far as one decoder differs from another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Codec {
    /// VP8.
    Vp8,
    /// VP9, with its profile.
    Vp9(u32),
    /// H.264 by packetization mode (profiles: constrained baseline only is offered).
    H264 {
        /// Whether it is mode 1.
        mode1: bool,
    },
    /// AV1.
    Av1,
}

impl Codec {
    fn of(spec: &CodecSpec) -> Option<Self> {
        Some(match spec.codec {
            Named::Vp8 => Self::Vp8,
            Named::Vp9 => Self::Vp9(spec.format.profile_id.unwrap_or(0)),
            Named::H264 => Self::H264 { mode1: spec.format.packetization_mode == Some(1) },
            Named::Av1 => Self::Av1,
            _ => return None,
        })
    }

    /// Whether an SDP's `rtpmap` name and `fmtp` text mean this codec.
    pub(crate) fn is_named(self, rtpmap: &str, fmtp: &str) -> bool {
        let name = rtpmap.split('/').next().unwrap_or("");
        match self {
            Self::Vp8 => name.eq_ignore_ascii_case("VP8"),
            Self::Vp9(profile) => {
                let said = fmtp.split(';').find_map(|part| part.trim().strip_prefix("profile-id="));
                name.eq_ignore_ascii_case("VP9") && said.unwrap_or("0") == profile.to_string()
            }
            Self::H264 { mode1 } => name.eq_ignore_ascii_case("H264") && fmtp.contains("packetization-mode=1") == mode1,
            Self::Av1 => name.eq_ignore_ascii_case("AV1"),
        }
    }
}

/// What an incoming payload type means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Payload {
    /// Plain Opus.
    Opus,
    /// Opus with redundancy.
    Red,
    /// Pictures.
    Video(Codec),
}

/// The payload types that one leg has agreed to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Payloads {
    opus: Option<Pt>,
    red: Option<Pt>,
    video: Vec<(Codec, Pt)>,
}

impl Payloads {
    /// Of the parameters that were agreed on for a kind of m-line (`remote` are the answer's payload types).
    pub(crate) fn agreed(params: &[PayloadParams], remote: &[Pt]) -> Self {
        let mut agreed = Self::default();
        for params in params.iter().filter(|params| remote.contains(&params.pt())) {
            let spec = params.spec();
            if spec.codec == Named::Opus {
                agreed.opus = Some(params.pt());
                agreed.red = params.red();
            } else if let Some(codec) = Codec::of(&spec) {
                agreed.video.push((codec, params.pt()));
            }
        }
        agreed
    }

    /// What a packet with this type carries; RTX is unwrapped before.
    pub(crate) fn meaning(&self, pt: Pt) -> Option<Payload> {
        if Some(pt) == self.opus {
            return Some(Payload::Opus);
        }
        if Some(pt) == self.red {
            return Some(Payload::Red);
        }
        self.video.iter().find(|(_, its)| *its == pt).map(|(codec, _)| Payload::Video(*codec))
    }

    /// This leg's type for plain Opus.
    pub(crate) fn opus(&self) -> Option<Pt> {
        self.opus
    }

    /// This leg's type for RED, if it takes it.
    pub(crate) fn red(&self) -> Option<Pt> {
        self.red
    }

    /// This leg's type for a codec of pictures, if it decodes it.
    pub(crate) fn video(&self, codec: Codec) -> Option<Pt> {
        self.video.iter().find(|(its, _)| *its == codec).map(|(_, pt)| *pt)
    }

    /// The codecs of pictures, in the leg's order.
    pub(crate) fn video_codecs(&self) -> impl Iterator<Item = Codec> {
        self.video.iter().map(|(codec, _)| *codec)
    }
}
