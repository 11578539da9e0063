//! The Dart package: its types checked and its tests run, on a real Dart VM, against the real server.
//!
//! Dart's own SDK is in no package registry that a machine with Rust has; its VM, compiler included, is in the npm package
//! of Sass for 32-bit Linux. It has no `pub`, so the package configuration is written here, and `sdk/dart/tool/test_shim`
//! stands for `package:test`.

use super::Outcome;
use crate::command::{self, minutes};
use crate::{packages, tree};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

const VM_PACKAGE: &str = "sass-embedded-linux-ia32";
/// The last version that has a VM for ia32, with Dart 3.7.3.
const VM_VERSION: &str = "1.89.0";
/// Of the archive, as the registry gave it when this was written.
const VM_SHA256: &str = "fd5b78f81e5e08991e40bac9704c89e211fbd151565da60c794afe036b585a86";

/// What only files for browsers import.
const BROWSER: &str = "import 'dart:js_interop'";

/// Where everything is kept that is fetched or made here.
const FOLDER: &str = "target/dart";
const PACKAGE: &str = "sdk/dart";

/// The packages, with their folders; the shims stand for what a VM does not have.
const PACKAGES: &[(&str, &str)] = &[
    ("tsuwa_calling", "sdk/dart"),
    ("tsuwa_calling_webrtc", "sdk/dart/flutter_webrtc"),
    ("test", "sdk/dart/tool/test_shim"),
    ("js_shim", "sdk/dart/tool/js_shim"),
    ("flutter", "sdk/dart/tool/flutter_shim/flutter"),
    ("flutter_webrtc", "sdk/dart/tool/flutter_shim/flutter_webrtc"),
];

pub(crate) fn check() -> Outcome {
    match prepared() {
        Err(why) => Outcome::impossible(why),
        Ok(dart) => {
            let mut outcome = types(&dart);
            outcome.add(tests(&dart));
            outcome
        }
    }
}

/// The VM, and what it needs to find the package and its tests.
fn prepared() -> Result<PathBuf, String> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Err("the Dart VM that the tests run on is for Linux on x86-64".into());
    }
    packages::ensure(packages::TO_RUN_DART)?;
    let dart = vm()?;
    let root = env::current_dir().map_err(|error| error.to_string())?;
    let entry = |(name, folder): &(&str, &str)| {
        json!({
            "name": name,
            "rootUri": format!("file://{}/", root.join(folder).display()),
            "packageUri": "lib/",
            "languageVersion": "3.4",
        })
    };
    let packages: Vec<_> = PACKAGES.iter().map(entry).collect();
    write("package_config.json", &json!({ "configVersion": 2, "packages": packages }).to_string())?;
    let files = tree::files(Path::new(PACKAGE)).map_err(|error| error.to_string())?;
    write("all_tests.dart", &all_tests(&root, &files))?;
    write("all_files.dart", &all_files(&root, &files)?)?;
    Ok(dart)
}

/// Fetches the VM, if it is not there.
fn vm() -> Result<PathBuf, String> {
    let folder = Path::new(FOLDER).join(VM_VERSION);
    let dart = folder.join("package/dart-sass/src/dart");
    let dart = env::current_dir().map_err(|error| error.to_string())?.join(dart);
    if dart.exists() {
        return Ok(dart);
    }
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let archive = format!("{VM_PACKAGE}-{VM_VERSION}.tgz");
    let run = |program: &str, args: &[&str]| {
        let done = command::run(Command::new(program).args(args).current_dir(&folder), minutes(5));
        if done.ok { Ok(done.output) } else { Err(done.output) }
    };
    run("npm", &["pack", "--silent", "--fetch-retries=5", &format!("{VM_PACKAGE}@{VM_VERSION}")])?;
    let sum = run("sha256sum", &[&archive])?;
    if !sum.starts_with(VM_SHA256) {
        return Err(format!("{archive} is not the one that was looked at: {sum}"));
    }
    run("tar", &["xzf", &archive])?;
    Ok(dart)
}

