//! The messages of RFC 5769, and the two functions that they are about, made here a second time.

use str0m::ice::StunMessage;

/// Who the short-term messages are for, and from whom, with what password (2.1).
pub(crate) const UFRAG: &str = "evtj";
pub(crate) const PASSWORD: &str = "VOkJxbRl1RmTxUk/WvJxBt";

/// 2.1: a request with a fingerprint and an integrity.
pub(crate) fn request() -> Vec<u8> {
    hex("00010058 2112a442 b7e7a701bc34d686fa87dfae 80220010 5354554e207465737420636c69656e74
        00240004 6e0001ff 80290008 932ff9b151263b36 00060009 6576746a3a68367659202020
        00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2 80280004 e57a3bcf")
}

/// 2.2: a response that says 192.0.2.1:32853.
pub(crate) fn ipv4_response() -> Vec<u8> {
    hex("0101003c 2112a442 b7e7a701bc34d686fa87dfae 8022000b 7465737420766563746f7220
        00200008 0001a147e112a643 00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7 80280004 c07d4c96")
}

/// 2.3: a response that says [2001:db8:1234:5678:11:2233:4455:6677]:32853.
pub(crate) fn ipv6_response() -> Vec<u8> {
    hex("01010048 2112a442 b7e7a701bc34d686fa87dfae 8022000b 7465737420766563746f7220
        00200014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9
        00080014 a382954e4be67bf11784c97c8292c275bfe3ed41 80280004 c8fb0b4c")
}

/// 2.4: a request with a long-term credential, for a user with a name in katakana.
pub(crate) fn long_term_request() -> Vec<u8> {
    hex("00010060 2112a442 78ad3433c6ad72c029da412e
        00060012 e3839ee38388e383aae38383e382afe382b90000
        0015001c 662f2f3439396b39353464364f4c33346f4c39465354767936347341
        0014000b 6578616d706c652e6f726700 00080014 f67024656dd64a3e02b8e0712e85c9a28ca89666")
}

/// MD5 of that user, the realm example.org and the password TheMatrIX, with colons between them (RFC 5389, 15.4).
pub(crate) const LONG_TERM_KEY: [u8; 16] =
    [0xe8, 0xca, 0x7a, 0xd5, 0x9d, 0x5e, 0xb0, 0x51, 0x8e, 0x31, 0x29, 0x11, 0xd2, 0xda, 0xb2, 0xa9];

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().filter_map(|digit| digit.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

pub(crate) fn hmac_sha1(key: &[u8], parts: &[&[u8]]) -> [u8; 20] {
    str0m::crypto::from_feature_flags().sha1_hmac_provider.sha1_hmac(key, parts)
}

/// Whether the integrity is that of this key.
pub(crate) fn is_authentic(message: &[u8], key: &[u8]) -> bool {
    StunMessage::parse(message).is_ok_and(|message| message.verify(key, hmac_sha1))
}

/// The HMAC that belongs into the integrity at this place: of all before, with a length that ends behind it.
pub(crate) fn integrity(message: &[u8], at: usize, key: &[u8]) -> [u8; 20] {
    let length = (at + 24 - 20) as u16;
    hmac_sha1(key, &[&message[..2], &length.to_be_bytes(), &message[4..at]])
}

/// The fingerprint of a message that ends with one: CRC-32 of ITU-T V.42 of all before, with STUN's mask.
pub(crate) fn fingerprint(message: &[u8]) -> [u8; 4] {
    let before = &message[..message.len() - 8];
    let crc = before.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    });
    (!crc ^ 0x5354_554e).to_be_bytes()
}
