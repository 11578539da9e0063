//! What the server tells of calls, and what it means for the microphone.

use super::Driver;
use super::media::MediaWay;
use super::replies::Waiting;
use crate::event::TrtcCallingEvent;
use crate::standing::Part;
use crate::teller::{Change, Told};
use serde_json::json;
use tsuwa_proto::{CallId, CallStage, Event, Signal};

impl Driver {
    /// A numbered event.
    pub(super) fn hears(&mut self, event: Event) {
        if let Event::OnInvited { call_id, invitation_id, .. } = &event {
            let part = Part::new(*call_id, *invitation_id);
            if self.hung_up.contains(&part) {
                // Declined here; a new sign-in has been told of it before it was told to the server.
                return;
            }
            // It rings anew: what was left was an earlier time.
            self.hung_up.retain(|left| left.call != part.call);
        }
        self.note_event(&event);
        self.settle_before(event.call_id());
        self.settle_earlier_time(&event);
        if self.resync.is_known(&event, self.standing.ringing()) {
            return;
        }
        self.tell_of(event);
    }

    /// Applies an event and tells it.
    pub(super) fn tell_of(&mut self, event: Event) {
        self.resync.notes(&event);
        let change = Change::Hears(event.clone());
        self.change(&change);
        let (call, told) = TrtcCallingEvent::of(event);
        self.to_tell.push_back(Told::Event { call, change, event: told });
    }

    pub(super) fn hears_signal(&mut self, signal: Signal) {
        match signal {
            Signal::OnNetworkQuality { call_id, user_id, quality } => {
                let event = TrtcCallingEvent::OnNetworkQuality { user_id, quality };
                self.to_tell.push_back(Told::Event { call: Some(call_id), change: Change::Nothing, event });
            }
            Signal::MediaOffer { call_id, offer_id, fresh, sdp, streams } => {
                let ours = match self.standing.call() {
                    Some((call, _)) => call == call_id,
                    // The offer of a call that is just being made may overtake its answer.
                    None => !self.standing.idle(),
                };
                if let Some(engine) = self.engine.as_ref().filter(|_| ours) {
                    if fresh {
                        self.media_way = MediaWay::Stands;
                    }
                    engine.offer(call_id, offer_id, fresh, sdp, streams);
                }
            }
        }
    }

    /// Applies a change here; [`Told`] carries it on to what listeners were told. `false` where an answer came for
    /// something that was left meanwhile.
    pub(super) fn change(&mut self, change: &Change) -> bool {
        let (before, muted) = (self.standing.call().map(|(call, _)| call), self.standing.muted);
        let held = change.apply(&mut self.standing);
        let present = self.standing.call().map(|(call, _)| call);
        if before != present {
            // Who came in before `call` was answered stays.
            if before.is_some() {
                self.resync.forget_users();
                self.close_call();
            }
            if present.is_some() {
                self.desk.sound().first.clear();
            }
        }
        if muted != self.standing.muted
            && let Some(engine) = &self.engine
        {
            engine.set_mic_mute(self.standing.muted);
        }
        match change {
            Change::Got { got, .. } | Change::Accepted(got) if held => self.open_microphone(got.call),
            // Its offers may have been answered before it was known to be over.
            Change::Got { .. } | Change::InVain(_) if self.standing.idle() => self.close_call(),
            // The answer to this app's own `accept` was lost, and here is what came of it.
            Change::Hears(_) => {
                let taken = self.accepting.zip(self.standing.taking_part());
                if let Some((part, _)) = taken.filter(|(accepting, present)| accepting.is(*present)) {
                    self.open_microphone(part.call);
                }
            }
            _ => {}
        }
        self.settle_doubts();
        held
    }

    /// Nobody is to be rung by what the app knows as failed. Said when there is no call and none is asked for: it may
    /// have been into that one, which is to go on.
    fn settle_doubts(&mut self) {
        if self.standing.idle() {
            for id in std::mem::take(&mut self.doubtful) {
                self.request("hangup", json!({ "request": id }), Waiting::Hangup { of: None });
            }
        }
    }

    /// The only place where a microphone opens: after this app's own `call` or `accept`, or where it signs in again and
    /// is in a call still.
    pub(super) fn open_microphone(&mut self, call: CallId) {
        self.accepting = None;
        if self.microphone_for == Some(call) {
            return;
        }
        self.microphone_for = Some(call);
        if let Some(engine) = &self.engine {
            engine.open_microphone();
        }
        if self.standing.muted {
            self.tell_server_of_mute(call);
        }
    }

    /// Microphone, loudspeaker and transports are closed.
    pub(super) fn close_call(&mut self) {
        self.accepting = None;
        self.microphone_for = None;
        self.media_way = MediaWay::Stands;
        self.desk.connected().media = None;
        if let Some(engine) = &self.engine {
            engine.end_call();
        }
    }

    /// How this device's own end of a call is told where the server can't tell it any more.
    pub(super) fn end_of(call_id: CallId, stage: CallStage, reason: Option<tsuwa_proto::EndReason>) -> Event {
        match stage {
            CallStage::Ringing => Event::OnCallingCancel { call_id, reason: None },
            CallStage::Calling | CallStage::Talking => Event::OnCallEnd { call_id, reason },
        }
    }
}
