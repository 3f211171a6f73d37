//! 拼成一张表 The files of a listing as one table: one schema, one row count.

use super::columns::{common_schema, wide_columns};
use super::files::Listing;
use super::footer::Footer;
use super::guard::guarded;
use super::{Format, SourceError, WideTable, delimited, ipc};
use arrow::datatypes::{DataType, FieldRef, Schema, SchemaRef};
use std::sync::Arc;

/// A table of Parquet files.
pub(super) fn open_parquet(mut listing: Listing) -> Result<WideTable, SourceError> {
    let mut footers = Vec::with_capacity(listing.files.len());
    for file in &mut listing.files {
        let footer = guarded(file, Format::Parquet, || Footer::read(file))?;
        file.rows = Some(footer.rows());
        footers.push(footer);
    }
    let schemas = footers.iter().map(|footer| Arc::clone(&footer.schema)).collect();
    Ok(WideTable { footers, ..assemble(listing, schemas)? })
}

/// A table of Arrow files: their schemas stand at the beginning.
pub(super) fn open_ipc(mut listing: Listing) -> Result<WideTable, SourceError> {
    let mut schemas = Vec::with_capacity(listing.files.len());
    for file in &mut listing.files {
        let (schema, rows) = guarded(file, Format::Ipc, || ipc::look(file))?;
        file.rows = rows;
        schemas.push(schema);
    }
    assemble(listing, schemas)
}

/// A table of text files: all columns are texts.
pub(super) fn open_delimited(listing: Listing) -> Result<WideTable, SourceError> {
    let schemas = listing.files.iter().map(delimited::look).collect::<Result<Vec<_>, _>>()?;
    assemble(listing, schemas)
}

/// Puts the columns of all files together.
pub(super) fn assemble(
    listing: Listing,
    read_as: Vec<SchemaRef>,
) -> Result<WideTable, SourceError> {
    let shown: Vec<(&str, SchemaRef)> = (listing.files.iter().zip(&read_as))
        .map(|(file, schema)| (file.shown.as_str(), Arc::clone(schema)))
        .collect();
    let fields = common_schema(&shown)?;
    let read_as = like_table(&read_as, &fields);
    let first = listing.files.first().map_or("", |file| file.shown.as_str());
    let (columns, schema) = wide_columns(first, fields, &listing.partition)?;
    let rows = listing.files.iter().map(|file| file.rows).sum();
    Ok(WideTable {
        name: listing.name,
        shown: listing.shown,
        format: listing.format,
        columns,
        files: listing.files,
        rows,
        version: None,
        version_time: None,
        skipped: listing.skipped,
        schema,
        read_as,
        footers: Vec::new(),
    })
}

/// Texts of a file are read as the table has them: decoding into either form costs the same, but
/// changing the form afterwards does not come free.
pub(super) fn like_table(read_as: &[SchemaRef], fields: &[FieldRef]) -> Vec<SchemaRef> {
    let is_text =
        |data_type: &DataType| matches!(data_type, DataType::Utf8 | DataType::Dictionary(..));
    let own = |field: &FieldRef| {
        let of_table = fields.iter().find(|known| known.name() == field.name());
        match of_table {
            Some(known) if is_text(known.data_type()) && is_text(field.data_type()) => {
                let data_type = known.data_type().clone();
                Arc::new(field.as_ref().clone().with_data_type(data_type))
            }
            _ => Arc::clone(field),
        }
    };
    let schema = |schema: &SchemaRef| {
        Arc::new(Schema::new(schema.fields().iter().map(own).collect::<Vec<_>>()))
    };
    read_as.iter().map(schema).collect()
}
