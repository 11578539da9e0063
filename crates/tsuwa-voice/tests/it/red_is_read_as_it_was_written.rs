use tsuwa_voice::{Block, RedError, build_red, parse_red};

#[test]
fn red_is_read_as_it_was_written() {
    let older = [
        Block { payload_type: 111, offset: 1920, payload: b"the one before the last" },
        Block { payload_type: 111, offset: 960, payload: b"the last" },
    ];
    let red = build_red(111, b"this", &older);
    let blocks = parse_red(&red).unwrap();
    assert_eq!(blocks[..2], older);
    assert_eq!(blocks[2], Block { payload_type: 111, offset: 0, payload: b"this" });
    // RFC 2198, section 3: 1 bit, 7 of payload type, 14 of offset, 10 of length.
    assert_eq!(red[..4], [0x80 | 111, 1920u16.wrapping_shr(6) as u8, 0, 23]);
    assert_eq!(parse_red(&red[..10]), Err(RedError::Short));
}
