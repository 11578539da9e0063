//! The file named after the central noun grows without end unless somebody looks.

use super::{Outcome, or_impossible};
use crate::tree;

/// More lines than a reader keeps in mind.
const MOST_LINES: usize = 500;

/// Files that may be longer, each with the reason.
const EXCEPTIONS: &[(&str, &str)] = &[];

pub(crate) fn check() -> Outcome {
    or_impossible(faults())
}

fn faults() -> Result<Vec<String>, String> {
    let mut faults = Vec::new();
    for (path, text) in tree::texts().map_err(|error| error.to_string())? {
        let is_source =
            path.extension().is_some_and(|kind| ["rs", "js", "ts", "dart"].iter().any(|source| kind == *source));
        let lines = text.lines().count();
        let excepted = EXCEPTIONS.iter().any(|(file, _)| path.as_os_str() == *file);
        if is_source && lines > MOST_LINES && !excepted {
            faults.push(format!("{} has {lines} lines, more than {MOST_LINES}: split it by state", path.display()));
        }
    }
    Ok(faults)
}
