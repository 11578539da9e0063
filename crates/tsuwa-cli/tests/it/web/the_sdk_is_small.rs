use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

fn modules(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let files = files.into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "js"));
    files.chain(folders.iter().flat_map(|folder| modules(folder))).collect()
}

/// The least that any minifier does: comments that have lines of their own go, and the spaces before lines.
fn without_comments(text: &str) -> String {
    let mut within = false;
    let kept = text.lines().map(str::trim).filter(|line| {
        let begins = line.starts_with("/*");
        let comment = within || begins || line.starts_with("//");
        within = (within || begins) && !line.contains("*/");
        // Code behind a comment on the same line stays.
        !comment || (begins && !line.ends_with("*/") && line.contains("*/"))
    });
    kept.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_sdk_is_under_20_kb_minified_and_gzipped() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk/web/src");
    let mut files = modules(&root);
    files.sort();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    for file in &files {
        gzip.write_all(without_comments(&fs::read_to_string(file).unwrap()).as_bytes()).unwrap();
    }
    let bytes = gzip.finish().unwrap().len();
    assert!(files.len() > 10 && bytes < 20_000, "{bytes} bytes of {} modules", files.len());
    eprintln!("{bytes} bytes of {} modules", files.len());
}
