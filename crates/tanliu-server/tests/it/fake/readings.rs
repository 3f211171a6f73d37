//! 读数 Readings in memory.

use async_trait::async_trait;
use std::collections::BTreeMap;
use std::sync::Mutex;
use tanliu_platform::moment::Moment;
use tanliu_platform::port::{
    Gap, MeterDay, Reading, ReadingOrigin, Readings, ReadingsError, Taken,
};

#[derive(Default)]
pub(crate) struct FakeReadings(pub(crate) Mutex<BTreeMap<(String, String), f64>>);

#[async_trait]
impl Readings for FakeReadings {
    async fn take(
        &self,
        readings: Vec<Reading>,
        _origin: ReadingOrigin,
    ) -> Result<Taken, ReadingsError> {
        let mut taken = Taken { new: 0, corrected: 0, same: 0, version: Some(1) };
        let mut kept = self.0.lock().unwrap();
        for own in readings {
            match kept.insert((own.meter, own.begin), own.value) {
                None => taken.new += 1,
                Some(before) if before == own.value => taken.same += 1,
                Some(_) => taken.corrected += 1,
            }
        }
        Ok(taken)
    }

    async fn day(
        &self,
        meter: &str,
        day: &str,
        _as_of: Option<Moment>,
    ) -> Result<MeterDay, ReadingsError> {
        let kept = self.0.lock().unwrap();
        let quarter = |place: usize| {
            let begin = format!("{day}T{:02}:{:02}", place / 4, place % 4 * 15);
            kept.get(&(meter.to_owned(), begin)).copied()
        };
        let (meter, day) = (meter.to_owned(), day.to_owned());
        Ok(MeterDay { meter, day, quarters: (0..96).map(quarter).collect(), version: 1 })
    }

    async fn days(
        &self,
        meter: &str,
        month: &str,
    ) -> Result<Vec<(String, f64, u32)>, ReadingsError> {
        let mut days: BTreeMap<String, (f64, u32)> = BTreeMap::new();
        for ((own, begin), value) in self.0.lock().unwrap().iter() {
            if own == meter && begin.starts_with(month) {
                let day = days.entry(begin[..10].to_owned()).or_default();
                *day = (day.0 + value, day.1 + 1);
            }
        }
        Ok(days.into_iter().map(|(day, (energy, count))| (day, energy, count)).collect())
    }

    async fn gaps(&self, meter: &str, month: &str) -> Result<Vec<Gap>, ReadingsError> {
        let from = format!("{month}-01T00:00");
        Ok(vec![Gap { meter: meter.to_owned(), from, count: 4 }])
    }

    async fn span(&self) -> Result<Option<(String, String, u64)>, ReadingsError> {
        Ok(None)
    }
}
