//! 行的条件 Which rows of a table are wanted, in the few forms that footers can judge.

use super::{SourceError, WideTable};
use arrow::datatypes::{DataType, TimeUnit};
use datafusion_common::ScalarValue;
use datafusion_expr::Operator;
use datafusion_physical_expr::expressions::{BinaryExpr, Column, Literal, in_list};
use datafusion_physical_expr::{PhysicalExpr, conjunction};
use std::sync::Arc;

const SECONDS_PER_DAY: i64 = 86_400;

/// 行的条件 Which rows are wanted; a row without a value in the column is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Predicate {
    /// A text column holds this text, as it stands.
    TextIs {
        /// The column's physical name.
        column: String,
        /// The text.
        text: String,
    },
    /// A text column holds one of these texts.
    TextIn {
        /// The column's physical name.
        column: String,
        /// The texts.
        texts: Vec<String>,
    },
    /// A text column holds a text of a range, both ends included, by the order of the code points.
    TextWithin {
        /// The column's physical name.
        column: String,
        /// The least.
        least: String,
        /// The greatest.
        greatest: String,
    },
    /// A date or time lies in a range that is open at its end, in seconds since 1970-01-01 00:00 of
    /// local time.
    TimeWithin {
        /// The column's physical name.
        column: String,
        /// The first second.
        from_seconds: i64,
        /// The second behind the last one.
        to_seconds: i64,
    },
    /// A whole number lies in a range, both ends included.
    IntegerWithin {
        /// The column's physical name.
        column: String,
        /// The least.
        least: i64,
        /// The greatest.
        greatest: i64,
    },
    /// All of these hold.
    All(Vec<Predicate>),
}

/// A condition split by who can judge it.
#[derive(Debug, Default)]
pub(super) struct Split {
    /// Conditions on columns of partitions: whole files are taken or left.
    partition: Vec<Predicate>,
    /// The rest, over the table's schema.
    pub(super) rows: Option<Arc<dyn PhysicalExpr>>,
}

impl Split {
    /// Splits a condition; an error if a column cannot be asked so.
    pub(super) fn of(table: &WideTable, wanted: Option<&Predicate>) -> Result<Self, SourceError> {
        let mut leaves = Vec::new();
        if let Some(wanted) = wanted {
            wanted.leaves(&mut leaves);
        }
        let mut split = Self::default();
        let mut rows = Vec::new();
        for leaf in leaves {
            if table.columns.iter().any(|own| own.partition && own.physical == leaf.column()) {
                split.partition.push(leaf.clone());
            } else {
                rows.push(leaf.expression(table)?);
            }
        }
        split.rows = (!rows.is_empty()).then(|| conjunction(rows));
        Ok(split)
    }

    /// Whether a file's partition lets it hold wanted rows.
    pub(super) fn takes(&self, table: &WideTable, file: usize) -> bool {
        let names = table.columns.iter().filter(|column| column.partition);
        let values = table.files.get(file).map_or(&[][..], |file| file.partition.as_slice());
        let values: Vec<_> = names.map(|column| column.physical.as_str()).zip(values).collect();
        self.partition.iter().all(|leaf| {
            let value = values.iter().find(|(name, _)| *name == leaf.column());
            match (leaf, value.and_then(|(_, value)| value.as_deref())) {
                (_, None) => false,
                (Predicate::TextIs { text, .. }, Some(value)) => text == value,
                (Predicate::TextIn { texts, .. }, Some(value)) => {
                    texts.iter().any(|text| text == value)
                }
                (Predicate::TextWithin { least, greatest, .. }, Some(value)) => {
                    (least.as_str()..=greatest.as_str()).contains(&value)
                }
                (Predicate::IntegerWithin { least, greatest, .. }, Some(value)) => {
                    value.parse().is_ok_and(|value: i64| (*least..=*greatest).contains(&value))
                }
                (Predicate::TimeWithin { .. } | Predicate::All(_), Some(_)) => true,
            }
        })
    }
}

