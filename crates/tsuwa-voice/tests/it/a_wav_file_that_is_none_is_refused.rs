use tsuwa_voice::{Wav, WavError, wav_header};

#[test]
fn a_wav_file_that_is_none_is_refused() {
    assert_eq!(Wav::parse(b"not a file"), Err(WavError::NotWav));
    assert_eq!(Wav::parse(&wav_header(48_000, 0)[..36]), Err(WavError::Incomplete));
    let mut header = wav_header(48_000, 0);
    header[22] = 6;
    assert_eq!(Wav::parse(&header), Err(WavError::Channels(6)));
    let mut header = wav_header(48_000, 0);
    header[34] = 24;
    assert_eq!(Wav::parse(&header), Err(WavError::NotPcm16));
    assert_eq!(Wav::parse(&wav_header(1, 0)), Err(WavError::Rate(1)));
}
