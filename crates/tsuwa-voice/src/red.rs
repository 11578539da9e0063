//! RFC 2198: the last packets' sound again in each packet.

use std::fmt;

/// Most redundant blocks that are looked at in one packet; browsers send one or two.
const MOST_REDUNDANT: usize = 8;

/// Largest timestamp offset that a block can have: 14 bits.
const OFFSET_MOST: u32 = 0x3fff;

/// Largest redundant block, in bytes: 10 bits.
const LENGTH_MOST: usize = 0x3ff;

/// One block: the sound of a packet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Block<'a> {
    /// The payload type of the codec.
    pub payload_type: u8,
    /// How much earlier than the packet's RTP timestamp it begins; 0 for the packet's own.
    pub offset: u32,
    /// The codec's payload.
    pub payload: &'a [u8],
}

/// Why a payload is not RED. The sender's fault; drop the packet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RedError {
    /// It ends within a header or a block.
    Short,
    /// More redundant blocks than anybody sends.
    TooMany,
}

impl fmt::Display for RedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Short => "the RED payload ends too early",
            Self::TooMany => "the RED payload has too many blocks",
        })
    }
}

impl std::error::Error for RedError {}

/// The blocks of a RED payload: the redundant ones as sent (oldest first), the packet's own last.
pub fn parse_red(payload: &[u8]) -> Result<Vec<Block<'_>>, RedError> {
    let mut headers = Vec::with_capacity(3);
    let mut rest = payload;
    let own = loop {
        match *rest {
            [first, ..] if first & 0x80 == 0 => {
                rest = &rest[1..];
                break first;
            }
            [first, high, middle, low, ..] => {
                if headers.len() == MOST_REDUNDANT {
                    return Err(RedError::TooMany);
                }
                let offset = u32::from(high) << 6 | u32::from(middle) >> 2;
                let length = usize::from(middle & 3) << 8 | usize::from(low);
                headers.push((first & 0x7f, offset, length));
                rest = &rest[4..];
            }
            _ => return Err(RedError::Short),
        }
    };
    let mut blocks = Vec::with_capacity(headers.len() + 1);
    for (payload_type, offset, length) in headers {
        let (payload, after) = rest.split_at_checked(length).ok_or(RedError::Short)?;
        blocks.push(Block { payload_type, offset, payload });
        rest = after;
    }
    blocks.push(Block { payload_type: own, offset: 0, payload: rest });
    Ok(blocks)
}

/// Builds a RED payload of `redundant` (oldest first) and `own`. A redundant block that does not fit RFC 2198's
/// fields (offset over 16 383, over 1023 bytes) is left out, and so are those past the eighth.
pub fn build_red(payload_type: u8, own: &[u8], redundant: &[Block<'_>]) -> Vec<u8> {
    let fits = |block: &&Block<'_>| block.offset <= OFFSET_MOST && block.payload.len() <= LENGTH_MOST;
    let redundant: Vec<_> = redundant.iter().filter(fits).take(MOST_REDUNDANT).collect();
    let sound: usize = redundant.iter().map(|block| block.payload.len() + 4).sum();
    let mut red = Vec::with_capacity(sound + 1 + own.len());
    for block in &redundant {
        let length = block.payload.len();
        red.push(0x80 | block.payload_type & 0x7f);
        red.push((block.offset >> 6) as u8);
        red.push(((block.offset & 0x3f) << 2) as u8 | (length >> 8) as u8);
        red.push((length & 0xff) as u8);
    }
    red.push(payload_type & 0x7f);
    for block in &redundant {
        red.extend_from_slice(block.payload);
    }
    red.extend_from_slice(own);
    red
}
