//! 列 Which columns a table has, and one type for all of its files.

use super::SourceError;
use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef, TimeUnit};
use std::sync::Arc;

/// The key of a field's metadata that gives the unit where a name cannot.
const UNIT: &str = "unit";
/// The widest decimal number.
const DIGITS_MAX: u8 = 38;

/// 宽表的列 A column of a wide table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WideColumn {
    /// As the binder reads it, unit in brackets: `power (kWh)`.
    pub header: String,
    /// The column's name in the schema.
    pub physical: String,
    /// Its type there: text is `Utf8` or `Dictionary(Int32, Utf8)`.
    pub data_type: DataType,
    /// Whether folders give it, not files.
    pub partition: bool,
}

/// Texts that repeat themselves: a number for each row and the distinct texts.
pub(super) fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// One schema for all files, each given as it is read; `names` are the files as shown.
///
/// The first file says the order of the columns; the others must have the same ones.
pub(super) fn common_schema(files: &[(&str, SchemaRef)]) -> Result<Vec<FieldRef>, SourceError> {
    let Some((first, schema)) = files.first() else { return Ok(Vec::new()) };
    let mut fields: Vec<(FieldRef, &str)> =
        schema.fields().iter().map(|field| (Arc::clone(field), *first)).collect();
    for (file, schema) in files.iter().skip(1) {
        same_names(first, &fields, file, schema)?;
        for (known, file_of_known) in &mut fields {
            let Ok(own) = schema.field_with_name(known.name()) else { continue };
            let wider = widen(known.data_type(), own.data_type());
            let wider = wider.ok_or_else(|| SourceError::TypesDiffer {
                column: known.name().clone(),
                first: (*file_of_known).to_owned(),
                first_type: type_name(known.data_type()),
                second: (*file).to_owned(),
                second_type: type_name(own.data_type()),
            })?;
            if unit_of(known) != unit_of(own) {
                return Err(SourceError::UnitsDiffer {
                    column: known.name().clone(),
                    first: (*file_of_known).to_owned(),
                    first_unit: unit_of(known).unwrap_or_default().to_owned(),
                    second: (*file).to_owned(),
                    second_unit: unit_of(own).unwrap_or_default().to_owned(),
                });
            }
            if wider != *known.data_type() {
                let field = known.as_ref().clone().with_data_type(wider);
                (*known, *file_of_known) = (Arc::new(field), *file);
            }
        }
    }
    Ok(fields.into_iter().map(|(field, _)| settled(&field)).collect())
}

/// A column of nothing but nulls has no type of its own: it is read as texts.
fn settled(field: &FieldRef) -> FieldRef {
    let data_type = match field.data_type() {
        DataType::Null => DataType::Utf8,
        other => other.clone(),
    };
    Arc::new(field.as_ref().clone().with_data_type(data_type).with_nullable(true))
}

fn same_names(
    first: &str,
    fields: &[(FieldRef, &str)],
    second: &str,
    schema: &Schema,
) -> Result<(), SourceError> {
    let known = |name: &str| fields.iter().any(|(field, _)| field.name() == name);
    let lacking: Vec<String> = (fields.iter().map(|(field, _)| field.name()))
        .filter(|name| schema.field_with_name(name).is_err())
        .cloned()
        .collect();
    let further: Vec<String> = (schema.fields().iter().map(|field| field.name()))
        .filter(|name| !known(name))
        .cloned()
        .collect();
    if lacking.is_empty() && further.is_empty() {
        return Ok(());
    }
    Err(SourceError::ColumnsDiffer {
        first: first.to_owned(),
        second: second.to_owned(),
        lacking,
        further,
    })
}

/// How a file's column is read: the file's own type, texts in one form. `repeats` tells of a text
/// column that its distinct texts stand in the file.
pub(super) fn read_as(file: &str, field: &Field, repeats: bool) -> Result<FieldRef, SourceError> {
    let data_type = match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View if repeats => dictionary(),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        DataType::Dictionary(_, value) if is_text(value) => dictionary(),
        DataType::Timestamp(_, Some(zone)) => {
            return Err(SourceError::TimeZone {
                file: file.to_owned(),
                column: field.name().clone(),
                zone: zone.to_string(),
            });
        }
        other if is_known(other) => other.clone(),
        other => {
            return Err(SourceError::ColumnType {
                file: file.to_owned(),
                column: field.name().clone(),
                found: type_name(other),
            });
        }
    };
    Ok(Arc::new(field.clone().with_data_type(data_type)))
}

/// Refuses a name that stands twice.
pub(super) fn check_names(file: &str, schema: &Schema) -> Result<(), SourceError> {
    for (number, field) in schema.fields().iter().enumerate() {
        if schema.fields().iter().take(number).any(|other| other.name() == field.name()) {
            return Err(SourceError::DuplicateColumn {
                file: file.to_owned(),
                column: field.name().clone(),
            });
        }
    }
    Ok(())
}