impl Predicate {
    fn leaves<'a>(&'a self, found: &mut Vec<&'a Predicate>) {
        match self {
            Self::All(parts) => parts.iter().for_each(|part| part.leaves(found)),
            leaf => found.push(leaf),
        }
    }

    /// The column of a leaf.
    fn column(&self) -> &str {
        match self {
            Self::TextIs { column, .. }
            | Self::TextIn { column, .. }
            | Self::TextWithin { column, .. }
            | Self::TimeWithin { column, .. }
            | Self::IntegerWithin { column, .. } => column,
            Self::All(_) => "",
        }
    }

    /// A leaf as an expression over the table's schema.
    fn expression(&self, table: &WideTable) -> Result<Arc<dyn PhysicalExpr>, SourceError> {
        let name = self.column();
        let unfit = |found: &DataType| SourceError::Predicate {
            table: table.shown.clone(),
            column: name.to_owned(),
            found: super::columns::type_name(found),
        };
        let number = table.schema.index_of(name).map_err(|_| unfit(&DataType::Null))?;
        let data_type = table.schema.field(number).data_type().clone();
        let column: Arc<dyn PhysicalExpr> = Arc::new(Column::new(name, number));
        match self {
            Self::TextIs { text, .. } => {
                let text = text_value(text, &data_type).ok_or_else(|| unfit(&data_type))?;
                Ok(compare(&column, Operator::Eq, text))
            }
            Self::TextIn { texts, .. } => {
                let values = texts.iter().map(|text| {
                    let value = text_value(text, &data_type)?;
                    Some(Arc::new(Literal::new(value)) as Arc<dyn PhysicalExpr>)
                });
                let values: Option<Vec<_>> = values.collect();
                let values = values.ok_or_else(|| unfit(&data_type))?;
                in_list(column, values, &false, &table.schema).map_err(|_| unfit(&data_type))
            }
            Self::TextWithin { least, greatest, .. } => {
                let value = |text| text_value(text, &data_type).ok_or_else(|| unfit(&data_type));
                Ok(conjunction([
                    compare(&column, Operator::GtEq, value(least)?),
                    compare(&column, Operator::LtEq, value(greatest)?),
                ]))
            }
            Self::TimeWithin { from_seconds, to_seconds, .. } => {
                let from =
                    time_value(*from_seconds, &data_type).ok_or_else(|| unfit(&data_type))?;
                let to = time_value(*to_seconds, &data_type).ok_or_else(|| unfit(&data_type))?;
                Ok(conjunction([
                    compare(&column, Operator::GtEq, from),
                    compare(&column, Operator::Lt, to),
                ]))
            }
            Self::IntegerWithin { least, greatest, .. } => {
                let (low, high) = integer_bounds(*least, *greatest, &data_type)
                    .ok_or_else(|| unfit(&data_type))?;
                Ok(conjunction([
                    compare(&column, Operator::GtEq, low),
                    compare(&column, Operator::LtEq, high),
                ]))
            }
            Self::All(_) => Err(unfit(&data_type)),
        }
    }
}

fn compare(
    column: &Arc<dyn PhysicalExpr>,
    operator: Operator,
    value: ScalarValue,
) -> Arc<dyn PhysicalExpr> {
    let value = Arc::new(Literal::new(value));
    Arc::new(BinaryExpr::new(Arc::clone(column), operator, value))
}

fn text_value(text: &str, data_type: &DataType) -> Option<ScalarValue> {
    let value = ScalarValue::Utf8(Some(text.to_owned()));
    match data_type {
        DataType::Utf8 => Some(value),
        DataType::Dictionary(key, _) => Some(ScalarValue::Dictionary(key.clone(), Box::new(value))),
        _ => None,
    }
}

/// A second in the column's own ticks; beyond what they can hold, the last tick there is.
fn time_value(seconds: i64, data_type: &DataType) -> Option<ScalarValue> {
    let ticks = |per_second: i64| Some(seconds.saturating_mul(per_second));
    match data_type {
        DataType::Timestamp(TimeUnit::Second, None) => {
            Some(ScalarValue::TimestampSecond(ticks(1), None))
        }
        DataType::Timestamp(TimeUnit::Millisecond, None) => {
            Some(ScalarValue::TimestampMillisecond(ticks(1_000), None))
        }
        DataType::Timestamp(TimeUnit::Microsecond, None) => {
            Some(ScalarValue::TimestampMicrosecond(ticks(1_000_000), None))
        }
        DataType::Timestamp(TimeUnit::Nanosecond, None) => {
            Some(ScalarValue::TimestampNanosecond(ticks(1_000_000_000), None))
        }
        // A day lies in the range if its first second does.
        DataType::Date32 => {
            let before = i64::from(seconds.rem_euclid(SECONDS_PER_DAY) != 0);
            let day = seconds.div_euclid(SECONDS_PER_DAY) + before;
            let last = if day < 0 { i32::MIN } else { i32::MAX };
            Some(ScalarValue::Date32(Some(i32::try_from(day).unwrap_or(last))))
        }
        _ => None,
    }
}

/// Both ends in the column's own type, brought within what it can hold.
fn integer_bounds(
    least: i64,
    greatest: i64,
    data_type: &DataType,
) -> Option<(ScalarValue, ScalarValue)> {
    if !data_type.is_integer() {
        return None;
    }
    let (bottom, top) = match data_type {
        DataType::Int8 => (i64::from(i8::MIN), i64::from(i8::MAX)),
        DataType::Int16 => (i64::from(i16::MIN), i64::from(i16::MAX)),
        DataType::Int32 => (i64::from(i32::MIN), i64::from(i32::MAX)),
        DataType::UInt8 => (0, i64::from(u8::MAX)),
        DataType::UInt16 => (0, i64::from(u16::MAX)),
        DataType::UInt32 => (0, i64::from(u32::MAX)),
        DataType::UInt64 => (0, i64::MAX),
        _ => (i64::MIN, i64::MAX),
    };
    // A range that lies beyond the type holds no row: its ends are turned round.
    let (least, greatest) = match least > top || greatest < bottom || least > greatest {
        true => (top, bottom),
        false => (least.max(bottom), greatest.min(top)),
    };
    let value = |value: i64| ScalarValue::Int64(Some(value)).cast_to(data_type).ok();
    Some((value(least)?, value(greatest)?))
}
