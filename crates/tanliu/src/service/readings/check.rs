//! 检查 A batch is taken whole or not at all: every row that is wrong is told.

use std::collections::BTreeMap;
use std::sync::Arc;
use tanliu_diagnostic::Text;
use tanliu_engine::readings::Quarter;
use tanliu_engine::readings::waiting::Arriving;
use tanliu_platform::moment::Moment;
use tanliu_platform::port::{Reading, ReadingOrigin, ReadingsError};

/// Rows that are told at most; a batch with more of them is wrong as a whole.
const TOLD_MOST: usize = 1000;
/// Asia/Shanghai, whose time meters tell.
const LOCAL_OFFSET_MS: i64 = 8 * 3_600_000;
/// Milliseconds of a quarter of an hour.
const QUARTER_MS: i64 = 15 * 60_000;

/// 已检查 A batch that can be taken.
#[derive(Debug)]
pub(super) struct Checked {
    /// Each key once.
    pub(super) arriving: Arriving,
    /// Rows that said what an earlier row of the batch says.
    pub(super) again: u64,
}

/// Looks at every row; nothing that begins after `latest` is taken.
pub(super) fn check(
    readings: Vec<Reading>,
    origin: ReadingOrigin,
    latest: Moment,
    unit_of: &(dyn Fn(&str) -> Option<String> + Send + Sync),
) -> Result<Checked, ReadingsError> {
    let mut wrong: Vec<(u64, Text)> = Vec::new();
    let mut arriving =
        Arriving { name: origin.batch, by: origin.by, at: origin.at.0, ..Arriving::default() };
    let mut places: BTreeMap<String, Option<u32>> = BTreeMap::new();
    let mut seen: BTreeMap<(u32, Quarter), (u64, f64)> = BTreeMap::new();
    let mut again = 0;
    for (row, reading) in (1..).zip(readings) {
        if wrong.len() >= TOLD_MOST {
            break;
        }
        let place = match places.get(&reading.meter) {
            Some(place) => *place,
            None => {
                let unit = unit_of(&reading.meter);
                let place = unit.and_then(|unit| {
                    let place = u32::try_from(arriving.meters.len()).ok()?;
                    arriving.meters.push((Arc::from(reading.meter.as_str()), Arc::from(unit)));
                    Some(place)
                });
                places.insert(reading.meter.clone(), place);
                place
            }
        };
        let (place, quarter) = match judged(&reading, place, latest) {
            Ok(key) => key,
            Err(text) => {
                wrong.push((row, text));
                continue;
            }
        };
        match seen.get(&(place, quarter)) {
            None => {
                seen.insert((place, quarter), (row, reading.value));
                arriving.rows.push((place, quarter, reading.value));
            }
            #[expect(clippy::float_cmp, reason = "the same reading is the same double")]
            Some((_, value)) if *value == reading.value => again += 1,
            Some((earlier, value)) => wrong.push((row, twice(&reading, *earlier, *value))),
        }
    }
    if wrong.is_empty() {
        Ok(Checked { arriving, again })
    } else {
        Err(ReadingsError::Refused(wrong))
    }
}

/// The key of a row that can be taken, else what is wrong with it.
fn judged(reading: &Reading, place: Option<u32>, latest: Moment) -> Result<(u32, Quarter), Text> {
    let Reading { meter, begin, value } = reading;
    let place = place.ok_or_else(|| {
        Text::new(
            format!("名录里没有计量表「{meter}」，先登记再上报"),
            format!("no meter `{meter}` is known: register it first"),
        )
    })?;
    let quarter = Quarter::parse(begin).ok_or_else(|| {
        Text::new(
            format!("「{begin}」不是一刻的起点，应写成 2024-01-31T13:15（北京时间）"),
            format!("`{begin}` begins no quarter of an hour: expected such as 2024-01-31T13:15"),
        )
    })?;
    let begins = quarter.0.saturating_mul(QUARTER_MS).saturating_sub(LOCAL_OFFSET_MS);
    if begins > latest.0 {
        return Err(Text::new(
            format!("{begin} 还没有到，检查采集器的时钟"),
            format!("{begin} is still to come: look at the clock of the collector"),
        ));
    }
    if !value.is_finite() {
        return Err(Text::new(
            format!("读数 {value} 不是一个数"),
            format!("the reading {value} is no number"),
        ));
    }
    if *value < 0.0 {
        return Err(Text::new(
            format!("读数 {value} 是负的；上网电量用另一块表上报"),
            format!("the reading {value} is negative: energy fed back has a meter of its own"),
        ));
    }
    Ok((place, quarter))
}

fn twice(reading: &Reading, earlier: u64, value: f64) -> Text {
    let Reading { meter, begin, value: own } = reading;
    Text::new(
        format!("{meter} 在 {begin} 的读数第 {earlier} 行是 {value}，这里是 {own}"),
        format!("{meter} at {begin} was {value} in row {earlier}, and is {own} here"),
    )
}
