//! 模糊测试 Whatever bytes come in from outside, the project answers with findings, never a panic.
//!
//! [`targets`] holds what is tried. `cargo +nightly fuzz run NAME` tries it guided by coverage;
//! the binary `bounded` tries it on the stable compiler, by [`mutate`] over the seeds of
//! `fuzz/corpus/`, and is what `cargo xtask ci` runs.

pub mod mutate;
pub mod package;
pub mod targets;
