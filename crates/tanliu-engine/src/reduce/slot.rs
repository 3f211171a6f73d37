//! 组 What is known of one group so far; two halves of a group merge into the whole.

mod bytes;

use super::{Members, RowKeys};
use crate::atom::Atom;
use crate::lane::{ABSENT, LaneColumn, LaneValues, PRESENT};
use crate::spill::Spills;
use std::sync::Arc;
use tanliu_method::eval::{FaultKind, quantile_of};
use tanliu_method::exact::{ExactSum, deviation_of};
use tanliu_method::program::{IndexId, NodeId, Reduction};

/// What an exact sum of values of like size takes on the heap.
pub(super) const SUM_BYTES: usize = 64;

/// 组 The members of a group, reduced.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    reduction: Reduction,
    /// Members that have a value.
    count: u64,
    total: Total,
    /// The first member at fault.
    fault: Option<Box<Event>>,
    /// The first present member whose weight is at fault, or below zero.
    weight: Option<Box<Event>>,
    /// The share of a quantile, at the first member.
    share: Option<Box<(Vec<Atom>, Share)>>,
}

/// 分位 The share of a quantile: a number, nothing, or a fault.
type Share = Result<f64, Option<Event>>;

/// 事件 A fault of a row: the row's key, which decides which is first, and the fault with its key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    row: Vec<Atom>,
    kind: FaultKind,
    /// `None`: at the group's key.
    key: Option<Vec<(IndexId, Atom)>>,
}

/// 累计 The running result.
#[derive(Debug, Clone)]
enum Total {
    Nothing,
    Sum(ExactSum),
    Weighted(ExactSum, ExactSum),
    Deviation(ExactSum, ExactSum),
    Best(Option<Best>),
    Truth { some_true: bool, some_false: bool },
    All(Vec<f64>),
}

/// 极值
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Best {
    Number(f64),
    Code(i64),
    Text(Arc<str>),
}

/// The columns of a reduction.
pub(super) struct Columns<'c> {
    pub(super) value: &'c LaneColumn,
    pub(super) weight: Option<&'c LaneColumn>,
    pub(super) second: Option<&'c LaneColumn>,
}

/// 结果 What a group came to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    Number(f64),
    Bool(bool),
    Best(Best),
    Absent,
    /// A fault, with its key unless it is the group's.
    Fault(FaultKind, Option<Vec<(IndexId, Atom)>>),
}

impl Slot {
    pub(crate) fn new(reduction: Reduction, weighted: bool) -> Self {
        let total = match reduction {
            Reduction::Sum => Total::Sum(ExactSum::new()),
            Reduction::Mean if weighted => Total::Weighted(ExactSum::new(), ExactSum::new()),
            Reduction::Mean => Total::Sum(ExactSum::new()),
            Reduction::Deviation => Total::Deviation(ExactSum::new(), ExactSum::new()),
            Reduction::Min | Reduction::Max => Total::Best(None),
            Reduction::Any | Reduction::All => Total::Truth { some_true: false, some_false: false },
            Reduction::Median | Reduction::Quantile => Total::All(Vec::new()),
            Reduction::Count => Total::Nothing,
        };
        Self { reduction, count: 0, total, fault: None, weight: None, share: None }
    }

    /// Takes in rows of a batch.
    pub(super) fn add(
        &mut self,
        members: &Members<'_>,
        columns: &Columns<'_>,
        keys: &RowKeys<'_, '_>,
    ) {
        if let Some(second) = columns.second {
            self.take_share(members, second, keys);
        }
        let clean = columns.value.state.is_empty() && members.all();
        if clean
            && let (Total::Sum(sum), LaneValues::Number(list)) =
                (&mut self.total, &columns.value.values)
        {
            sum.add_slice(list.get(members.from..members.to).unwrap_or_default());
            self.count += (members.to - members.from) as u64;
            return;
        }
        for row in members.rows() {
            match columns.value.state(row) {
                PRESENT => {
                    self.count += 1;
                    self.take(row, columns, keys);
                }
                ABSENT => {}
                state => {
                    let event = event(row, state, keys);
                    first(&mut self.fault, event);
                }
            }
        }
    }

