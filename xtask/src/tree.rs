//! The files of the repository.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// What is made by tools, not by hand.
const NOT_OURS: &[&str] = &[".git", "target", "node_modules", ".dart_tool", "dist"];

/// Every file below a folder, in order, but for what tools make.
pub(crate) fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, kind) = (entry.path(), entry.file_type()?);
        if NOT_OURS.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        if kind.is_dir() {
            found.extend(files(&path)?);
        } else if kind.is_file() {
            found.push(path.strip_prefix("./").unwrap_or(&path).to_owned());
        }
    }
    Ok(found)
}

/// Every text file of the repository with its text.
pub(crate) fn texts() -> io::Result<impl Iterator<Item = (PathBuf, String)>> {
    let text = |path: PathBuf| fs::read_to_string(&path).ok().map(|text| (path, text));
    Ok(files(Path::new("."))?.into_iter().filter_map(text))
}

/// The text of the fenced blocks of one kind in a Markdown text: three backticks and the kind.
pub(crate) fn blocks<'a>(markdown: &'a str, kind: &str) -> Vec<&'a str> {
    let opening = format!("```{kind}\n");
    let from_opening = markdown.split(opening.as_str()).skip(1);
    from_opening.filter_map(|rest| rest.split("```").next()).collect()
}
