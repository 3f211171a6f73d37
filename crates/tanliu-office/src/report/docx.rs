//! 写 docx A report for Word.
//!
//! `docx-rs` writes paragraphs, tables and styles; `package` adds what it has no words for (the
//! repeated head of a table, the core properties, the language, charts) and puts the parts into an
//! archive without times.

mod chart;
mod package;
mod style;

use super::{Align, Block, Chart, Column, KeyFigure, Report, Source, Table, clean, words};
use crate::OfficeError;
use docx_rs::{
    AlignmentType, BreakType, Docx, Footer, Header, Paragraph, ParagraphBorder,
    ParagraphBorderPosition, ParagraphBorders, Run, Shading, TableAlignmentType, TableBorder,
    TableBorderPosition, TableBorders, TableCell, TableCellBorder, TableCellBorderPosition,
    TableCellBorders, TableCellMargins, TableLayoutType, TableRow, WidthType,
};
use tanliu_diagnostic::Lang;

/// The width of the text in twentieths of a point.
const WIDTH: usize = 9180;
/// What stands in a paragraph where a chart will be; no text that was cleaned holds it.
pub(super) const CHART_MARK: char = '\u{fdd0}';

/// 写 docx The report as a Word document: heading styles, Chinese fonts by name, heads of tables
/// that repeat, page numbers, charts that can be edited. The same report gives the same bytes.
///
/// # Errors
/// If a table has more columns than a page.
pub fn write_docx(report: &Report) -> Result<Vec<u8>, OfficeError> {
    super::check(report)?;
    let report = clean::cleaned(report);
    let mut writer = Writer { lang: report.lang, tables: 0, charts: Vec::new() };
    let mut docx = frame(style::styled(Docx::new()), &report);
    for part in writer.front(&report) {
        docx = part.add_to(docx);
    }
    for block in &report.blocks {
        for part in writer.block(block) {
            docx = part.add_to(docx);
        }
    }
    package::pack(docx.build(), &report, &writer.charts)
}

/// 部件 What stands in the body.
enum Part {
    Paragraph(Box<Paragraph>),
    Table(Box<docx_rs::Table>),
}

impl Part {
    fn add_to(self, docx: Docx) -> Docx {
        match self {
            Self::Paragraph(paragraph) => docx.add_paragraph(*paragraph),
            Self::Table(table) => docx.add_table(*table),
        }
    }
}

impl From<Paragraph> for Part {
    fn from(paragraph: Paragraph) -> Self {
        Self::Paragraph(Box::new(paragraph))
    }
}

impl From<docx_rs::Table> for Part {
    fn from(table: docx_rs::Table) -> Self {
        Self::Table(Box::new(table))
    }
}

/// Notice above and page number below the text of every page.
fn frame(docx: Docx, report: &Report) -> Docx {
    let mut head = Paragraph::new().style("Header").align(AlignmentType::Right);
    if !report.notice.is_empty() {
        head = head.add_run(text(&report.notice).bold().color(style::NOTICE));
    }
    let (before, between, behind) = match report.lang {
        Lang::Zh => ("第 ", " 页　共 ", " 页"),
        Lang::En => ("page ", " of ", ""),
    };
    let foot = Paragraph::new()
        .style("Footer")
        .align(AlignmentType::Center)
        .add_run(text(before))
        .add_page_num(docx_rs::PageNum::new())
        .add_run(text(between))
        .add_num_pages(docx_rs::NumPages::new())
        .add_run(text(behind));
    docx.header(Header::new().add_paragraph(head)).footer(Footer::new().add_paragraph(foot))
}

/// A run of text; a line feed ends a line.
fn text(words: &str) -> Run {
    let mut run = Run::new();
    for (number, line) in words.split('\n').enumerate() {
        if number > 0 {
            run = run.add_break(BreakType::TextWrapping);
        }
        run = run.add_text(line);
    }
    run
}

fn paragraph(style: &str, words: &str) -> Paragraph {
    Paragraph::new().style(style).add_run(text(words))
}

