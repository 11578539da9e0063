use tsuwa_sfu::framing::{BadFrame, Deframer, LONGEST_FRAME, frame};

#[test]
fn however_the_stream_is_cut() {
    let datagrams: Vec<Vec<u8>> = (1..60_usize).map(|length| vec![length as u8; length * 7]).collect();
    let mut stream = Vec::new();
    datagrams.iter().for_each(|datagram| frame(datagram, &mut stream));
    for cut in [1, 2, 3, 100, 1460, stream.len()] {
        let mut deframer = Deframer::default();
        let mut whole = Vec::new();
        for part in stream.chunks(cut) {
            deframer.push(part);
            while let Some(frame) = deframer.next_frame().unwrap() {
                whole.push(frame.to_vec());
            }
        }
        assert_eq!(whole, datagrams, "cut every {cut} bytes");
        assert_eq!(deframer.waiting(), 0);
    }
}

#[test]
fn a_frame_that_is_empty_or_too_long_ends_the_stream() {
    for length in [0_u16, LONGEST_FRAME as u16 + 1, u16::MAX] {
        let mut deframer = Deframer::default();
        deframer.push(&length.to_be_bytes());
        assert_eq!(deframer.next_frame(), Err(BadFrame));
    }
}
