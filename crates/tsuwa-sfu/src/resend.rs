//! The last packets of a sound stream, as they went out, for a receiver that missed one.
//!
//! str0m answers NACK only by RTX, which browsers don't take for sound. A packet is kept protected and sent again bit
//! for bit: encrypting it anew under the same number would break AES-GCM.

/// How many packets are kept: 640 ms at 20 ms each. A later resend would miss its time to be heard.
const KEPT: usize = 32;
/// How often one packet may be sent again.
const TIMES: u8 = 2;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Resends {
    slots: Vec<Slot>,
}

#[derive(Debug, Default)]
struct Slot {
    seq: u16,
    left: u8,
    bytes: Vec<u8>,
}

impl Resends {
    /// Keeps a copy of a packet that goes out; each slot's memory is used again.
    pub(crate) fn keep(&mut self, seq: u16, bytes: &[u8]) {
        if self.slots.is_empty() {
            self.slots.resize_with(KEPT, Slot::default);
        }
        let slot = &mut self.slots[usize::from(seq) % KEPT];
        slot.seq = seq;
        slot.left = TIMES;
        slot.bytes.clear();
        slot.bytes.extend_from_slice(bytes);
    }

    /// The packet of that number, if it is kept and has not been sent too often.
    pub(crate) fn again(&mut self, seq: u16) -> Option<&[u8]> {
        let slot = self.slots.get_mut(usize::from(seq) % KEPT)?;
        if slot.seq != seq || slot.left == 0 {
            return None;
        }
        slot.left -= 1;
        Some(&slot.bytes)
    }
}
