//! 测试 Sources: what is opened, what is read, what is refused.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod columns;
mod damage;
mod facts;
mod fixture;
mod folders;
mod loading;
mod scanning;
