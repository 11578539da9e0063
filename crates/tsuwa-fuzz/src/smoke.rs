//! A short run of every target without a fuzzer.

use crate::mutate::{Dice, mutate};
use crate::{TARGETS, Target};
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// No input takes a second; on a busy machine this is still plenty.
const ENDLESS: Duration = Duration::from_secs(20);

/// Gives each target (or the one that is named) every seed and regression of its folder in `folder/corpus`, then mutations
/// of them; says what
/// it did. `false`: something was found, and is in `folder/artifacts` with a line that says so.
///
/// # Errors
/// What can't be read; a target without a seed, too.
pub fn smoke(folder: &Path, only: Option<&str>) -> io::Result<bool> {
    let mut good = true;
    let watched = Watched::default();
    watch(Arc::clone(&watched), folder.to_owned());
    for target in TARGETS.iter().filter(|target| only.is_none_or(|name| name == target.name)) {
        let began = Instant::now();
        let files = inputs(folder, target)?;
        let mut dice = Dice::new(4711);
        let seeds: Vec<Vec<u8>> = files.iter().map(|(_, data)| data.clone()).collect();
        let mut found = files.iter().find(|(_, data)| !holds(target, data, &watched)).map(|(path, data)| {
            println!("{}: {} is a finding", target.name, path.display());
            data.clone()
        });
        for number in 0..target.mutations {
            if found.is_some() {
                break;
            }
            let data = mutate(&mut dice, &seeds);
            if !holds(target, &data, &watched) {
                println!("{}: mutation {number} is a finding", target.name);
                found = Some(data);
            }
        }
        match found {
            None => println!(
                "{}: {} files and {} mutations in {} ms",
                target.name,
                files.len(),
                target.mutations,
                began.elapsed().as_millis()
            ),
            Some(data) => {
                good = false;
                self::found(folder, target.name, &data)?;
            }
        }
    }
    Ok(good)
}

fn holds(target: &Target, data: &[u8], watched: &Watched) -> bool {
    *watched.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), target.name, data.to_vec()));
    let holds = catch_unwind(AssertUnwindSafe(|| (target.run)(data))).is_ok();
    *watched.lock().unwrap_or_else(PoisonError::into_inner) = None;
    holds
}

/// What is being done, and since when.
type Watched = Arc<Mutex<Option<(Instant, &'static str, Vec<u8>)>>>;

/// Ends the process if something takes without end, which is a finding too.
fn watch(watched: Watched, folder: PathBuf) {
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(Duration::from_secs(1));
            let present = watched.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((since, name, data)) = &*present
                && since.elapsed() > ENDLESS
            {
                println!("{name}: {} s for one input", ENDLESS.as_secs());
                if let Err(error) = found(&folder, name, data) {
                    println!("{error}");
                }
                std::process::exit(1);
            }
        }
    });
}

/// Keeps an input that is a finding.
fn found(folder: &Path, name: &str, data: &[u8]) -> io::Result<()> {
    let artifacts = folder.join("artifacts").join(name);
    fs::create_dir_all(&artifacts)?;
    let path = artifacts.join("smoke");
    fs::write(&path, data)?;
    println!("{name}: written to {}", path.display());
    Ok(())
}

fn inputs(folder: &Path, target: &Target) -> io::Result<Vec<(PathBuf, Vec<u8>)>> {
    let entries = fs::read_dir(folder.join("corpus").join(target.name))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>()?;
    paths.retain(|path| !is_libfuzzers(path));
    paths.sort();
    if paths.is_empty() {
        return Err(io::Error::other(format!("{} has no seeds", target.name)));
    }
    paths.into_iter().map(|path| fs::read(&path).map(|data| (path, data))).collect()
}

/// Whether libFuzzer has put this file there: its name is a checksum. A smoke run is the same for everybody.
fn is_libfuzzers(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    name.len() == 40 && name.iter().all(u8::is_ascii_hexdigit)
}
