//! 逐行写出 Results that are too long to be held: their rows go to a file part by part.

use crate::arguments::Format;
use crate::failure::Failure;
use crate::results::out_table;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use tanliu_engine::sink::{ColumnNames, ParquetSink, batch_of};
use tanliu_engine::{Progress, StreamedTable};
use tanliu_method::eval::OutputTable;
use tanliu_method::program::Program;
use tanliu_office::write_csv;

/// Rows of a part: whole pages of a Parquet file.
const PART_ROWS: usize = 65_536;

/// Writes the rows of a result as CSV, or else as Parquet: what [`write_csv`] and a Parquet file of
/// the whole table would hold.
pub(super) fn write(
    table: StreamedTable,
    (program, progress): (&Program, &Progress),
    format: Format,
    path: &Path,
) -> Result<(), Failure> {
    match format {
        Format::Csv => {
            let failed =
                |error: std::io::Error| Failure::unwritable(&crate::documents::shown(path), &error);
            let mut file = BufWriter::new(File::create(path).map_err(failed)?);
            let mut begun = false;
            table.take_out(program, progress, PART_ROWS, |part| {
                let bytes = write_csv(&out_table(program, &part));
                // The header stands once; no name in it holds a line break.
                let header = bytes.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
                let from = if std::mem::replace(&mut begun, true) { header } else { 0 };
                file.write_all(bytes.get(from..).unwrap_or_default()).map_err(failed)
            })?;
            file.flush().map_err(failed)
        }
        _ => {
            let mut sink: Option<ParquetSink> = None;
            table.take_out(program, progress, PART_ROWS, |part: OutputTable| {
                let batch = batch_of(program, &part, ColumnNames::WithUnits)?;
                let sink = match &mut sink {
                    Some(sink) => sink,
                    None => sink.insert(ParquetSink::create(path, &batch.schema())?),
                };
                Ok::<(), Failure>(sink.write(&batch)?)
            })?;
            sink.map_or(Ok(0), ParquetSink::finish)?;
            Ok(())
        }
    }
}