/// 写作 What is counted while the body is written.
struct Writer {
    lang: Lang,
    tables: usize,
    charts: Vec<Chart>,
}

impl Writer {
    fn front(&self, report: &Report) -> Vec<Part> {
        let mut parts = Vec::new();
        if !report.title.is_empty() {
            parts.push(paragraph("Title", &report.title).into());
        }
        if !report.subtitle.is_empty() {
            parts.push(paragraph("Subtitle", &report.subtitle).into());
        }
        if !report.notice.is_empty() {
            let bar = ParagraphBorder::new(ParagraphBorderPosition::Left)
                .size(24)
                .space(6)
                .color(style::NOTICE);
            let borders = ParagraphBorders::with_empty().set(bar);
            parts.push(paragraph("Notice", &report.notice).set_borders(borders).into());
        }
        for (name, value) in words::facts(self.lang, &report.facts) {
            let line = Paragraph::new()
                .style("Fact")
                .add_run(text(name).bold())
                .add_run(text(&format!("\u{3000}{value}")));
            parts.push(line.into());
        }
        parts
    }

    fn block(&mut self, block: &Block) -> Vec<Part> {
        match block {
            Block::Heading { level, text } => {
                vec![paragraph(&format!("Heading{level}"), text).keep_next(true).into()]
            }
            Block::Paragraph(text) => vec![paragraph("BodyText", text).into()],
            Block::Table(table) => self.table(table),
            Block::KeyFigures(figures) => figures.chunks(4).flat_map(key_figures).collect(),
            Block::Chart(chart) => self.chart(chart),
            Block::PageBreak => {
                vec![Paragraph::new().add_run(Run::new().add_break(BreakType::Page)).into()]
            }
            Block::Sources(sources) => (1..)
                .zip(sources)
                .map(|(number, source)| paragraph("Source", &listed(number, source)).into())
                .collect(),
        }
    }

    fn chart(&mut self, chart: &Chart) -> Vec<Part> {
        let number = self.charts.len() + 1;
        self.charts.push(chart.clone());
        let caption = words::numbered(words::chart_word(self.lang), number, &chart.caption);
        let place = format!("{CHART_MARK}{number}{CHART_MARK}");
        let drawing = Paragraph::new()
            .align(AlignmentType::Center)
            .keep_next(true)
            .add_run(Run::new().add_text(place));
        let mut parts = vec![drawing.into(), paragraph("Caption", &caption).into()];
        parts.extend(self.note(&chart.note));
        parts
    }

    fn note(&self, note: &str) -> Option<Part> {
        (!note.is_empty()).then(|| paragraph("Note", &words::note(self.lang, note)).into())
    }

    fn table(&mut self, table: &Table) -> Vec<Part> {
        self.tables += 1;
        let caption = words::numbered(words::table_word(self.lang), self.tables, &table.caption);
        let mut parts = vec![paragraph("Caption", &caption).keep_next(true).into()];
        if !table.columns.is_empty() {
            let widths = widths(table, self.lang);
            let head = table.columns.iter().zip(&widths).map(|(column, width)| {
                let words = words::head(self.lang, column);
                let line = line("TableHead", &words, column.align, widths.len());
                ruled(TableCell::new().add_paragraph(line), *width, 4)
            });
            let mut rows = vec![TableRow::new(head.collect()).cant_split()];
            rows.extend(table.rows.iter().map(|cells| row(cells, &table.columns, &widths)));
            parts.push(laid(rows, widths, true).into());
        }
        parts.extend(self.note(&table.note));
        parts.push(Paragraph::new().style("Gap").into());
        parts
    }
}

/// The more columns, the smaller the letters; in half points.
fn letters(columns: usize) -> usize {
    match columns {
        0..=8 => 18,
        9..=12 => 15,
        _ => 12,
    }
}

/// A cell's paragraph.
fn line(style: &str, words: &str, align: Align, columns: usize) -> Paragraph {
    let run = text(words).size(letters(columns));
    Paragraph::new().style(style).add_run(run).align(aligned(align))
}

