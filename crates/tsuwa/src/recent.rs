//! The user's calls that are over.

use crate::callback::ActionCallback;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use tsuwa_proto::{Code, Outcome, RecentCall, Refusal};

/// A page of the user's calls that are over, the newest first.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct RecentCalls {
    /// The calls.
    pub calls: Vec<RecentCall>,
    /// There are older ones: ask again with `before`, the last of these.
    pub more: bool,
}

/// Where a page goes.
pub(crate) type RecentAsker = oneshot::Sender<Result<RecentCalls, ActionCallback>>;

/// The server's answer.
pub(crate) fn read(outcome: Outcome) -> Result<RecentCalls, ActionCallback> {
    let page = outcome.map_err(ActionCallback::from)?;
    serde_json::from_value(page)
        .map_err(|error| Refusal::new(Code::NotARequest, format!("the server's page of calls: {error}")).into())
}
