//! What cargo knows of the workspace.

use crate::command;
use serde_json::Value;

/// `cargo metadata` of the workspace and all it is built from.
pub(crate) struct Metadata(Value);

/// A package.
pub(crate) struct Package<'a>(&'a Value);

/// A line of a package's dependencies.
pub(crate) struct Dependency<'a>(&'a Value);

impl Metadata {
    /// Asks cargo; fails, too, where `Cargo.lock` does not fit the manifests.
    pub(crate) fn read() -> Result<Self, String> {
        let mut command = command::cargo(["metadata", "--format-version", "1", "--locked"]);
        println!("   $ {}", command::shown(&command));
        let output = command.output().map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        serde_json::from_slice(&output.stdout).map(Self).map_err(|error| error.to_string())
    }

    /// Every package, ours and others'.
    pub(crate) fn packages(&self) -> impl Iterator<Item = Package<'_>> {
        self.0["packages"].as_array().into_iter().flatten().map(Package)
    }

    /// The packages of the workspace.
    pub(crate) fn ours(&self) -> impl Iterator<Item = Package<'_>> {
        self.packages().filter(|package| package.0["source"].is_null())
    }
}

impl<'a> Package<'a> {
    pub(crate) fn name(&self) -> &'a str {
        self.0["name"].as_str().unwrap_or_default()
    }

    /// The SPDX expression, where one is given.
    pub(crate) fn license(&self) -> Option<&'a str> {
        self.0["license"].as_str()
    }

    pub(crate) fn dependencies(&self) -> impl Iterator<Item = Dependency<'a>> {
        self.0["dependencies"].as_array().into_iter().flatten().map(Dependency)
    }

    /// The source files that its targets begin with: of the library, the binaries, the tests.
    pub(crate) fn roots(&self) -> impl Iterator<Item = &'a str> {
        let targets = self.0["targets"].as_array().into_iter().flatten();
        targets.filter_map(|target| target["src_path"].as_str())
    }
}

impl<'a> Dependency<'a> {
    pub(crate) fn name(&self) -> &'a str {
        self.0["name"].as_str().unwrap_or_default()
    }

    /// Neither for tests nor for building only.
    pub(crate) fn is_normal(&self) -> bool {
        self.0["kind"].is_null()
    }

    /// One of the workspace's own.
    pub(crate) fn is_ours(&self) -> bool {
        !self.0["path"].is_null()
    }
}
