//! What the room itself reads of RTCP: generic NACK (RFC 4585). The rest is the WebRTC engine's.

/// Calls `missed(ssrc, seq)` for each packet that a compound RTCP packet asks for. Malformed parts end the reading.
pub(crate) fn for_each_nack(mut compound: &[u8], mut missed: impl FnMut(u32, u16)) {
    while let Some(header) = compound.first_chunk::<4>() {
        let length = 4 * (usize::from(u16::from_be_bytes([header[2], header[3]])) + 1);
        let Some((packet, rest)) = compound.split_at_checked(length) else { return };
        if header[0] >> 6 != 2 {
            return;
        }
        // Transport-layer feedback (205), format 1.
        if header[1] == 205
            && header[0] & 0x1f == 1
            && let Some(ssrc) = packet.get(8..12)
        {
            let ssrc = u32::from_be_bytes([ssrc[0], ssrc[1], ssrc[2], ssrc[3]]);
            for entry in packet[12..].chunks_exact(4) {
                let first = u16::from_be_bytes([entry[0], entry[1]]);
                let following = u16::from_be_bytes([entry[2], entry[3]]);
                missed(ssrc, first);
                for bit in 0..16 {
                    if following & (1 << bit) != 0 {
                        missed(ssrc, first.wrapping_add(bit + 1));
                    }
                }
            }
        }
        compound = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nack_names_its_packets() {
        let nack = [0x81, 205, 0, 3, 0, 0, 0, 1, 0, 0, 0, 9, 0xff, 0xff, 0, 0b101];
        let mut seen = Vec::new();
        for_each_nack(&nack, |ssrc, seq| seen.push((ssrc, seq)));
        assert_eq!(seen, [(9, 65_535), (9, 0), (9, 2)]);
    }

    #[test]
    fn a_cut_packet_is_not_read() {
        for_each_nack(&[0x81, 205, 0, 3, 0, 0], |_, _| panic!("nothing is there"));
        for_each_nack(&[0x81, 205, 0, 1, 0, 0, 0, 1], |_, _| panic!("nothing is there"));
    }
}
