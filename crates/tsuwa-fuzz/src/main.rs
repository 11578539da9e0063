//! `tsuwa-fuzz smoke [TARGET]` runs the targets for a moment; `tsuwa-fuzz run TARGET FILE…` gives one these inputs.
#![forbid(unsafe_code)]

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};
use tsuwa_fuzz::{TARGETS, smoke};

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["smoke"] => report(smoke(Path::new("fuzz"), None)),
        ["smoke", target] => report(smoke(Path::new("fuzz"), Some(target))),
        ["run", target, ref files @ ..] => run(target, files),
        _ => {
            eprintln!("tsuwa-fuzz smoke [TARGET] | tsuwa-fuzz run TARGET FILE…");
            ExitCode::FAILURE
        }
    }
}

fn report(good: std::io::Result<bool>) -> ExitCode {
    match good {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(name: &str, files: &[&str]) -> ExitCode {
    let Some(target) = TARGETS.iter().find(|target| target.name == name) else {
        eprintln!("no target {name}");
        return ExitCode::FAILURE;
    };
    for file in files {
        match fs::read(file) {
            Ok(data) => (target.run)(&data),
            Err(error) => {
                eprintln!("{file}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
