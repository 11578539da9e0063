//! RFC 4571 on a worker's TCP connections.

use crate::bytes::Bytes;
use tsuwa_sfu::framing::{Deframer, LONGEST_FRAME, frame};

/// Most bytes of one read, as the worker reads.
const READ: usize = 4096;

/// A stream gives the same frames however it is cut into reads, and never holds more than a frame and a read.
pub fn tcp_framing(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let cuts = bytes.take(8);
    let stream = bytes.rest();
    let whole = read(stream, [READ].into_iter());
    let sizes = cuts.iter().map(|cut| usize::from(*cut) + 1);
    let cut = read(stream, sizes.chain([1]));
    assert_eq!(whole, cut, "cut otherwise");
    let mut written = Vec::new();
    whole.0.iter().for_each(|datagram| frame(datagram, &mut written));
    assert!(stream.starts_with(&written), "frames are written as they are read");
    if !whole.1 {
        assert!(stream.len() - written.len() < LONGEST_FRAME + 2, "nothing whole is left behind");
    }
}

/// The frames, and whether the stream was given up.
fn read(stream: &[u8], sizes: impl Iterator<Item = usize> + Clone) -> (Vec<Vec<u8>>, bool) {
    let mut deframer = Deframer::default();
    let mut frames = Vec::new();
    let mut rest = stream;
    for size in sizes.cycle() {
        if rest.is_empty() {
            break;
        }
        let (now, later) = rest.split_at(size.min(rest.len()));
        rest = later;
        deframer.push(now);
        loop {
            match deframer.next_frame() {
                Ok(Some(datagram)) => frames.push(datagram.to_vec()),
                Ok(None) => break,
                Err(_) => return (frames, true),
            }
        }
        assert!(deframer.waiting() < LONGEST_FRAME + 2 + READ, "it holds {} bytes", deframer.waiting());
    }
    (frames, false)
}
