//! `cargo +nightly fuzz run document`

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tanliu_fuzz::targets::document(data));
