//! 表格进出 Tables in (CSV, TSV, JSON lines, workbooks) and out (CSV, JSON, xlsx): bytes in,
//! bytes out.
//!
//! - [`read_tables`] turns the bytes of a file into tables of [`tanliu_method::table`], with a
//!   finding for everything that could be read in two ways; nothing is guessed silently.
//! - [`write_csv`], [`write_json`], [`write_json_lines`], [`write_xlsx`] write results.
//! - [`write_template`] makes the workbook that people fill for a method, and
//!   [`read_properties`] recognises it when it comes back.
//! - [`report`] is a small model of reports for print, written as docx and pdf.
//! - [`write_marked_copy`] hands a faulty workbook back with red cells and notes.
//!
//! There is no file system and no clock here: the same input gives the same bytes.

mod error;
mod options;
pub mod page;
mod properties;
mod read;
pub mod report;
pub mod template;
mod write;

pub use error::OfficeError;
pub use options::ReadOptions;
pub use properties::{WorkbookProperties, read_properties};
pub use read::{KNOWN_EXTENSIONS, OTHER_EXTENSIONS, read_tables};
pub use write::marked::{Mark, write_marked_copy, write_marked_tables};
pub use write::template::{
    Dictionary, Template, TemplateColumn, TemplateColumnKind, TemplateSheet, Validation,
    write_template,
};
pub use write::text::{write_csv, write_json, write_json_lines};
pub use write::workbook::{WorkbookMeta, write_xlsx};
pub use write::{OutCell, OutColumn, OutTable};

#[cfg(test)]
mod tests;
