//! How a call is made.

use std::time::Duration;
use tsuwa_proto::{CallType, limits};

/// What `call_with` and `group_call_with` take beside the callees.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallOptions {
    kind: CallType,
    timeout: Option<Duration>,
    user_data: Option<String>,
}

impl CallOptions {
    /// A voice call.
    pub fn audio() -> Self {
        Self::of(CallType::Audio)
    }

    /// A video call. This SDK has no camera of its own: it rings as a video call, and sends sound only.
    pub fn video() -> Self {
        Self::of(CallType::Video)
    }

    /// 1 voice, 2 video.
    pub fn of(kind: CallType) -> Self {
        Self { kind, timeout: None, user_data: None }
    }

    /// How long it rings: 1 to 300 seconds, fractions count as a whole one; anything else is refused with -1202.
    /// Without, as the app's policy says (30 s by default).
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Goes along with the invitation, to `onInvited`: at most 4096 bytes, else the call is refused with -1202.
    #[must_use]
    pub fn user_data(mut self, data: impl Into<String>) -> Self {
        self.user_data = Some(data.into());
        self
    }

    /// As the protocol has it; what is wrong with it otherwise.
    pub(crate) fn params(&self) -> Result<serde_json::Map<String, serde_json::Value>, &'static str> {
        let mut params = serde_json::Map::new();
        params.insert("type".into(), u8::from(self.kind).into());
        if let Some(timeout) = self.timeout {
            let seconds = timeout.as_secs() + u64::from(timeout.subsec_nanos() > 0);
            if !(u64::from(limits::RING_MIN_S)..=u64::from(limits::RING_MAX_S)).contains(&seconds) {
                return Err("timeout: must be 1 to 300 seconds");
            }
            params.insert("timeout".into(), seconds.into());
        }
        if let Some(data) = &self.user_data {
            if data.len() > limits::USER_DATA_BYTES {
                return Err("userData: must be at most 4096 bytes");
            }
            params.insert("userData".into(), data.as_str().into());
        }
        Ok(params)
    }
}

impl From<CallType> for CallOptions {
    fn from(kind: CallType) -> Self {
        Self::of(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_time_out_of_range_is_refused_and_fractions_round_up() {
        let seconds = |timeout| CallOptions::audio().timeout(timeout).params().map(|p| p["timeout"].clone());
        assert_eq!(seconds(Duration::from_millis(1500)), Ok(2.into()));
        assert_eq!(seconds(Duration::from_secs(300)), Ok(300.into()));
        assert!(seconds(Duration::ZERO).is_err());
        assert!(seconds(Duration::from_millis(300_001)).is_err());
    }
}
