//! 取用 Finds the row that a key and an as-of rule call for, or refuses.

use crate::explain::{self, Passed};
use crate::row::Row;
use crate::{FactorSet, Standing};
use std::fmt;
use tanliu_diagnostic::{Diagnostic, Text, nearest};
use tanliu_unit::time::TimeKey;
use tanliu_unit::{Exact, Unit};

/// 取用规则 Which row of a key is meant. A time key counts as the day on which it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// `same year`: the row whose validity holds the day.
    At(TimeKey),
    /// `latest before DATE`: the newest row whose validity begins before the day, strictly, whether
    /// or not it still holds.
    LatestBefore(TimeKey),
    /// `latest published before DATE`: the newest published before the day, strictly; of several
    /// published together the one of the newest validity.
    LatestPublishedBefore(TimeKey),
    /// `fixed at DATE`: the row whose validity holds the day.
    FixedAt(TimeKey),
    /// `mean of last 3 [before DATE]`: the plain mean of the newest rows.
    MeanOfLast {
        /// How many.
        count: u32,
        /// Only rows whose validity begins before this day, strictly.
        before: Option<TimeKey>,
    },
}

/// As it is written in a document.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(day) => write!(f, "same year ({day})"),
            Self::LatestBefore(day) => write!(f, "latest before {day}"),
            Self::LatestPublishedBefore(day) => write!(f, "latest published before {day}"),
            Self::FixedAt(day) => write!(f, "fixed at {day}"),
            Self::MeanOfLast { count, before: None } => write!(f, "mean of last {count}"),
            Self::MeanOfLast { count, before: Some(day) } => {
                write!(f, "mean of last {count} before {day}")
            }
        }
    }
}

/// 查询 What is asked of a set.
#[derive(Debug, Clone)]
pub struct Query<'a> {
    /// Each key column (by its heading or its index) with a code or a label, in any order.
    pub keys: Vec<(&'a str, &'a str)>,
    /// Which row of the key.
    pub rule: Rule,
}

/// 取用结果 The value, and how it came about.
#[derive(Debug, Clone)]
pub struct Choice {
    /// 值 In `unit`.
    pub value: f64,
    /// The unit of the row; of the first row for a mean.
    pub unit: Unit,
    /// Positions in the set's `rows`, in the order of their validity.
    pub rows: Vec<usize>,
    /// What was chosen by which rule, and which rows were passed over and why.
    pub explanation: Text,
    /// Warnings: a figure from memory or an illustration is used.
    pub findings: Vec<Diagnostic>,
}

/// 拒绝 Why there is no value; never a neighbour's instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable code, e.g. `factor-date-outside`.
    pub code: &'static str,
    /// What is missing.
    pub message: Text,
    /// What keys or periods there are.
    pub seen: Vec<Text>,
    /// The likely mend; boxed, so that a result stays small.
    pub hint: Option<Box<Text>>,
}

impl Refusal {
    pub(crate) fn new(code: &'static str, zh: String, en: String) -> Refusal {
        Refusal { code, message: Text::new(zh, en), seen: Vec::new(), hint: None }
    }

    pub(crate) fn seen(mut self, seen: Text) -> Refusal {
        self.seen.push(seen);
        self
    }

    pub(crate) fn hint(mut self, zh: impl Into<String>, en: impl Into<String>) -> Refusal {
        self.hint = Some(Box::new(Text::new(zh, en)));
        self
    }

    /// The refusal as an error without a place yet.
    pub fn into_diagnostic(self) -> Diagnostic {
        let mut finding = Diagnostic::error(self.code, self.message.zh, self.message.en);
        finding.notes = self.seen;
        finding.hint = self.hint.map(|hint| *hint);
        finding
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message.en)
    }
}

impl std::error::Error for Refusal {}

/// The rows of the key asked for, in the order of their first days.
pub(crate) struct Series<'a> {
    pub(crate) set: &'a FactorSet,
    pub(crate) keys: Vec<String>,
    pub(crate) rows: Vec<(usize, &'a Row)>,
    pub(crate) rule: Rule,
}

impl Series<'_> {
    /// `cn/grid/om, grid = huabei 华北`
    pub(crate) fn subject(&self) -> String {
        self.set.subject(&self.keys)
    }
}

