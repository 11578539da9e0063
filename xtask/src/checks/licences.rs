//! All that is built in is under a licence that `deny.toml` allows. cargo-deny checks the same, and advisories, where it
//! is installed; this needs nothing but cargo.

use super::{Outcome, or_impossible};
use crate::metadata::Metadata;
use std::fs;

pub(crate) fn check() -> Outcome {
    or_impossible(faults())
}

fn faults() -> Result<Vec<String>, String> {
    let policy = fs::read_to_string("deny.toml").map_err(|error| format!("deny.toml: {error}"))?;
    let allowed = allowed(&policy).ok_or("deny.toml: no list `allow` of licences")?;
    let metadata = Metadata::read()?;
    let fault = |package: crate::metadata::Package| match package.license() {
        None => Some(format!("{} has no licence expression", package.name())),
        Some(expression) if !is_allowed(expression, &allowed) => {
            Some(format!("{} is under {expression}, which deny.toml does not allow", package.name()))
        }
        Some(_) => None,
    };
    Ok(metadata.packages().filter_map(fault).collect())
}

/// The texts of the list `allow` in the section on licences.
fn allowed(policy: &str) -> Option<Vec<&str>> {
    let list = policy.split_once("[licenses]")?.1.split_once("allow = [")?.1.split_once(']')?.0;
    Some(list.split('"').skip(1).step_by(2).collect())
}

/// Whether an SPDX expression can be fulfilled with allowed licences. `/` is an old way of writing OR. AND binds tighter.
fn is_allowed(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = &words[..];
    any(&mut rest, allowed) == Some(true) && rest.is_empty()
}

/// As the two below: whether the expression that the words begin with is fulfilled; `None` if they begin with none.
fn any(rest: &mut &[&str], allowed: &[&str]) -> Option<bool> {
    let mut good = all(rest, allowed)?;
    while take(rest, "OR") {
        good |= all(rest, allowed)?;
    }
    Some(good)
}

fn all(rest: &mut &[&str], allowed: &[&str]) -> Option<bool> {
    let mut good = one(rest, allowed)?;
    while take(rest, "AND") {
        good &= one(rest, allowed)?;
    }
    Some(good)
}

fn one(rest: &mut &[&str], allowed: &[&str]) -> Option<bool> {
    if take(rest, "(") {
        let good = any(rest, allowed)?;
        return take(rest, ")").then_some(good);
    }
    let licence = *rest.split_off_first()?;
    if take(rest, "WITH") {
        let exception = *rest.split_off_first()?;
        return Some(allowed.contains(&format!("{licence} WITH {exception}").as_str()));
    }
    Some(allowed.contains(&licence))
}

fn take(rest: &mut &[&str], word: &str) -> bool {
    let taken = rest.first() == Some(&word);
    if taken {
        *rest = &rest[1..];
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_understood() {
        let allowed = ["MIT", "ISC", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"];
        for good in [
            "MIT",
            "GPL-3.0 OR MIT",
            "MIT/GPL-3.0",
            "ISC AND (GPL-3.0 OR MIT)",
            "Apache-2.0 WITH LLVM-exception",
            "GPL-3.0 AND BSL-1.0 OR MIT",
        ] {
            assert!(is_allowed(good, &allowed), "{good}");
        }
        for bad in
            ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT", "MIT)", "MIT WITH Something", "MIT ISC", "OR MIT", "MIT OR"]
        {
            assert!(!is_allowed(bad, &allowed), "{bad}");
        }
    }

    #[test]
    fn the_policy_is_read() {
        let policy = "[advisories]\n[licenses]\nallow = [\n  \"MIT\", # all rights\n  \"ISC\",\n]\n[bans]\n";
        assert_eq!(allowed(policy), Some(vec!["MIT", "ISC"]));
        assert_eq!(allowed("[bans]"), None);
    }
}
