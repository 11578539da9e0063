//! The system packages that the build and the tests need, and how to get them.

use crate::command;
use std::process::Command;

/// A package, by its name in Debian and Ubuntu.
pub(crate) struct Package {
    name: &'static str,
    /// What succeeds if it is there: any of these commands.
    proofs: &'static [&'static [&'static str]],
}

const PKG_CONFIG: Package = Package { name: "pkg-config", proofs: &[&["pkg-config", "--version"]] };
const ALSA: Package = Package { name: "libasound2-dev", proofs: &[&["pkg-config", "--exists", "alsa"]] };
const CHROMIUM: Package = Package {
    name: "chromium",
    proofs: &[&["chromium", "--version"], &["chromium-browser", "--version"], &["google-chrome", "--version"]],
};

/// The sound devices are ALSA's on Linux, which pkg-config finds.
pub(crate) const TO_BUILD: &[Package] = if cfg!(target_os = "linux") { &[PKG_CONFIG, ALSA] } else { &[] };

const NPM: Package = Package { name: "npm", proofs: &[&["npm", "--version"]] };
const LIBC_32: Package = Package { name: "libc6-i386", proofs: &[&["test", "-e", "/lib/ld-linux.so.2"]] };

/// What fetches and runs the Dart VM, which is a 32-bit one.
pub(crate) const TO_RUN_DART: &[Package] = &[NPM, LIBC_32];

/// Beyond [`TO_BUILD`]: the browser that a test calls from.
pub(crate) const TO_TEST: &[Package] = &[CHROMIUM];

/// Installs what is missing; says how to where that isn't for us to do.
pub(crate) fn ensure(wanted: &[Package]) -> Result<(), String> {
    let missing = missing(wanted);
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    if !succeeds(&["apt-get", "--version"]) {
        return Err(format!("missing on this machine (names as in Debian), please install: {names}"));
    }
    // A mirror may fail once, and another program may be installing: a machine that has just started updates itself.
    let patient = "-o Acquire::Retries=5 -o DPkg::Lock::Timeout=300";
    let commands = [
        format!("apt-get {patient} update"),
        format!("env DEBIAN_FRONTEND=noninteractive apt-get {patient} install --yes --no-install-recommends {names}"),
    ];
    if !is_root() {
        return Err(format!(
            "missing on this machine: {names}. Install by\n  sudo {} && sudo {}",
            commands[0], commands[1]
        ));
    }
    for line in commands {
        let words: Vec<&str> = line.split(' ').collect();
        let done = command::run(Command::new(words[0]).args(&words[1..]), command::minutes(15));
        if !done.ok {
            return Err(done.output);
        }
    }
    match self::missing(wanted).join(" ") {
        none if none.is_empty() => Ok(()),
        still => Err(format!("installed, and still not found: {still}")),
    }
}

fn missing(wanted: &[Package]) -> Vec<&'static str> {
    let there = |package: &&Package| package.proofs.iter().any(|proof| succeeds(proof));
    wanted.iter().filter(|package| !there(package)).map(|package| package.name).collect()
}

fn succeeds(words: &[&str]) -> bool {
    Command::new(words[0]).args(&words[1..]).output().is_ok_and(|output| output.status.success())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
