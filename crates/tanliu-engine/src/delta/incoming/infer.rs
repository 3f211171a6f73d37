//! 样式的推断 The layout of a table that is made from files.

use super::super::error::Origin;
use super::super::layout::{ColumnType, TableColumn, TableLayout};
use super::super::{DeltaError, LABEL};
use super::align::name_and_unit;
use super::cells::{day, instant, number, truth};
use super::{Incoming, is_column_name};
use arrow::array::AsArray;
use arrow::datatypes::DataType;
use std::collections::BTreeSet;

/// 推断 The layout that holds the rows of a file, which is read through once.
///
/// A Parquet file says its types. Of a CSV file, a column is of times, days or truth values if all
/// its cells are; of numbers if its header has a unit, or all its cells are numbers and it is no
/// key. Long digit strings and those with a zero in front are names (credit codes, meters), not
/// numbers.
///
/// # Errors
/// A file that cannot be read, a name that no column can have, a type that no table holds.
pub fn layout_of(mut incoming: Incoming, keys: &[String]) -> Result<TableLayout, DeltaError> {
    let source = incoming.source.clone();
    let mut guesses = vec![Guess::default(); incoming.schema.fields().len()];
    if is_text(&incoming) {
        for batch in incoming.batches.by_ref() {
            for (guess, column) in guesses.iter_mut().zip(batch?.columns()) {
                let texts = column.as_string::<i32>().iter().flatten().map(str::trim);
                texts.filter(|text| !text.is_empty()).for_each(|text| guess.see(text));
            }
        }
    }
    let mut seen = BTreeSet::new();
    let mut layout = TableLayout { keys: keys.to_vec(), ..TableLayout::default() };
    for (field, guess) in incoming.schema.fields().iter().zip(guesses) {
        let (name, unit) = name_and_unit(field, &incoming.units);
        let double = !seen.insert(name.to_lowercase());
        if double || !is_column_name(&name) {
            return Err(DeltaError::ColumnName { origin: source, name, double });
        }
        let kind = if is_text(&incoming) {
            guess.kind(unit.is_some(), keys.contains(&name))
        } else {
            ColumnType::of(field.data_type()).ok_or_else(|| DeltaError::ColumnType {
                origin: source.clone(),
                column: name.clone(),
                found: field.data_type().to_string(),
            })?
        };
        let label = field.metadata().get(LABEL).cloned();
        layout.columns.push(TableColumn { name, unit, label, kind });
    }
    missing_key(&layout, &source)?;
    Ok(layout)
}

/// Whether the types are still to be found: all columns are texts, as in CSV.
fn is_text(incoming: &Incoming) -> bool {
    incoming.first_row == 2
        && incoming.schema.fields().iter().all(|field| *field.data_type() == DataType::Utf8)
}

fn missing_key(layout: &TableLayout, source: &Origin) -> Result<(), DeltaError> {
    let known = |key: &&String| !layout.columns.iter().any(|column| column.name == **key);
    match layout.keys.iter().find(known) {
        None => Ok(()),
        Some(key) => Err(DeltaError::Keys {
            table: source.0.clone(),
            keys: layout.keys.clone(),
            column: key.clone(),
            partition: false,
        }),
    }
}

/// 推断 What all cells seen so far could be.
#[derive(Debug, Clone)]
struct Guess {
    any: bool,
    number: bool,
    date: bool,
    instant: bool,
    truth: bool,
}

impl Default for Guess {
    fn default() -> Self {
        Self { any: false, number: true, date: true, instant: true, truth: true }
    }
}

impl Guess {
    fn see(&mut self, text: &str) {
        self.any = true;
        self.number = self.number && number(text).is_some() && !is_code(text);
        self.date = self.date && day(text).is_some();
        self.instant = self.instant && instant(text).is_some();
        self.truth = self.truth && truth(text).is_some();
    }

    fn kind(&self, has_unit: bool, is_key: bool) -> ColumnType {
        match self {
            _ if has_unit => ColumnType::Number,
            Self { any: false, .. } => ColumnType::Text,
            Self { date: true, .. } => ColumnType::Date,
            Self { instant: true, .. } => ColumnType::Instant,
            Self { truth: true, .. } => ColumnType::Bool,
            Self { number: true, .. } if !is_key => ColumnType::Number,
            _ => ColumnType::Text,
        }
    }
}

/// `00123`, `91330000142916567X` without its letter: names made of digits.
fn is_code(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits && (text.len() > 15 || text.len() > 1 && text.starts_with('0'))
}
