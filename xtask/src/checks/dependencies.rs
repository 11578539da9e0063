//! Each direct dependency costs something for ever; ARCHITECTURE.md says why it is worth it, naming it in backticks.

use super::{Outcome, or_impossible};
use crate::metadata::Metadata;
use std::collections::BTreeSet;
use std::fs;

pub(crate) fn check() -> Outcome {
    or_impossible(faults())
}

fn faults() -> Result<Vec<String>, String> {
    let text = fs::read_to_string("ARCHITECTURE.md").map_err(|error| format!("ARCHITECTURE.md: {error}"))?;
    let metadata = Metadata::read()?;
    let mut direct = BTreeSet::new();
    for package in metadata.ours() {
        direct.extend(package.dependencies().filter(|line| !line.is_ours()).map(|line| line.name()));
    }
    let unnamed = direct.into_iter().filter(|name| !text.contains(&format!("`{name}`")));
    Ok(unnamed.map(|name| format!("ARCHITECTURE.md gives no reason for `{name}`")).collect())
}
