//! Telephones in tabs, on a server of their own.

use crate::browser::{Browser, Devices, Tab};
use crate::stage::Stage;
use serde_json::Value;

/// The telephone of the server's page, in a tab.
pub(crate) struct WebPhone {
    pub(crate) tab: Tab,
    pub(crate) user: String,
}

impl WebPhone {
    /// Opens the page, and signs in as a person does.
    pub(crate) fn open(stage: &Stage, user: &str) -> Self {
        Self::open_at(&stage.url, user, Devices::Granted)
    }

    pub(crate) fn open_at(url: &str, user: &str, devices: Devices) -> Self {
        let phone = Self { tab: Browser::shared().tab(&format!("{url}/"), devices), user: user.to_owned() };
        phone.listen();
        phone.tab.types("name", user);
        phone.tab.press("begin");
        phone.tab.until("phone.model.me && phone.model.screen !== 'signIn'");
        phone
    }

    /// From here on events are noted; said again after the page was loaded anew.
    pub(crate) fn listen(&self) {
        self.tab.until("document.querySelector('tsuwa-phone')");
        self.tab.eval("globalThis.phone = document.querySelector('tsuwa-phone'); tsuwaTest.listen(phone.calling)");
    }

    /// Waits for a screen: `signIn`, `home`, `incoming`, `call` or `ended`.
    pub(crate) fn is(&self, screen: &str) {
        self.tab.until(&format!("phone.model.screen === '{screen}'"));
    }

    pub(crate) fn talks(&self) {
        self.tab.until("phone.model.screen === 'call' && phone.model.talkingSince > 0");
    }

    /// Dials by name and presses the button: `callAudio` or `callVideo`.
    pub(crate) fn dials(&self, whom: &str, act: &str) {
        self.tab.types("dial", whom);
        self.tab.press(act);
    }

    pub(crate) fn rings_from(&self, whom: &str) {
        self.is("incoming");
        self.tab.until(&format!("tsuwaTest.text().includes('{whom}')"));
    }

    /// Waits until this many events were told, and gives them: `name userId available`, and the like.
    pub(crate) fn story(&self, count: usize) -> Vec<String> {
        self.tab.until(&format!("tsuwaTest.events.length >= {count}"));
        let script = "tsuwaTest.events.map(([name, p]) => [name, p.sponsor ?? p.userId, p.available, p.reason]\
             .filter((each) => each !== undefined).join(' '))";
        let told = self.tab.eval(script);
        told.as_array().unwrap().iter().map(|each| each.as_str().unwrap().to_owned()).collect()
    }

    /// Waits until somebody's sound is heard here.
    pub(crate) fn hears(&self, whom: &str) {
        self.tab.until(&format!("await tsuwaTest.energy(phone.calling.remoteStream('{whom}'), 1200) > 0.01"));
    }

    /// Waits until nothing of somebody is heard here for longer than the fake microphone's beeps are apart.
    pub(crate) fn does_not_hear(&self, whom: &str) {
        self.tab.until(&format!("await tsuwaTest.energy(phone.calling.remoteStream('{whom}'), 2000) < 0.001"));
    }

    /// How a script sees somebody's tile.
    pub(crate) fn tile(whom: &str) -> String {
        format!(
            "phone.shadowRoot.querySelector('tsuwa-call').shadowRoot.querySelector('tsuwa-tile[data-user=\"{whom}\"]')"
        )
    }

    /// Waits until this many more frames of somebody's picture are shown here.
    pub(crate) fn sees(&self, whom: &str) {
        let video = format!("{}.video", Self::tile(whom));
        self.tab.until(&format!("!{video}.hidden && {video}.videoWidth > 0"));
        let frames = format!("{video}.getVideoPlaybackQuality().totalVideoFrames");
        let before: Value = self.tab.eval(&frames);
        self.tab.until(&format!("{frames} > {} + 10", before.as_u64().unwrap()));
    }

    pub(crate) fn does_not_see(&self, whom: &str) {
        self.tab.until(&format!("{}.video.hidden", Self::tile(whom)));
    }

    /// A small grey copy of the picture of somebody here (`None`: of oneself).
    pub(crate) fn picture(&self, whom: Option<&str>) -> Vec<f64> {
        let own = "phone.shadowRoot.querySelector('tsuwa-call').shadowRoot.querySelector('tsuwa-tile.self')".to_owned();
        let tile = whom.map_or(own, Self::tile);
        let grey = self.tab.eval(&format!("tsuwaTest.picture({tile}.video)"));
        grey.as_array().unwrap().iter().map(|each| each.as_f64().unwrap()).collect()
    }

    pub(crate) fn hang_up(&self) {
        self.tab.press("hangUp");
    }
}

/// Two telephones that talk; the first has called.
pub(crate) fn talking(stage: &Stage, act: &str) -> (WebPhone, WebPhone) {
    let (alice, bob) = (WebPhone::open(stage, "alice"), WebPhone::open(stage, "bob"));
    alice.dials("bob", act);
    bob.rings_from("alice");
    bob.tab.press("accept");
    alice.talks();
    bob.talks();
    (alice, bob)
}
