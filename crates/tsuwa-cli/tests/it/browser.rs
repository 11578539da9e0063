//! A headless Chromium for the tests of the page: one for all of them, spoken to over the DevTools protocol, with a
//! browser profile of its own for each tab.

use crate::stage::{DEADLINE, Folder};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// What tabs say on their consoles, by session: shown when a test fails.
type Consoles = Arc<Mutex<HashMap<String, Vec<String>>>>;
type Waiting = Arc<Mutex<HashMap<u64, Sender<Value>>>>;

/// The browser. Its protocol goes over two pipes, and it ends when they are closed: with this process, however that ends.
pub(crate) struct Browser {
    input: Mutex<ChildStdin>,
    waiting: Waiting,
    consoles: Consoles,
    next: AtomicU64,
}

/// What a tab may use without being asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Devices {
    Granted,
    Refused,
}

/// Found where `$TSUWA_CHROMIUM` says, or by its usual names in the path.
fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("TSUWA_CHROMIUM") {
        return named.into();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let mut files = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    files.find(|file| file.is_file()).expect("Chromium; CONTRIBUTING.md says how to have it installed")
}

/// Two tabs' media are enough for two cores: tests that use the browser take turns.
pub(crate) fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Browser {
    pub(crate) fn shared() -> &'static Self {
        static BROWSER: OnceLock<Browser> = OnceLock::new();
        BROWSER.get_or_init(Self::start)
    }

    fn start() -> Self {
        let profile = Folder::new().into_path();
        // The shell puts the pipes where the browser wants them, and sweeps up after it.
        let script = r#"profile=$1; shift; "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1; rm -rf "$profile""#;
        let mut shell = Command::new("sh");
        shell.args(["-c", script, "sh"]).arg(&profile).arg(program()).args([
            "--headless",
            "--no-sandbox",
            "--remote-debugging-pipe",
            "--use-fake-device-for-media-stream",
            "--auto-select-tab-capture-source-by-title=Tsuwa",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-background-timer-throttling",
            "--disable-backgrounding-occluded-windows",
            "--disable-renderer-backgrounding",
            "--disable-component-update",
            "--disable-dev-shm-usage",
            "--disable-sync",
            "--lang=en",
        ]);
        shell.arg(format!("--user-data-dir={}", profile.display()));
        let mut child = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (waiting, consoles) = (Waiting::default(), Consoles::default());
        let (answered, said) = (Arc::clone(&waiting), Arc::clone(&consoles));
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        std::thread::spawn(move || {
            for message in output.split(0).map_while(Result::ok) {
                let Ok(message) = serde_json::from_slice::<Value>(&message) else { continue };
                match message["id"].as_u64() {
                    Some(id) => {
                        if let Some(waiter) = answered.lock().unwrap().remove(&id) {
                            // Whoever stopped waiting has failed already.
                            let _ = waiter.send(message);
                        }
                    }
                    None => note(&said, &message),
                }
            }
            // It has ended before the tests.
            let _ = child.wait();
        });
        Self { input: Mutex::new(input), waiting, consoles, next: AtomicU64::new(1) }
    }

    /// A command of the protocol; gives its result.
    fn command(&self, session: Option<&str>, method: &str, params: Value) -> Result<Value, String> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let mut message = json!({ "id": id, "method": method, "params": params });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        let (tell, answer) = channel();
        self.waiting.lock().unwrap().insert(id, tell);
        {
            let mut input = self.input.lock().unwrap_or_else(PoisonError::into_inner);
            input.write_all(message.to_string().as_bytes()).and_then(|()| input.write_all(&[0])).unwrap();
            input.flush().unwrap();
        }
        // A script in a page gives up after the deadline by itself.
        let answer =
            answer.recv_timeout(DEADLINE + Duration::from_secs(10)).map_err(|_| format!("{method}: no answer"))?;
        match answer.get("error") {
            Some(error) => Err(format!("{method}: {error}")),
            None => Ok(answer["result"].clone()),
        }
    }

    /// A tab with a profile of its own, and the page of this address in it.
    pub(crate) fn tab(&'static self, url: &str, devices: Devices) -> Tab {
        let browser = |method, params| self.command(None, method, params).unwrap();
        let context = browser("Target.createBrowserContext", json!({}))["browserContextId"].clone();
        let setting = if devices == Devices::Granted { "granted" } else { "denied" };
        for name in ["microphone", "camera"] {
            let permission = json!({ "name": name });
            let params = json!({ "permission": permission, "setting": setting, "browserContextId": context });
            browser("Browser.setPermission", params);
        }
        let tab = self.tab_in(&context);
        tab.go(url);
        tab
    }

    fn tab_in(&'static self, context: &Value) -> Tab {
        let browser = |method, params| self.command(None, method, params).unwrap();
        let params = json!({ "url": "about:blank", "browserContextId": context });
        let target = browser("Target.createTarget", params)["targetId"].clone();
        let attached = browser("Target.attachToTarget", json!({ "targetId": target, "flatten": true }));
        let session = attached["sessionId"].as_str().unwrap().to_owned();
        let tab = Tab { browser: self, session, context: context.clone() };
        for domain in ["Runtime.enable", "Log.enable", "Page.enable"] {
            tab.command(domain, json!({}));
        }
        tab.command("Page.addScriptToEvaluateOnNewDocument", json!({ "source": include_str!("browser.js") }));
        tab
    }
}

