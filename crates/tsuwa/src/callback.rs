//! How a function of the API ended.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::oneshot;
use tsuwa_proto::{Code, Refusal};

/// The result of an operation, as the API document has it: `code` 0 for success, else one of the field's error codes
/// and a sentence for developers.
#[derive(Clone, PartialEq, Eq, Debug)]
#[must_use]
pub struct ActionCallback {
    /// 0 for success, else the error code ([`tsuwa_proto::Code`] lists them all).
    pub code: i32,
    /// What went wrong, for developers; `"success"` for 0.
    pub desc: String,
}

impl ActionCallback {
    /// The operation was done.
    pub fn success() -> Self {
        Self { code: 0, desc: "success".to_owned() }
    }

    /// Whether the operation was done.
    pub fn is_success(&self) -> bool {
        self.code == 0
    }

    /// As a Rust result.
    ///
    /// # Errors
    /// The callback itself, if its code is not 0.
    pub fn into_result(self) -> Result<(), Self> {
        if self.is_success() { Ok(()) } else { Err(self) }
    }
}

impl From<Refusal> for ActionCallback {
    fn from(refusal: Refusal) -> Self {
        Self { code: refusal.code.number(), desc: refusal.desc }
    }
}

impl From<Code> for ActionCallback {
    fn from(code: Code) -> Self {
        Refusal::from(code).into()
    }
}

impl std::fmt::Display for ActionCallback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.desc, self.code)
    }
}

impl std::error::Error for ActionCallback {}

/// The answer to a function of [`crate::TrtcCalling`]: a future that gives the [`ActionCallback`].
///
/// The function is under way from the moment that it was called, in the order in which functions were called; dropping
/// the answer doesn't take it back.
#[derive(Debug)]
pub struct Answer(Inner);

#[derive(Debug)]
enum Inner {
    Known(Option<ActionCallback>),
    Awaited(oneshot::Receiver<ActionCallback>),
}

impl Answer {
    /// An answer that needs nobody else.
    pub(crate) fn known(callback: impl Into<ActionCallback>) -> Self {
        Self(Inner::Known(Some(callback.into())))
    }

    /// What an instance that is destroyed says to everything.
    pub(crate) fn destroyed() -> Self {
        Self::known(destroyed())
    }

    pub(crate) fn awaited(receiver: oneshot::Receiver<ActionCallback>) -> Self {
        Self(Inner::Awaited(receiver))
    }
}

fn destroyed() -> ActionCallback {
    Refusal::new(Code::NotSignedIn, "this instance is destroyed").into()
}

impl Future for Answer {
    type Output = ActionCallback;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<ActionCallback> {
        match &mut self.0 {
            Inner::Known(callback) => Poll::Ready(callback.take().unwrap_or_else(destroyed)),
            // Whoever was to answer is gone only when the instance was destroyed meanwhile.
            Inner::Awaited(receiver) => {
                Pin::new(receiver).poll(cx).map(|received| received.unwrap_or_else(|_| destroyed()))
            }
        }
    }
}