pub(crate) fn lookup(set: &FactorSet, query: &Query<'_>) -> Result<Choice, Refusal> {
    let keys = resolve_keys(set, &query.keys)?;
    let Some(positions) = set.positions(&keys) else {
        return Err(explain::no_such_combination(set, &keys));
    };
    let rows = positions.iter().filter_map(|at| Some((*at, set.rows.get(*at)?))).collect();
    let series = Series { set, keys, rows, rule: query.rule };
    match query.rule {
        Rule::At(day) | Rule::FixedAt(day) => holding(&series, day.first_day()),
        Rule::LatestBefore(day) => latest_before(&series, day.first_day()),
        Rule::LatestPublishedBefore(day) => latest_published(&series, day.first_day()),
        Rule::MeanOfLast { count, before } => {
            mean_of_last(&series, count, before.map(TimeKey::first_day))
        }
    }
}

/// Each key column exactly once, each text a code or label of it.
fn resolve_keys(set: &FactorSet, asked: &[(&str, &str)]) -> Result<Vec<String>, Refusal> {
    let columns: Vec<&str> = asked.iter().map(|(column, _)| *column).collect();
    let mut codes: Vec<Option<String>> = vec![None; set.header.keys.len()];
    for (column, text) in asked {
        let slot = set.key_position(column).and_then(|position| codes.get_mut(position));
        let Some(slot) = slot.filter(|slot| slot.is_none()) else {
            return Err(explain::wrong_columns(set, &columns));
        };
        let Some(code) = set.code_of(column, text) else {
            return Err(unknown_key(set, column, text));
        };
        *slot = Some(code.to_owned());
    }
    codes
        .into_iter()
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| explain::wrong_columns(set, &columns))
}

/// Each key column exactly once.
pub(crate) fn check_columns(set: &FactorSet, asked: &[&str]) -> Result<(), Refusal> {
    let mut found: Vec<usize> = asked.iter().filter_map(|name| set.key_position(name)).collect();
    found.sort_unstable();
    found.dedup();
    match found.len() == asked.len() && found.len() == set.header.keys.len() {
        true => Ok(()),
        false => Err(explain::wrong_columns(set, asked)),
    }
}

fn unknown_key(set: &FactorSet, column: &str, text: &str) -> Refusal {
    let members = set.members(column);
    let known = members.iter().flat_map(|(code, label)| [Some(*code), *label]).flatten();
    let near = nearest(text, known);
    let refusal = Refusal::new(
        "factor-key-unknown",
        format!("{} 里没有 {column} =「{text}」", set.id),
        format!("{} has no {column} = `{text}`", set.id),
    )
    .seen(explain::members(column, &members));
    if near.is_empty() {
        return refusal;
    }
    refusal.hint(
        format!("是否想写 {}？", near.join("、")),
        format!("did you mean {}?", near.join(", ")),
    )
}

/// `same year`, `fixed at`.
fn holding(series: &Series<'_>, day: TimeKey) -> Result<Choice, Refusal> {
    let found = series.rows.iter().find(|(_, row)| row.validity.holds(day));
    let Some((position, row)) = found else {
        return Err(explain::no_row_holds(series, day));
    };
    let passed = |other: &Row| match other.validity.first_day().ordinal > day.ordinal {
        true => Passed::NotYetValid,
        false => Passed::NoLongerValid,
    };
    Ok(choose(series, *position, row, &passed))
}

/// `latest before`.
fn latest_before(series: &Series<'_>, day: TimeKey) -> Result<Choice, Refusal> {
    let begun = |row: &Row| row.validity.first_day().ordinal < day.ordinal;
    let found = series.rows.iter().rev().find(|(_, row)| begun(row));
    let Some((position, row)) = found else {
        return Err(explain::nothing_before(series, day));
    };
    let passed = |other: &Row| if begun(other) { Passed::Older } else { Passed::NotBefore };
    Ok(choose(series, *position, row, &passed))
}

