//! 方法学语言 The methodology language: a standard's own text with the calculation under each clause.
//!
//! Parse → check → program → reference interpreter → trace. Nothing here reads a file or a clock.

pub mod ast;
pub mod bind;
pub mod check;
pub mod data;
pub mod document;
pub mod eval;
pub mod exact;
pub mod examples;
pub mod internal_rate;
pub mod lint;
pub mod number;
pub mod parse;
pub mod program;
pub mod significant;
pub mod table;
pub mod uncertainty;
