//! The shared instance, and a runtime for those who have none.

use crate::builder::BuildError;
use crate::calling::TrtcCalling;
use std::sync::{Mutex, OnceLock, PoisonError};
use tokio::runtime::{Builder, Handle, Runtime};

static SHARED: Mutex<Option<TrtcCalling>> = Mutex::new(None);
static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();

/// The SDK's own runtime: one thread is plenty for one line's signalling.
pub(crate) fn own_runtime() -> Result<Handle, BuildError> {
    let make = || Builder::new_multi_thread().worker_threads(1).thread_name("tsuwa").enable_all().build().ok();
    RUNTIME.get_or_init(make).as_ref().map(|runtime| runtime.handle().clone()).ok_or(BuildError::NoRuntime)
}

pub(crate) fn shared() -> TrtcCalling {
    let mut slot = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    slot.get_or_insert_with(|| {
        // The defaults are known good; what is left to fail is a system without threads or randomness, on which
        // nothing of this process works.
        own_runtime()
            .and_then(|runtime| TrtcCalling::builder().build_on(&runtime))
            .expect("the system gives threads and randomness")
    })
    .clone()
}

pub(crate) fn share(instance: TrtcCalling) -> Option<TrtcCalling> {
    SHARED.lock().unwrap_or_else(PoisonError::into_inner).replace(instance)
}

pub(crate) fn destroy() {
    let instance = SHARED.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(instance) = instance {
        instance.destroy();
    }
}
