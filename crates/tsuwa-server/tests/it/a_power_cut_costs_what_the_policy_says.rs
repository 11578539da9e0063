use crate::harness::{Folder, PATIENCE};
use crate::logbook::{beside, killed, open, read, write};
use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, Instant};
use tsuwa_exchange::LogError;

/// What is said beside the log: which start of the machine it was, the last entry, the last one on the disk.
fn said(path: &Path) -> [u64; 3] {
    let bytes = fs::read(beside(path, "-head")).expect("the file");
    [8, 16, 24].map(|at| u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes")))
}

/// The machine has been started anew since, and so much was on the disk.
fn power_cut(path: &Path, synced: u64) {
    let mut bytes = fs::read(beside(path, "-head")).expect("the file");
    let [boot, ..] = said(path);
    bytes[8..16].copy_from_slice(&(boot ^ 2).to_le_bytes());
    bytes[24..32].copy_from_slice(&synced.to_le_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(&bytes[..32]);
    bytes[32..].copy_from_slice(&crc.sum().to_le_bytes());
    fs::write(beside(path, "-head"), bytes).expect("written");
}

/// Takes the last pages away that were written; each of the last entries is one.
fn lose(path: &Path, pages: u64) {
    let wal = File::options().write(true).open(beside(path, "-wal")).expect("the file");
    let bytes = wal.metadata().expect("its size").len();
    wal.set_len(bytes - pages * (24 + 4096)).expect("cut");
}

#[test]
fn what_had_not_come_to_the_disk_may_be_missing() {
    let folder = Folder::new();
    let path = killed(&folder, 3, 5);
    let [_, last, _] = said(&path);
    lose(&path, 2);
    power_cut(&path, last - 2);
    assert_eq!(read(&path), Ok(3), "the calls of before go on");
}

#[test]
fn what_had_come_to_the_disk_may_not() {
    let folder = Folder::new();
    let path = killed(&folder, 3, 5);
    let [_, last, _] = said(&path);
    lose(&path, 2);
    power_cut(&path, last - 1);
    assert!(matches!(read(&path), Err(LogError::Damaged(_))), "the disk has lost what it had");
}

#[test]
fn and_a_second_later_everything_has() {
    let folder = Folder::new();
    let path = folder.0.join("open.sqlite");
    let mut store = open(&path).expect("a new log");
    write(&mut store, 0, 5);
    let until = Instant::now() + PATIENCE;
    loop {
        let [_, last, synced] = said(&path);
        if last == synced {
            return;
        }
        assert!(Instant::now() < until, "entry {last} was written, and {synced} is on the disk");
        std::thread::sleep(Duration::from_millis(20));
    }
}
