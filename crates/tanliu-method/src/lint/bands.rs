//! 分档 The arms of a `match`: what they leave out, what they hold twice, what they never take.

use super::{is_own, messages, place};
use crate::ast::CompareOp;
use crate::check::Checked;
use crate::program::{IndexKind, Key, NodeId, NodeKind, Test, Type, Value};
use std::collections::BTreeSet;
use tanliu_diagnostic::{Diagnostic, Span};
use tanliu_unit::Unit;

/// Objects to the arms of each `match`, and to each `if` that is decided beforehand.
pub(super) fn read(checked: &Checked, findings: &mut Vec<Diagnostic>) {
    for node in checked.program.nodes.iter().filter(|node| is_own(node.origin)) {
        match &node.kind {
            NodeKind::Match(scrutinee, arms) => {
                let reader = Reader { checked, span: node.origin.span };
                reader.read(*scrutinee, arms, findings);
            }
            NodeKind::If(condition, _, _) => {
                let decided = checked.program.nodes.get(*condition).map(|node| &node.kind);
                if let Some(NodeKind::Constant(Value::Bool(holds))) = decided {
                    let here = place(checked, node.origin.span);
                    findings.push(messages::unreachable_condition(*holds, here));
                }
            }
            _ => {}
        }
    }
}

struct Reader<'a> {
    checked: &'a Checked,
    /// The whole `match`.
    span: Span,
}

impl Reader<'_> {
    fn read(&self, scrutinee: NodeId, arms: &[(Test, NodeId)], findings: &mut Vec<Diagnostic>) {
        let ty = self.checked.program.nodes.get(scrutinee).map(|node| &node.ty);
        match ty {
            Some(Type::Number(unit)) => self.numbers(unit, arms, findings),
            Some(Type::Key(index)) => {
                let index = self.checked.program.indexes.get(*index);
                let members = index.and_then(|index| match &index.kind {
                    IndexKind::Closed(members) => Some(members.as_slice()),
                    _ => None,
                });
                self.members(members, arms, findings);
            }
            _ => self.members(None, arms, findings),
        }
    }

    /// Where the result of an arm stands: the arm itself has no place of its own.
    fn arm(&self, result: NodeId) -> tanliu_diagnostic::Place {
        let span = self.checked.program.nodes.get(result).map(|node| node.origin.span);
        let inside = span.filter(|span| span.start >= self.span.start && span.end <= self.span.end);
        place(self.checked, inside.unwrap_or(self.span))
    }

    fn numbers(&self, unit: &Unit, arms: &[(Test, NodeId)], findings: &mut Vec<Diagnostic>) {
        let mut covered: Vec<Band> = Vec::new();
        let has_else = arms.iter().any(|(test, _)| matches!(test, Test::Else));
        for (test, result) in arms {
            let Some(bands) = bands(test) else { return };
            let own = bands.iter().any(|band| !subtract(*band, &covered).is_empty());
            if !own {
                findings.push(messages::unreachable(self.arm(*result)));
                continue;
            }
            if matches!(test, Test::Else) {
                continue;
            }
            let both = bands.iter().find_map(|band| {
                covered.iter().filter(|other| band.is_printed(other)).find_map(|other| {
                    // A rung of a ladder, `< 95` behind `90 .. 94`, holds all of the earlier one.
                    band.meet(*other).filter(|both| !both.is_as_wide_as(other))
                })
            });
            if let Some(both) = both {
                findings.push(messages::band_overlap(&both.show(unit), self.arm(*result)));
            }
            covered.extend(bands);
        }
        for gap in gaps(&covered) {
            let here = place(self.checked, self.span);
            findings.push(messages::band_gap(&gap.show(unit), has_else, here));
        }
    }

    /// Members of closed sets, texts and truth values are taken one by one.
    fn members(
        &self,
        members: Option<&[(String, Option<String>)]>,
        arms: &[(Test, NodeId)],
        findings: &mut Vec<Diagnostic>,
    ) {
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut rest = false;
        let all = members.map(<[_]>::len);
        for (test, result) in arms {
            let full = rest || all.is_some_and(|all| taken.len() >= all);
            match test {
                Test::Else => {
                    if full {
                        findings.push(messages::unreachable(self.arm(*result)));
                    }
                    rest = true;
                }
                Test::OneOf(values) => {
                    let names: Vec<String> = values.iter().map(name).collect();
                    if rest || names.iter().all(|name| taken.contains(name)) {
                        findings.push(messages::unreachable(self.arm(*result)));
                    }
                    taken.extend(names);
                }
                // Compared with values that only a run knows.
                _ => return,
            }
        }
        let Some(members) = members.filter(|_| !rest) else { return };
        let left: Vec<String> = members
            .iter()
            .enumerate()
            .filter(|(number, _)| !taken.contains(&format!("#{number}")))
            .map(|(_, (name, _))| format!("`{name}`"))
            .collect();
        if !left.is_empty() {
            let here = place(self.checked, self.span);
            findings.push(messages::member_uncovered(&left.join("、"), here));
        }
    }
}

fn name(value: &Value) -> String {
    match value {
        Value::Key(Key::Member(number)) => format!("#{number}"),
        Value::Key(key) => key.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Date(key) => key.to_string(),
        Value::Number(number) => number.to_string(),
    }
}

