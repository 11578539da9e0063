//! RFC 2198: plain Opus for a receiver that takes no redundancy.

/// Most redundant blocks that are looked through; browsers send one or two.
const MOST_BLOCKS: usize = 32;

/// Where the primary block lies in a RED payload, and its payload type; `None` if the payload is malformed.
///
/// No allocation: this is on the way of each packet.
pub(crate) fn primary(payload: &[u8]) -> Option<(u8, &[u8])> {
    let mut at = 0;
    let mut before = 0;
    for _ in 0..=MOST_BLOCKS {
        let first = *payload.get(at)?;
        if first & 0x80 == 0 {
            let block = payload.get(at + 1 + before..)?;
            return Some((first & 0x7f, block));
        }
        let header = payload.get(at..at + 4)?;
        before += (usize::from(header[2] & 0x03) << 8) | usize::from(header[3]);
        at += 4;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_primary_block_is_the_last() {
        // One redundant block of 2 bytes, then the primary of 3.
        let payload = [0x80 | 111, 0x0f, 0x00, 2, 111, 1, 2, 7, 8, 9];
        assert_eq!(primary(&payload), Some((111, &[7, 8, 9][..])));
        assert_eq!(primary(&[111, 5]), Some((111, &[5][..])));
    }

    #[test]
    fn a_malformed_payload_gives_nothing() {
        assert_eq!(primary(&[]), None);
        assert_eq!(primary(&[0x80 | 111, 0, 0]), None);
        assert_eq!(primary(&[0x80 | 111, 0, 0, 200, 111, 1]), None, "a block longer than the packet");
        assert_eq!(primary(&[0xff; 200]), None, "headers without end");
    }
}
