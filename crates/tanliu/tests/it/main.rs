//! 集成测试 The integration tests, one binary: each module is a journey through several rooms.

mod author;
mod bad_input;
mod columnar;
mod consultant;
mod desk;
mod district;
mod pack;
mod platform;
mod province;
mod reference;
mod reference_packs;
mod sample;
mod table;
mod uncertainty;
mod verifier;
mod wide_pack;
