//! 查验 Checks the rows of a set against each other: duplicates, overlaps, gaps, mixed units.

use crate::FactorSet;
use crate::row::Row;
use tanliu_diagnostic::{CellPlace, Diagnostic, Diagnostics};

/// Makes a finding for each pair of rows that cannot both stand.
pub(crate) fn check_rows(set: &FactorSet, findings: &mut Diagnostics) {
    for series in set.series() {
        check_series(set, &series, findings);
    }
    check_units(set, findings);
}

/// The rows of one key, in the order of their first days.
fn check_series(set: &FactorSet, series: &[&Row], findings: &mut Diagnostics) {
    let mut rows = series.iter().copied();
    // The row that reaches furthest so far; the next one must begin the day after it ends.
    let Some(mut reach) = rows.next() else { return };
    for row in rows {
        let first = row.validity.first_day().ordinal;
        let last = reach.validity.last_day();
        if row.validity == reach.validity {
            findings.push(double_finding(set, reach, row));
        } else if last.is_none_or(|last| first <= last.ordinal) {
            findings.push(overlap_finding(set, reach, row));
        } else if last.is_some_and(|last| first > last.ordinal.saturating_add(1))
            && set.header.gaps.is_none()
        {
            findings.push(gap_finding(set, reach, row));
        }
        let further = match (last, row.validity.last_day()) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(old), Some(new)) => new.ordinal > old.ordinal,
        };
        if further {
            reach = row;
        }
    }
}

fn double_finding(set: &FactorSet, earlier: &Row, later: &Row) -> Diagnostic {
    let key = set.key_words(&later.keys);
    pair(
        Diagnostic::error(
            "factor-row-double",
            format!("{key} {} 有两行", later.validity.words()),
            format!("{key} {} has two rows", later.validity.words()),
        ),
        set,
        (earlier, later),
    )
    .hint(
        "不同发布、不同口径的数放进不同的集",
        "figures of other publications or kinds belong in another set",
    )
}

fn overlap_finding(set: &FactorSet, earlier: &Row, later: &Row) -> Diagnostic {
    let key = set.key_words(&later.keys);
    let finding = pair(
        Diagnostic::error(
            "factor-overlap",
            format!("{key} 的两行有效期重叠"),
            format!("{key}: the validities of two rows overlap"),
        ),
        set,
        (earlier, later),
    );
    if earlier.validity.to.is_none() {
        finding.hint(
            "前一行没有 to，一直有效；给它写上终止",
            "the earlier row has no `to` and never ends; give it one",
        )
    } else {
        finding
    }
}

fn gap_finding(set: &FactorSet, earlier: &Row, later: &Row) -> Diagnostic {
    let key = set.key_words(&later.keys);
    let from = earlier.validity.last_day().map(|last| last.step(1));
    let to = later.validity.first_day().step(-1);
    let missing = from.map_or_else(String::new, |from| format!("{from} … {to}"));
    pair(
        Diagnostic::error(
            "factor-gap",
            format!("{key} 在 {missing} 没有值"),
            format!("{key} has no value for {missing}"),
        ),
        set,
        (earlier, later),
    )
    .hint(
        "补上缺的一行；确实没有时在表头写 gaps = \"理由\"",
        "add the row that is missing, or say why there is none: gaps = \"reason\" in the header",
    )
}

/// Names both rows.
fn pair(finding: Diagnostic, set: &FactorSet, (earlier, later): (&Row, &Row)) -> Diagnostic {
    finding.at(whole_row(set, later), later.validity.words(), later.validity.words()).see(
        whole_row(set, earlier),
        earlier.validity.words(),
        earlier.validity.words(),
    )
}

/// A document states one unit for a factor, before any row is chosen.
fn check_units(set: &FactorSet, findings: &mut Diagnostics) {
    let Some(first) = set.rows.first() else { return };
    let of_set = set.header.unit.as_ref().unwrap_or(&first.unit);
    for row in &set.rows {
        if row.unit.dimension() != of_set.dimension() {
            findings.push(
                Diagnostic::error(
                    "factor-unit-mixed",
                    format!("这一行的单位 {} 换算不成本集的 {of_set}", row.unit),
                    format!(
                        "the unit {} of this row does not convert to the set's {of_set}",
                        row.unit
                    ),
                )
                .at(whole_row(set, row), "", "")
                .hint(
                    "不同量纲的因子放进不同的集",
                    "factors of another dimension belong in another set",
                ),
            );
        }
    }
}

fn whole_row(set: &FactorSet, row: &Row) -> CellPlace {
    CellPlace {
        source: set.file.clone(),
        sheet: None,
        row: row.line,
        column: 0,
        text: String::new(),
    }
}