fn note(consoles: &Consoles, message: &Value) {
    let params = &message["params"];
    let line = match message["method"].as_str() {
        Some("Runtime.consoleAPICalled") => {
            let words = params["args"].as_array().into_iter().flatten();
            words.map(|word| word["value"].as_str().unwrap_or_default().to_owned() + " ").collect()
        }
        Some("Runtime.exceptionThrown") => format!("exception: {}", params["exceptionDetails"]),
        Some("Log.entryAdded") => format!("log: {} {}", params["entry"]["text"], params["entry"]["url"]),
        _ => return,
    };
    let session = message["sessionId"].as_str().unwrap_or_default().to_owned();
    consoles.lock().unwrap_or_else(PoisonError::into_inner).entry(session).or_default().push(line);
}

/// A tab, closed with its value.
pub(crate) struct Tab {
    browser: &'static Browser,
    session: String,
    context: Value,
}

impl Tab {
    pub(crate) fn command(&self, method: &str, params: Value) -> Value {
        self.browser
            .command(Some(&self.session), method, params)
            .unwrap_or_else(|why| panic!("{why}; {}", self.console()))
    }

    /// Another tab of the same browser profile, with the same page.
    pub(crate) fn sibling(&self) -> Self {
        let tab = self.browser.tab_in(&self.context);
        tab.go(self.eval("location.href").as_str().unwrap());
        tab
    }

    pub(crate) fn go(&self, url: &str) {
        self.command("Page.navigate", json!({ "url": url }));
        self.eval(
            "new Promise((done) => document.readyState === 'complete' ? done() : addEventListener('load', done))",
        );
    }

