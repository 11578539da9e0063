//! What is served, as it was when the binary was built.

/// A file.
pub(super) struct File {
    /// Below `sdk/web`.
    pub(super) path: &'static str,
    /// Its media type.
    pub(super) kind: &'static str,
    /// What is in it.
    pub(super) text: &'static str,
}

const JS: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SVG: &str = "image/svg+xml";

macro_rules! files {
    ($($kind:ident $path:literal)*) => {
        &[$(File { path: $path, kind: $kind, text: include_str!(concat!("../../../../sdk/web/", $path)) }),*]
    };
}

/// The page itself; `{version}` stands where the version of the files is to be.
pub(super) const INDEX: &str = include_str!("../../../../sdk/web/page/index.html");

/// All that the page loads. A module that is missing here is found by the test that loads the page.
pub(super) const FILES: &[File] = files! {
    JS "src/index.js"
    JS "src/calling.js"
    JS "src/codes.js"
    JS "src/conversation.js"
    JS "src/device.js"
    JS "src/listeners.js"
    JS "src/session.js"
    JS "src/standing.js"
    JS "src/media/devices.js"
    JS "src/media/media.js"
    JS "src/media/peer.js"
    JS "src/media/sound.js"
    JS "src/media/views.js"
    JS "ui/index.js"
    JS "ui/book.js"
    JS "ui/call.js"
    JS "ui/dom.js"
    JS "ui/ended.js"
    JS "ui/home.js"
    JS "ui/incoming.js"
    JS "ui/model.js"
    JS "ui/phone.js"
    JS "ui/sign-in.js"
    JS "ui/style.js"
    JS "ui/texts.js"
    JS "ui/tile.js"
    JS "ui/tones.js"
    JS "page/page.js"
    CSS "page/page.css"
    SVG "page/icon.svg"
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// What is in the folders and not served would be missing from the page.
    #[test]
    fn every_module_is_served() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk/web");
        let mut found = Vec::new();
        let mut folders = vec![root.join("src"), root.join("ui"), root.join("page")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("the SDK's folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|kind| kind == "js" || kind == "css" || kind == "svg") {
                    found.push(path.strip_prefix(&root).expect("below it").display().to_string());
                }
            }
        }
        let mut served: Vec<String> = FILES.iter().map(|file| file.path.to_owned()).collect();
        found.sort();
        served.sort();
        assert_eq!(found, served);
    }
}