/// `latest published before`.
///
/// A publication printed as a year or month only counts at its end; where that leaves open which
/// row was the newest on the day, there is no answer.
fn latest_published(series: &Series<'_>, day: TimeKey) -> Result<Choice, Refusal> {
    let mut candidates = Vec::new();
    let mut unclear = None;
    for (position, row) in &series.rows {
        let Some(published) = row.published else {
            return Err(explain::publication_unknown(series, row));
        };
        if published.last_day().ordinal < day.ordinal {
            candidates.push((*position, *row, published));
        } else if published.first_day().ordinal < day.ordinal {
            unclear = Some(*row);
        }
    }
    if let Some(row) = unclear {
        return Err(explain::publication_coarse(series, row, day));
    }
    // Publications whose periods overlap the newest one may each be the newest; of those the
    // newest validity is taken, and the rows are in that order.
    let newest = candidates.iter().map(|(_, _, published)| published.first_day().ordinal).max();
    let found = candidates
        .iter()
        .rev()
        .find(|(_, _, published)| newest.is_some_and(|day| published.last_day().ordinal >= day));
    let Some((position, row, _)) = found else {
        return Err(explain::nothing_published(series, day));
    };
    let passed = |other: &Row| {
        let before = other.published.is_some_and(|at| at.last_day().ordinal < day.ordinal);
        if before { Passed::PublishedEarlier } else { Passed::NotYetPublished }
    };
    Ok(choose(series, *position, row, &passed))
}

/// `mean of last`.
fn mean_of_last(
    series: &Series<'_>,
    count: u32,
    before: Option<TimeKey>,
) -> Result<Choice, Refusal> {
    let begun = |row: &Row| before.is_none_or(|day| row.validity.first_day().ordinal < day.ordinal);
    let eligible: Vec<(usize, &Row)> =
        series.rows.iter().copied().filter(|(_, row)| begun(row)).collect();
    let wanted = usize::try_from(count).unwrap_or(usize::MAX);
    let skipped = eligible.len().checked_sub(wanted).filter(|_| wanted > 0);
    let Some(skipped) = skipped else {
        return Err(explain::too_few(series, wanted, eligible.len()));
    };
    let chosen: Vec<(usize, &Row)> = eligible.into_iter().skip(skipped).collect();
    let Some((_, first)) = chosen.first() else {
        return Err(explain::too_few(series, wanted, 0));
    };
    let mean = exact_mean(&chosen, &first.unit).ok_or_else(|| explain::mean_not_finite(series))?;
    let passed = |other: &Row| if begun(other) { Passed::Older } else { Passed::NotBefore };
    Ok(Choice {
        value: mean,
        unit: first.unit.clone(),
        rows: chosen.iter().map(|(position, _)| *position).collect(),
        explanation: explain::choice(series, &chosen, &passed),
        findings: warnings(series.set, &chosen),
    })
}

/// The mean of the values in `unit`, exact and rounded once.
fn exact_mean(rows: &[(usize, &Row)], unit: &Unit) -> Option<f64> {
    let mut sum = Exact::from_integer(0.into());
    for (_, row) in rows {
        let value = row.unit.conversion_to(unit)?.apply(row.value);
        sum += Exact::from_float(value)?;
    }
    let mean = sum / Exact::from_integer(rows.len().into());
    num_traits::ToPrimitive::to_f64(&mean).filter(|mean| mean.is_finite())
}

fn choose(
    series: &Series<'_>,
    position: usize,
    row: &Row,
    passed: &dyn Fn(&Row) -> Passed,
) -> Choice {
    let chosen = [(position, row)];
    Choice {
        value: row.value,
        unit: row.unit.clone(),
        rows: vec![position],
        explanation: explain::choice(series, &chosen, passed),
        findings: warnings(series.set, &chosen),
    }
}

/// A figure from memory or an illustration is never used in silence.
fn warnings(set: &FactorSet, chosen: &[(usize, &Row)]) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (_, row) in chosen {
        let subject = set.subject(&row.keys);
        let (code, zh, en) = match row.standing {
            Standing::Verified | Standing::Secondary => continue,
            Standing::Memory => (
                "factor-memory",
                format!("所用因子系凭记忆录入，未核对出处：{subject}"),
                format!("a factor from memory is used, its source was not checked: {subject}"),
            ),
            Standing::Illustration => (
                "factor-illustration",
                format!("所用因子只是示例数：{subject}"),
                format!("a factor that only illustrates is used: {subject}"),
            ),
        };
        let finding = Diagnostic::warning(code, zh, en).at(set.place(row), "", "");
        findings.push(match row.standing {
            Standing::Illustration => {
                finding.hint("换成有出处的数", "put a figure that has a source in its place")
            }
            _ => finding.hint(
                "对照原文核对后改 standing",
                "check it against its source, then change its standing",
            ),
        });
    }
    findings
}
