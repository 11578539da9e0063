//! What a machine leaves behind in a tree: home folders, and hosts that packages came from there.

use super::{Outcome, or_impossible};
use crate::tree;

/// Beginnings of home folders, put together here so that this file doesn't hold them.
const HOMES: &[(&str, &str)] = &[("/ro", "ot/"), ("/ho", "me/"), ("/Us", "ers/"), ("C:\\", "Users\\")];

/// The public registries, as lock files name them.
const REGISTRIES: &[&str] =
    &["registry+https://github.com/rust-lang/crates.io-index", "https://registry.npmjs.org/", "https://pub.dev"];

pub(crate) fn check() -> Outcome {
    or_impossible(faults())
}

fn faults() -> Result<Vec<String>, String> {
    let mut faults = Vec::new();
    for (path, text) in tree::texts().map_err(|error| error.to_string())? {
        let is_lock = path.extension().is_some_and(|kind| kind == "lock") || path.ends_with("package-lock.json");
        let is_settings = path.ends_with(".cargo/config.toml") || path.ends_with(".npmrc");
        for (at, line) in text.lines().enumerate() {
            let fault = if HOMES.iter().any(|(a, b)| line.contains(&format!("{a}{b}"))) {
                "a home folder"
            } else if is_lock && line.contains("://") && !REGISTRIES.iter().any(|known| line.contains(known)) {
                "a source that is no public registry"
            } else if is_settings && (line.contains("registr") || line.contains("[source")) {
                "a setting of where packages come from"
            } else {
                continue;
            };
            faults.push(format!("{}:{}: {fault}", path.display(), at + 1));
        }
    }
    Ok(faults)
}