    fn take(&mut self, row: usize, columns: &Columns<'_>, keys: &RowKeys<'_, '_>) {
        let number = || columns.value.numbers().get(row).copied().unwrap_or(0.0);
        match &mut self.total {
            Total::Nothing => {}
            Total::Sum(sum) => sum.add(number()),
            Total::Deviation(sum, squares) => {
                sum.add(number());
                squares.add_product(number(), number());
            }
            Total::All(list) => list.push(number()),
            Total::Truth { some_true, some_false } => {
                match columns.value.bools().get(row) == Some(&true) {
                    true => *some_true = true,
                    false => *some_false = true,
                }
            }
            Total::Best(best) => {
                let largest = self.reduction == Reduction::Max;
                if let Some(own) = own_best(columns.value, row, keys) {
                    better(best, own, largest);
                }
            }
            Total::Weighted(products, weights) => {
                let Some(column) = columns.weight else { return };
                match column.state(row) {
                    PRESENT => {
                        let weight = column.numbers().get(row).copied().unwrap_or(0.0);
                        if weight < 0.0 {
                            let kind = FaultKind::NegativeWeight(NodeId::MAX);
                            let event = Event { row: keys.whole(row), kind, key: None };
                            first(&mut self.weight, Some(event));
                        } else {
                            products.add_product(number(), weight);
                            weights.add(weight);
                        }
                    }
                    ABSENT => {}
                    state => {
                        let event = event(row, state, keys);
                        first(&mut self.weight, event);
                    }
                }
            }
        }
    }

    fn take_share(&mut self, members: &Members<'_>, second: &LaneColumn, keys: &RowKeys<'_, '_>) {
        for row in members.rows() {
            let whole = keys.whole(row);
            if self.share.as_ref().is_some_and(|known| known.0 <= whole) {
                continue;
            }
            let share = match second.state(row) {
                PRESENT => Ok(second.numbers().get(row).copied().unwrap_or(f64::NAN)),
                ABSENT => Err(None),
                state => Err(event(row, state, keys)),
            };
            self.share = Some(Box::new((whole, share)));
        }
    }

    /// Joins another worker's half.
    pub(crate) fn merge(&mut self, other: Self) {
        self.count += other.count;
        match (&mut self.total, other.total) {
            (Total::Sum(own), Total::Sum(other)) => own.merge(&other),
            (Total::Weighted(a, b), Total::Weighted(c, d))
            | (Total::Deviation(a, b), Total::Deviation(c, d)) => {
                a.merge(&c);
                b.merge(&d);
            }
            (Total::Best(own), Total::Best(Some(other))) => {
                better(own, other, self.reduction == Reduction::Max);
            }
            (
                Total::Truth { some_true, some_false },
                Total::Truth { some_true: other_true, some_false: other_false },
            ) => {
                *some_true |= other_true;
                *some_false |= other_false;
            }
            (Total::All(own), Total::All(other)) => own.extend(other),
            _ => {}
        }
        first(&mut self.fault, other.fault.map(|event| *event));
        first(&mut self.weight, other.weight.map(|event| *event));
        if let Some(share) = other.share
            && self.share.as_ref().is_none_or(|known| share.0 < known.0)
        {
            self.share = Some(share);
        }
    }

