//! `cargo +nightly fuzz run units`

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tanliu_fuzz::targets::units(data));
