//! What the media engine says.

use super::Driver;
use super::replies::Waiting;
use crate::desk::FirstSound;
use crate::event::{TrtcCallingEvent, UserVolume};
use crate::media::EngineOut;
use crate::teller::{Change, Told};
use serde_json::json;
use tsuwa_proto::CallId;

impl Driver {
    pub(super) fn engine_says(&mut self, out: EngineOut) {
        match out {
            EngineOut::Answer { call, offer_id, sdp } => {
                let params = json!({ "callId": call, "offerId": offer_id, "sdp": sdp });
                self.request("mediaAnswer", params, Waiting::Media);
            }
            EngineOut::Up { call } => tracing::debug!(%call, "media is up"),
            EngineOut::Lost { call } => {
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

    /// Asks for an offer on a transport of its own.
    pub(super) fn restart_media(&mut self, call: CallId) {
        if self.engine.is_some() && self.standing.call().is_some_and(|(present, _)| present == call) {
            self.request("mediaRestart", json!({ "callId": call }), Waiting::Media);
        }
    }

    fn volumes(
        &mut self,
        users: Vec<(Option<tsuwa_proto::UserId>, tsuwa_proto::Volume)>,
        total_volume: tsuwa_proto::Volume,
    ) {
        let (Some(line), Some(call)) = (&self.line, self.standing.taking_part()) else { return };
        let user_volumes = users
            .into_iter()
            .map(|(user, volume)| UserVolume { user_id: user.unwrap_or_else(|| line.user.clone()), volume })
            .collect();
        let event = TrtcCallingEvent::OnUserVoiceVolume { user_volumes, total_volume };
        self.to_tell.push_back(Told::Event { call: Some(call), change: Change::Nothing, event });
    }
}
