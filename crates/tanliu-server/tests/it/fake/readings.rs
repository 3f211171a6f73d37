//! 读数 Readings in memory.

use async_trait::async_trait;
use std::collections::BTreeMap;
use std::sync::Mutex;
use tanliu_platform::moment::Moment;
use tanliu_platform::port::{
    Gap, MeterDay, Reading, ReadingKnown, ReadingOrigin, Readings, ReadingsError, Taken,
};

#[derive(Default)]
pub(crate) struct FakeReadings(Mutex<BTreeMap<(String, String), ReadingKnown>>);

#[async_trait]
impl Readings for FakeReadings {
    async fn take(
        &self,
        readings: Vec<Reading>,
        origin: ReadingOrigin,
    ) -> Result<Taken, ReadingsError> {
        let mut taken = Taken { new: 0, corrected: 0, same: 0, version: Some(1) };
        let mut kept = self.0.lock().unwrap();
        for own in readings {
            let key = (own.meter, own.begin);
            match kept.get(&key).map(|known| known.value) {
                None => taken.new += 1,
                Some(before) if before == own.value => {
                    taken.same += 1;
                    continue;
                }
                Some(_) => taken.corrected += 1,
            }
            kept.insert(key, ReadingKnown { value: own.value, origin: Some(origin.clone()) });
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
            kept.get(&(meter.to_owned(), begin)).map(|known| known.value)
        };
        let (meter, day) = (meter.to_owned(), day.to_owned());
        Ok(MeterDay { meter, day, quarters: (0..96).map(quarter).collect(), version: 1 })
    }

    async fn origin(
        &self,
        meter: &str,
        begin: &str,
        _as_of: Option<Moment>,
    ) -> Result<Option<ReadingKnown>, ReadingsError> {
        Ok(self.0.lock().unwrap().get(&(meter.to_owned(), begin.to_owned())).cloned())
    }

    async fn days(
        &self,
        meter: &str,
        month: &str,
    ) -> Result<Vec<(String, f64, u32)>, ReadingsError> {
        let mut days: BTreeMap<String, (f64, u32)> = BTreeMap::new();
        for ((own, begin), known) in self.0.lock().unwrap().iter() {
            if own == meter && begin.starts_with(month) {
                let day = days.entry(begin[..10].to_owned()).or_default();
                *day = (day.0 + known.value, day.1 + 1);
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
