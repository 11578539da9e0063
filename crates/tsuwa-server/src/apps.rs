//! The apps of this server, as the gateway and the administrator's HTTP find them.

use crate::config::Secret;
use crate::shard::ShardHandle;
use crate::store::Records;
use std::collections::BTreeMap;
use std::sync::Arc;
use tsuwa_proto::{AppId, Code, Login, Millis, Refusal, UserId};
use tsuwa_usersig::{Claims, Key};

/// An app.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) id: AppId,
    key: Key,
    pub(crate) admin_token: Secret,
    pub(crate) shard: ShardHandle,
    pub(crate) records: Arc<Records>,
}

impl App {
    pub(crate) fn new(id: AppId, key: Key, admin_token: Secret, shard: ShardHandle, records: Arc<Records>) -> Self {
        Self { id, key, admin_token, shard, records }
    }

    /// When the ticket of a sign-in expires, if it is good.
    pub(crate) fn verify(&self, login: &Login, now: Millis) -> Result<Millis, Refusal> {
        let user = login.user_id.as_str();
        tsuwa_usersig::verify(&self.key, self.id.0, user, now.0 / 1000, &login.user_sig)
            .map(|verified| Millis(verified.expires_at_s.saturating_mul(1000)))
            .map_err(|e| Refusal::new(Code::try_from(e.code()).unwrap_or(Code::SigUndecodable), e.to_string()))
    }

    /// A ticket, from now on good for so long.
    pub(crate) fn sign(&self, user: &UserId, now: Millis, lifetime_s: u64) -> Result<String, Refusal> {
        let issued_at_s = now.0 / 1000;
        let claims = Claims { app: self.id.0, user: user.as_str().to_owned(), issued_at_s, lifetime_s };
        tsuwa_usersig::sign(&self.key, &claims).map_err(|e| Refusal::new(Code::BadParameter, e.to_string()))
    }
}

/// Every app that is served.
#[derive(Debug)]
pub(crate) struct Apps(BTreeMap<AppId, App>);

impl Apps {
    pub(crate) fn new(apps: impl IntoIterator<Item = App>) -> Self {
        Self(apps.into_iter().map(|app| (app.id, app)).collect())
    }

    pub(crate) fn get(&self, id: AppId) -> Result<&App, Refusal> {
        self.0.get(&id).ok_or_else(|| Code::AppUnknown.into())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &App> {
        self.0.values()
    }
}