    /// The group's result, in the order in which the interpreter asks; `node` is the reduction.
    pub(crate) fn finish(self, node: NodeId) -> Outcome {
        if let Some(event) = self.fault {
            return Outcome::Fault(event.kind, event.key);
        }
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let count = self.count as f64;
        match self.total {
            Total::Nothing => Outcome::Number(count),
            Total::Truth { some_true, some_false } => {
                Outcome::Bool(if self.reduction == Reduction::Any {
                    some_true
                } else {
                    !some_false
                })
            }
            Total::Sum(sum) if self.reduction == Reduction::Sum => number(sum.to_f64(), node),
            _ if self.count == 0 => Outcome::Absent,
            Total::Sum(sum) => {
                sum.divide_by(self.count).map_or(Outcome::Absent, |x| number(x, node))
            }
            Total::Best(best) => match best {
                Some(Best::Number(best)) => number(best, node),
                Some(best) => Outcome::Best(best),
                None => Outcome::Absent,
            },
            Total::Deviation(sum, squares) => match deviation_of(&sum, &squares, self.count) {
                Some(deviation) => number(deviation, node),
                None => Outcome::Fault(FaultKind::TooFew(node), None),
            },
            Total::Weighted(products, weights) => match self.weight {
                Some(event) => match event.kind {
                    FaultKind::NegativeWeight(_) => {
                        Outcome::Fault(FaultKind::NegativeWeight(node), None)
                    }
                    kind => Outcome::Fault(kind, event.key),
                },
                None => match products.quotient(&weights) {
                    Some(mean) => number(mean, node),
                    None => Outcome::Fault(FaultKind::DivisionByZero(node), None),
                },
            },
            Total::All(list) if self.reduction == Reduction::Median => {
                number(quantile_of(list, 0.5), node)
            }
            Total::All(list) => match self.share.map(|share| share.1) {
                Some(Ok(share)) if (0.0..=1.0).contains(&share) => {
                    number(quantile_of(list, share), node)
                }
                Some(Ok(_)) | None => Outcome::Fault(FaultKind::BadShare(node), None),
                Some(Err(None)) => Outcome::Absent,
                Some(Err(Some(event))) => Outcome::Fault(event.kind, event.key),
            },
        }
    }

    /// Whether every value of a member is kept.
    pub(super) fn keeps_values(&self) -> bool {
        matches!(self.total, Total::All(_))
    }
}

impl Spills for Slot {
    fn join(&mut self, other: Self) {
        self.merge(other);
    }

    fn kept(&self) -> usize {
        match &self.total {
            Total::All(list) => list.len() * 8,
            _ => 0,
        }
    }
}

fn number(value: f64, node: NodeId) -> Outcome {
    match value.is_finite() {
        true => Outcome::Number(value),
        false => Outcome::Fault(FaultKind::NotFinite(node), None),
    }
}

fn event(row: usize, state: u32, keys: &RowKeys<'_, '_>) -> Option<Event> {
    let site = keys.bench.fault(state)?;
    Some(Event { row: keys.whole(row), kind: site.kind.clone(), key: Some(keys.of(row, site)) })
}

fn first(known: &mut Option<Box<Event>>, event: Option<Event>) {
    if let Some(event) = event
        && known.as_ref().is_none_or(|known| event.row < known.row)
    {
        *known = Some(Box::new(event));
    }
}

fn own_best(column: &LaneColumn, row: usize, keys: &RowKeys<'_, '_>) -> Option<Best> {
    Some(match &column.values {
        LaneValues::Number(list) => Best::Number(*list.get(row)?),
        LaneValues::Code(list) => Best::Code(*list.get(row)?),
        LaneValues::Text(list) => Best::Text(keys.bench.texts.text(*list.get(row)?)),
        LaneValues::Bool(_) => return None,
    })
}

fn better(best: &mut Option<Best>, own: Best, largest: bool) {
    let order = match (best.as_ref(), &own) {
        (Some(Best::Number(best)), Best::Number(own)) => own.total_cmp(best),
        (Some(Best::Code(best)), Best::Code(own)) => own.cmp(best),
        (Some(Best::Text(best)), Best::Text(own)) => own.cmp(best),
        _ => {
            *best = Some(own);
            return;
        }
    };
    if if largest { order.is_gt() } else { order.is_lt() } {
        *best = Some(own);
    }
}
