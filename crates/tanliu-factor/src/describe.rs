//! 陈列 A set as text for people: its header, then its rows as an aligned table.

use crate::row::Row;
use crate::{FactorSet, Uncertainty};
use tanliu_diagnostic::Lang;

/// The header and the table of a set; what all rows share stands in the header only.
pub fn describe(set: &FactorSet, lang: Lang) -> String {
    let mut text = head(set, lang);
    text.push('\n');
    let mut columns = key_columns(set);
    columns.extend(columns_of_rows(set, lang));
    for column in &mut columns {
        let widest = column.cells.iter().map(|cell| width(cell)).max().unwrap_or(0);
        for cell in &mut column.cells {
            let padding = " ".repeat(widest.saturating_sub(width(cell)));
            *cell = if column.right { padding + cell } else { std::mem::take(cell) + &padding };
        }
    }
    let lines = set.rows.len() + 1;
    for line in 0..lines {
        let cells: Vec<&str> = columns
            .iter()
            .filter_map(|column| column.cells.get(line))
            .map(String::as_str)
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

fn head(set: &FactorSet, lang: Lang) -> String {
    let header = &set.header;
    let word = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    let mut lines = vec![format!("{}  {}", set.id, header.title.get(lang))];
    let mut say = |name: &str, value: String| {
        if !value.is_empty() {
            lines.push(format!("{name}{}{value}", word("：", ": ")));
        }
    };
    say(word("种类", "kind"), header.kind.clone());
    say(word("单位", "unit"), set.unit().map(ToString::to_string).unwrap_or_default());
    say(word("发布", "issuer"), header.issuer.clone());
    say(word("出处", "source"), header.source.clone().unwrap_or_default());
    say(word("页或节", "page or section"), header.page.clone().unwrap_or_default());
    let published = header.published.map(|at| at.to_string());
    say(word("公布", "published"), published.unwrap_or_default());
    say(word("区域划分", "region set"), header.region_set.clone().unwrap_or_default());
    let mut standing = header.standing.name(lang).to_owned();
    if let Some(note) = &header.standing_note {
        standing = format!("{standing}{}{}", word("。", ": "), note.get(lang));
    }
    say(word("可信程度", "standing"), standing);
    say(word("允许缺口", "gaps allowed"), header.gaps.clone().unwrap_or_default());
    let note = header.note.as_ref().map(|note| note.get(lang).to_owned());
    say(word("说明", "note"), note.unwrap_or_default());
    lines.join("\n") + "\n"
}

struct Column {
    cells: Vec<String>,
    right: bool,
}

fn key_columns(set: &FactorSet) -> Vec<Column> {
    let cell = |position: usize, column: &str, row: &Row| {
        let code = row.keys.get(position).map_or("", String::as_str);
        match set.label(column, code) {
            Some(label) => format!("{code} {label}"),
            None => code.to_owned(),
        }
    };
    let keys = set.header.keys.iter().enumerate();
    keys.map(|(position, key)| {
        let mut cells = vec![key.column.clone()];
        cells.extend(set.rows.iter().map(|row| cell(position, &key.column, row)));
        Column { cells, right: false }
    })
    .collect()
}

/// The columns in which a row says something; those all rows leave to the header are not shown.
fn columns_of_rows(set: &FactorSet, lang: Lang) -> Vec<Column> {
    let header = &set.header;
    let unit = set.unit().map(ToString::to_string).unwrap_or_default();
    type Cell<'a> = Box<dyn Fn(&Row) -> String + 'a>;
    let unless = |same: bool, text: &dyn ToString| match same {
        true => String::new(),
        false => text.to_string(),
    };
    let date = |key: Option<tanliu_unit::time::TimeKey>| key.map(|k| k.to_string());
    let wanted: Vec<(&str, &str, bool, Cell<'_>)> = vec![
        ("有效期", "valid", false, Box::new(|row| row.validity.words())),
        ("数据年", "vintage", false, Box::new(|row| date(row.vintage).unwrap_or_default())),
        (
            "公布",
            "published",
            false,
            Box::new(|row| {
                unless(row.published == header.published, &date(row.published).unwrap_or_default())
            }),
        ),
        ("值", "value", true, Box::new(|row| row.printed.clone())),
        ("单位", "unit", false, Box::new(|row| unless(row.unit.to_string() == unit, &row.unit))),
        ("不确定度", "uncertainty", false, Box::new(|row| uncertainty_words(row.uncertainty))),
        (
            "可信程度",
            "standing",
            false,
            Box::new(|row| unless(row.standing == header.standing, &row.standing.name(lang))),
        ),
        (
            "出处",
            "source",
            false,
            Box::new(|row| unless(Some(&row.source) == header.source.as_ref(), &row.source)),
        ),
        (
            "页或节",
            "page",
            false,
            Box::new(|row| unless(Some(&row.page) == header.page.as_ref(), &row.page)),
        ),
        ("说明", "note", false, Box::new(|row| row.note.clone().unwrap_or_default())),
    ];
    let columns = wanted.into_iter().filter_map(|(zh, en, right, cell)| {
        let body: Vec<String> = set.rows.iter().map(cell).collect();
        if body.iter().all(String::is_empty) {
            return None;
        }
        let mut cells = vec![if lang == Lang::Zh { zh } else { en }.to_owned()];
        cells.extend(body);
        Some(Column { cells, right })
    });
    columns.collect()
}

fn uncertainty_words(uncertainty: Option<Uncertainty>) -> String {
    match uncertainty {
        None => String::new(),
        Some(Uncertainty::Relative(share)) => format!("±{}%", percent(share)),
        Some(Uncertainty::Absolute(width)) => format!("±{width}"),
    }
}

/// A share as per cent without the dust of doubles: 0.07 is 7, not 7.000000000000001.
fn percent(share: f64) -> f64 {
    format!("{:.12e}", share * 100.0).parse().unwrap_or(share * 100.0)
}

/// How many columns of a terminal a text takes: Chinese signs take two.
fn width(text: &str) -> usize {
    let wide = |c: char| {
        matches!(u32::from(c),
            0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF
            | 0xFE30..=0xFE4F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x20000..=0x3FFFD)
    };
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}
