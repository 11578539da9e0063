use tsuwa_voice::{FRAME, Mixer};

/// Full scale twice is full scale, not the other sign; and quiet voices are added up exactly.
#[test]
fn loud_voices_together_do_not_wrap() {
    let mut mixer = Mixer::default();
    mixer.add(&[i16::MAX; FRAME]);
    mixer.add(&[i16::MAX; FRAME]);
    assert!(mixer.take().iter().all(|&s| s > 28_000));
    mixer.add(&[i16::MIN; FRAME]);
    mixer.add(&[i16::MIN; FRAME]);
    assert!(mixer.take().iter().all(|&s| s < -28_000));
    mixer.add(&[5_000; FRAME]);
    mixer.add(&[-3_000; FRAME]);
    assert_eq!(mixer.take(), [2_000; FRAME]);
    assert_eq!(mixer.take(), [0; FRAME]);
}
