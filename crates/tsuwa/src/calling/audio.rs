//! Microphone and loudspeaker.

use super::TrtcCalling;
use crate::command::Command;
use crate::desk::FirstSound;
use crate::media::Route;
use tsuwa_proto::UserId;

impl TrtcCalling {
    /// Mutes the local microphone (`true`) or opens it again (`false`). The others in the call are told by
    /// `onUserAudioAvailable`.
    ///
    /// Mute ends with the call. Muted before a call, it begins muted, and the others are told nothing until it is
    /// opened.
    pub fn set_mic_mute(&self, is_mute: bool) {
        self.send(Command::Mute { is_mute });
    }

    /// Hands-free: plays by the loudspeaker (`true`) or by the earpiece (`false`). (The API document's heading calls
    /// this muting the remote voice; its parameter says what is meant.) An output that can't is told by `onError`.
    pub fn set_hands_free(&self, is_hands_free: bool) {
        self.send(Command::HandsFree { is_hands_free });
    }

    /// The way that the sound really goes, as of the last [`TrtcCalling::set_hands_free`]; `None` before.
    pub fn audio_route(&self) -> Option<Route> {
        self.desk().sound().route
    }

    /// When a user's voice was first heard in the present call, or the last one; for measuring.
    pub fn first_sound(&self, user_id: &UserId) -> Option<FirstSound> {
        self.desk().sound().first.get(user_id).copied()
    }
}