/// 档 An interval of numbers; an end that is not finite is open.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Band {
    low: f64,
    holds_low: bool,
    high: f64,
    holds_high: bool,
    /// Written with both ends, `60 .. 85`: such a band is meant to be one of a printed list.
    printed: bool,
}

impl Band {
    fn whole() -> Self {
        let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
        Self { low, holds_low: false, high, holds_high: false, printed: false }
    }

    fn is_empty(&self) -> bool {
        self.low > self.high || self.low == self.high && !(self.holds_low && self.holds_high)
    }

    /// Whether an overlap with an earlier band may be a slip: in a ladder of `>= 90, >= 80` it is meant.
    fn is_printed(&self, other: &Band) -> bool {
        self.printed || other.printed
    }

    fn is_as_wide_as(&self, other: &Band) -> bool {
        self.low == other.low && self.high == other.high
    }

    fn meet(self, other: Band) -> Option<Band> {
        let (low, holds_low) = match self.low.total_cmp(&other.low) {
            std::cmp::Ordering::Less => (other.low, other.holds_low),
            std::cmp::Ordering::Greater => (self.low, self.holds_low),
            std::cmp::Ordering::Equal => (self.low, self.holds_low && other.holds_low),
        };
        let (high, holds_high) = match self.high.total_cmp(&other.high) {
            std::cmp::Ordering::Less => (self.high, self.holds_high),
            std::cmp::Ordering::Greater => (other.high, other.holds_high),
            std::cmp::Ordering::Equal => (self.high, self.holds_high && other.holds_high),
        };
        let both = Band { low, holds_low, high, holds_high, printed: false };
        (!both.is_empty()).then_some(both)
    }

    /// `94 < x < 95 %`
    fn show(&self, unit: &Unit) -> String {
        let unit = unit.to_string();
        let unit = if unit == "1" { String::new() } else { format!(" {unit}") };
        if self.low == self.high {
            return format!("{}{unit}", self.low);
        }
        let sign = |holds: bool| if holds { "≤" } else { "<" };
        let low = match self.low.is_finite() {
            true => format!("{} {} ", self.low, sign(self.holds_low)),
            false => String::new(),
        };
        let high = match self.high.is_finite() {
            true => format!(" {} {}", sign(self.holds_high), self.high),
            false => String::new(),
        };
        format!("{low}x{high}{unit}")
    }
}

/// What a test takes; `None` if only a run knows.
fn bands(test: &Test) -> Option<Vec<Band>> {
    let number = |value: &Value| match value {
        Value::Number(number) => Some(*number),
        _ => None,
    };
    let point =
        |at: f64| Band { low: at, holds_low: true, high: at, holds_high: true, printed: false };
    Some(match test {
        Test::Else => vec![Band::whole()],
        Test::OneOf(values) => {
            values.iter().map(|v| number(v).map(point)).collect::<Option<_>>()?
        }
        Test::Range(low, high) => {
            let (low, high) = (number(low)?, number(high)?);
            vec![Band { low, holds_low: true, high, holds_high: true, printed: true }]
        }
        Test::Compare(op, value) => {
            let at = number(value)?;
            let below = |holds_high| Band { high: at, holds_high, ..Band::whole() };
            let above = |holds_low| Band { low: at, holds_low, ..Band::whole() };
            match op {
                CompareOp::Equal => vec![point(at)],
                CompareOp::NotEqual => vec![below(false), above(false)],
                CompareOp::Less => vec![below(false)],
                CompareOp::LessEqual => vec![below(true)],
                CompareOp::Greater => vec![above(false)],
                CompareOp::GreaterEqual => vec![above(true)],
            }
        }
        Test::Either(tests) => {
            let parts: Option<Vec<Vec<Band>>> = tests.iter().map(bands).collect();
            parts?.concat()
        }
        Test::Equals(_) => return None,
    })
}

/// What is left of a band when others are taken out of it.
fn subtract(band: Band, others: &[Band]) -> Vec<Band> {
    let mut left = vec![band];
    for other in others {
        left = left
            .into_iter()
            .flat_map(|piece| {
                let Some(cut) = piece.meet(*other) else { return vec![piece] };
                let below = Band { high: cut.low, holds_high: !cut.holds_low, ..piece };
                let above = Band { low: cut.high, holds_low: !cut.holds_high, ..piece };
                // An end that is not finite is nothing by itself.
                let below = Band { holds_high: below.holds_high && cut.low.is_finite(), ..below };
                let above = Band { holds_low: above.holds_low && cut.high.is_finite(), ..above };
                [below, above].into_iter().filter(|piece| !piece.is_empty()).collect()
            })
            .collect();
    }
    left
}

/// What no band holds between the lowest and the highest end of all of them.
fn gaps(covered: &[Band]) -> Vec<Band> {
    let mut found = subtract(Band::whole(), covered);
    let low = covered.iter().map(|band| band.low).fold(f64::INFINITY, f64::min);
    let high = covered.iter().map(|band| band.high).fold(f64::NEG_INFINITY, f64::max);
    found.retain(|gap| gap.low >= low && gap.high <= high);
    found.sort_by(|a, b| a.low.total_cmp(&b.low));
    found
}
