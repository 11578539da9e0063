//! The web SDK in a page, with a server that does nothing by itself.

use super::site;
use crate::browser::{Browser, Devices, turn};
use serde_json::json;

/// Plays a story to the SDK: the body of a function that is given `calling` (the SDK, signed in as alice), `far` (the
/// server's end), `told` (the events since the last time), `holds` and `is` (what has to be so), and `passes`
/// (virtual time).
pub(super) fn plays(story: &str) {
    let _turn = turn();
    let mut files = site::sdk("src", "/web/latest/src");
    files.extend(site::sdk("ui", "/web/latest/ui"));
    files.push(("/".to_owned(), "text/html", b"<!doctype html><title>Tsuwa</title>".to_vec()));
    let tab = Browser::shared().tab(&format!("{}/", site::open(files)), Devices::Granted);
    tab.eval(include_str!("clock.js"));
    tab.eval(include_str!("far_end.js"));
    let wrong = tab.eval(&format!("tsuwaFarEnd(async ({{ calling, far, told, holds, is, passes }}) => {{{story}}})"));
    assert_eq!(wrong, json!([]), "{}", tab.console());
}
