//! 报告 Reports for print: a small model of a document, and its two writers, docx and pdf.
//!
//! - [`Report`] is what is printed: title, notice, facts, and blocks from heading to list of
//!   sources. Every figure in it is a text that the caller has rounded; only charts take numbers.
//! - [`write_docx`] writes it for Word, with real heading styles, repeated heads of tables, page
//!   numbers, and charts that Word draws itself.
//! - [`write_pdf`] writes it for paper, with text that can be searched, bookmarks and page numbers.
//!   [`write_pdf_with`] embeds the needed letters of fonts that the caller brings.
//! - [`enterprise::enterprise_report`] is one report made from plain values.
//!
//! Nothing here knows a clock: the date is a text among the [`Facts`], and the same report gives
//! the same bytes. Signs that do not show are shown as `�`, so that no text of a stranger can turn
//! a figure around or vanish.

mod chart;
mod clean;
mod docx;
pub mod enterprise;
mod number;
mod pdf;
#[cfg(test)]
mod tests;
mod words;
mod wrap;

pub use docx::write_docx;
pub use number::shown;
pub use pdf::fonts::{FontFile, ReportFonts};
pub use pdf::{write_pdf, write_pdf_with};

use crate::OfficeError;
use tanliu_diagnostic::Lang;

/// 最多列 So many columns of one letter each fit on a printed page.
const MOST_COLUMNS: usize = 24;

/// Refuses what cannot be printed: tables wider than a page, rows longer than their head.
fn check(report: &Report) -> Result<(), OfficeError> {
    for block in &report.blocks {
        let Block::Table(table) = block else { continue };
        let columns = table.columns.len();
        let longest = table.rows.iter().map(Vec::len).max().unwrap_or(0);
        let limit = if longest > columns { columns } else { MOST_COLUMNS };
        if columns.max(longest) > limit {
            return Err(OfficeError::TooWideForPrint {
                table: table.caption.clone(),
                columns: columns.max(longest),
                limit,
            });
        }
    }
    Ok(())
}

/// 报告 A document for print.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// 语言 The language of what the report says by itself: `表 1`, `续表`, page numbers.
    pub lang: Lang,
    /// 题名 Its title.
    pub title: String,
    /// 副题 What stands below the title; may be empty.
    pub subtitle: String,
    /// 声明 What every page must say: that the data are made up, that it is a draft. May be empty.
    pub notice: String,
    /// 出处 Where its figures come from.
    pub facts: Facts,
    /// 正文 Its body.
    pub blocks: Vec<Block>,
}

/// 出处 What the report rests on, as given texts; an empty one is not shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// 运行 The run.
    pub run: String,
    /// 文档与版本 The methodology document: `cn/district/panorama@2.1`.
    pub document: String,
    /// 摘要 The digest of the run or of the document.
    pub digest: String,
    /// 日期 The date of the report.
    pub date: String,
}

/// 内容块 One part of the body.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// 标题 A heading; levels are 1 to 3, others are taken as the nearest.
    Heading {
        /// Its level.
        level: u8,
        /// Its text.
        text: String,
    },
    /// 段落 A paragraph; a line feed ends a line in it.
    Paragraph(String),
    /// 表 A table.
    Table(Table),
    /// 关键数 Key figures, side by side.
    KeyFigures(Vec<KeyFigure>),
    /// 图 A chart.
    Chart(Chart),
    /// 分页 What follows begins a page.
    PageBreak,
    /// 来源 A numbered list of sources.
    Sources(Vec<Source>),
}

/// 表 A table with a head that is repeated on every page. Rows shorter than the head are filled
/// with empty cells; cells beyond the head are refused.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// 表题 Its caption; the number before it is given by the writer.
    pub caption: String,
    /// 表头 Its columns.
    pub columns: Vec<Column>,
    /// 行 Its rows.
    pub rows: Vec<Vec<String>>,
    /// 注 A note below it; may be empty.
    pub note: String,
}

/// 列 A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column {
    /// 列名 Its name.
    pub head: String,
    /// 单位 The unit of its figures, shown in the head; may be empty.
    pub unit: String,
    /// 对齐 How its cells stand.
    pub align: Align,
}

impl Column {
    /// 文字列 A column of texts.
    pub fn text(head: &str) -> Self {
        Self { head: head.to_owned(), unit: String::new(), align: Align::Left }
    }

    /// 数列 A column of figures in a unit.
    pub fn figures(head: &str, unit: &str) -> Self {
        Self { head: head.to_owned(), unit: unit.to_owned(), align: Align::Right }
    }
}

/// 对齐 How the cells of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// 左 Texts.
    #[default]
    Left,
    /// 中 Short words.
    Center,
    /// 右 Figures.
    Right,
}

/// 关键数 A figure that the reader should see first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyFigure {
    /// 名称 What it is.
    pub label: String,
    /// 数值 The figure, rounded as it is shown.
    pub value: String,
    /// 单位 Its unit.
    pub unit: String,
    /// 注 A remark; may be empty.
    pub note: String,
}

/// 图 A chart of one or several series over the same categories.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chart {
    /// 图题 Its caption; the number before it is given by the writer.
    pub caption: String,
    /// 图型 Bars or lines.
    pub kind: ChartKind,
    /// 单位 The unit of the axis.
    pub unit: String,
    /// 类别 The categories, usually years.
    pub categories: Vec<String>,
    /// 系列 The series.
    pub series: Vec<Series>,
    /// 注 A note below it; may be empty.
    pub note: String,
}

/// 图型 How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChartKind {
    /// 柱 Bars from zero.
    #[default]
    Bar,
    /// 线 Lines with markers.
    Line,
}

/// 系列 One series. A value that is absent, not finite or beyond ±1e100 leaves a gap: it is
/// never drawn as zero.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// 名称 Its name.
    pub name: String,
    /// 值 One value for each category; missing ones at the end are gaps too.
    pub values: Vec<Option<f64>>,
}

/// 来源 One entry of the list of sources.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// 名称 What it is a source of, or its title.
    pub title: String,
    /// 说明 Where it is: publication, page, digest.
    pub text: String,
}
