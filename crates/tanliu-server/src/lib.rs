//! 服务 The one crate that speaks HTTP.
