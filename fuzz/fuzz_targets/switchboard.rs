#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tsuwa_fuzz::switchboard(data));
