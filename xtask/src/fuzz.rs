//! The fuzz targets: `cargo xtask fuzz` runs them under libFuzzer for as long as one likes, the check a moment without.
//!
//! cargo-fuzz, which is at home in `fuzz/` as well, wants to be installed and a nightly toolchain. What it needs of that,
//! counters at each edge and a look at what is compared, a stable compiler's LLVM has too; only the address sanitizer is
//! left out, which finds little in code without `unsafe`.

use crate::command::{self, Done, minutes};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::{env, fs};

const USAGE: &str = "cargo xtask fuzz [--target NAME] [--seconds N]";

/// What cargo-fuzz gives to the compiler, but for the sanitizer.
const FLAGS: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "--cfg",
    "fuzzing",
    "-Cdebug-assertions",
    "-Coverflow-checks",
];

/// Runs one target or all, one after another, and says how many inputs each was given.
pub(crate) fn run(args: &[String]) -> ExitCode {
    let (mut only, mut seconds) = (None, 600);
    let mut args = args.iter().map(String::as_str);
    while let Some(arg) = args.next() {
        match (arg, args.next().map(|value| (value, value.parse()))) {
            ("--target", Some((name, _))) => only = Some(name),
            ("--seconds", Some((_, Ok(number)))) => seconds = number,
            _ => {
                eprintln!("{USAGE}");
                return ExitCode::FAILURE;
            }
        }
    }
    match all(only, seconds) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// The seeds, the regressions and some mutations of them on every target.
pub(crate) fn some() -> Done {
    let mut smoke = command::cargo(["run", "--quiet", "--locked", "--package", "tsuwa-fuzz", "--", "smoke"]);
    command::run(&mut smoke, minutes(15))
}

fn all(only: Option<&str>, seconds: u64) -> Result<bool, String> {
    let targets: Vec<String> = names()?.into_iter().filter(|name| only.is_none_or(|only| only == name)).collect();
    if targets.is_empty() {
        return Err(format!("there is no such target in fuzz/fuzz_targets\n{USAGE}"));
    }
    let host = host()?;
    // A target triple keeps the flags away from build scripts.
    let mut build = command::cargo(["build", "--release", "--manifest-path", "fuzz/Cargo.toml", "--target", &host]);
    build.args(targets.iter().flat_map(|name| ["--bin", name]));
    let done = command::run(build.env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}")), minutes(30));
    if !done.ok {
        return Err(done.output);
    }
    let folder = env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "fuzz/target".into());
    let mut good = true;
    for name in &targets {
        let program = Path::new(&folder).join(&host).join("release").join(name);
        let done = command::run(&mut fuzzer(&program, name, seconds)?, minutes(5 + seconds / 60));
        let executions = done.output.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
        println!("{name}: {} executions in {seconds} s", executions.unwrap_or(" 0").trim());
        if !done.ok {
            good = false;
            println!("{}\n{name} FAILED: its input is in fuzz/artifacts/{name}", done.output);
        }
    }
    Ok(good)
}

fn fuzzer(program: &Path, name: &str, seconds: u64) -> Result<Command, String> {
    // Where cargo-fuzz has them, too.
    let (corpus, artifacts) = (format!("fuzz/corpus/{name}"), format!("fuzz/artifacts/{name}/"));
    for folder in [&corpus, &artifacts] {
        fs::create_dir_all(folder).map_err(|error| format!("{folder}: {error}"))?;
    }
    let mut fuzzer = Command::new(program);
    fuzzer.args([format!("-max_total_time={seconds}"), format!("-artifact_prefix={artifacts}")]);
    fuzzer.args(["-timeout=20", "-rss_limit_mb=3000", "-max_len=8192", "-print_final_stats=1"]);
    let dictionary = format!("fuzz/dictionaries/{name}.dict");
    if Path::new(&dictionary).exists() {
        fuzzer.arg(format!("-dict={dictionary}"));
    }
    fuzzer.arg(corpus);
    Ok(fuzzer)
}

fn names() -> Result<Vec<String>, String> {
    let folder = "fuzz/fuzz_targets";
    let files = fs::read_dir(folder).map_err(|error| format!("{folder}: {error}"))?;
    let name = |path: std::path::PathBuf| path.file_stem()?.to_str().map(str::to_owned);
    let mut names: Vec<String> = files.flatten().filter_map(|entry| name(entry.path())).collect();
    names.sort();
    Ok(names)
}

/// What the compiler calls this machine.
fn host() -> Result<String, String> {
    let said = Command::new("rustc").arg("-vV").output().map_err(|error| format!("rustc: {error}"))?;
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    said.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned).ok_or_else(|| said.clone())
}
