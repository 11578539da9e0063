use tsuwa_sim::live;

#[test]
fn a_day_holds() {
    for seed in 1..=3 {
        let counts = live(seed, false).unwrap_or_else(|broken| panic!("seed {seed}: {}: {}", broken.law, broken.how));
        assert!(counts.calls >= 100 && counts.inputs >= 1_000, "seed {seed}: a day is long enough");
        assert!(counts.faults() > 100, "seed {seed}: and not a quiet one");
    }
}
