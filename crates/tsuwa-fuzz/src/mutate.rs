//! Mutations of seeds without a fuzzer: always the same for the same number.

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

/// Longer inputs show nothing that shorter ones don't.
const LONGEST: usize = 8192;

/// One to eight changes to one of the seeds.
pub(crate) fn mutate(dice: &mut Dice, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut data = seeds.get(dice.below(seeds.len())).cloned().unwrap_or_default();
    for _ in 0..=dice.below(8) {
        change(dice, &mut data, seeds);
    }
    data.truncate(LONGEST);
    data
}

fn change(dice: &mut Dice, data: &mut Vec<u8>, seeds: &[Vec<u8>]) {
    let at = dice.below(data.len() + 1);
    let length = 1 + dice.below(16).min(dice.below(64));
    let end = (at + length).min(data.len());
    let at = at.min(end);
    match dice.below(9) {
        0 => {
            if let Some(byte) = data.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
        }
        1 => {
            if let Some(byte) = data.get_mut(at) {
                *byte = [0, 1, 0x7f, 0x80, 0xff, b'"', b'{', b'\\'][dice.below(8)];
            }
        }
        2 => drop(data.drain(at..end)),
        3 => {
            let some: Vec<u8> = (0..length).map(|_| dice.next() as u8).collect();
            data.splice(at..at, some);
        }
        4 => {
            let copied = data[at..end].to_vec();
            let to = dice.below(data.len() + 1);
            data.splice(to..to, copied);
        }
        5 => {
            let other = &seeds[dice.below(seeds.len())];
            let from = dice.below(other.len() + 1);
            let part = other[from..(from + 8 * length).min(other.len())].to_vec();
            data.splice(at..end, part);
        }
        6 => {
            for byte in &mut data[at..end] {
                *byte = dice.next() as u8;
            }
        }
        7 => {
            if let Some(byte) = data.get_mut(at) {
                *byte = byte.wrapping_add(dice.below(33) as u8).wrapping_sub(16);
            }
        }
        _ => data.truncate(at),
    }
}
