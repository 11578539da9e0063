//! Whether what was heard is what was said.

use super::cast::Phone;
use tsuwa::sound::{Match, RATE_HZ, compare, loudness};

/// Samples of a tenth of a second: a shorter gap is a lost packet or two, which concealment fills.
const TENTH: usize = RATE_HZ as usize / 10;
/// What is sought in what was said lies within a second of its place.
const REACH: usize = RATE_HZ as usize;
/// Opus at a telephone's bit rate keeps the wave of a voice to 0.9 and more; two different voices have 0.3 at most.
/// Between them is where a machine is that has more to do than it can.
const ALIKE: f32 = 0.7;
/// Neither louder nor quieter than an ear would mind (3 dB is just noticed in speech), and what concealment takes.
const SAME_LEVEL_DB: f32 = 4.0;

/// A moment in what one says and another hears.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    said: usize,
    heard: usize,
}

impl Mark {
    pub(super) fn of(speaker: &Phone, listener: &Phone) -> Self {
        Self { said: speaker.said.samples().len(), heard: listener.heard.samples().len() }
    }
}

fn since(phone: &Phone, mark: Mark) -> Vec<i16> {
    let heard = phone.heard.samples();
    heard.get(mark.heard..).unwrap_or_default().to_vec()
}

/// Since the mark the listener heard what the speaker said, as loud as it was said.
pub(super) fn same(speaker: &Phone, listener: &Phone, mark: Mark) -> Result<Match, String> {
    let said = speaker.said.samples();
    let heard = since(listener, mark);
    let names = (listener.name, speaker.name);
    let Some(found) = compare(said.get(mark.said..).unwrap_or_default(), &heard, REACH) else {
        return Err(format!("{} heard nothing of {}", names.0, names.1));
    };
    if !is_same(&found) {
        return Err(format!(
            "what {} heard is not what {} said: correlation {:.2}, level {:+.1} dB",
            names.0, names.1, found.correlation, found.level_db
        ));
    }
    Ok(found)
}

fn is_same(found: &Match) -> bool {
    found.correlation >= ALIKE && found.level_db.abs() <= SAME_LEVEL_DB
}

/// Since the mark the phone played, and nothing was to be heard.
pub(super) fn nothing(phone: &Phone, mark: Mark) -> Result<(), String> {
    let heard = since(phone, mark);
    if heard.len() < TENTH {
        return Err(format!("{}'s phone stopped playing", phone.name));
    }
    let level = loudness(&heard);
    if level.audible() {
        return Err(format!("{} was to hear nothing, and heard {:.0} dBFS", phone.name, level.dbfs()));
    }
    Ok(())
}

/// Since the mark there was something to hear in every tenth of a second.
pub(super) fn without_a_gap(phone: &Phone, mark: Mark) -> Result<(), String> {
    let heard = since(phone, mark);
    if heard.len() < TENTH {
        return Err(format!("{}'s phone stopped playing", phone.name));
    }
    match heard.chunks_exact(TENTH).position(|tenth| !loudness(tenth).audible()) {
        Some(place) => Err(format!("{} heard nothing for a tenth of a second, {}00 ms into it", phone.name, place)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsuwa::sound::Talker;

    fn said(seed: u64, gain_percent: i32) -> Vec<i16> {
        let mut sound = vec![0; 3 * RATE_HZ as usize];
        Talker::new(seed).fill(&mut sound);
        sound.into_iter().map(|sample| (i32::from(sample) * gain_percent / 100) as i16).collect()
    }

    #[test]
    fn another_voice_or_another_level_is_not_what_was_said() {
        let alice = said(1, 100);
        let judge = |heard: Vec<i16>| compare(&alice, &heard, REACH).is_some_and(|found| is_same(&found));
        assert!(judge(said(1, 90)));
        assert!(!judge(said(2, 100)), "another voice");
        assert!(!judge(said(1, 50)), "too quiet");
        assert!(!judge(vec![0; RATE_HZ as usize]), "nothing");
    }
}
