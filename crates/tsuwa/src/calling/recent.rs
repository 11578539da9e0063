//! `queryRecentCalls`.

use super::TrtcCalling;
use crate::callback::{ActionCallback, Answer};
use crate::command::Command;
use crate::recent::RecentCalls;
use crate::standing::SignedIn;
use serde_json::{Map, Value};
use std::future::Future;
use tokio::sync::oneshot;
use tsuwa_proto::{CallId, Code};

impl TrtcCalling {
    /// The calls of this user that are over, on all devices, the newest first: with whom, when, how long it rang and how
    /// long they talked, and how it went as this user, on this device, saw it. (The API document has no such function.)
    ///
    /// * `before`: only calls that began before this one; with the last call of a page it gives the next page.
    /// * `limit`: 1 to 100 calls; 20 without.
    ///
    /// It is under way from the moment that it was called, also where the answer is not awaited.
    ///
    /// # Errors
    /// 6014 if nobody is signed in; -1202 for a `limit` out of range; 70001 when the ticket has expired; 7008 when
    /// there were too many; 9508 without a connection to the server, 9520 without an answer in time.
    pub fn query_recent_calls(
        &self,
        before: Option<CallId>,
        limit: Option<usize>,
    ) -> impl Future<Output = Result<RecentCalls, ActionCallback>> + Send + use<> {
        let mut params = Map::new();
        params.extend(before.map(|call| ("before".into(), Value::from(call.to_string()))));
        params.extend(limit.map(|limit| ("limit".into(), limit.into())));
        let (asker, answer) = oneshot::channel();
        let signed_in = self.desk().standing().signed_in == SignedIn::In;
        if signed_in {
            self.send(Command::RecentCalls { params: params.into(), asker });
        }
        async move {
            if !signed_in {
                return Err(Code::NotSignedIn.into());
            }
            match answer.await {
                Ok(page) => page,
                Err(_) => Err(Answer::destroyed().await),
            }
        }
    }
}
