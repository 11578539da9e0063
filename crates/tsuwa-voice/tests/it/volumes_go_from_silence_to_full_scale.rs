use crate::line::said;
use tsuwa_voice::{FRAME, LevelMeter, loudness};

#[test]
fn volumes_go_from_silence_to_full_scale() {
    assert_eq!(loudness(&[0; FRAME]).volume().get(), 0);
    assert_eq!(loudness(&[i16::MIN; FRAME]).volume().get(), 100);
    assert_eq!(loudness(&[i16::MIN; FRAME]).rfc6464(), 0);
    assert_eq!(loudness(&[0; FRAME]).rfc6464(), -127);
    // A tenth of full scale is -20 dBFS, two thirds of the way from -60 to 0.
    assert_eq!(loudness(&[3277; FRAME]).volume().get(), 67);
    let mut meter = LevelMeter::default();
    let speech = said(15, 1.0);
    speech.as_chunks::<FRAME>().0.iter().for_each(|frame| {
        meter.add(frame);
    });
    assert!((50..=90).contains(&meter.take().volume().get()));
    assert_eq!(meter.take().volume().get(), 0);
}
