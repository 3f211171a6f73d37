//! `cargo +nightly fuzz run xlsx`

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tanliu_fuzz::targets::xlsx(data));
