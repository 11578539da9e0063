//! ARCHITECTURE.md draws which crate stands on which, in a fenced block of kind `layers`, a line a crate:
//! `tsuwa-call -> tsuwa-proto`. The drawing and the manifests must agree.

use super::{Outcome, or_impossible};
use crate::metadata::Metadata;
use crate::tree;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

type Arrows<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

pub(crate) fn check() -> Outcome {
    or_impossible(faults())
}

fn faults() -> Result<Vec<String>, String> {
    let text = fs::read_to_string("ARCHITECTURE.md").map_err(|error| format!("ARCHITECTURE.md: {error}"))?;
    let metadata = Metadata::read()?;
    let real = metadata.ours().map(|package| {
        let below = package.dependencies().filter(|line| line.is_ours() && line.is_normal());
        (package.name(), below.map(|line| line.name()).collect())
    });
    Ok(differences(&drawn(&text)?, &real.collect()))
}

fn drawn(markdown: &str) -> Result<Arrows<'_>, String> {
    let [block] = tree::blocks(markdown, "layers")[..] else {
        return Err("ARCHITECTURE.md has not exactly one block ```layers".into());
    };
    let mut arrows = Arrows::new();
    for line in block.lines().filter(|line| !line.trim().is_empty()) {
        let Some((name, below)) = line.split_once("->") else {
            return Err(format!("ARCHITECTURE.md: no arrow in the layer {line:?}"));
        };
        if arrows.insert(name.trim(), below.split_whitespace().collect()).is_some() {
            return Err(format!("ARCHITECTURE.md: two lines for {}", name.trim()));
        }
    }
    Ok(arrows)
}

fn differences(drawn: &Arrows, real: &Arrows) -> Vec<String> {
    let none = BTreeSet::new();
    let mut faults = Vec::new();
    for (name, below) in real {
        // A crate without a line stands on nothing of ours.
        let allowed = drawn.get(name).unwrap_or(&none);
        let undrawn = below.difference(allowed).map(|to| format!("{name} -> {to} is not drawn in ARCHITECTURE.md"));
        let unreal = allowed.difference(below).map(|to| format!("{name} -> {to} is drawn, but isn't there"));
        faults.extend(undrawn.chain(unreal));
    }
    let gone = drawn.keys().filter(|name| !real.contains_key(*name));
    faults.extend(gone.map(|name| format!("{name} is drawn, but is no crate of the workspace")));
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWING: &str = "# Tsuwa\n```layers\nhigh -> low\nlow ->\n```\n";

    fn real(lines: &[(&'static str, &[&'static str])]) -> Arrows<'static> {
        lines.iter().map(|(name, below)| (*name, below.iter().copied().collect())).collect()
    }

    #[test]
    fn a_drawing_that_agrees_is_good() {
        let drawn = drawn(DRAWING).unwrap();
        assert!(differences(&drawn, &real(&[("high", &["low"]), ("low", &[]), ("beside", &[])])).is_empty());
    }

    #[test]
    fn arrows_crates_and_lines_that_differ_are_told() {
        let drawn = drawn(DRAWING).unwrap();
        let faults = differences(&drawn, &real(&[("high", &[]), ("low", &["high"]), ("new", &["low"])]));
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert_eq!(differences(&drawn, &real(&[("high", &["low"])])).len(), 1);
    }

    #[test]
    fn a_text_without_a_drawing_is_told() {
        assert!(drawn("").is_err());
        assert!(drawn("```layers\nhigh low\n```").is_err());
    }
}
