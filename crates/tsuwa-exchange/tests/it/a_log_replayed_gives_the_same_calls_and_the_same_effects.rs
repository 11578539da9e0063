use crate::story::story;
use crate::town::{APP, EPOCH};
use tsuwa_exchange::{EffectKind, Exchange, Log};

#[test]
fn a_log_replayed_gives_the_same_calls_and_the_same_effects() {
    let mut events = 0;
    for seed in 0..20 {
        let town = story(seed, 400);
        let mut again = Exchange::new(APP, EPOCH);
        let mut effects = Vec::new();
        for entry in town.log.load().unwrap().tail {
            again.committed(&entry);
            while let Some(effect) = again.poll_effect() {
                effects.push(effect);
            }
        }
        assert_eq!(effects, town.effects, "seed {seed}");
        assert_eq!(again, town.exchange, "seed {seed}");
        assert!(effects.windows(2).all(|pair| pair[0].id < pair[1].id), "each effect has a name of its own, rising");
        events += effects.iter().filter(|effect| matches!(effect.what, EffectKind::Event { .. })).count();
    }
    assert!(events > 1_000, "something happens in these stories: {events} events");
}
