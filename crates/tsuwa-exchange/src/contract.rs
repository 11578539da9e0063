//! What every [`Log`] must do, as a test that any implementation can be run through.

use crate::{Entry, Exchange, Input, Log, LogError};
use tsuwa_proto::{AppId, Millis};

/// Run a log through its contract. `open` makes an empty log; `reopen` lets go of one and opens it again as after a
/// restart of the process (for one in memory: gives it back).
///
/// # Panics
/// With a sentence that says what the log does wrong.
pub fn hold_to<L: Log>(mut open: impl FnMut() -> L, mut reopen: impl FnMut(L) -> L) {
    it_gives_back_what_was_appended(open(), &mut reopen);
    it_refuses_a_gap_and_a_repetition(open());
    it_appends_all_or_none(open());
    it_keeps_the_latest_snapshot_and_what_follows(open(), &mut reopen);
}

fn entries(exchange: &mut Exchange, count: usize) -> Vec<Entry> {
    (0..count).map(|_| exchange.propose(Millis(1_000), Input::Tick)).collect()
}

fn exchange() -> Exchange {
    Exchange::new(AppId(1), 1)
}

fn done(what: &str, result: Result<(), LogError>) {
    if let Err(error) = result {
        panic!("{what}: {error}");
    }
}

fn loaded<L: Log>(log: &L) -> crate::Stored {
    log.load().unwrap_or_else(|error| panic!("a log that was written can be read: {error}"))
}

fn it_gives_back_what_was_appended<L: Log>(mut log: L, reopen: &mut impl FnMut(L) -> L) {
    assert_eq!(loaded(&log), crate::Stored::default(), "a new log is empty");
    let all = entries(&mut exchange(), 5);
    done("nothing can be appended", log.append(&[]));
    done("the first entry may have any position", log.append(&all[..2]));
    done("entries go on", log.append(&all[2..]));
    assert_eq!(loaded(&log).tail, all, "entries come back in order");
    assert_eq!(loaded(&reopen(log)).tail, all, "entries outlive the process, as far as the log promises");
}

fn it_refuses_a_gap_and_a_repetition<L: Log>(mut log: L) {
    let all = entries(&mut exchange(), 4);
    done("entries are appended", log.append(&all[..2]));
    let due = all[2].position;
    let gap = log.append(&all[3..]);
    assert_eq!(gap, Err(LogError::Gap { due, came: due + 1 }), "a gap is refused");
    let again = log.append(&all[1..2]);
    assert_eq!(again, Err(LogError::Gap { due, came: due - 1 }), "a second writer's entry is refused");
    assert_eq!(loaded(&log).tail, all[..2], "a refused entry leaves no trace");
}

fn it_appends_all_or_none<L: Log>(mut log: L) {
    let all = entries(&mut exchange(), 3);
    let torn = [all[0].clone(), all[2].clone()];
    assert!(log.append(&torn).is_err(), "a gap within the entries is refused");
    assert_eq!(loaded(&log).tail, [], "none of the entries of a refused append are there");
}

fn it_keeps_the_latest_snapshot_and_what_follows<L: Log>(mut log: L, reopen: &mut impl FnMut(L) -> L) {
    let mut exchange = exchange();
    let mut latest = None;
    for _ in 0..2 {
        let some = entries(&mut exchange, 3);
        done("entries go on after a snapshot", log.append(&some));
        some.iter().for_each(|entry| exchange.committed(entry));
        let snapshot = exchange.snapshot();
        done("a snapshot is kept", log.keep(&snapshot));
        latest = Some(snapshot);
    }
    let mut log = reopen(log);
    let more = entries(&mut exchange, 2);
    done("entries go on after a snapshot and a restart", log.append(&more));
    let stored = loaded(&reopen(log));
    assert_eq!(stored.snapshot, latest, "the latest snapshot comes back");
    assert_eq!(stored.tail, more, "and the entries after it, no earlier ones");
}
