//! Why the file is not used.

use std::fmt;
use std::path::{Path, PathBuf};
use tsuwa_exchange::LogError;

/// A file that can't be served from, and why. It is left as it was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoreError {
    path: PathBuf,
    why: LogError,
    wrote: Option<String>,
}

impl StoreError {
    pub(crate) fn new(path: &Path, why: LogError) -> Self {
        Self { path: path.to_owned(), why, wrote: None }
    }

    /// The same, with the version of the program that wrote the file last.
    pub(crate) fn written_by(self, program: Option<String>) -> Self {
        Self { wrote: program, ..self }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is wrong with it.
    pub fn why(&self) -> &LogError {
        &self.why
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        let away = format!(
            "or move it away, with {path}-wal and {path}-head: then the server starts without the calls, lists and records \
             that are in it"
        );
        match &self.why {
            LogError::OtherVersion { wrote, reads } => {
                let program = self.wrote.as_deref().map(|version| format!(" (tsuwa {version})")).unwrap_or_default();
                write!(
                    f,
                    "{path}: the program that wrote this log{program} was not stopped cleanly, and its entries are of \
                     version {wrote}, where this program reads version {reads}. The file was left as it is. Start the \
                     program that wrote it once more and stop it with SIGTERM: that leaves a snapshot, which this one \
                     reads; {away}"
                )
            }
            LogError::Damaged(what) => write!(
                f,
                "{path}: the log is damaged: {what}. The file was left as it is. `tsuwa log show {path}` prints what \
                 can still be read. Put a copy that is whole in its place; {away}"
            ),
            LogError::Fenced { .. } => write!(f, "{path}: another process writes it: {}", self.why),
            LogError::Gap { .. } => write!(f, "{path}: {}", self.why),
            LogError::Failed(what) => write!(f, "{path} can't be used: {what}"),
        }
    }
}

impl std::error::Error for StoreError {}

/// What SQLite says, as a log's error: damage is told from what may pass.
pub(super) fn failed(error: &rusqlite::Error) -> LogError {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    match (error.sqlite_error_code(), error) {
        (Some(DatabaseCorrupt | NotADatabase), _)
        // Nobody writes what is no text, or no number, where one belongs.
        | (_, FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) | Utf8Error(..)) => {
            LogError::Damaged(error.to_string())
        }
        _ => LogError::Failed(error.to_string()),
    }
}
