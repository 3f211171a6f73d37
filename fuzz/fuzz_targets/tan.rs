//! `cargo +nightly fuzz run tan`

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tanliu_fuzz::targets::tan(data));
