use super::site;
use super::town::WebPhone;
use crate::browser::{Browser, Devices, turn};
use crate::stage::{Folder, Stage, tsuwa};
use serde_json::json;
use std::fs;
use std::path::Path;

fn ticket(stage: &Stage, user: &str) -> String {
    let sig = tsuwa().args(["sig", user, "--data"]).arg(stage.folder.join("data")).output().unwrap();
    String::from_utf8(sig.stdout).unwrap().trim().to_owned()
}

/// A server that somebody has configured gives no tickets: the page asks for one, and says what is wrong with it.
#[test]
fn the_page_of_a_configured_server_asks_for_a_ticket() {
    let _turn = turn();
    let folder = Folder::new();
    let config = folder.join("tsuwa.toml");
    fs::write(&config, "[[apps]]\nid = 1400000001\n").unwrap();
    let stage = Stage::open_in(folder, &["--config", config.to_str().unwrap()]);
    let tab = Browser::shared().tab(&format!("{}/", stage.url), Devices::Granted);
    let alice = WebPhone { tab, user: "alice".to_owned() };
    alice.listen();
    alice.tab.types("name", "alice");
    alice.tab.types("ticket", &ticket(&stage, "bob"));
    alice.tab.press("begin");
    alice.tab.until("tsuwaTest.text().includes('the ticket is for somebody else')");
    alice.tab.types("ticket", &ticket(&stage, "alice"));
    alice.tab.press("begin");
    alice.is("home");
    assert_eq!(alice.tab.eval("phone.model.me"), "alice");
}

/// The README's other page: the telephone in a page of one's own, on a site of one's own, in one's own colours.
#[test]
fn the_phone_is_a_part_of_any_page() {
    let _turn = turn();
    let stage = Stage::open();
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk/web/README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let script = readme.split("```html\n").nth(2).unwrap().split("```").next().unwrap();
    assert!(script.contains("tsuwa-phone"));
    // What npm and a bundler do with the package's name and the example's address.
    let map = json!({ "imports": { "@tsuwa/calling/ui": format!("{}/web/latest/ui/index.js", stage.url) } });
    let page = format!(
        "<!doctype html><style>tsuwa-phone {{ height: 30rem; --tsuwa-accent: rgb(1, 2, 3) }}</style>\
         <script type=\"importmap\">{map}</script>{}",
        script.replace("https://calls.example.com", &stage.url)
    );
    let sig = json!({ "sdkAppId": 1_400_000_001, "userId": "alice", "userSig": ticket(&stage, "alice") });
    let files = vec![
        ("/".to_owned(), "text/html", page.into_bytes()),
        ("/ticket".to_owned(), "application/json", sig.to_string().into_bytes()),
    ];
    let tab = Browser::shared().tab(&format!("{}/", site::open(files)), Devices::Granted);
    let alice = WebPhone { tab, user: "alice".to_owned() };
    alice.listen();
    alice.is("home");
    let colour = "getComputedStyle(phone.shadowRoot.querySelector('tsuwa-home')).getPropertyValue('--accent')";
    assert_eq!(alice.tab.eval(colour), "rgb(1, 2, 3)");
    let bob = WebPhone::open(&stage, "bob");
    alice.dials("bob", "callAudio");
    bob.rings_from("alice");
    bob.tab.press("accept");
    alice.talks();
    bob.hears("alice");
    alice.hears("bob");

    alice.tab.eval("phone.lang = 'ja'");
    alice.tab.until("tsuwaTest.find(document, 'hangUp').title === '終了'");
    alice.hang_up();
    alice.tab.until("tsuwaTest.text().includes('通話が終了しました')");
}
