//! Where a picture begins that needs no other: the only place to change simulcast layers.

use crate::codecs::Codec;
use str0m::rtp::Vp8Descriptor;

/// Whether this payload is the first packet of a key frame. Malformed ones are not.
pub(crate) fn begins(codec: Codec, payload: &[u8]) -> bool {
    match codec {
        Codec::Vp8 => Vp8Descriptor::parse(payload).is_ok_and(|descriptor| descriptor.starts_keyframe(payload)),
        Codec::Vp9(_) => vp9(payload),
        Codec::H264 { .. } => h264(payload),
        // RTP payload format for AV1, 4.4: N says that a coded video sequence begins here.
        Codec::Av1 => payload.first().is_some_and(|aggregation| aggregation & 0x08 != 0),
    }
}

/// RFC 9628 4.2: not inter-predicted (P), beginning of a frame (B); of a layered stream the lowest spatial layer.
fn vp9(payload: &[u8]) -> bool {
    let Some((first, rest)) = payload.split_first() else { return false };
    let (has_id, inter, layered, begin) = (first & 0x80 != 0, first & 0x40 != 0, first & 0x20 != 0, first & 0x08 != 0);
    if inter || !begin {
        return false;
    }
    if !layered {
        return true;
    }
    let id_bytes = match (has_id, rest.first()) {
        (false, _) => 0,
        (true, Some(id)) if id & 0x80 != 0 => 2,
        (true, _) => 1,
    };
    rest.get(id_bytes).is_some_and(|layer| (layer >> 1) & 0x07 == 0)
}

/// RFC 6184: an IDR picture (5) or the parameters before one (7), alone, first of an aggregate, or begun as fragments.
fn h264(payload: &[u8]) -> bool {
    const KEY: [u8; 2] = [5, 7];
    let kind = |byte: u8| byte & 0x1f;
    match payload.first().map(|byte| kind(*byte)) {
        Some(24) => payload.get(3).is_some_and(|byte| KEY.contains(&kind(*byte))),
        Some(28) => payload.get(1).is_some_and(|byte| byte & 0x80 != 0 && KEY.contains(&kind(*byte))),
        Some(single) => KEY.contains(&single),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_frames_are_known_by_codec() {
        let h264 = Codec::H264 { mode1: true };
        assert!(begins(h264, &[0x65, 0]) && begins(h264, &[0x78, 0, 9, 0x67]) && begins(h264, &[0x7c, 0x85]));
        assert!(!begins(h264, &[0x41, 0]) && !begins(h264, &[0x7c, 0x05]) && !begins(h264, &[]));
        assert!(begins(Codec::Vp9(0), &[0x88, 1]) && !begins(Codec::Vp9(0), &[0xc8, 1]));
        assert!(begins(Codec::Vp9(0), &[0xa8, 1, 0]) && !begins(Codec::Vp9(0), &[0xa8, 1, 2]));
        assert!(begins(Codec::Av1, &[0x18]) && !begins(Codec::Av1, &[0x10]));
        assert!(begins(Codec::Vp8, &[0x10, 0, 0]) && !begins(Codec::Vp8, &[0x10, 1, 0]));
    }
}
