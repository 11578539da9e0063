use crate::line::said;
use tsuwa_voice::{Wav, wav_header};

#[test]
fn a_wav_file_comes_back_as_written() {
    let samples = said(16, 0.5);
    let mut file = wav_header(48_000, samples.len()).to_vec();
    samples.iter().for_each(|sample| file.extend_from_slice(&sample.to_le_bytes()));
    assert_eq!(Wav::parse(&file), Ok(Wav { rate_hz: 48_000, samples: samples.clone() }));
    // A recording that was cut off says more than it has.
    let cut = Wav::parse(&file[..44 + 2000]).unwrap();
    assert_eq!(cut.samples, samples[..1000]);
}
