//! 键的读取 Key columns of files: texts trimmed and normal, stamps as they stand, all of them checked.

use super::super::bad::BadCell;
use crate::EngineError;
use crate::atom::{AtomKind, Texts};
use crate::batch::KeyColumn;
use crate::source::{WideColumn, WideTable};
use arrow::array::{Array, ArrayRef, AsArray, DictionaryArray, StringArray};
use arrow::buffer::ScalarBuffer;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int32Type, Int64Type, TimeUnit};
use std::collections::HashMap;
use tanliu_method::program::{Index, IndexKind};
use tanliu_unit::time::{Grain, TimeKey};

/// 1970-01-01, counted from 0000-01-01.
const EPOCH_DAY: i64 = 719_528;
const SECONDS_PER_DAY: i64 = 86_400;

/// 键读取器 How a column becomes the keys of an index.
#[derive(Debug, Clone)]
pub(crate) struct KeyReader {
    kind: AtomKind,
    /// The column's header, for messages.
    pub(crate) header: String,
    /// Its number, from 1.
    pub(crate) number: u32,
    members: HashMap<String, u32>,
    form: Form,
}

/// How the values of the column stand in it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    /// Texts, in a dictionary or not.
    Text,
    /// Whole numbers that are the keys.
    Whole,
    /// Stamps: so many to a key, and the key of stamp 0.
    Stamp { per: i64, offset: i64 },
    /// Stamps or days of which each must begin a coarser period: so many to a second.
    Begins { per_second: i64, days: bool },
}

/// 已知字典 What a worker learned of dictionaries it met.
#[derive(Debug, Default)]
pub(super) struct Known {
    last: HashMap<usize, (StringArray, Vec<i64>)>,
}

impl KeyReader {
    pub(super) fn new(
        index: Option<&Index>,
        kind: AtomKind,
        column: &WideColumn,
        table: &WideTable,
    ) -> Result<Self, EngineError> {
        let members = match index.map(|index| &index.kind) {
            Some(IndexKind::Closed(members)) => (0..)
                .zip(members)
                .flat_map(|(code, (name, label))| {
                    [Some(name.clone()), label.clone()]
                        .into_iter()
                        .flatten()
                        .map(move |t| (t, code))
                })
                .collect(),
            _ => HashMap::new(),
        };
        let number = table.columns.iter().position(|own| own == column).unwrap_or(0) + 1;
        let form = form_of(kind, &column.data_type).ok_or_else(|| {
            let wanted = super::kind_name(kind);
            EngineError::key_type(table, column, wanted)
        })?;
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        Ok(Self { kind, header: column.header.clone(), number, members, form })
    }

    /// The key of a text, as a worker's code.
    fn code(&self, text: &str, texts: &mut Texts) -> Option<i64> {
        let text = tanliu_method::bind::header::normal(text);
        if text.is_empty() {
            return None;
        }
        match self.kind {
            AtomKind::Text => Some(i64::from(texts.number(&text))),
            AtomKind::Member => self.members.get(&text).map(|code| i64::from(*code)),
            AtomKind::Integer => text.parse().ok(),
            AtomKind::Time { grain, .. } => Some(TimeKey::parse_as(&text, grain)?.ordinal),
        }
    }

    /// What is wrong with a cell; nothing for a good one.
    pub(crate) fn judge(&self, array: &ArrayRef, row: usize) -> Option<BadCell> {
        let one = array.slice(row, 1);
        let mut texts = Texts::default();
        let read = read_keys(self, 0, &one, &mut Known::default(), &mut texts);
        read.err().map(|_| BadCell {
            shown: super::super::bad::shown(array, row),
            wanted_zh: super::kind_name(self.kind).0.to_owned(),
            wanted_en: super::kind_name(self.kind).1.to_owned(),
        })
    }
}

