use crate::story::story;
use crate::town::{APP, EPOCH};
use tsuwa_exchange::{Exchange, Log, Snapshot};

#[test]
fn a_snapshot_and_its_tail_equal_the_whole_log() {
    for seed in 0..6 {
        let town = story(seed, 300);
        let entries = town.log.load().unwrap().tail;
        for cut in [0, 1, 77, 150, 299, entries.len()] {
            let begun = Exchange::recover(APP, EPOCH, None, &entries[..cut]).unwrap();
            let written = serde_json::to_string(&begun.snapshot()).unwrap();
            let read: Snapshot = serde_json::from_str(&written).unwrap();
            assert_eq!(read, begun.snapshot(), "a snapshot can be written and read");
            let from_tail = Exchange::recover(APP, EPOCH, Some(read.clone()), &entries[cut..]).unwrap();
            assert_eq!(from_tail, town.exchange, "seed {seed}, cut at {cut}");
            let from_all = Exchange::recover(APP, EPOCH, Some(read), &entries).unwrap();
            assert_eq!(from_all, town.exchange, "entries that a snapshot covers do no harm");
        }
    }
}
