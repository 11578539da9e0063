//! The README's two commands: `cargo xtask run` starts a server, `cargo xtask test` runs every check there is.
//!
//! Glue only. A check looks at what is in the repository and says what is wrong with it; a new one is a function in
//! `checks` and a line in [`checks::ALL`].
#![forbid(unsafe_code)]

mod checks;
mod command;
mod faults;
mod fuzz;
mod metadata;
mod packages;
mod sim;
mod tree;

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask run [ARGS…]             build the server and start it: tsuwa serve ARGS…
cargo xtask test [--only CHECK]…    run every check, or the named ones
cargo xtask test --list             the names of the checks
cargo xtask sim --seeds N [--from K] [--trace]
                                    live through N days of the town, from seed K on
cargo xtask sim --faults [NAME]…    plant each fault, and say what finds it
cargo xtask fuzz [--target NAME] [--seconds N]
                                    run the fuzz targets under libFuzzer, ten minutes each";

fn main() -> ExitCode {
    if let Err(error) = env::set_current_dir(root()) {
        eprintln!("the repository's root: {error}");
        return ExitCode::FAILURE;
    }
    let args: Vec<String> = env::args().skip(1).collect();
    match args.split_first() {
        Some((command, rest)) if command == "run" => run(rest),
        Some((command, rest)) if command == "test" => test(rest),
        Some((command, rest)) if command == "sim" => sim::run(rest),
        Some((command, rest)) if command == "fuzz" => fuzz::run(rest),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::FAILURE
        }
    }
}

/// The repository's root. Cargo says at run time where this package is, so a checkout that was moved is found, too.
fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    PathBuf::from(package).join("..")
}

fn run(args: &[String]) -> ExitCode {
    if let Err(why) = packages::ensure(packages::TO_BUILD) {
        eprintln!("{why}");
        return ExitCode::FAILURE;
    }
    let mut serve = command::cargo(["run", "--release", "--package", "tsuwa-cli", "--", "serve"]);
    let error = command::become_it(serve.args(args));
    eprintln!("cargo: {error}");
    ExitCode::FAILURE
}

fn test(args: &[String]) -> ExitCode {
    let mut only = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match (arg.as_str(), args.next()) {
            ("--list", None) => {
                checks::ALL.iter().for_each(|check| println!("{:<14} {}", check.name, check.about));
                return ExitCode::SUCCESS;
            }
            ("--only", Some(name)) if checks::ALL.iter().any(|check| check.name == name) => only.push(name.as_str()),
            _ => {
                eprintln!("{USAGE}");
                return ExitCode::FAILURE;
            }
        }
    }
    checks::run(&only)
}