fn form_of(kind: AtomKind, data_type: &DataType) -> Option<Form> {
    let per_second = match data_type {
        DataType::Timestamp(TimeUnit::Second, None) => Some(1),
        DataType::Timestamp(TimeUnit::Millisecond, None) => Some(1_000),
        DataType::Timestamp(TimeUnit::Microsecond, None) => Some(1_000_000),
        DataType::Timestamp(TimeUnit::Nanosecond, None) => Some(1_000_000_000),
        _ => None,
    };
    let is_text = matches!(data_type, DataType::Utf8 | DataType::Dictionary(_, _));
    match (kind, per_second, data_type) {
        _ if is_text => Some(Form::Text),
        (AtomKind::Time { grain: Grain::Instant, .. }, Some(per), _) => {
            Some(Form::Stamp { per, offset: EPOCH_DAY * SECONDS_PER_DAY })
        }
        (AtomKind::Time { grain: Grain::Hour, .. }, Some(per), _) => {
            Some(Form::Stamp { per: per * 3_600, offset: EPOCH_DAY * 24 })
        }
        (AtomKind::Time { grain: Grain::Day, .. }, Some(per), _) => {
            Some(Form::Stamp { per: per * SECONDS_PER_DAY, offset: EPOCH_DAY })
        }
        (AtomKind::Time { grain: Grain::Day, .. }, _, DataType::Date32) => {
            Some(Form::Stamp { per: 1, offset: EPOCH_DAY })
        }
        (AtomKind::Time { grain: Grain::Month | Grain::Quarter, .. }, Some(per), _) => {
            Some(Form::Begins { per_second: per, days: false })
        }
        (AtomKind::Time { grain, .. }, None, DataType::Date32) if grain != Grain::Year => {
            Some(Form::Begins { per_second: 1, days: true })
        }
        (AtomKind::Time { grain: Grain::Year, .. } | AtomKind::Integer, None, kind)
            if kind.is_integer() =>
        {
            Some(Form::Whole)
        }
        _ => None,
    }
}

/// Reads a batch's keys; an error says that some cell is bad, and no more.
pub(super) fn read_keys(
    reader: &KeyReader,
    place: usize,
    array: &ArrayRef,
    known: &mut Known,
    texts: &mut Texts,
) -> Result<KeyColumn, EngineError> {
    if array.null_count() > 0 {
        return Err(EngineError::BadCells);
    }
    match reader.form {
        Form::Text => read_texts(reader, place, array, known, texts),
        Form::Whole => {
            let raw = cast(array, &DataType::Int64).map_err(|_| EngineError::BadCells)?;
            let raw = raw.as_primitive::<Int64Type>().values().clone();
            Ok(KeyColumn::Number { raw, per: 1, offset: 0 })
        }
        Form::Stamp { per, offset } => {
            let raw = stamps(array)?;
            whole_steps(&raw, per)?;
            Ok(KeyColumn::Number { raw, per, offset })
        }
        Form::Begins { per_second, days } => {
            let AtomKind::Time { grain, .. } = reader.kind else {
                return Err(EngineError::BadCells);
            };
            let raw = stamps(array)?;
            let mut keys = Vec::with_capacity(raw.len());
            let mut last: Option<(i64, i64)> = None;
            for stamp in raw.iter() {
                let key = match last {
                    Some((same, key)) if same == *stamp => key,
                    _ => begun(*stamp, (per_second, days), grain).ok_or(EngineError::BadCells)?,
                };
                last = Some((*stamp, key));
                keys.push(key);
            }
            Ok(KeyColumn::Number { raw: keys.into(), per: 1, offset: 0 })
        }
    }
}

/// The period that begins at a stamp.
fn begun(stamp: i64, (per_second, days): (i64, bool), grain: Grain) -> Option<i64> {
    let fine = match days {
        true => TimeKey { grain: Grain::Day, ordinal: stamp + EPOCH_DAY },
        false => {
            if stamp % per_second != 0 {
                return None;
            }
            let ordinal = stamp / per_second + EPOCH_DAY * SECONDS_PER_DAY;
            TimeKey { grain: Grain::Instant, ordinal }
        }
    };
    let period = fine.coarsen(grain, false);
    (period.coarsen(fine.grain, false) == fine).then_some(period.ordinal)
}

