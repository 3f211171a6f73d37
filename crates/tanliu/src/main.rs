//! 碳流 The binary: puts the rooms together.
fn main() {}
