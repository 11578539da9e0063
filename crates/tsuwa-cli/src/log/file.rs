//! Where a log is read from: the server's file, or lines of JSON.
//!
//! ```text
//! {"tsuwaLog":1,"app":1400000001,"program":"0.1.0","logVersion":2}
//! {"snapshot":{"version":"2","state":{…}}}
//! {"entry":{"position":1868…,"at":1795…,"input":"Started"}}
//! {"damaged":"entry 1868… is not what was written: its checksum is wrong"}
//! {"fault":"it ends at entry …"}
//! ```

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use tsuwa_proto::AppId;
use tsuwa_server::store::LogFile;

/// The version of these lines.
const LINES: u64 = 1;
/// How every SQLite file begins.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// Reads whichever it is.
pub(super) fn read(path: &Path) -> Result<LogFile, String> {
    if path == Path::new("-") {
        return lines(io::stdin().lock());
    }
    let file = File::open(path).map_err(|e| e.to_string())?;
    let mut begin = Vec::new();
    (&file).take(SQLITE.len() as u64).read_to_end(&mut begin).map_err(|e| e.to_string())?;
    if begin == SQLITE {
        return LogFile::read(path);
    }
    if begin.first() != Some(&b'{') {
        return Err("it is neither an SQLite file nor what `tsuwa log show --json` prints".to_owned());
    }
    lines(BufReader::new(begin.chain(file)))
}

fn lines(from: impl BufRead) -> Result<LogFile, String> {
    let mut lines = from.lines();
    let first = lines.next().unwrap_or_else(|| Ok(String::new())).map_err(|e| e.to_string())?;
    let head: Value = serde_json::from_str(&first).unwrap_or_default();
    if head["tsuwaLog"] != LINES {
        return Err("its first line is not that of a log".to_owned());
    }
    let number = |name: &str| head[name].as_u64().and_then(|number| u32::try_from(number).ok());
    let mut log = LogFile {
        app: number("app").map(AppId),
        program: head["program"].as_str().map(str::to_owned),
        log_version: number("logVersion"),
        ..LogFile::default()
    };
    for (index, line) in lines.enumerate() {
        let number = index + 2;
        let line = line.map_err(|e| format!("line {number}: {e}"))?;
        if line.trim().is_empty() {
            continue;
        }
        let line: Value = serde_json::from_str(&line).unwrap_or_default();
        let Some((kind, value)) = line.as_object().and_then(|line| line.iter().next()) else {
            log.faults.push(format!("line {number} is no JSON object"));
            continue;
        };
        let text = || value.as_str().unwrap_or_default().to_owned();
        match kind.as_str() {
            "snapshot" => log.snapshot = Some(part(number, "the snapshot", value)),
            "snapshotDamaged" => log.snapshot = Some(Err(text())),
            "entry" => log.entries.push(part(number, "the entry", value)),
            "damaged" => log.entries.push(Err(text())),
            "fault" => log.faults.push(text()),
            _ => log.faults.push(format!("line {number} is none that this version knows")),
        }
    }
    Ok(log)
}

fn part<T: DeserializeOwned>(number: usize, what: &str, value: &Value) -> Result<T, String> {
    T::deserialize(value).map_err(|error| format!("line {number}: {what} can't be read: {error}"))
}

/// Writes it as lines of JSON; `true` if it is whole.
pub(super) fn write(log: &LogFile, from: u64, out: &mut impl Write) -> io::Result<bool> {
    let LogFile { app, program, log_version, snapshot, entries, faults } = log;
    let app = app.map(|app| app.0);
    let head = json!({ "tsuwaLog": LINES, "app": app, "program": program, "logVersion": log_version });
    writeln!(out, "{head}")?;
    match snapshot {
        Some(Ok(snapshot)) => writeln!(out, "{}", json!({ "snapshot": snapshot }))?,
        Some(Err(fault)) => writeln!(out, "{}", json!({ "snapshotDamaged": fault }))?,
        None => {}
    }
    for entry in entries {
        match entry {
            Ok(entry) if entry.position < from => {}
            Ok(entry) => writeln!(out, "{}", json!({ "entry": entry }))?,
            Err(fault) => writeln!(out, "{}", json!({ "damaged": fault }))?,
        }
    }
    for fault in faults {
        writeln!(out, "{}", json!({ "fault": fault }))?;
    }
    Ok(super::show::is_whole(log))
}