/// The columns as the binder and the provider see them, those of partitions last.
pub(super) fn wide_columns(
    first_file: &str,
    fields: Vec<FieldRef>,
    partition: &[String],
) -> Result<(Vec<WideColumn>, SchemaRef), SourceError> {
    let mut columns: Vec<WideColumn> = (fields.iter())
        .map(|field| WideColumn {
            header: header_of(field),
            physical: field.name().clone(),
            data_type: field.data_type().clone(),
            partition: false,
        })
        .collect();
    let mut fields = fields;
    for name in partition {
        if fields.iter().any(|field| field.name() == name) {
            return Err(SourceError::PartitionInFile {
                file: first_file.to_owned(),
                column: name.clone(),
            });
        }
        fields.push(Arc::new(Field::new(name, dictionary(), true)));
        columns.push(WideColumn {
            header: name.clone(),
            physical: name.clone(),
            data_type: dictionary(),
            partition: true,
        });
    }
    Ok((columns, Arc::new(Schema::new(fields))))
}

/// The header that the binder reads.
fn header_of(field: &Field) -> String {
    match unit_of(field) {
        Some(unit) => format!("{} ({unit})", field.name()),
        None => field.name().clone(),
    }
}

fn unit_of(field: &Field) -> Option<&str> {
    let unit = field.metadata().get(UNIT)?.trim();
    (!unit.is_empty()).then_some(unit)
}

fn is_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

/// The types that cells of the language can be.
fn is_known(data_type: &DataType) -> bool {
    data_type.is_integer()
        || matches!(
            data_type,
            DataType::Null
                | DataType::Boolean
                | DataType::Float32
                | DataType::Float64
                | DataType::Date32
                | DataType::Timestamp(_, None)
                | DataType::Decimal128(..)
        )
}

/// The narrowest type that holds all values of both, without loss.
fn widen(left: &DataType, right: &DataType) -> Option<DataType> {
    use DataType::{Date32, Decimal128, Dictionary, Float32, Float64, Null, Timestamp, Utf8};
    if left == right {
        return Some(left.clone());
    }
    match (left, right) {
        (Null, other) | (other, Null) => Some(other.clone()),
        (Utf8, Dictionary(..)) | (Dictionary(..), Utf8) => Some(Utf8),
        (Float32, Float64) | (Float64, Float32) => Some(Float64),
        (Float32 | Float64, whole) | (whole, Float32 | Float64) => (whole.is_integer()
            && integer_bits(whole).is_some_and(|(bits, _)| bits <= 32))
        .then_some(Float64),
        (Timestamp(left, None), Timestamp(right, None)) => {
            Some(Timestamp(finer(*left, *right), None))
        }
        (Date32, _) | (_, Date32) => None,
        (Decimal128(precision, scale), Decimal128(other_precision, other_scale)) => {
            let whole = i16::from(*precision) - i16::from(*scale);
            let whole = whole.max(i16::from(*other_precision) - i16::from(*other_scale));
            let scale = (*scale).max(*other_scale);
            let precision = u8::try_from(whole + i16::from(scale)).ok()?;
            (precision <= DIGITS_MAX).then_some(Decimal128(precision, scale))
        }
        _ => wider_integer(left, right),
    }
}

fn wider_integer(left: &DataType, right: &DataType) -> Option<DataType> {
    let ((left, left_signed), (right, right_signed)) = (integer_bits(left)?, integer_bits(right)?);
    let bits = match (left_signed, right_signed) {
        (false, true) => right.max(left * 2),
        (true, false) => left.max(right * 2),
        _ => left.max(right),
    };
    Some(match (left_signed || right_signed, bits) {
        (true, 16) => DataType::Int16,
        (true, 32) => DataType::Int32,
        (true, 64) => DataType::Int64,
        (false, 16) => DataType::UInt16,
        (false, 32) => DataType::UInt32,
        (false, 64) => DataType::UInt64,
        _ => return None,
    })
}

/// Width in bits and whether it has a sign.
fn integer_bits(data_type: &DataType) -> Option<(u32, bool)> {
    Some(match data_type {
        DataType::Int8 => (8, true),
        DataType::Int16 => (16, true),
        DataType::Int32 => (32, true),
        DataType::Int64 => (64, true),
        DataType::UInt8 => (8, false),
        DataType::UInt16 => (16, false),
        DataType::UInt32 => (32, false),
        DataType::UInt64 => (64, false),
        _ => return None,
    })
}

fn finer(left: TimeUnit, right: TimeUnit) -> TimeUnit {
    let rank = |unit: TimeUnit| match unit {
        TimeUnit::Second => 0,
        TimeUnit::Millisecond => 1,
        TimeUnit::Microsecond => 2,
        TimeUnit::Nanosecond => 3,
    };
    if rank(left) >= rank(right) { left } else { right }
}

/// A type as messages name it: texts are texts, however they are stored.
pub(super) fn type_name(data_type: &DataType) -> String {
    match data_type {
        DataType::Dictionary(_, value) if is_text(value) => "Utf8".to_owned(),
        DataType::LargeUtf8 | DataType::Utf8View => "Utf8".to_owned(),
        other => other.to_string(),
    }
}
