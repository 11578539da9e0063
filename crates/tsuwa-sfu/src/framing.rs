//! RFC 4571: datagrams on a TCP connection, each behind its length in two bytes.

/// Most bytes of a frame that a peer may send: more than any path's MTU carries; a longer one ends the connection.
pub const LONGEST_FRAME: usize = 4096;

/// The connection's bytes can't be frames of ours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadFrame;

impl std::fmt::Display for BadFrame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a frame is empty or too long")
    }
}

impl std::error::Error for BadFrame {}

/// Takes a stream of bytes apart. Never holds more than one frame and what one read brought.
#[derive(Debug, Default)]
pub struct Deframer {
    held: Vec<u8>,
    taken: usize,
}

impl Deframer {
    /// Adds what a read brought.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.taken > 0 {
            self.held.drain(..self.taken);
            self.taken = 0;
        }
        self.held.extend_from_slice(bytes);
    }

    /// The next whole frame, without its length.
    ///
    /// # Errors
    /// [`BadFrame`] if the peer announces an empty frame or one over [`LONGEST_FRAME`]; the connection is of no more use.
    pub fn next_frame(&mut self) -> Result<Option<&[u8]>, BadFrame> {
        let rest = &self.held[self.taken..];
        let Some((length, body)) = rest.split_first_chunk::<2>() else { return Ok(None) };
        let length = usize::from(u16::from_be_bytes(*length));
        if length == 0 || length > LONGEST_FRAME {
            return Err(BadFrame);
        }
        if body.len() < length {
            return Ok(None);
        }
        let from = self.taken + 2;
        self.taken = from + length;
        Ok(Some(&self.held[from..self.taken]))
    }

    /// Bytes that wait for the rest of their frame.
    pub fn waiting(&self) -> usize {
        self.held.len() - self.taken
    }
}

/// Appends a datagram as a frame. Datagrams over 65,535 bytes can't exist; one would be left out.
pub fn frame(datagram: &[u8], out: &mut Vec<u8>) {
    let Ok(length) = u16::try_from(datagram.len()) else { return };
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(datagram);
}
