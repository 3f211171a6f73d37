//! 结果表 A result of a run as one batch: keys, figures, notation keys.

use super::{Fresh, SinkError};
use crate::delta::{self, Author, ColumnType, Incoming, TableColumn, TableLayout, UNIT};
use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use tanliu_method::eval::{Figure, OutputTable};
use tanliu_method::program::{IndexKind, Program};
use tanliu_unit::time::Grain;

/// 列名 How the unit of a figure is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnNames {
    /// In the name as in a header, `co2 (tCO2)`, and in the field's metadata: Parquet.
    WithUnits,
    /// In the field's metadata only: Delta.
    Plain,
}

/// A result as one batch: a column for each index (whole numbers where the keys are, years among
/// them), the figures, and behind them a text column `NAME_notation` if any figure is printed as
/// its notation key (the figure itself is then empty).
///
/// # Errors
/// [`SinkError::Write`] if the columns do not fit together, which no result's do.
pub fn batch_of(
    program: &Program,
    table: &OutputTable,
    names: ColumnNames,
) -> Result<RecordBatch, SinkError> {
    let mut fields: Vec<Field> = Vec::new();
    let mut columns: Vec<ArrayRef> = Vec::new();
    for (index, keys) in table.indexes.iter().zip(&table.keys) {
        let column = key_column(keys, is_whole(program, index));
        fields.push(Field::new(index, column.data_type().clone(), true));
        columns.push(column);
    }
    let figures = figure_column(&table.figures);
    let unit = table.unit.as_deref().filter(|unit| *unit != "1");
    let name = match (names, unit) {
        (ColumnNames::WithUnits, Some(unit)) => format!("{} ({unit})", table.name),
        _ => table.name.clone(),
    };
    let metadata: HashMap<String, String> =
        unit.iter().map(|unit| (UNIT.to_owned(), (*unit).to_owned())).collect();
    fields.push(Field::new(name, figures.data_type().clone(), true).with_metadata(metadata));
    columns.push(figures);
    if let Some(notations) = notation_column(&table.figures) {
        fields.push(Field::new(format!("{}_notation", table.name), DataType::Utf8, true));
        columns.push(notations);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
        .map_err(|error| SinkError::Write { path: table.name.clone(), why: error.to_string() })
}

/// Writes a result as the next version of the Delta table at `path`, which is made if there is
/// none: a run leaves a version, and earlier results can be read again. The version is returned.
///
/// # Errors
/// [`SinkError::Delta`]: the table there has other columns, or could not be written.
pub fn write_delta(
    path: &Path,
    program: &Program,
    table: &OutputTable,
    author: &Author,
) -> Result<i64, SinkError> {
    let batch = batch_of(program, table, ColumnNames::Plain)?;
    let fresh = Fresh::of(path);
    if !path.join("_delta_log").is_dir() {
        delta::create(path, &layout_of(&batch, table), author)?;
    }
    let incoming = Incoming::of_batches(&table.name, batch.schema(), std::iter::once(batch));
    let version = delta::replace(path, vec![incoming], author)?.version;
    fresh.keep();
    Ok(version)
}

/// As [`write_delta`], the rows from a Parquet file that [`batch_of`] gave the columns of
/// ([`ColumnNames::WithUnits`]); `table` is the result without most of its rows.
///
/// # Errors
/// As [`write_delta`]; the file cannot be read.
pub fn write_delta_from(
    path: &Path,
    program: &Program,
    (table, rows): (&OutputTable, &Path),
    author: &Author,
) -> Result<i64, SinkError> {
    let fresh = Fresh::of(path);
    if !path.join("_delta_log").is_dir() {
        let batch = batch_of(program, table, ColumnNames::Plain)?;
        delta::create(path, &layout_of(&batch, table), author)?;
    }
    let version = delta::replace(path, vec![Incoming::open(rows)?], author)?.version;
    fresh.keep();
    Ok(version)
}

fn layout_of(batch: &RecordBatch, table: &OutputTable) -> TableLayout {
    let schema = batch.schema();
    let columns = schema.fields().iter().map(|field| TableColumn {
        name: field.name().clone(),
        unit: field.metadata().get(UNIT).cloned(),
        label: table.label.clone().filter(|_| *field.name() == table.name),
        kind: match field.data_type() {
            DataType::Int64 => ColumnType::Integer,
            DataType::Float64 => ColumnType::Number,
            DataType::Boolean => ColumnType::Bool,
            _ => ColumnType::Text,
        },
    });
    TableLayout {
        columns: columns.collect(),
        keys: table.indexes.clone(),
        ..TableLayout::default()
    }
}

/// Whether the keys of an index are whole numbers: years are numbers to a spreadsheet.
fn is_whole(program: &Program, index: &str) -> bool {
    let index = program.index(index).and_then(|id| program.indexes.get(id));
    index.is_some_and(|index| match index.kind {
        IndexKind::Integer => true,
        IndexKind::Time { grain, .. } => grain == Grain::Year,
        _ => false,
    })
}

fn key_column(keys: &[Rc<str>], whole: bool) -> ArrayRef {
    let numbers: Option<Vec<i64>> =
        whole.then(|| keys.iter().map(|key| key.parse().ok()).collect()).flatten();
    match numbers {
        Some(numbers) => Arc::new(Int64Array::from(numbers)),
        None => Arc::new(StringArray::from_iter_values(keys.iter().map(AsRef::<str>::as_ref))),
    }
}

fn figure_column(figures: &[Figure]) -> ArrayRef {
    let first = figures.iter().find(|figure| !matches!(figure, Figure::Noted(..)));
    match first {
        Some(Figure::Bool(_)) => {
            let values = figures.iter().map(|figure| match figure {
                Figure::Bool(value) => Some(*value),
                _ => None,
            });
            Arc::new(values.collect::<BooleanArray>())
        }
        Some(Figure::Text(_)) => {
            let values = figures.iter().map(|figure| match figure {
                Figure::Text(text) => Some(text.as_ref()),
                _ => None,
            });
            Arc::new(values.collect::<StringArray>())
        }
        _ => {
            let values = figures.iter().map(|figure| match figure {
                Figure::Number(number) => Some(*number),
                _ => None,
            });
            Arc::new(values.collect::<Float64Array>())
        }
    }
}

fn notation_column(figures: &[Figure]) -> Option<ArrayRef> {
    let words: Vec<Option<&str>> = figures
        .iter()
        .map(|figure| match figure {
            Figure::Noted(_, notation) => Some(notation.word()),
            _ => None,
        })
        .collect();
    let any = words.iter().any(Option::is_some);
    any.then(|| Arc::new(StringArray::from(words)) as ArrayRef)
}
