//! The parties of the calls: clients of the native SDK that send packets encoded beforehand.

use super::process::Process;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tsuwa::load::Load;
use tsuwa::media::AudioSetup;
use tsuwa::{CallType, TrtcCalling, TrtcCallingEvent};
use tsuwa_proto::AppId;
use tsuwa_server::DataFolder;
use tsuwa_usersig::{Claims, Key, sign};

const APP: u32 = 1_400_000_001;
/// How long each stage may take; on an idle machine each takes about a second.
const PATIENCE: Duration = Duration::from_secs(60);

/// What all parties together were told.
#[derive(Default)]
struct Told {
    invited: AtomicUsize,
    entered: AtomicUsize,
    available: AtomicUsize,
    left: AtomicUsize,
    ended: AtomicUsize,
    errors: AtomicUsize,
}

/// The two of each call, signed in.
pub(super) struct Parties {
    pub(super) load: Load,
    callers: Vec<TrtcCalling>,
    callees: Vec<TrtcCalling>,
    told: Arc<Told>,
}

impl Parties {
    /// Sign in two for each call.
    pub(super) async fn sign_in(calls: usize, url: &str, data: &Path) -> Result<Self, String> {
        let load = Load::start().map_err(|e| e.to_string())?;
        let told = Arc::new(Told::default());
        let folder = DataFolder::at(data);
        let secret = folder.app_secret(AppId(APP)).map_err(|e| e.to_string())?;
        let key = Key::new(secret.expose()).map_err(|e| e.to_string())?;
        let mut parties = Self { load, callers: Vec::new(), callees: Vec::new(), told };
        for number in 0..calls {
            let caller = parties.client(url, &key, &format!("caller-{number}")).await?;
            let callee = parties.client(url, &key, &format!("callee-{number}")).await?;
            parties.callers.push(caller);
            parties.callees.push(callee);
        }
        Ok(parties)
    }

    async fn client(&self, url: &str, key: &Key, user: &str) -> Result<TrtcCalling, String> {
        let audio = AudioSetup::load(&self.load);
        let client = TrtcCalling::builder().server(url).audio(audio).build().map_err(|e| e.to_string())?;
        let told = Arc::clone(&self.told);
        client.register_listener(move |event| told.count(event));
        let issued_at_s = std::time::UNIX_EPOCH.elapsed().map_err(|e| e.to_string())?.as_secs();
        let claims = Claims { app: APP, user: user.to_owned(), issued_at_s, lifetime_s: 86_400 };
        let ticket = sign(key, &claims).map_err(|e| e.to_string())?;
        client.login(APP, user, &ticket).await.into_result().map_err(|refused| format!("sign-in: {}", refused.desc))?;
        Ok(client)
    }

    fn calls(&self) -> usize {
        self.callers.len()
    }

    /// Everybody calls; returns when all ring and everybody's media is up, before anybody answers.
    pub(super) async fn ring(&self) -> Result<(), String> {
        let up = self.load.stats().up;
        self.told.forget();
        for (number, caller) in self.callers.iter().enumerate() {
            let answer = caller.call(&format!("callee-{number}"), CallType::Audio).await;
            answer.into_result().map_err(|refused| format!("call: {}", refused.desc))?;
        }
        self.until("ringing", |told| told.invited.load(Ordering::Relaxed)).await?;
        let wanted = up + 2 * self.calls() as u64;
        wait("media", || self.load.stats().up >= wanted).await
    }

    /// Everybody answers; returns when everybody was told that the other is heard.
    pub(super) async fn answer(&self) -> Result<(), String> {
        for callee in &self.callees {
            callee.accept().await.into_result().map_err(|refused| format!("accept: {}", refused.desc))?;
        }
        self.until_both("sound", |told| told.available.load(Ordering::Relaxed)).await
    }

    /// Everybody stops sending, so that what is on its way arrives.
    pub(super) fn fall_silent(&self) {
        for client in self.callers.iter().chain(&self.callees) {
            client.set_mic_mute(true);
        }
    }

    /// Callers hang up; returns when every callee was told of the end.
    pub(super) async fn hang_up(&self) -> Result<(), String> {
        for client in self.callers.iter().chain(&self.callees) {
            client.set_mic_mute(false);
        }
        self.callers.iter().for_each(TrtcCalling::hangup);
        self.until("the end", |told| told.ended.load(Ordering::Relaxed)).await
    }

    /// Calls that connected, and ended, at both ends, and errors that anybody was told of.
    pub(super) fn tally(&self) -> (usize, usize, usize) {
        let read = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        (read(&self.told.entered) / 2, read(&self.told.ended), read(&self.told.errors))
    }

    async fn until(&self, what: &str, count: impl Fn(&Told) -> usize) -> Result<(), String> {
        wait(what, || count(&self.told) >= self.calls()).await
    }

    async fn until_both(&self, what: &str, count: impl Fn(&Told) -> usize) -> Result<(), String> {
        wait(what, || count(&self.told) >= 2 * self.calls()).await
    }
}

impl Told {
    fn count(&self, event: &TrtcCallingEvent) {
        let counter = match event {
            TrtcCallingEvent::OnInvited { .. } => &self.invited,
            TrtcCallingEvent::OnUserEnter { .. } => &self.entered,
            TrtcCallingEvent::OnUserAudioAvailable { available: true, .. } => &self.available,
            TrtcCallingEvent::OnUserLeave { .. } => &self.left,
            TrtcCallingEvent::OnCallEnd { .. } => &self.ended,
            TrtcCallingEvent::OnError { .. } => &self.errors,
            _ => return,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    fn forget(&self) {
        let all = [&self.invited, &self.entered, &self.available, &self.left, &self.ended, &self.errors];
        all.into_iter().for_each(|count| count.store(0, Ordering::Relaxed));
    }
}

pub(super) async fn wait(what: &str, mut reached: impl FnMut() -> bool) -> Result<(), String> {
    let waited = async {
        while !reached() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waited).await.map_err(|_| format!("{what} did not come in {PATIENCE:?}"))
}

/// A server of its own, with everything new.
pub(super) async fn serve(data: &Path, workers: Option<usize>) -> Result<(Process, String), String> {
    let folder = data.display().to_string();
    let workers = workers.map(|n| n.to_string());
    let mut arguments = vec!["serve", "--listen", "127.0.0.1:0", "--media-ip", "127.0.0.1", "--data", &folder];
    if let Some(workers) = &workers {
        arguments.extend(["--workers", workers]);
    }
    let mut process = Process::start(&arguments)?;
    loop {
        let line = process.line().await?;
        if let Some((_, address)) = line.split_once("serves at http") {
            return Ok((process, format!("ws{address}")));
        }
    }
}
