use crate::client::event;
use crate::pair::Pair;

/// A small generator of its own, so that a failing seed can be run again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

#[test]
fn nothing_is_lost_or_doubled_however_sockets_die() {
    let mut killed = 0;
    for seed in 0..400 {
        let mut dice = Dice(seed);
        let mut pair = Pair::new(seed);
        pair.pass(200);
        let mut asked = Vec::new();
        for _ in 0..120 {
            match dice.below(8) {
                0 | 1 => pair.make_event(),
                2 | 3 => asked.push(pair.request()),
                4 => pair.kill(dice.below(6) as usize),
                _ => pair.pass(dice.below(120)),
            }
        }
        pair.pass(10_000);
        killed += pair.killed;
        let made: Vec<_> = (1..=pair.made()).map(event).collect();
        assert_eq!(pair.seen, made, "seed {seed}: every event once and in order");
        assert_eq!(pair.done, asked, "seed {seed}: every request is done once and in order");
        let answered: Vec<_> = pair.answered.iter().map(|(id, _)| *id).collect();
        assert_eq!(answered, asked, "seed {seed}: every request is answered once");
        assert!(pair.answered.iter().all(|(_, outcome)| outcome.is_ok()), "seed {seed}: as it was done");
    }
    assert!(killed > 1_000, "sockets did die");
}
