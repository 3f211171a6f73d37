//! `cargo +nightly fuzz run pack`

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tanliu_fuzz::targets::pack(data));
