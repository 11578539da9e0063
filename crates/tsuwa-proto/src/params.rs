//! Reading parameters out of JSON, with a refusal that names the one that is wrong.

use crate::{BadId, CallId, CallType, Code, InvitationId, Refusal, UserId};
use serde_json::{Map, Value};
use std::str::FromStr;

/// The named parameters of a request.
pub(crate) struct Params(Map<String, Value>);

fn bad(name: &str, wanted: &str) -> Refusal {
    Refusal::new(Code::BadParameter, format!("{name}: {wanted}"))
}

impl Params {
    /// Absent parameters are an empty object (JSON-RPC 2.0 lets them be left out).
    pub(crate) fn new(value: Option<Value>) -> Result<Self, Refusal> {
        match value {
            None => Ok(Self(Map::new())),
            Some(Value::Object(map)) => Ok(Self(map)),
            Some(_) => Err(bad("params", "must be an object")),
        }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    pub(crate) fn text(&mut self, name: &str) -> Result<String, Refusal> {
        self.optional_text(name)?.ok_or_else(|| bad(name, "is missing"))
    }

    pub(crate) fn optional_text(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(bad(name, "must be a string")),
        }
    }

    pub(crate) fn number(&mut self, name: &str) -> Result<u64, Refusal> {
        self.optional_number(name)?.ok_or_else(|| bad(name, "is missing"))
    }

    pub(crate) fn optional_number(&mut self, name: &str) -> Result<Option<u64>, Refusal> {
        match self.take(name) {
            None => Ok(None),
            Some(value) => value.as_u64().map(Some).ok_or_else(|| bad(name, "must be a whole number, not negative")),
        }
    }

    pub(crate) fn flag(&mut self, name: &str) -> Result<bool, Refusal> {
        match self.take(name) {
            None => Err(bad(name, "is missing")),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(_) => Err(bad(name, "must be true or false")),
        }
    }

    pub(crate) fn id<T: FromStr>(&mut self, name: &str) -> Result<T, Refusal>
    where
        T::Err: std::fmt::Display,
    {
        self.text(name)?.parse().map_err(|e: T::Err| bad(name, &e.to_string()))
    }

    /// The id of a call. One that the server never issued can only be refused as over.
    pub(crate) fn optional_id<T: FromStr<Err = BadId>>(&mut self, name: &str) -> Result<Option<T>, Refusal> {
        let Some(text) = self.optional_text(name)? else { return Ok(None) };
        text.parse().map(Some).map_err(|e: BadId| bad(name, &e.to_string()))
    }

    pub(crate) fn optional_call_id(&mut self, name: &str) -> Result<Option<CallId>, Refusal> {
        let Some(text) = self.optional_text(name)? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| Code::InvitationOver.into())
    }

    pub(crate) fn call_id(&mut self, name: &str) -> Result<CallId, Refusal> {
        self.optional_call_id(name)?.ok_or_else(|| bad(name, "is missing"))
    }

    pub(crate) fn invitation_id(&mut self) -> Result<Option<InvitationId>, Refusal> {
        Ok(self.optional_number("invitationId")?.map(InvitationId))
    }

    pub(crate) fn user(&mut self, name: &str) -> Result<UserId, Refusal> {
        user(self.text(name)?)
    }

    pub(crate) fn users(&mut self, name: &str, most: usize) -> Result<Vec<UserId>, Refusal> {
        match self.take(name) {
            Some(Value::Array(list)) if list.len() <= most => list
                .into_iter()
                .map(|each| match each {
                    Value::String(text) => user(text),
                    _ => Err(bad(name, "must be a list of strings")),
                })
                .collect(),
            Some(Value::Array(_)) => Err(bad(name, "lists too many users")),
            Some(_) => Err(bad(name, "must be a list of strings")),
            None => Err(bad(name, "is missing")),
        }
    }

    pub(crate) fn call_type(&mut self) -> Result<CallType, Refusal> {
        let number = self.number("type")?;
        u8::try_from(number)
            .ok()
            .and_then(|n| CallType::try_from(n).ok())
            .ok_or_else(|| bad("type", "must be 1 (audio) or 2 (video)"))
    }
}

fn user(text: String) -> Result<UserId, Refusal> {
    UserId::try_from(text).map_err(|e| Refusal::new(Code::BadUserId, e.to_string()))
}
