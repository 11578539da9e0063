//! The pure crates can do nothing but compute: no clock, no random source, no thread, no order that differs from run to
//! run. And unsafe code is where it is expected.

use super::{Outcome, or_impossible};
use crate::command;
use crate::metadata::{Metadata, Package};
use crate::tree;
use std::fs;
use std::path::Path;

/// The same input always gives the same result.
const PURE: &[&str] = &["tsuwa-proto", "tsuwa-usersig", "tsuwa-call", "tsuwa-exchange", "tsuwa-session"];

/// No IO, thread or clock call of their own, but an `Instant` and a library's randomness come in.
const NEARLY_PURE: &[&str] = &["tsuwa-sfu", "tsuwa-voice"];

/// Crates through which time, randomness or IO would come in.
const IMPURE: &[&str] = &[
    "ahash",
    "async-io",
    "async-std",
    "chrono",
    "crossbeam-channel",
    "fastrand",
    "getrandom",
    "jiff",
    "mio",
    "oorandom",
    "polling",
    "quanta",
    "quinn-udp",
    "rand",
    "rand_core",
    "rayon",
    "signal-hook",
    "smol",
    "socket2",
    "str0m",
    "time",
    "tokio",
    "uuid",
];

/// The crates that touch C or sockets, each in one file that says `allow(unsafe_code)`.
const UNSAFE_ALLOWED: &[&str] = &["tsuwa-server", "tsuwa-voice"];

/// What the `clippy.toml` of the crates must ban; clippy sees to it that it is.
const BANNED: &[&str] =
    &["Instant::now", "SystemTime::now", "thread::spawn", "thread::Builder::spawn", "thread::scope", "thread::sleep"];

pub(crate) fn check() -> Outcome {
    or_impossible(faults())
}

fn faults() -> Result<Vec<String>, String> {
    let metadata = Metadata::read()?;
    let mut faults = Vec::new();
    for name in PURE {
        faults.extend(impure_dependencies(name)?);
        faults.extend(bans(name, &[BANNED, &["HashMap", "HashSet"]].concat())?);
        faults.extend(unordered_maps(name)?);
    }
    for name in NEARLY_PURE {
        faults.extend(bans(name, &[BANNED, &["UdpSocket", "TcpStream"]].concat())?);
    }
    for package in metadata.ours() {
        faults.extend(unsafe_code(&package)?);
    }
    Ok(faults)
}

fn impure_dependencies(name: &str) -> Result<Vec<String>, String> {
    let mut cargo_tree =
        command::cargo(["tree", "--edges", "normal", "--prefix", "none", "--target", "all", "--locked"]);
    let done = command::run(cargo_tree.args(["--package", name]), command::minutes(2));
    if !done.ok {
        return Err(done.output);
    }
    let names = done.output.lines().filter_map(|line| line.split(' ').next());
    Ok(names.filter(|there| IMPURE.contains(there)).map(|there| format!("{name} depends on {there}")).collect())
}

fn bans(name: &str, banned: &[&str]) -> Result<Vec<String>, String> {
    let path = format!("crates/{name}/clippy.toml");
    let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let missing = banned.iter().filter(|what| !text.contains(&format!("::{what}\"")));
    Ok(missing.map(|what| format!("{path} does not ban {what}")).collect())
}

/// Clippy sees these as well; it does not see one in a macro of somebody else, or behind an `allow`.
fn unordered_maps(name: &str) -> Result<Vec<String>, String> {
    let mut faults = Vec::new();
    for (path, text) in sources(&format!("crates/{name}/src"))? {
        let code = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
        let hashed = code.filter(|(_, line)| line.contains("HashMap") || line.contains("HashSet"));
        faults.extend(hashed.map(|(at, _)| format!("{path}:{}: a map without an order", at + 1)));
    }
    Ok(faults)
}

fn unsafe_code(package: &Package) -> Result<Vec<String>, String> {
    let name = package.name();
    let mut faults = Vec::new();
    let allowed = UNSAFE_ALLOWED.contains(&name);
    let wanted = if allowed { "#![deny(unsafe_code)]" } else { "#![forbid(unsafe_code)]" };
    for root in package.roots().filter(|root| root.contains("/src/")) {
        let text = fs::read_to_string(root).map_err(|error| format!("{root}: {error}"))?;
        if !text.lines().any(|line| line == wanted) {
            faults.push(format!("{name}: {} lacks {wanted}", root.rsplit('/').next().unwrap_or(root)));
        }
    }
    if allowed {
        let attribute = ["allow(", "unsafe_code)"].concat();
        let files = sources(&format!("crates/{name}/src"))?;
        let with: Vec<_> =
            files.iter().filter(|(_, text)| text.contains(&attribute)).map(|(path, _)| &path[..]).collect();
        if with.len() > 1 {
            faults.push(format!("{name} has unsafe code in more than one file: {}", with.join(" ")));
        }
    }
    Ok(faults)
}

fn sources(folder: &str) -> Result<Vec<(String, String)>, String> {
    let files = tree::files(Path::new(folder)).map_err(|error| format!("{folder}: {error}"))?;
    let text = |path: std::path::PathBuf| Some((path.display().to_string(), fs::read_to_string(&path).ok()?));
    Ok(files.into_iter().filter_map(text).collect())
}
