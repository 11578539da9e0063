//! What every [`Log`] must do, as a test that any implementation can be run through.

use crate::{Entry, Exchange, Input, Log, LogError};
use tsuwa_proto::{Act, AppId, CallType, Invite, Millis, RequestId, SessionId};

/// Run a log through its contract. `open` makes an empty log; `reopen` lets go of one and opens it again as after a
/// restart of the process (for one in memory: gives it back); `again` opens a log that is open a second time.
///
/// # Panics
/// With a sentence that says what the log does wrong.
pub fn hold_to<L: Log>(mut open: impl FnMut() -> L, mut reopen: impl FnMut(L) -> L, mut again: impl FnMut(&L) -> L) {
    let mut open = || reigning(open());
    let mut reopen = |log: L| reigning(reopen(log));
    it_gives_back_what_was_appended(open(), &mut reopen);
    it_refuses_a_gap_and_a_repetition(open());
    it_appends_all_or_none(open());
    it_keeps_the_latest_snapshot_and_what_follows(open(), &mut reopen);
    it_obeys_who_reigns_last_only(open(), &mut again);
    it_keeps_long_entries_as_they_are(open(), &mut reopen);
}

fn entries(exchange: &mut Exchange, count: usize) -> Vec<Entry> {
    (0..count).map(|_| exchange.propose(Millis(1_000), Input::Tick)).collect()
}

fn reigning<L: Log>(mut log: L) -> L {
    done("a log that nobody holds can be taken", log.reign().map(drop));
    log
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

fn it_obeys_who_reigns_last_only<L: Log>(mut first: L, again: &mut impl FnMut(&L) -> L) {
    let mut exchange = exchange();
    let all = entries(&mut exchange, 4);
    done("who reigns may append", first.append(&all[..1]));
    exchange.committed(&all[0]);
    let mut second = again(&first);
    assert!(matches!(second.append(&all[1..2]), Err(LogError::Fenced { .. })), "who never reigned is refused");
    let earlier = second.reign().unwrap_or_else(|error| panic!("a log can be taken over: {error}"));
    done("who reigns last may append", second.append(&all[1..2]));
    assert!(matches!(first.append(&all[2..3]), Err(LogError::Fenced { .. })), "who reigned before is refused");
    assert!(matches!(first.keep(&exchange.snapshot()), Err(LogError::Fenced { .. })), "with its snapshots, too");
    assert_eq!(loaded(&second).tail, all[..2], "nothing of what was refused is there");
    let later = first.reign().unwrap_or_else(|error| panic!("a log can be taken back: {error}"));
    assert!(later > earlier, "an epoch is higher than every one before");
    done("and then written again", first.append(&all[2..]));
    assert_eq!(loaded(&first).tail, all, "in order");
}

fn it_keeps_long_entries_as_they_are<L: Log>(mut log: L, reopen: &mut impl FnMut(L) -> L) {
    let invite =
        Invite { kind: CallType::Video, timeout_s: Some(300), user_data: Some("\u{0}\u{1F4DE}'\"\n".repeat(500)) };
    let user_ids = (0..64).filter_map(|n| format!("somebody-{n}").parse().ok()).collect();
    let act = Act::GroupCall { user_ids, invite };
    let input = Input::Request { session: SessionId(u64::MAX), id: RequestId((1 << 53) - 1), act };
    let entry = exchange().propose(Millis(u64::MAX >> 22), input);
    done("a long entry is appended", log.append(std::slice::from_ref(&entry)));
    assert_eq!(loaded(&reopen(log)).tail, [entry], "every character of it comes back");
}
