use tsuwa_sim::live;

#[test]
fn a_seed_lives_the_same_day_again() {
    let day = |seed| live(seed, false).map(|counts| counts.to_string()).map_err(|broken| broken.how);
    let first = day(7);
    assert_eq!(first, day(7));
    assert_ne!(first, day(8), "another seed, another day");
}