    pub(crate) fn reload(&self) {
        self.eval("window.before = true");
        self.command("Page.reload", json!({}));
        let by = Instant::now() + DEADLINE;
        while Instant::now() < by {
            let params = json!({ "expression": "window.before !== true && document.readyState === 'complete'" });
            let result = self.browser.command(Some(&self.session), "Runtime.evaluate", params);
            if result.is_ok_and(|result| result["result"]["value"] == true) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the page was not loaded anew; {}", self.console());
    }

    /// What the tab has said on its console.
    pub(crate) fn console(&self) -> String {
        let consoles = self.browser.consoles.lock().unwrap_or_else(PoisonError::into_inner);
        consoles.get(&self.session).map_or_else(|| "nothing on the console".to_owned(), |lines| lines.join("\n"))
    }

    /// What a script gives; a promise is awaited.
    pub(crate) fn eval(&self, script: &str) -> Value {
        self.evaluate(script).unwrap_or_else(|why| panic!("{script}: {why}; {}", self.console()))
    }

    fn evaluate(&self, script: &str) -> Result<Value, String> {
        let params = json!({
            "expression": script, "awaitPromise": true, "returnByValue": true, "userGesture": false,
        });
        let result = self.browser.command(Some(&self.session), "Runtime.evaluate", params)?;
        match result.get("exceptionDetails") {
            Some(details) => Err(details["exception"]["description"].as_str().unwrap_or("it threw").to_owned()),
            None => Ok(result["result"]["value"].clone()),
        }
    }

    /// Waits until an expression is true; gives its value.
    pub(crate) fn until(&self, what: &str) -> Value {
        let ms = DEADLINE.as_millis();
        let script = format!("tsuwaTest.until(async () => ({what}), {ms})");
        match self.evaluate(&script) {
            Ok(value) => value,
            Err(why) => panic!("{what}: {why}\nshown: {}\n{}", self.shown(), self.console()),
        }
    }

    fn shown(&self) -> String {
        self.evaluate("tsuwaTest.text()").map_or_else(|why| why, |text| text.as_str().unwrap_or_default().to_owned())
    }

    /// Presses the button that does this, with the mouse, as soon as it can be pressed.
    pub(crate) fn press(&self, act: &str) {
        self.press_in("document", act);
    }

    /// As [`Self::press`], of the first such button within an element.
    pub(crate) fn press_in(&self, within: &str, act: &str) {
        let place = self.until(&format!("tsuwaTest.place({within}, '{act}')"));
        for kind in ["mousePressed", "mouseReleased"] {
            let params = json!({ "type": kind, "x": place["x"], "y": place["y"], "button": "left", "clickCount": 1 });
            self.command("Input.dispatchMouseEvent", params);
        }
    }

    /// Types a text into the field of this name.
    pub(crate) fn types(&self, act: &str, text: &str) {
        self.press(act);
        self.eval(&format!("tsuwaTest.find(document, '{act}').select?.()"));
        self.text(text);
    }

    /// A picture of what the tab shows, as PNG.
    pub(crate) fn screenshot(&self, path: &Path) {
        let taken = self.command("Page.captureScreenshot", json!({ "format": "png" }));
        let encoded = taken["data"].as_str().unwrap();
        std::fs::write(path, BASE64_STANDARD.decode(encoded).unwrap()).unwrap();
    }

    /// Types a text where the focus is.
    pub(crate) fn text(&self, text: &str) {
        self.command("Input.insertText", json!({ "text": text }));
    }

    /// Presses a key: a letter, or `Enter`.
    pub(crate) fn key(&self, key: &str) {
        let enter = key == "Enter";
        let (code, text) = if enter { (key.to_owned(), "\r") } else { (format!("Key{}", key.to_uppercase()), key) };
        let number = if enter { 13 } else { u32::from(key.to_uppercase().as_bytes()[0]) };
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { text } else { "" };
            let params =
                json!({ "type": kind, "key": key, "code": code, "text": text, "windowsVirtualKeyCode": number });
            self.command("Input.dispatchKeyEvent", params);
        }
    }

    /// The name that a screen reader reads for the first element of this role.
    pub(crate) fn reads(&self, role: &str) -> String {
        self.command("Accessibility.enable", json!({}));
        let tree = self.command("Accessibility.getFullAXTree", json!({}));
        let nodes = tree["nodes"].as_array().unwrap();
        let node = nodes.iter().find(|node| node["role"]["value"] == role);
        let node = node.unwrap_or_else(|| panic!("nothing is a {role} to a screen reader"));
        node["name"]["value"].as_str().unwrap_or_default().to_owned()
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("a tab's console:\n{}", self.console());
        }
        // The tab may be gone with its browser.
        let _ = self.browser.command(None, "Target.disposeBrowserContext", json!({ "browserContextId": self.context }));
    }
}
