//! The town: `cargo xtask sim` lives through as many seeds as one likes, the check through some hundred.

use crate::command::{self, Done, minutes};
use std::process::ExitCode;

/// So many that each row of the scenarios, each refusal and each fault comes to pass, and a few times more.
const SEEDS: &str = "400";

/// Builds it and becomes it, with these arguments.
pub(crate) fn run(args: &[String]) -> ExitCode {
    if let Some((faults, names)) = args.split_first()
        && faults == "--faults"
    {
        return crate::faults::run(names);
    }
    let mut sim = command::cargo(["run", "--quiet", "--release", "--package", "tsuwa-sim", "--"]);
    let error = command::become_it(sim.args(args));
    eprintln!("cargo: {error}");
    ExitCode::FAILURE
}

/// Some hundred seeds.
pub(crate) fn some() -> Done {
    let mut sim =
        command::cargo(["run", "--quiet", "--release", "--locked", "--package", "tsuwa-sim", "--", "--seeds"]);
    command::run(sim.arg(SEEDS), minutes(30))
}