fn stamps(array: &ArrayRef) -> Result<ScalarBuffer<i64>, EngineError> {
    let raw = match array.data_type() {
        DataType::Date32 => cast(array, &DataType::Int32)
            .and_then(|days| cast(&days, &DataType::Int64))
            .map_err(|_| EngineError::BadCells)?,
        DataType::Int64 => ArrayRef::clone(array),
        _ => cast(array, &DataType::Int64).map_err(|_| EngineError::BadCells)?,
    };
    Ok(raw.as_primitive::<Int64Type>().values().clone())
}

/// Every stamp is a whole multiple of `per`. Readings come in even steps: where a step is the one
/// before, nothing is divided.
fn whole_steps(raw: &[i64], per: i64) -> Result<(), EngineError> {
    let Some(first) = raw.first() else { return Ok(()) };
    if per == 1 {
        return Ok(());
    }
    let (mut last, mut good_step) = (*first, 0_i64);
    if first % per != 0 {
        return Err(EngineError::BadCells);
    }
    for stamp in raw {
        let step = stamp.wrapping_sub(last);
        if step != good_step {
            if step % per != 0 {
                return Err(EngineError::BadCells);
            }
            good_step = step;
        }
        last = *stamp;
    }
    Ok(())
}

fn read_texts(
    reader: &KeyReader,
    place: usize,
    array: &ArrayRef,
    known: &mut Known,
    texts: &mut Texts,
) -> Result<KeyColumn, EngineError> {
    let codes: Vec<i64> = match array.as_any().downcast_ref::<DictionaryArray<Int32Type>>() {
        Some(dictionary) => {
            let map = dictionary_codes(reader, place, dictionary, known, texts)?;
            let mut codes = Vec::with_capacity(dictionary.len());
            for key in dictionary.keys().values() {
                let code = usize::try_from(*key).ok().and_then(|key| map.get(key)).copied();
                codes.push(code.filter(|code| *code != UNREAD).ok_or(EngineError::BadCells)?);
            }
            codes
        }
        None => {
            let list = array.as_any().downcast_ref::<StringArray>().ok_or(EngineError::BadCells)?;
            let mut codes = Vec::with_capacity(list.len());
            let mut last: Option<(&str, i64)> = None;
            for text in list.iter().flatten() {
                let code = match last {
                    Some((same, code)) if same == text => code,
                    _ => reader.code(text, texts).ok_or(EngineError::BadCells)?,
                };
                last = Some((text, code));
                codes.push(code);
            }
            codes
        }
    };
    Ok(match reader.kind {
        AtomKind::Text => KeyColumn::Text(
            codes.iter().map(|code| u32::try_from(*code).unwrap_or(u32::MAX)).collect(),
        ),
        _ => KeyColumn::Number { raw: codes.into(), per: 1, offset: 0 },
    })
}

/// A text that no key is written so; only rows that have it are at fault.
const UNREAD: i64 = i64::MIN;

/// The codes of a dictionary; that of the batch before is not read again.
fn dictionary_codes<'k>(
    reader: &KeyReader,
    place: usize,
    dictionary: &DictionaryArray<Int32Type>,
    known: &'k mut Known,
    texts: &mut Texts,
) -> Result<&'k [i64], EngineError> {
    let values = dictionary.values().as_any().downcast_ref::<StringArray>();
    let values = values.ok_or(EngineError::BadCells)?;
    let same = known.last.get(&place).is_some_and(|(last, _)| {
        last.len() == values.len()
            && last.value_data().as_ptr() == values.value_data().as_ptr()
            && last.value_offsets().as_ptr() == values.value_offsets().as_ptr()
    });
    if !same {
        let codes = (values.iter())
            .map(|text| text.and_then(|text| reader.code(text, texts)).unwrap_or(UNREAD))
            .collect();
        known.last.insert(place, (values.clone(), codes));
    }
    known.last.get(&place).map(|(_, codes)| codes.as_slice()).ok_or(EngineError::BadCells)
}
