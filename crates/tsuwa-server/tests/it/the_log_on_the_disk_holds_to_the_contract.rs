use crate::harness::Folder;
use crate::logbook::APP;
use std::cell::Cell;
use tsuwa_server::store::{Keeper, LogSync, Store};

#[test]
fn whenever_it_is_brought_to_the_disk() {
    for sync in [LogSync::Second, LogSync::Always] {
        let folder = Folder::new();
        let keeper = Keeper::start().expect("a thread");
        let last = Cell::new(0);
        let at = |path: &std::path::Path| Store::open(path, APP, sync, &keeper).expect("a log");
        let open = || {
            last.set(last.get() + 1);
            at(&folder.0.join(format!("{}.sqlite", last.get())))
        };
        let reopen = |log: Store| {
            let path = log.path().to_owned();
            drop(log);
            at(&path)
        };
        tsuwa_exchange::contract::hold_to(open, reopen, |log: &Store| at(log.path()));
    }
}
