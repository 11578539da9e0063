use crate::stage::{DEADLINE, Folder, Stage, tsuwa};
use rusqlite::Connection;
use std::fs;
use std::io::Read;
use std::process::Stdio;
use std::time::Instant;

/// Records are not looked through at a start, so damage to them shows when the server is at work.
#[test]
fn serve_names_the_file_that_failed_and_what_to_do() {
    let folder = Folder::new();
    let data = folder.join("data");
    let mut stage = Stage::open_in(folder, &[] as &[&str]);
    stage.is_killed();
    let file = data.join("apps/1400000001/calls.sqlite");
    let db = Connection::open(&file).unwrap();
    let sql = "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_schema WHERE name = 'records'";
    let (page, size): (usize, usize) = db.query_row(sql, (), |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    // Whoever closes it last brings everything into the one file.
    drop(db);
    let mut bytes = fs::read(&file).unwrap();
    bytes[(page - 1) * size] ^= 0x20;
    fs::write(&file, bytes).unwrap();

    let mut server = tsuwa()
        .args(["serve", "--listen", "127.0.0.1:0", "--media-ip", "127.0.0.1", "--data"])
        .arg(&data)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let by = Instant::now() + DEADLINE;
    while server.try_wait().unwrap().is_none() && Instant::now() < by {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    // It may have ended, as it should.
    let _ = server.kill();
    assert_eq!(server.wait().unwrap().code(), Some(1));
    let mut said = String::new();
    server.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    for word in [&*file.display().to_string(), "the log is damaged", "tsuwa log show", "Put a copy"] {
        assert!(said.contains(word), "{word}: {said}");
    }
}
