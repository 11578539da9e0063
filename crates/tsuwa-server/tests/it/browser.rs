//! A headless Chromium for tests.

use crate::harness::Folder;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// A running browser; it ends with its value, and its profile goes with it.
pub(crate) struct Browser {
    process: Child,
    _profile: Folder,
}

impl Browser {
    /// Opens a page with a fake microphone and camera that need no permission. Without a Chromium the test fails.
    ///
    /// The browser is `$TSUWA_CHROMIUM`, or the first of Chromium's and Chrome's usual names in the path.
    pub(crate) fn open(url: &str) -> Self {
        let program = find().expect("a Chromium on this machine: `cargo xtask test` installs it");
        let profile = Folder::new();
        let process = Command::new(program)
            .args([
                "--headless",
                "--no-sandbox",
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                "--autoplay-policy=no-user-gesture-required",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ])
            .arg(format!("--user-data-dir={}", profile.0.display()))
            .arg(url)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the browser that was found starts");
        Self { process, _profile: profile }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Its own children go with it: they notice that their pipe is closed.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn find() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("TSUWA_CHROMIUM") {
        return Some(named.into());
    }
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|file| file.is_file())
}
