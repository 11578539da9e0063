use crate::line::said;
use tsuwa_voice::{Resampler, Wav, compare};

/// To 44.1, 16 and 8 kHz and back: as much of the sound as the rate can hold is still there, in its place.
#[test]
fn a_wav_file_of_another_rate_sounds_the_same() {
    let said = said(17, 3.0);
    for (rate_hz, least) in [(44_100, 0.999), (96_000, 0.999), (16_000, 0.95), (8_000, 0.9)] {
        let mut samples = Vec::new();
        let mut down = Resampler::new(48_000, rate_hz);
        down.process(&said, &mut samples);
        down.finish(&mut samples);
        let back = Wav { rate_hz, samples }.at_48k();
        let found = compare(&said, &back, 4_800).unwrap();
        assert!(found.correlation > least, "{rate_hz}: {found:?}");
        assert!(found.delay_samples.abs() <= 1, "{rate_hz}: {found:?}");
        assert!(found.level_db.abs() < 0.5, "{rate_hz}: {found:?}");
    }
}
