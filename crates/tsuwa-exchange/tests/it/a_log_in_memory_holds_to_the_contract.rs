use tsuwa_exchange::{MemoryLog, contract};

#[test]
fn a_log_in_memory_holds_to_the_contract() {
    contract::hold_to(MemoryLog::new, |log| log, MemoryLog::another_handle);
}
