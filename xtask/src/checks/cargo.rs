//! What cargo itself checks.

use super::{Outcome, or_impossible};
use crate::command::{self, Done, minutes};
use crate::packages as system;

/// The build's packages and the tests'. If they can't be had, the steps that need them say so once more by failing.
pub(crate) fn packages() -> Outcome {
    let both = [system::TO_BUILD, system::TO_TEST];
    or_impossible(Ok(both.into_iter().filter_map(|wanted| system::ensure(wanted).err()).collect()))
}

pub(crate) fn fmt() -> Outcome {
    if let Some(outcome) = without_component("fmt", "rustfmt") {
        return outcome;
    }
    Outcome::of_command(command::run(&mut command::cargo(["fmt", "--all", "--check"]), minutes(5)))
}

pub(crate) fn clippy() -> Outcome {
    if let Some(outcome) = without_component("clippy", "clippy") {
        return outcome;
    }
    let mut clippy = command::cargo(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]);
    Outcome::of_command(command::run(&mut clippy, minutes(25)))
}

pub(crate) fn rustdoc() -> Outcome {
    let mut doc = command::cargo(["doc", "--workspace", "--no-deps", "--locked"]);
    Outcome::of_command(command::run(doc.env("RUSTDOCFLAGS", "-D warnings"), minutes(25)))
}

pub(crate) fn tests() -> Outcome {
    let mut test = command::cargo(["test", "--workspace", "--no-fail-fast", "--locked"]);
    count(command::run(&mut test, minutes(40)))
}

pub(crate) fn town() -> Outcome {
    Outcome::of_command(crate::sim::some())
}

pub(crate) fn fuzz() -> Outcome {
    Outcome::of_command(crate::fuzz::some())
}

/// Fetches a component that a minimal toolchain lacks; an outcome only if it can't be had.
fn without_component(subcommand: &str, component: &str) -> Option<Outcome> {
    if command::cargo([subcommand, "--version"]).output().is_ok_and(|output| output.status.success()) {
        return None;
    }
    let mut add = std::process::Command::new("rustup");
    let done = command::run(add.args(["component", "add", component]), minutes(5));
    (!done.ok).then(|| Outcome::impossible(done.output))
}

/// Adds up the results of all test binaries. A test that was skipped has shown nothing: it counts as failed.
fn count(done: Done) -> Outcome {
    let mut outcome = Outcome::default();
    let mut skipped = Vec::new();
    for line in done.output.lines() {
        if let Some((_, counts)) = line.split_once("test result: ").and_then(|(_, rest)| rest.split_once(". ")) {
            let number = |of: &str| {
                let named = counts.split("; ").find_map(|part| part.trim().strip_suffix(of));
                named.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
            };
            outcome.passed += number("passed");
            outcome.failed += number("failed") + number("ignored");
        }
        if line.starts_with("test ") && line.contains(" ... ignored") {
            skipped.push(format!("skipped test: {line}"));
        }
    }
    // It did not build, or a test binary died before it could say how many failed.
    if outcome.failed == 0 && (!done.ok || outcome.passed == 0) {
        outcome.failed = 1;
    }
    let worth_reading = |line: &&str| !(line.starts_with("test ") && line.ends_with(" ok"));
    let output: Vec<&str> = done.output.lines().filter(worth_reading).collect();
    outcome.report = output.join("\n") + "\n" + &skipped.join("\n");
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(ok: bool, output: &str) -> (usize, usize) {
        let outcome = count(Done { ok, output: output.into() });
        (outcome.passed, outcome.failed)
    }

    #[test]
    fn results_of_several_binaries_are_added_up() {
        let output = "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.24s\n\
            test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.24s\n";
        assert_eq!(counted(false, output), (5, 1));
    }

    #[test]
    fn a_skipped_test_counts_as_failed() {
        let output = "test a_test ... ignored\n\
            test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.24s\n";
        assert_eq!(counted(true, output), (3, 1));
    }

    #[test]
    fn what_did_not_build_or_ran_nothing_has_failed() {
        assert_eq!(counted(false, "error: could not compile"), (0, 1));
        assert_eq!(counted(true, ""), (0, 1));
        let died =
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0s\nSIGABRT";
        assert_eq!(counted(false, died), (3, 1));
    }
}
