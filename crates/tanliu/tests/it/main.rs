//! 集成测试 The integration tests, one binary: each module is a journey through several rooms.

mod province;
