//! What the configuration file says of an app's rules and lists, and what of it is new to the log.
//!
//! Rules and lists are the log's: an administrator changes them over HTTP, and they outlive a restart. What the file
//! says is applied when it says something else than at the last start, and only that.

use crate::config::AppConfig;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use tsuwa_call::{AdminAct, Policy};
use tsuwa_proto::UserId;

/// The settings of a file.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Configured {
    /// Each rule by its name.
    policy: Map<String, Value>,
    users: BTreeSet<UserId>,
    /// Who blocks whom.
    blocklist: BTreeSet<(UserId, UserId)>,
}

impl Configured {
    /// What the file says now.
    pub(super) fn of(config: &AppConfig) -> Self {
        Self {
            policy: rules(&config.policy),
            users: config.users.iter().cloned().collect(),
            blocklist: config.blocklist.iter().map(|entry| (entry.user.clone(), entry.blocked.clone())).collect(),
        }
    }

    /// What was kept as text. If that can't be read, everything counts as new.
    pub(super) fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// As text, to be kept.
    pub(super) fn text(&self) -> String {
        // Names, numbers and user ids always serialise.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What is to be done for what has changed since `before` was applied (`None`: nothing ever was). `policy`: the
    /// rules that hold.
    pub(super) fn acts(&self, before: Option<&Self>, policy: &Policy) -> Vec<AdminAct> {
        let nothing = Self::default();
        let before = before.unwrap_or(&nothing);
        let mut acts = Vec::new();
        let mut rules = rules(policy);
        let changed = self.policy.iter().filter(|(name, value)| before.policy.get(*name) != Some(value));
        rules.extend(changed.map(|(name, value)| (name.clone(), value.clone())));
        if let Ok(wanted) = serde_json::from_value::<Policy>(Value::Object(rules))
            && wanted != *policy
        {
            acts.push(AdminAct::SetPolicy(wanted));
        }
        let added: Vec<UserId> = self.users.difference(&before.users).cloned().collect();
        if !added.is_empty() {
            acts.push(AdminAct::AddUsers(added));
        }
        acts.extend(before.users.difference(&self.users).cloned().map(AdminAct::RemoveUser));
        let block = |(user, blocked): (UserId, UserId)| AdminAct::Block { user, blocked };
        let unblock = |(user, blocked): (UserId, UserId)| AdminAct::Unblock { user, blocked };
        acts.extend(self.blocklist.difference(&before.blocklist).cloned().map(block));
        acts.extend(before.blocklist.difference(&self.blocklist).cloned().map(unblock));
        acts
    }
}

fn rules(policy: &Policy) -> Map<String, Value> {
    match serde_json::to_value(policy) {
        Ok(Value::Object(rules)) => rules,
        _ => Map::new(),
    }
}
