//! Planted faults: `cargo xtask sim --faults [NAME]…` puts each patch of `crates/tsuwa-sim/faults` on a copy of the
//! sources, lives through some hundred seeds of the town with it, and says what has found it. A fault in the switchboard
//! is shown to the model, too.

use crate::command::{self, minutes};
use crate::tree;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const PATCHES: &str = "crates/tsuwa-sim/faults";
const COPY: &str = "target/faults/tree";
/// Enough for a fault that shows itself in what no longer happens at all, too.
const SEEDS: &str = "400";
/// Each fault is built for a minute of running: what is built quickly is done sooner than what runs fast.
const PROFILE: [(&str, &str); 4] = [
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_INCREMENTAL", "true"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "64"),
];

/// What became of one fault: a row of the table in docs/reliability.md.
struct Row {
    fault: String,
    town: Option<(String, String)>,
    model: Option<String>,
}

/// Plants all, or those whose names begin with one of `names`; succeeds if the town has found each.
pub(crate) fn run(names: &[String]) -> ExitCode {
    match rows(names) {
        Ok(rows) => {
            println!("\n| fault | the town: what did not hold | first seed | the model |\n|---|---|---|---|");
            rows.iter().for_each(|row| println!("{row}"));
            if rows.iter().all(|row| row.town.is_some()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn rows(names: &[String]) -> Result<Vec<Row>, String> {
    let copied = tree::files(Path::new(".")).and_then(|files| files.iter().try_for_each(|file| copy(file)));
    copied.map_err(|error| format!("{COPY}: {error}"))?;
    let mut patches = tree::files(Path::new(PATCHES)).map_err(|error| format!("{PATCHES}: {error}"))?;
    patches.retain(|patch| {
        let name = patch.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        names.is_empty() || names.iter().any(|wanted| name.starts_with(wanted.as_str()))
    });
    patches.iter().map(plant).collect()
}

/// Only what is new is written: the rest is built already.
fn copy(file: &Path) -> std::io::Result<()> {
    let to = Path::new(COPY).join(file);
    let text = fs::read(file)?;
    if fs::read(&to).is_ok_and(|there| there == text) {
        return Ok(());
    }
    fs::create_dir_all(to.parent().unwrap_or(Path::new(COPY)))?;
    fs::write(to, text)
}

fn plant(patch: &PathBuf) -> Result<Row, String> {
    let text = fs::read_to_string(patch).map_err(|error| format!("{}: {error}", patch.display()))?;
    let fault = text.lines().next().unwrap_or_default().to_owned();
    println!("== {}: {fault}", patch.display());
    apply(patch, &[])?;
    let found = sim().and_then(|town| {
        let model = if text.contains("crates/tsuwa-call/") { Some(model()?) } else { None };
        Ok(Row { fault, town, model })
    });
    apply(patch, &["--reverse"])?;
    found
}

fn apply(patch: &PathBuf, how: &[&str]) -> Result<(), String> {
    let mut git = Command::new("git");
    git.arg("apply").args(how).arg(format!("--directory={COPY}")).arg(patch);
    let done = command::run(&mut git, minutes(1));
    if done.ok { Ok(()) } else { Err(format!("{}: {}", patch.display(), done.output)) }
}

fn cargo(args: &[&str]) -> Command {
    let mut cargo =
        command::cargo([args[0], "--release", "--quiet", "--locked", "--target-dir", "target/faults/build"]);
    cargo.args(["--manifest-path", &format!("{COPY}/Cargo.toml")]).args(&args[1..]).envs(PROFILE);
    cargo
}

/// What did not hold, and in which seed first; or what never came about.
fn sim() -> Result<Option<(String, String)>, String> {
    let built = command::run(&mut cargo(&["build", "--package", "tsuwa-sim"]), minutes(30));
    if !built.ok {
        return Err(built.output);
    }
    let done = command::run(&mut cargo(&["run", "--package", "tsuwa-sim", "--", "--seeds", SEEDS]), minutes(30));
    let broken = |line: &str| {
        let (seed, rest) = line.strip_prefix("SEED ")?.split_once(" BROKE at step ")?;
        Some((seed.parse::<u64>().ok()?, rest.split_once(": ")?.1.to_owned()))
    };
    if let Some((seed, law)) = done.output.lines().filter_map(broken).min() {
        return Ok(Some((law, seed.to_string())));
    }
    let never = done.output.lines().find_map(|line| line.strip_prefix("never happened: "));
    Ok(never.map(|what| (format!("{what} never happened"), format!("none of {SEEDS}"))))
}

/// The property that does not hold, if any.
fn model() -> Result<String, String> {
    let done = command::run(&mut cargo(&["test", "--package", "tsuwa-call", "--test", "model"]), minutes(30));
    let said = |line: &str| {
        let broken = line.split_once(": not ").map(|(_, rest)| rest.split(": ").next().unwrap_or(rest).to_owned());
        broken.or_else(|| line.contains("never seen").then(|| "something is never seen".to_owned()))
    };
    if done.ok {
        return Ok("—".to_owned());
    }
    done.output.lines().find_map(said).ok_or(done.output)
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (law, seed) = self.town.as_ref().map_or(("NOT FOUND", "—"), |(law, seed)| (law, seed));
        write!(f, "| {} | {law} | {seed} | {} |", self.fault, self.model.as_deref().unwrap_or("does not see it"))
    }
}
