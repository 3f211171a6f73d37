//! 暂无读数 A house whose keeper of readings is not open.

use async_trait::async_trait;
use tanliu_platform::moment::Moment;
use tanliu_platform::port::{
    Gap, MeterDay, Reading, ReadingOrigin, Readings, ReadingsError, Taken,
};

pub(crate) struct Closed;

fn closed<T>() -> Result<T, ReadingsError> {
    Err(ReadingsError::Failed("readings are not open".to_owned()))
}

#[async_trait]
impl Readings for Closed {
    async fn take(&self, _: Vec<Reading>, _: ReadingOrigin) -> Result<Taken, ReadingsError> {
        closed()
    }
    async fn day(&self, _: &str, _: &str, _: Option<Moment>) -> Result<MeterDay, ReadingsError> {
        closed()
    }
    async fn days(&self, _: &str, _: &str) -> Result<Vec<(String, f64, u32)>, ReadingsError> {
        closed()
    }
    async fn gaps(&self, _: &str, _: &str) -> Result<Vec<Gap>, ReadingsError> {
        closed()
    }
    async fn span(&self) -> Result<Option<(String, String, u64)>, ReadingsError> {
        closed()
    }
}
