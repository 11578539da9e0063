//! One who calls and is called.

use crate::bench::stand::{APP, Stand};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tsuwa::load::Load;
use tsuwa::media::AudioSetup;
use tsuwa::{ActionCallback, CallId, CallType, Code, TrtcCalling, TrtcCallingEvent};

/// An event comes by then, however often the server is killed meanwhile: a call waits 15 s for who is lost, and who is
/// in no call tries again after 10 s at the latest.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) struct Party {
    pub(super) user: String,
    pub(super) calling: TrtcCalling,
    /// Events that are not periodic, and the call that the phone was in by then.
    events: mpsc::UnboundedReceiver<(Option<CallId>, TrtcCallingEvent)>,
    media: bool,
    /// Whose sound flows.
    heard: BTreeSet<String>,
}

impl Party {
    pub(super) async fn sign_in(stand: &Stand, user: String, load: Option<&Load>) -> Result<Self, String> {
        let builder = TrtcCalling::builder().server(stand.url());
        let builder = match load {
            Some(load) => builder.audio(AudioSetup::load(load)),
            None => builder.without_media(),
        };
        let calling = builder.build().map_err(|e| e.to_string())?;
        let (tell, events) = mpsc::unbounded_channel();
        let handle = calling.clone();
        calling.register_listener(move |event| {
            if !event.is_periodic() {
                // Nobody listens any more at the end.
                let _ = tell.send((handle.current_call().map(|(call, _)| call), event.clone()));
            }
        });
        let answer = calling.login(APP, &user, &stand.ticket(&user)?).await;
        answer.into_result().map_err(|refused| format!("{user}'s login: {refused}"))?;
        Ok(Self { user, calling, events, media: load.is_some(), heard: BTreeSet::new() })
    }

    /// The next event is this one; gives the call that it was in.
    pub(super) async fn sees(&mut self, name: &str) -> Result<Option<CallId>, String> {
        loop {
            let (call, event) = self.next(name).await?;
            if event.name() == name {
                return Ok(call);
            }
            self.takes_sound(event).map_err(|other| format!("{} was to see {name}, and saw {other:?}", self.user))?;
        }
    }

    /// Whether it has seen this, after it has heard all that the server had to say.
    pub(super) async fn has_seen(&mut self, name: &str) -> Result<bool, String> {
        // What the server said before comes before the answer to a question that is asked now: oneself can't be called.
        let by = Instant::now() + PATIENCE;
        while self.calling.call(&self.user, CallType::Audio).await.code != Code::BadParameter.number() {
            if Instant::now() >= by {
                return Err(format!("{} did not come back", self.user));
            }
        }
        match self.events.try_recv() {
            Ok((_, event)) if event.name() == name => Ok(true),
            Ok((_, event)) => Err(format!("{} was to see {name} or nothing, and saw {event:?}", self.user)),
            Err(_) => Ok(false),
        }
    }

    /// The next events are these, in any order.
    pub(super) async fn sees_in_any_order(&mut self, names: &[&str]) -> Result<(), String> {
        let mut left = names.to_vec();
        while let Some(wanted) = left.first() {
            let (_, event) = self.next(wanted).await?;
            match left.iter().position(|name| *name == event.name()) {
                Some(place) => drop(left.swap_remove(place)),
                None => self
                    .takes_sound(event)
                    .map_err(|other| format!("{} was to see {left:?}, and saw {other:?}", self.user))?,
            }
        }
        Ok(())
    }

    /// Waits until these are heard, if this phone carries media.
    pub(super) async fn hears(&mut self, users: &[&str]) -> Result<(), String> {
        while self.media && !users.iter().all(|user| self.heard.contains(*user)) {
            let (_, event) = self.next("somebody's sound").await?;
            self.takes_sound(event).map_err(|other| format!("{} was to hear, and saw {other:?}", self.user))?;
        }
        Ok(())
    }

    /// Back in no call.
    pub(super) fn is_done(&mut self) -> Result<(), String> {
        self.heard.clear();
        match self.events.try_recv() {
            Ok((_, event)) => Err(format!("{} saw {event:?} out of any call", self.user)),
            Err(_) => Ok(()),
        }
    }

    async fn next(&mut self, wanted: &str) -> Result<(Option<CallId>, TrtcCallingEvent), String> {
        let event = timeout(PATIENCE, self.events.recv()).await.ok().flatten();
        event.ok_or_else(|| format!("{} was to see {wanted}, and saw nothing", self.user))
    }

    /// Sound that begins is no part of a story; nobody here mutes, so it never ends either.
    fn takes_sound(&mut self, event: TrtcCallingEvent) -> Result<(), TrtcCallingEvent> {
        match event {
            TrtcCallingEvent::OnUserAudioAvailable { user_id, available: true } if self.media => {
                self.heard.insert(user_id.as_str().to_owned());
                Ok(())
            }
            other => Err(other),
        }
    }

    pub(super) fn succeeds(&self, what: &str, answer: ActionCallback) -> Result<(), String> {
        answer.into_result().map_err(|refused| format!("{}'s {what}: {refused}", self.user))
    }
}
