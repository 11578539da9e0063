//! Who calls the administrator's HTTP: everything in a request that says so is read, and judged, here.

use crate::apps::App;
use crate::house::House;
use crate::problem::Problem;
use crate::store::Records;
use axum::extract::{ConnectInfo, FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::Arc;
use tsuwa_call::{AdminAct, Reply};
use tsuwa_exchange::Exchange;
use tsuwa_proto::{AppId, Code, UserId};

/// The administrator of an app: its credential was shown. Every route takes one, and there is no other way to a shard
/// from here.
pub(super) struct Admin {
    house: Arc<House>,
    app: AppId,
    params: Vec<(String, String)>,
}

impl FromRequestParts<Arc<House>> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, house: &Arc<House>) -> Result<Self, Problem> {
        let ConnectInfo(from) = ConnectInfo::<SocketAddr>::from_request_parts(parts, house)
            .await
            .map_err(|_| Problem::bad("the connection has no address"))?;
        let params = RawPathParams::from_request_parts(parts, house)
            .await
            .map_err(|_| Problem::bad("the path is not in UTF-8"))?;
        let params: Vec<_> = params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let app = param(&params, "app").and_then(|text| text.parse().ok()).map(AppId);
        let app = app.ok_or_else(|| Problem::from(tsuwa_proto::Refusal::from(Code::AppUnknown)))?;
        let bearer = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        // A scheme's case does not matter (RFC 9110, 11.1).
        let shown =
            bearer.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"));
        let shown = shown.map_or("", |(_, token)| token.trim());
        let app = house.apps.get(app)?;
        if !app.admin_token.is(shown) {
            return Err(refused(house, from, &parts.headers));
        }
        Ok(Self { house: Arc::clone(house), app: app.id, params })
    }
}

/// Failed attempts are counted with the failed sign-ins of that address.
fn refused(house: &House, from: SocketAddr, headers: &HeaderMap) -> Problem {
    if house.guards.failed(house.caller(from, headers), house.clock.now()) {
        return tsuwa_proto::Refusal::from(Code::TooManyFailures).into();
    }
    let reason = "Authorization: must be Bearer and the app's server credential";
    Problem::new(StatusCode::UNAUTHORIZED, Code::NotSignedIn, reason)
}

fn param<'a>(params: &'a [(String, String)], name: &str) -> Option<&'a str> {
    params.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

impl Admin {
    fn shard(&self) -> Result<&App, Problem> {
        Ok(self.house.apps.get(self.app)?)
    }

    /// A part of the path.
    pub(super) fn path<T: FromStr>(&self, name: &str) -> Result<T, Problem>
    where
        T::Err: std::fmt::Display,
    {
        let text = param(&self.params, name).unwrap_or_default();
        text.parse().map_err(|e| Problem::bad(format!("{name}: {e}")))
    }

    /// A user id in the path.
    pub(super) fn user(&self, name: &str) -> Result<UserId, Problem> {
        Self::user_id(name, param(&self.params, name).unwrap_or_default())
    }

    /// A user id, wherever it stood.
    pub(super) fn user_id(name: &str, text: &str) -> Result<UserId, Problem> {
        text.parse().map_err(|e| Problem::new(StatusCode::BAD_REQUEST, Code::BadUserId, format!("{name}: {e}")))
    }

    /// The app's records, all those in them of calls whose end anybody can have heard of.
    pub(super) async fn records(&self) -> Result<&Arc<Records>, Problem> {
        self.look(|_| ()).await?;
        Ok(&self.shard()?.records)
    }

    /// Does something, as an input of the log.
    pub(super) async fn act(&self, act: AdminAct) -> Result<Reply, Problem> {
        let done = self.shard()?.shard.act(act).await.map_err(|_| Problem::gone())?;
        Ok(done?)
    }

    /// Looks at something.
    pub(super) async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Exchange) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        self.shard()?.shard.ask(look).await.map_err(|_| Problem::gone())
    }
}

/// Whatever is no route. The credential is asked for even so.
pub(super) async fn nothing_here(_: Admin) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, Code::NoSuchMethod, "there is nothing at this path")
}

/// Whatever a route does not do.
pub(super) async fn nothing_so(_: Admin) -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, Code::NoSuchMethod, "nothing is done by this method at this path")
}
