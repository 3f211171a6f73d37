//! 清理 Texts from outside made fit for print: whatever does not show is shown as `�`.
//!
//! Control characters are forbidden in XML, and marks of direction or of no width would let a
//! stranger's text read otherwise than it is stored.

use super::{Block, Chart, Column, Facts, KeyFigure, Report, Series, Source, Table};

/// What stands for a sign that does not show.
pub(super) const REPLACEMENT: char = '\u{fffd}';

/// The text with one kind of line end, blanks for tabs, and `�` for what does not show.
pub(super) fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.chars()
        .map(|sign| match sign {
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            '\t' => ' ',
            '\n' => '\n',
            _ if is_hidden(sign) => REPLACEMENT,
            _ => sign,
        })
        .collect()
}

/// The text on one line.
fn line(text: &str) -> String {
    clean(text).replace('\n', " ")
}

/// Whether a sign is a control, a mark of direction, of no width, or no character at all.
fn is_hidden(sign: char) -> bool {
    let code = u32::from(sign);
    sign.is_control()
        || matches!(
            code,
            0xad | 0x61c
                | 0x180e
                | 0x200b..=0x200f
                | 0x202a..=0x202e
                | 0x2060..=0x206f
                | 0xfdd0..=0xfdef
                | 0xfeff
                | 0xfff0..=0xfffb
                | 0xe0000..=0xe0fff
        )
        || code & 0xfffe == 0xfffe
}

/// A report in which every text is fit for print.
pub(super) fn cleaned(report: &Report) -> Report {
    Report {
        lang: report.lang,
        title: line(&report.title),
        subtitle: line(&report.subtitle),
        notice: line(&report.notice),
        facts: Facts {
            run: line(&report.facts.run),
            document: line(&report.facts.document),
            digest: line(&report.facts.digest),
            date: line(&report.facts.date),
        },
        blocks: report.blocks.iter().map(block).collect(),
    }
}

fn block(block: &Block) -> Block {
    match block {
        Block::Heading { level, text } => {
            Block::Heading { level: (*level).clamp(1, 3), text: line(text) }
        }
        Block::Paragraph(text) => Block::Paragraph(clean(text)),
        Block::Table(table) => Block::Table(self::table(table)),
        Block::KeyFigures(figures) => Block::KeyFigures(figures.iter().map(key_figure).collect()),
        Block::Chart(chart) => Block::Chart(self::chart(chart)),
        Block::PageBreak => Block::PageBreak,
        Block::Sources(sources) => Block::Sources(sources.iter().map(source).collect()),
    }
}

fn table(table: &Table) -> Table {
    Table {
        caption: line(&table.caption),
        columns: table
            .columns
            .iter()
            .map(|column| Column {
                head: line(&column.head),
                unit: line(&column.unit),
                align: column.align,
            })
            .collect(),
        rows: table
            .rows
            .iter()
            .map(|row| {
                let mut cells: Vec<String> = row.iter().map(|cell| clean(cell)).collect();
                cells.resize(table.columns.len(), String::new());
                cells
            })
            .collect(),
        note: clean(&table.note),
    }
}

fn key_figure(figure: &KeyFigure) -> KeyFigure {
    KeyFigure {
        label: line(&figure.label),
        value: line(&figure.value),
        unit: line(&figure.unit),
        note: line(&figure.note),
    }
}

fn chart(chart: &Chart) -> Chart {
    let wanted = chart.categories.len();
    Chart {
        caption: line(&chart.caption),
        kind: chart.kind,
        unit: line(&chart.unit),
        categories: chart.categories.iter().map(|category| line(category)).collect(),
        series: chart
            .series
            .iter()
            .map(|series| {
                let mut values: Vec<Option<f64>> =
                    series.values.iter().map(|value| value.filter(is_drawable)).collect();
                values.resize(wanted, None);
                Series { name: line(&series.name), values }
            })
            .collect(),
        note: clean(&chart.note),
    }
}

fn is_drawable(value: &f64) -> bool {
    value.is_finite() && value.abs() <= 1e100
}

fn source(source: &Source) -> Source {
    Source { title: line(&source.title), text: clean(&source.text) }
}