fn row(cells: &[String], columns: &[Column], widths: &[usize]) -> TableRow {
    let cells = cells.iter().zip(columns).zip(widths).map(|((cell, column), width)| {
        let line = line("TableText", cell, column.align, columns.len());
        TableCell::new().add_paragraph(line).width(*width, WidthType::Dxa)
    });
    TableRow::new(cells.collect())
}

/// A cell with a rule below it.
fn ruled(cell: TableCell, width: usize, thick: usize) -> TableCell {
    let rule = TableCellBorder::new(TableCellBorderPosition::Bottom).size(thick).color(style::INK);
    cell.width(width, WidthType::Dxa).set_borders(TableCellBorders::with_empty().set(rule))
}

/// A table as wide as the text: rules above and below, thin ones between the rows.
fn laid(rows: Vec<TableRow>, widths: Vec<usize>, is_ruled: bool) -> docx_rs::Table {
    let rule = |position, size, color: &str| TableBorder::new(position).size(size).color(color);
    let mut borders = TableBorders::with_empty();
    if is_ruled {
        borders = borders
            .set(rule(TableBorderPosition::Top, 12, style::INK))
            .set(rule(TableBorderPosition::Bottom, 12, style::INK))
            .set(rule(TableBorderPosition::InsideH, 2, style::RULE));
    }
    docx_rs::Table::without_borders(rows)
        .set_grid(widths)
        .layout(TableLayoutType::Fixed)
        .width(WIDTH, WidthType::Dxa)
        .align(TableAlignmentType::Center)
        .margins(TableCellMargins::new().margin(0, 60, 0, 60))
        .set_borders(borders)
}

/// Key figures side by side.
fn key_figures(figures: &[KeyFigure]) -> Vec<Part> {
    let width = WIDTH / figures.len().clamp(1, 4);
    let cells = figures.iter().map(|figure| {
        let lines = [
            ("KeyLabel", &figure.label),
            ("KeyValue", &figure.value),
            ("KeyLabel", &figure.unit),
            ("KeyLabel", &figure.note),
        ];
        let mut cell =
            TableCell::new().width(width, WidthType::Dxa).shading(Shading::new().fill(style::PALE));
        let shown = lines.into_iter().filter(|(_, words)| !words.is_empty());
        let mut is_empty = true;
        for (style, words) in shown {
            cell = cell.add_paragraph(paragraph(style, words));
            is_empty = false;
        }
        if is_empty {
            cell = cell.add_paragraph(Paragraph::new());
        }
        cell
    });
    let table = laid(vec![TableRow::new(cells.collect())], vec![width; figures.len()], false);
    vec![table.into(), Paragraph::new().style("Gap").into()]
}

fn aligned(align: Align) -> AlignmentType {
    match align {
        Align::Left => AlignmentType::Left,
        Align::Center => AlignmentType::Center,
        Align::Right => AlignmentType::Right,
    }
}

fn listed(number: usize, source: &Source) -> String {
    let blank = if source.title.is_empty() || source.text.is_empty() { "" } else { "\u{3000}" };
    format!("[{number}] {}{blank}{}", source.title, source.text)
}

/// The widths of the columns, by what the first rows hold.
fn widths(table: &Table, lang: Lang) -> Vec<usize> {
    let wide = |text: &str| {
        text.lines()
            .map(|line| {
                line.chars()
                    .map(|sign| if super::wrap::is_wide(sign) { 2 } else { 1 })
                    .sum::<usize>()
            })
            .max()
            .unwrap_or(0)
    };
    let wanted: Vec<usize> = table
        .columns
        .iter()
        .enumerate()
        .map(|(number, column)| {
            let cells = table.rows.iter().take(1000).filter_map(|row| row.get(number));
            let widest = cells.map(|cell| wide(cell)).max().unwrap_or(0);
            widest.max(wide(&words::head(lang, column))).clamp(4, 40) + 2
        })
        .collect();
    let all = wanted.iter().sum::<usize>().max(1);
    wanted.iter().map(|width| width * WIDTH / all).collect()
}
