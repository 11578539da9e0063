//! The Opus codec: a thin and safe face on libopus. The only place of this crate that touches C.
#![allow(unsafe_code)]

use crate::{FRAME, Frame, RATE_HZ};
use std::ffi::c_int;
use std::fmt;
use std::ptr::NonNull;

use c::{OpusDecoder, OpusEncoder};

/// Longest Opus packet of one 20 ms frame that is ever made or taken, in bytes: RFC 6716, 3.4 (1275) and a TOC byte.
const LONGEST_PACKET: usize = 1276;

/// Most samples that one Opus packet can hold at 48 kHz: 120 ms, RFC 6716, 2.1.4.
const MOST_SAMPLES: usize = 5760;

/// Why libopus refused; the number is its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OpusError {
    /// The packet is none of Opus: the sender's fault. Conceal it as lost.
    BadPacket,
    /// libopus has no memory, or was given a setting that it refuses: ours.
    Internal(i32),
}

impl fmt::Display for OpusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadPacket => f.write_str("not an Opus packet"),
            Self::Internal(code) => write!(f, "libopus refused ({code})"),
        }
    }
}

impl std::error::Error for OpusError {}

/// How many samples at 48 kHz `packet` holds, 120 to 5760.
pub fn packet_samples(packet: &[u8]) -> Result<usize, OpusError> {
    let len = i32::try_from(packet.len()).map_err(|_| OpusError::BadPacket)?;
    if len == 0 {
        return Err(OpusError::BadPacket);
    }
    // SAFETY: the pointer is to `len` readable bytes, and libopus reads no further.
    let samples = unsafe { c::opus_packet_get_nb_samples(packet.as_ptr(), len, RATE_HZ as i32) };
    match usize::try_from(samples) {
        Ok(samples @ 1..=MOST_SAMPLES) => Ok(samples),
        _ => Err(OpusError::BadPacket),
    }
}

/// Frames to packets: 20 ms, 48 kHz, mono, for speech, with in-band FEC.
pub struct Encoder {
    state: NonNull<OpusEncoder>,
}

// SAFETY: a libopus state has no thread affinity and is reached through `&mut self` only.
unsafe impl Send for Encoder {}

impl Encoder {
    /// An encoder at `bits_per_s` (500 to 510 000; speech is good from 24 000).
    pub fn new(bits_per_s: u32) -> Result<Self, OpusError> {
        let mut error: c_int = 0;
        // SAFETY: plain values and a pointer to a live c_int.
        let state = unsafe { c::opus_encoder_create(RATE_HZ as i32, 1, c::OPUS_APPLICATION_VOIP, &mut error) };
        let state = NonNull::new(state).ok_or(OpusError::Internal(error))?;
        let mut encoder = Self { state };
        encoder.set(c::OPUS_SET_BITRATE_REQUEST, i32::try_from(bits_per_s).unwrap_or(i32::MAX))?;
        encoder.set(c::OPUS_SET_SIGNAL_REQUEST, c::OPUS_SIGNAL_VOICE)?;
        encoder.set(c::OPUS_SET_INBAND_FEC_REQUEST, 1)?;
        encoder.set(c::OPUS_SET_DTX_REQUEST, 0)?;
        encoder.set_expected_loss(5)?;
        Ok(encoder)
    }

    /// How many packets of a hundred are expected to be lost: the more, the more of the bitrate goes to FEC.
    pub fn set_expected_loss(&mut self, percent: u8) -> Result<(), OpusError> {
        self.set(c::OPUS_SET_PACKET_LOSS_PERC_REQUEST, i32::from(percent.min(100)))
    }

    /// How hard the encoder works, 0 to 10 (libopus' default is 9).
    pub fn set_complexity(&mut self, complexity: u8) -> Result<(), OpusError> {
        self.set(c::OPUS_SET_COMPLEXITY_REQUEST, i32::from(complexity.min(10)))
    }

    /// Encodes one frame into `packet`, replacing what it holds.
    pub fn encode(&mut self, frame: &Frame, packet: &mut Vec<u8>) -> Result<(), OpusError> {
        packet.resize(LONGEST_PACKET, 0);
        // SAFETY: the state is live; `frame` holds FRAME samples of one channel; `packet` has room for the
        // LONGEST_PACKET bytes named.
        let written = unsafe {
            c::opus_encode(
                self.state.as_ptr(),
                frame.as_ptr(),
                FRAME as c_int,
                packet.as_mut_ptr(),
                LONGEST_PACKET as i32,
            )
        };
        match usize::try_from(written) {
            Ok(written) => {
                packet.truncate(written);
                Ok(())
            }
            Err(_) => {
                packet.clear();
                Err(OpusError::Internal(written))
            }
        }
    }

    fn set(&mut self, request: c_int, value: i32) -> Result<(), OpusError> {
        // SAFETY: the state is live, and each request that this file makes takes one opus_int32.
        let result = unsafe { c::opus_encoder_ctl(self.state.as_ptr(), request, value) };
        if result == c::OPUS_OK { Ok(()) } else { Err(OpusError::Internal(result)) }
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        // SAFETY: made by opus_encoder_create and destroyed here only.
        unsafe { c::opus_encoder_destroy(self.state.as_ptr()) }
    }
}

