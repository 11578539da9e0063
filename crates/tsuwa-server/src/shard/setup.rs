//! How calls end, and how long they take to begin: for the metrics.

use crate::metrics::{Metrics, outcome};
use std::collections::BTreeMap;
use std::time::Instant;
use tsuwa_call::{HowEnded, LiveCall, Note};
use tsuwa_proto::{AppId, CallId};

/// What is known of the calls that are going on.
#[derive(Debug, Default)]
pub(super) struct Setup {
    calls: BTreeMap<CallId, Course>,
}

#[derive(Debug, Default)]
struct Course {
    accepted: bool,
    last: Option<HowEnded>,
    /// When the last `accept` came, until media flows.
    waits_since: Option<Instant>,
}

impl Setup {
    /// Calls that the log brought along.
    pub(super) fn recovered(&mut self, app: AppId, calls: &[LiveCall], metrics: &Metrics) {
        for call in calls {
            let accepted = call.members.len() > 1;
            self.calls.insert(call.call_id, Course { accepted, ..Course::default() });
            metrics.call_began(app);
        }
    }

    /// An `accept` was done that was read at `since`.
    pub(super) fn accepted(&mut self, call: CallId, since: Instant) {
        if let Some(course) = self.calls.get_mut(&call) {
            course.waits_since = Some(since);
        }
    }

    /// Media flows.
    pub(super) fn flowing(&mut self, call: CallId, metrics: &Metrics) {
        if let Some(since) = self.calls.get_mut(&call).and_then(|course| course.waits_since.take()) {
            metrics.first_media.observe(since.elapsed().as_secs_f64());
        }
    }

    /// Follows what happens.
    pub(super) fn note(&mut self, app: AppId, note: &Note, metrics: &Metrics) {
        match note {
            Note::CallStarted { call, .. } => {
                self.calls.insert(*call, Course::default());
                metrics.call_began(app);
            }
            Note::Invited { .. } | Note::Left { .. } => {}
            Note::InvitationEnded { call, how, .. } => {
                metrics.invitation_ended(app, *how);
                if let Some(course) = self.calls.get_mut(call) {
                    course.accepted |= *how == HowEnded::Accepted;
                    course.last = Some(*how);
                }
            }
            Note::CallEnded { call, .. } => {
                let course = self.calls.remove(call).unwrap_or_default();
                let answered = if course.accepted { Some("answered") } else { course.last.map(outcome) };
                metrics.call_ended(app, answered.unwrap_or("cancelled"));
            }
        }
    }
}
