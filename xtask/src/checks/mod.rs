//! Every check, and the tally of them.

mod cargo;
mod dart;
mod dependencies;
mod layers;
mod licences;
mod purity;
mod readme;
mod sizes;
mod traces;

use std::process::ExitCode;
use std::time::Instant;

/// A check.
pub(crate) struct Check {
    pub(crate) name: &'static str,
    /// What it looks at, in a line.
    pub(crate) about: &'static str,
    run: fn() -> Outcome,
}

/// The quick ones first; the README's commands last, because they build everything a second time, optimised.
pub(crate) const ALL: &[Check] = &[
    Check { name: "packages", about: "the system packages are there, or are installed", run: cargo::packages },
    Check { name: "layers", about: "the arrows drawn in ARCHITECTURE.md are those of the crates", run: layers::check },
    Check { name: "dependencies", about: "ARCHITECTURE.md has a reason for each", run: dependencies::check },
    Check { name: "licences", about: "all that is built in is under a licence of deny.toml", run: licences::check },
    Check {
        name: "purity",
        about: "pure crates have no clock, random source or thread; unsafe code",
        run: purity::check,
    },
    Check { name: "sizes", about: "no source file is over 500 lines", run: sizes::check },
    Check { name: "traces", about: "no machine's paths or package mirrors in the tree", run: traces::check },
    Check { name: "fmt", about: "cargo fmt", run: cargo::fmt },
    Check { name: "clippy", about: "cargo clippy, warnings are errors", run: cargo::clippy },
    Check { name: "rustdoc", about: "cargo doc, warnings are errors", run: cargo::rustdoc },
    Check { name: "tests", about: "cargo test, all of it", run: cargo::tests },
    Check { name: "town", about: "some hundred days of the town, each from its seed", run: cargo::town },
    Check {
        name: "fuzz",
        about: "the fuzz targets' seeds and regressions, and some mutations of them",
        run: cargo::fuzz,
    },
    Check { name: "dart", about: "the Dart package on a real VM, against the real server", run: dart::check },
    Check { name: "readme", about: "the README's commands, run for real", run: readme::check },
];

/// What a check found.
#[derive(Default)]
pub(crate) struct Outcome {
    passed: usize,
    failed: usize,
    /// What is wrong; printed if anything failed.
    report: String,
}

impl Outcome {
    /// One check that found these faults, or none.
    fn of(faults: Vec<String>) -> Self {
        Self {
            passed: usize::from(faults.is_empty()),
            failed: usize::from(!faults.is_empty()),
            report: faults.join("\n"),
        }
    }

    /// One check that couldn't be made, which is as bad as a fault.
    fn impossible(why: impl ToString) -> Self {
        Self::of(vec![why.to_string()])
    }

    /// One command's success.
    fn of_command(done: crate::command::Done) -> Self {
        if done.ok { Self::of(vec![]) } else { Self::impossible(done.output) }
    }

    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        if other.failed > 0 {
            self.report.push_str(&other.report);
            self.report.push('\n');
        }
    }
}

/// A check that may not be possible, as a check.
fn or_impossible(faults: Result<Vec<String>, String>) -> Outcome {
    faults.map_or_else(Outcome::impossible, Outcome::of)
}

/// Runs all checks, or the named ones, whatever fails; the last line says how many passed and failed.
pub(crate) fn run(only: &[&str]) -> ExitCode {
    let mut total = Outcome::default();
    for check in ALL.iter().filter(|check| only.is_empty() || only.contains(&check.name)) {
        println!("== {}: {}", check.name, check.about);
        let began = Instant::now();
        let outcome = (check.run)();
        if outcome.failed > 0 {
            println!("{}", outcome.report.trim_end());
        }
        let verdict = if outcome.failed == 0 { "ok" } else { "FAILED" };
        println!("   {verdict}: {} passed, {} failed, {} s", outcome.passed, outcome.failed, began.elapsed().as_secs());
        if outcome.failed > 0 {
            total.report.push_str(&format!("failed: {}\n", check.name));
        }
        total.passed += outcome.passed;
        total.failed += outcome.failed;
    }
    print!("{}", total.report);
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