/// Packets to samples at 48 kHz mono (a stereo packet is mixed down by libopus).
pub struct Decoder {
    state: NonNull<OpusDecoder>,
}

// SAFETY: a libopus state has no thread affinity and is reached through `&mut self` only.
unsafe impl Send for Decoder {}

impl Decoder {
    /// A decoder in its first state.
    pub fn new() -> Result<Self, OpusError> {
        let mut error: c_int = 0;
        // SAFETY: plain values and a pointer to a live c_int.
        let state = unsafe { c::opus_decoder_create(RATE_HZ as i32, 1, &mut error) };
        NonNull::new(state).map(|state| Self { state }).ok_or(OpusError::Internal(error))
    }

    /// Decodes `packet` and appends its samples to `sound`; gives how many.
    pub fn decode(&mut self, packet: &[u8], sound: &mut Vec<i16>) -> Result<usize, OpusError> {
        let samples = packet_samples(packet)?;
        self.run(Some(packet), samples, false, sound)
    }

    /// Recovers the 20 ms *before* `next` from the FEC that `next` carries (conceals them where it carries none).
    pub fn decode_fec(&mut self, next: &[u8], sound: &mut Vec<i16>) -> Result<usize, OpusError> {
        packet_samples(next)?;
        self.run(Some(next), FRAME, true, sound)
    }

    /// Makes up 20 ms for a packet that is lost for good.
    pub fn conceal(&mut self, sound: &mut Vec<i16>) -> Result<usize, OpusError> {
        self.run(None, FRAME, false, sound)
    }

    fn run(
        &mut self,
        packet: Option<&[u8]>,
        samples: usize,
        fec: bool,
        sound: &mut Vec<i16>,
    ) -> Result<usize, OpusError> {
        let (data, len) = packet.map_or((std::ptr::null(), 0), |packet| (packet.as_ptr(), packet.len() as i32));
        let begin = sound.len();
        sound.resize(begin + samples, 0);
        // SAFETY: the state is live; `data` is null or has `len` bytes (checked to fit an i32 by
        // `packet_samples`); the output has room for `samples` samples of one channel.
        let decoded = unsafe {
            c::opus_decode(
                self.state.as_ptr(),
                data,
                len,
                sound[begin..].as_mut_ptr(),
                samples as c_int,
                c_int::from(fec),
            )
        };
        match usize::try_from(decoded) {
            Ok(decoded) => {
                sound.truncate(begin + decoded);
                Ok(decoded)
            }
            Err(_) => {
                sound.truncate(begin);
                // OPUS_BUFFER_TOO_SMALL can't be, the room was asked for; the rest is about the packet.
                Err(OpusError::BadPacket)
            }
        }
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: made by opus_decoder_create and destroyed here only.
        unsafe { c::opus_decoder_destroy(self.state.as_ptr()) }
    }
}

/// What is used of libopus' interface (its `opus.h` and `opus_defines.h`, which have not changed since 1.1).
mod c {
    use std::ffi::{c_int, c_uchar};

    pub(super) const OPUS_OK: c_int = 0;
    pub(super) const OPUS_APPLICATION_VOIP: c_int = 2048;
    pub(super) const OPUS_SIGNAL_VOICE: i32 = 3001;
    pub(super) const OPUS_SET_BITRATE_REQUEST: c_int = 4002;
    pub(super) const OPUS_SET_COMPLEXITY_REQUEST: c_int = 4010;
    pub(super) const OPUS_SET_INBAND_FEC_REQUEST: c_int = 4012;
    pub(super) const OPUS_SET_PACKET_LOSS_PERC_REQUEST: c_int = 4014;
    pub(super) const OPUS_SET_DTX_REQUEST: c_int = 4016;
    pub(super) const OPUS_SET_SIGNAL_REQUEST: c_int = 4024;

    /// An encoder's state; only ever behind a pointer.
    #[repr(C)]
    pub(super) struct OpusEncoder {
        _private: [u8; 0],
    }

    /// A decoder's state; only ever behind a pointer.
    #[repr(C)]
    pub(super) struct OpusDecoder {
        _private: [u8; 0],
    }

    unsafe extern "C" {
        pub(super) fn opus_encoder_create(
            rate_hz: i32,
            channels: c_int,
            application: c_int,
            error: *mut c_int,
        ) -> *mut OpusEncoder;
        pub(super) fn opus_encoder_ctl(state: *mut OpusEncoder, request: c_int, ...) -> c_int;
        pub(super) fn opus_encode(
            state: *mut OpusEncoder,
            sound: *const i16,
            samples: c_int,
            packet: *mut c_uchar,
            room: i32,
        ) -> i32;
        pub(super) fn opus_encoder_destroy(state: *mut OpusEncoder);
        pub(super) fn opus_decoder_create(rate_hz: i32, channels: c_int, error: *mut c_int) -> *mut OpusDecoder;
        pub(super) fn opus_decode(
            state: *mut OpusDecoder,
            packet: *const c_uchar,
            length: i32,
            sound: *mut i16,
            samples: c_int,
            fec: c_int,
        ) -> c_int;
        pub(super) fn opus_decoder_destroy(state: *mut OpusDecoder);
        pub(super) fn opus_packet_get_nb_samples(packet: *const c_uchar, length: i32, rate_hz: i32) -> c_int;
    }
}
