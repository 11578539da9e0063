//! What an administrator can do.

use super::caller::Admin;
use crate::config::check_policy;
use crate::problem::Problem;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use tsuwa_call::{AdminAct, Policy};
use tsuwa_proto::{CallId, Code, DeviceId, Refusal, UserId};

/// Most users that one request may add.
const MOST_ADDED: usize = 1000;

type Done = Result<Json<Value>, Problem>;
/// An object: nothing else stands for one, as a list of its fields' values would.
type Body = Result<Json<Map<String, Value>>, JsonRejection>;

fn body<T: DeserializeOwned>(body: Body) -> Result<T, Problem> {
    let Json(object) = body.map_err(|e| Problem::bad(e.body_text()))?;
    serde_json::from_value(Value::Object(object)).map_err(|e| Problem::bad(e.to_string()))
}

async fn done(admin: &Admin, act: AdminAct) -> Done {
    admin.act(act).await?;
    Ok(Json(json!({})))
}

/// `PUT policy`: the whole of it; what is left out gets its default.
pub(super) async fn set_policy(admin: Admin, policy: Body) -> Done {
    let policy: Policy = body(policy)?;
    check_policy(&policy).map_err(|(name, reason)| Problem::bad(format!("{name}: {reason}")))?;
    done(&admin, AdminAct::SetPolicy(policy)).await
}

/// Users to be put on the app's list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Users {
    users: Vec<String>,
}

/// `POST users`
pub(super) async fn add_users(admin: Admin, users: Body) -> Done {
    let Users { users: texts } = body(users)?;
    if texts.len() > MOST_ADDED {
        return Err(Problem::bad(format!("users: lists more than {MOST_ADDED}; send several requests")));
    }
    let bad = |e: tsuwa_proto::BadId| Refusal::new(Code::BadUserId, format!("users: {e}"));
    let users = texts.into_iter().map(UserId::try_from).collect::<Result<Vec<_>, _>>().map_err(bad)?;
    done(&admin, AdminAct::AddUsers(users)).await
}

/// `DELETE users/{user}`
pub(super) async fn remove_user(admin: Admin) -> Done {
    let user = admin.user("user")?;
    done(&admin, AdminAct::RemoveUser(user)).await
}

/// `PUT users/{user}/blocklist/{blocked}`
pub(super) async fn block(admin: Admin) -> Done {
    let (user, blocked) = (admin.user("user")?, admin.user("blocked")?);
    done(&admin, AdminAct::Block { user, blocked }).await
}

/// `DELETE users/{user}/blocklist/{blocked}`
pub(super) async fn unblock(admin: Admin) -> Done {
    let (user, blocked) = (admin.user("user")?, admin.user("blocked")?);
    done(&admin, AdminAct::Unblock { user, blocked }).await
}

/// `DELETE calls/{call}`
pub(super) async fn end_call(admin: Admin) -> Done {
    let call: CallId = admin.path("call")?;
    done(&admin, AdminAct::EndCall(call)).await
}

/// `POST users/{user}/signout`
pub(super) async fn sign_out(admin: Admin) -> Done {
    let user = admin.user("user")?;
    done(&admin, AdminAct::SignOut { user, device: None }).await
}

/// `POST users/{user}/devices/{device}/signout`
pub(super) async fn sign_out_device(admin: Admin) -> Done {
    let user = admin.user("user")?;
    let device: DeviceId = admin.path("device")?;
    done(&admin, AdminAct::SignOut { user, device: Some(device) }).await
}
