//! Compiles libopus with a C compiler and nothing else.
//!
//! The C sources are those that the package `opusic-sys` carries; its own build script wants CMake, which a machine with
//! only Rust and a C compiler does not have. So that package is a build dependency for the sake of its files: cargo
//! downloads and pins it, and nothing of it is linked.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The package that carries the sources.
const CARRIER: &str = "opusic-sys";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let sources = sources();
    println!("cargo:rerun-if-changed={}", sources.join("package_version").display());
    Opus { sources }.build();
}

struct Opus {
    sources: PathBuf,
}

impl Opus {
    fn build(&self) {
        let target = |what: &str| std::env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
        let msvc = target("ENV") == "msvc";
        // With Microsoft's compiler the plain C code is taken: it has other words for the instruction sets.
        let x86 = target("ARCH") == "x86_64" && !msvc;
        if x86 {
            // Faster code for newer processors is compiled beside the plain one and chosen at run time.
            self.compile(
                "opus-sse41",
                &["-msse4.1"],
                x86,
                msvc,
                &[("celt", "CELT_SOURCES_SSE4_1"), ("silk", "SILK_SOURCES_SSE4_1")],
            );
            self.compile(
                "opus-avx2",
                &["-mavx", "-mavx2", "-mfma"],
                x86,
                msvc,
                &[("celt", "CELT_SOURCES_AVX2"), ("silk", "SILK_SOURCES_AVX2"), ("silk", "SILK_SOURCES_FLOAT_AVX2")],
            );
        }
        let mut lists = vec![
            ("celt", "CELT_SOURCES"),
            ("silk", "SILK_SOURCES"),
            ("silk", "SILK_SOURCES_FLOAT"),
            ("opus", "OPUS_SOURCES"),
            ("opus", "OPUS_SOURCES_FLOAT"),
        ];
        if x86 {
            lists.extend([
                ("celt", "CELT_SOURCES_X86_RTCD"),
                ("silk", "SILK_SOURCES_X86_RTCD"),
                ("celt", "CELT_SOURCES_SSE"),
                ("celt", "CELT_SOURCES_SSE2"),
            ]);
        }
        self.compile("opus", &[], x86, msvc, &lists);
    }

    /// Compiles the files of `lists` (the file that has the list, and its name) into a library.
    fn compile(&self, library: &str, flags: &[&str], x86: bool, msvc: bool, lists: &[(&str, &str)]) {
        let mut build = cc::Build::new();
        // Sound is encoded in real time in debug builds too. Warnings in it are not ours to mend.
        build.opt_level(3).debug(false).warnings(false);
        for folder in ["", "include", "celt", "silk", "silk/float", "dnn"] {
            build.include(self.sources.join(folder));
        }
        build.define("OPUS_BUILD", None).define("ENABLE_HARDENING", None).define("DISABLE_DEBUG_FLOAT", None);
        build.define("HAVE_LRINT", None).define("HAVE_LRINTF", None);
        build.define(if msvc { "USE_ALLOCA" } else { "VAR_ARRAYS" }, None);
        if !msvc {
            build.flag_if_supported("-fstack-protector-strong");
        }
        if x86 {
            for known in ["OPUS_HAVE_RTCD", "CPU_INFO_BY_C", "OPUS_X86_PRESUME_SSE", "OPUS_X86_PRESUME_SSE2"] {
                build.define(known, None);
            }
            for set in ["SSE", "SSE2", "SSE4_1", "AVX2"] {
                build.define(&format!("OPUS_X86_MAY_HAVE_{set}"), None);
            }
        }
        for flag in flags {
            build.flag(flag);
        }
        for (file, list) in lists {
            build.files(self.listed(file, list));
        }
        build.compile(library);
    }

    /// The files that `list` names in `{file}_sources.mk`: libopus' own build reads them from there too.
    fn listed(&self, file: &str, list: &str) -> Vec<PathBuf> {
        let path = self.sources.join(format!("{file}_sources.mk"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let lines = text.lines().skip_while(|line| line.split('=').next().map(str::trim) != Some(list));
        let mut files = Vec::new();
        for line in lines {
            let names = line.split_once('=').map_or(line, |(_, names)| names);
            files.extend(names.split_whitespace().filter(|name| *name != "\\").map(|name| self.sources.join(name)));
            if !line.trim_end().ends_with('\\') {
                break;
            }
        }
        assert!(!files.is_empty(), "{} does not list {list}", path.display());
        files
    }
}

/// Where cargo put the sources.
fn sources() -> PathBuf {
    // Without the network first: what this build needs is there already.
    for offline in [true, false] {
        let mut metadata = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        metadata.args(["metadata", "--format-version", "1", "--filter-platform"]);
        metadata.arg(std::env::var("HOST").unwrap_or_default());
        metadata.current_dir(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
        if offline {
            metadata.arg("--offline");
        }
        let Ok(output) = metadata.output() else { continue };
        if let Some(found) = manifest(&String::from_utf8_lossy(&output.stdout)) {
            return found.with_file_name("opus");
        }
    }
    panic!("cargo metadata does not tell where the package {CARRIER} is");
}

/// The carrier's `manifest_path` in what `cargo metadata` says.
fn manifest(metadata: &str) -> Option<PathBuf> {
    let key = "\"manifest_path\":\"";
    metadata
        .split(key)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        // JSON doubles the backslashes of Windows' paths.
        .map(|path| PathBuf::from(path.replace("\\\\", "\\")))
        .find(|path| {
            let folder = path.parent().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default();
            folder == CARRIER || folder.strip_prefix(CARRIER).is_some_and(|version| version.starts_with('-'))
        })
}
