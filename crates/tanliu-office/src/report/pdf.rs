//! 写 PDF A report for paper.
//!
//! `fonts` knows signs, `sheet` the pages and lines of text, `blocks`, `table` and `figure` lay out
//! the body, `finish` and `objects` write the
//! file.

mod blocks;
mod embedded;
mod figure;
mod finish;
pub(super) mod fonts;
mod objects;
mod sheet;
mod table;

use super::{Report, clean};
use crate::OfficeError;
use fonts::{Fonts, ReportFonts};
use sheet::Sheet;

/// 写 PDF The report as a PDF file with fonts of the reader's: text is searchable, headings are
/// bookmarks, the same report gives the same bytes.
///
/// Chinese letters are those of GBK; what the fonts do not have is an empty square that still
/// yields the sign when it is copied. Right-to-left writing is neither turned nor joined.
///
/// # Errors
/// If a table has more columns than a page.
pub fn write_pdf(report: &Report) -> Result<Vec<u8>, OfficeError> {
    write_pdf_with(report, &ReportFonts::default())
}

/// 写 PDF（嵌入字体） The report as a PDF file that looks the same everywhere: the signs that are used
/// are embedded from the fonts that are given.
///
/// # Errors
/// If a table has more columns than a page, or a font is broken or forbids it.
pub fn write_pdf_with(report: &Report, fonts: &ReportFonts<'_>) -> Result<Vec<u8>, OfficeError> {
    super::check(report)?;
    let report = clean::cleaned(report);
    let mut sheet = Sheet::new(report.lang, Fonts::of(fonts)?);
    sheet.front(&report);
    for block in &report.blocks {
        sheet.block(block);
    }
    finish::finish(sheet, &report)
}
