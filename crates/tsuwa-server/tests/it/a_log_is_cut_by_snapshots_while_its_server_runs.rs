use crate::harness::House;
use rusqlite::{Connection, OpenFlags};
use tsuwa_exchange::{Exchange, Input, Log};
use tsuwa_proto::Millis;
use tsuwa_server::store::{Keeper, LogSync, Store};

/// As many entries as docs/reliability.md says that a snapshot is written after.
const ENTRIES: usize = 10_000;

#[tokio::test]
async fn a_log_is_cut_by_snapshots_while_its_server_runs() {
    let house = House::open_with(|config| {
        let app = config.apps[0].id;
        let keeper = Keeper::start().expect("a thread");
        let mut store =
            Store::open(&config.data.calls_path(app), app, LogSync::Second, &keeper).expect("a log of a killed server");
        let mut exchange = Exchange::new(app, store.reign().expect("a reign"));
        let entries: Vec<_> = (0..ENTRIES).map(|_| exchange.propose(Millis(1_000), Input::Tick)).collect();
        store.append(&entries).expect("appended");
    })
    .await;
    let mut alice = house.device("alice").await;
    let call = alice.call("bob").await;

    let path = house.config.data.calls_path(house.config.apps[0].id);
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the file");
    let count = |table: &str| db.query_row(&format!("SELECT count(*) FROM {table}"), (), |row| row.get::<_, usize>(0));
    assert_eq!(count("snapshot"), Ok(1));
    let left = count("entries").expect("a number");
    assert!((1..100).contains(&left), "{left} entries behind the snapshot");
    drop(db);

    let house = house.restart().await;
    let alice = house.resume(&alice).await;
    assert_eq!(alice.welcome["call"]["callId"], call.as_str(), "what came behind it is there");
}
