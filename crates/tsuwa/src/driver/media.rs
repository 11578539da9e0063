//! What the media engine says.

use super::Driver;
use super::replies::Waiting;
use crate::desk::FirstSound;
use crate::event::{TrtcCallingEvent, UserVolume};
use crate::media::EngineOut;
use crate::teller::{Change, Told};
use serde_json::json;
use std::time::Instant;
use tsuwa_proto::CallId;

/// What is known of the way that the call's media goes, while there is no connection to ask for another by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum MediaWay {
    #[default]
    Stands,
    /// It is lost; perhaps the server is.
    Lost,
    /// This device has another network.
    Moved,
}

impl Driver {
    pub(super) fn engine_says(&mut self, out: EngineOut) {
        match out {
            EngineOut::Answer { call, offer_id, sdp } => {
                let params = json!({ "callId": call, "offerId": offer_id, "sdp": sdp });
                self.request("mediaAnswer", params, Waiting::Media);
            }
            EngineOut::Up { call } => {
                tracing::debug!(%call, "media is up");
                self.desk.connected().media = Some(Instant::now());
            }
            EngineOut::Lost { call } => {
                self.desk.connected().media = None;
                tracing::debug!(%call, "media is lost");
                self.restart_media(call);
            }
            EngineOut::Volumes { users, total } => self.volumes(users, total),
            EngineOut::FirstSound { user, at, arrived } => {
                self.desk.sound().first.entry(user).or_insert(FirstSound { arrived, played: at });
            }
            EngineOut::Route(route) => self.desk.sound().route = Some(route),
            EngineOut::Error(refusal) => self.tell_error(refusal),
        }
    }

    /// Asks for an offer on a transport of its own; without a connection, once it is back.
    fn restart_media(&mut self, call: CallId) {
        if self.engine.is_none() || self.standing.call().is_none_or(|(present, _)| present != call) {
            return;
        }
        if self.line.as_ref().is_some_and(|line| line.session.is_up()) {
            self.request("mediaRestart", json!({ "callId": call }), Waiting::Media);
        } else {
            self.media_way = MediaWay::Lost;
        }
    }

    /// The connection is back. A server that was started anew offers by itself: where media is lost it is given the time
    /// of a way there and back.
    pub(super) fn mend_media(&mut self) {
        match self.media_way {
            MediaWay::Stands => {}
            MediaWay::Lost => drop(self.request("ping", json!({}), Waiting::BackTold)),
            MediaWay::Moved => self.media_stays_lost(),
        }
    }

    /// No offer has come meanwhile.
    pub(super) fn media_stays_lost(&mut self) {
        if std::mem::take(&mut self.media_way) != MediaWay::Stands
            && let Some((call, _)) = self.standing.call()
        {
            self.restart_media(call);
        }
    }

    fn volumes(
        &mut self,
        users: Vec<(Option<tsuwa_proto::UserId>, tsuwa_proto::Volume)>,
        total_volume: tsuwa_proto::Volume,
    ) {
        let (Some(line), Some(part)) = (&self.line, self.standing.taking_part()) else { return };
        let user_volumes = users
            .into_iter()
            .map(|(user, volume)| UserVolume { user_id: user.unwrap_or_else(|| line.user.clone()), volume })
            .collect();
        let event = TrtcCallingEvent::OnUserVoiceVolume { user_volumes, total_volume };
        self.to_tell.push_back(Told::Event { call: Some(part.call), change: Change::Nothing, event });
    }
}