fn write(name: &str, text: &str) -> Result<(), String> {
    let path = Path::new(FOLDER).join(name);
    fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn is_dart(path: &Path) -> bool {
    path.extension().is_some_and(|kind| kind == "dart")
}

/// A program that runs every `…_test.dart`.
fn all_tests(root: &Path, files: &[PathBuf]) -> String {
    let is_test = |path: &&PathBuf| path.to_str().is_some_and(|path| path.ends_with("_test.dart"));
    let (mut imports, mut mains) = (String::from("import 'package:test/test.dart';\n"), String::new());
    for (number, path) in files.iter().filter(is_test).enumerate() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        imports += &format!("import 'file://{}' as t{number};\n", root.join(path).display());
        mains += &format!("  '{name}': t{number}.main,\n");
    }
    format!("{imports}void main() => run({{\n{mains}}});\n")
}

/// A program that imports every file, so that the compiler looks at all of them. What is for browsers is looked at in a
/// copy that imports a stand-in for the browser.
fn all_files(root: &Path, files: &[PathBuf]) -> Result<String, String> {
    let mut program = String::new();
    for path in files.iter().filter(|path| is_dart(path)) {
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        if text.lines().any(|line| line.starts_with("part of ")) {
            continue;
        }
        if text.contains(BROWSER) {
            let name = format!("for_browsers_{}", path.file_name().unwrap_or_default().to_string_lossy());
            write(&name, &text.replace(BROWSER, "import 'package:js_shim/js_interop.dart'"))?;
            program += &format!("import '{name}' as _;\n");
            continue;
        }
        // By its package's name where it has one, so that it is not compiled twice.
        let library = PACKAGES.iter().find_map(|(name, folder)| {
            let inside = path.strip_prefix(Path::new(folder).join("lib")).ok()?;
            Some(format!("package:{name}/{}", inside.display()))
        });
        let library = library.unwrap_or_else(|| format!("file://{}", root.join(path).display()));
        program += &format!("import '{library}' as _;\n");
    }
    Ok(program + "void main() {}\n")
}

fn types(dart: &Path) -> Outcome {
    let mut compile = Command::new(dart);
    let packages = format!("--packages={FOLDER}/package_config.json");
    let out = format!("--snapshot={FOLDER}/all_files.dill");
    compile.args([&packages, "--snapshot-kind=kernel", &out, &format!("{FOLDER}/all_files.dart")]);
    Outcome::of_command(command::run(&mut compile, minutes(3)))
}

fn tests(dart: &Path) -> Outcome {
    let build = command::run(&mut command::cargo(["build", "--package", "tsuwa-cli", "--locked"]), minutes(25));
    if !build.ok {
        return Outcome::impossible(build.output);
    }
    let root = env::current_dir().unwrap_or_default();
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let mut run = Command::new(dart);
    run.arg("--enable-asserts").arg(format!("--packages={}", root.join(FOLDER).join("package_config.json").display()));
    run.arg(root.join(FOLDER).join("all_tests.dart")).current_dir(PACKAGE);
    run.env("TSUWA_BIN", target.join("debug/tsuwa"));
    let done = command::run(&mut run, minutes(8));
    count(done.ok, &done.output)
}

/// The tally that the tests end with.
fn count(ok: bool, output: &str) -> Outcome {
    let number = |part: &str, of: &str| part.trim().strip_suffix(of)?.trim().parse::<usize>().ok();
    let tally = output.lines().rev().find_map(|line| {
        let (passed, failed) = line.split_once(';')?;
        Some((number(passed, "passed")?, number(failed, "failed")?))
    });
    let (passed, mut failed) = tally.unwrap_or((0, 1));
    if !ok && failed == 0 || passed == 0 {
        failed = failed.max(1);
    }
    let worth_reading: Vec<_> = output.lines().filter(|line| !line.ends_with(" ... ok")).collect();
    Outcome { passed, failed, report: worth_reading.join("\n") }
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn the_tally_is_read_and_a_run_without_one_has_failed() {
        let counted = |ok, output| {
            let outcome = count(ok, output);
            (outcome.passed, outcome.failed)
        };
        assert_eq!(counted(true, "test a: b ... ok\n3 passed; 0 failed\n"), (3, 0));
        assert_eq!(counted(false, "2 passed; 1 failed\n"), (2, 1));
        assert_eq!(counted(false, "3 passed; 0 failed\n"), (3, 1));
        assert_eq!(counted(true, ""), (0, 1));
        assert_eq!(counted(true, "0 passed; 0 failed\n"), (0, 1));
    }
}
