//! JSON text → zlib → the tickets' own base64, and back.

use crate::error::VerifyError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

/// Most bytes of JSON that are looked at. The longest that a generator writes (a 32-byte id, a string room of 64 bytes,
/// spaces between the fields) has about 450.
const LONGEST_JSON_BYTES: usize = 4096;

/// Packs a ticket's JSON.
pub(crate) fn pack(json: &str) -> String {
    // 11 bytes of zlib's header and trailer, 5 for each stored block: more than a text that does not shrink needs.
    let mut packed = Vec::with_capacity(json.len() + json.len() / 100 + 64);
    let status =
        Compress::new(Compression::default(), true).compress_vec(json.as_bytes(), &mut packed, FlushCompress::Finish);
    assert!(matches!(status, Ok(Status::StreamEnd)), "the room is enough for a text that does not shrink");
    let translate = |c: char| match c {
        '+' => '*',
        '/' => '-',
        '=' => '_',
        same => same,
    };
    STANDARD.encode(packed).chars().map(translate).collect()
}

/// Unpacks a ticket to its JSON, in bounded memory whatever it claims to hold.
///
/// One way of writing is taken, the one that every generator writes: the tickets' alphabet, whole padding, one zlib
/// stream with nothing behind it.
pub(crate) fn unpack(ticket: &str) -> Result<Vec<u8>, VerifyError> {
    let translate = |b: u8| match b {
        b'*' => Ok(b'+'),
        b'-' => Ok(b'/'),
        b'_' => Ok(b'='),
        // Standard base64 and base64url are other alphabets, in which the same letters mean other bytes.
        b'+' | b'/' | b'=' => Err(VerifyError::NotBase64),
        same => Ok(same),
    };
    let standard = ticket.bytes().map(translate).collect::<Result<Vec<u8>, _>>()?;
    let packed = STANDARD.decode(standard).map_err(|_| VerifyError::NotBase64)?;
    inflate(&packed)
}

fn inflate(packed: &[u8]) -> Result<Vec<u8>, VerifyError> {
    // One byte more than is allowed: a text that just fits still comes to its end.
    let mut json = Vec::with_capacity(LONGEST_JSON_BYTES + 1);
    let mut stream = Decompress::new(true);
    let status = stream.decompress_vec(packed, &mut json, FlushDecompress::Finish);
    if json.len() > LONGEST_JSON_BYTES {
        return Err(VerifyError::InflatesTooFar);
    }
    match status {
        Ok(Status::StreamEnd) if stream.total_in() == packed.len() as u64 => Ok(json),
        Ok(Status::StreamEnd) => Err(VerifyError::TrailingBytes),
        _ => Err(VerifyError::NotZlib),
    }
}
