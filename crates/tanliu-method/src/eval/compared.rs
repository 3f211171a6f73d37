//! 两边的值 What both sides of a comparison are where a `require` or `warn` fails.

use super::Evaluator;
use super::frame::Frame;
use super::run::Figure;
use crate::ast::CompareOp;
use crate::number::format_number;
use crate::parse::comparison_sign;
use crate::program::{
    IndexId, IndexKind, Key, NodeId, NodeKind, Reduction, Target, VariableId, VariableKind,
};
use crate::significant::round_significant;
use std::collections::BTreeSet;
use std::rc::Rc;
use tanliu_diagnostic::{Diagnostic, Text};
use tanliu_unit::time::TimeKey;

/// How many failing keys are shown with their values.
pub(super) const SHOWN: usize = 5;
/// How many periods that a count lacks are named.
const PERIODS: usize = 5;

/// The hint to ask how a figure came about.
pub(super) fn ask_for(diagnostic: Diagnostic, figure: &str) -> Diagnostic {
    diagnostic.hint(
        format!("看它怎样算出：tanliu explain … '{figure}'"),
        format!("see how it came about: tanliu explain … '{figure}'"),
    )
}

impl Evaluator<'_> {
    /// The finding with both sides of the comparison, and the figure to ask `explain` for.
    pub(super) fn with_values(
        &self,
        mut diagnostic: Diagnostic,
        root: NodeId,
        (frame, failing): (&Rc<Frame>, &[usize]),
    ) -> Diagnostic {
        for text in self.compared(root, frame, failing) {
            diagnostic = diagnostic.note(text.zh, text.en);
        }
        let first = failing.first().copied().unwrap_or(0);
        match self.to_explain(root, frame, first) {
            Some(figure) => ask_for(diagnostic, &figure),
            None => diagnostic,
        }
    }

    /// `count(…) = 11，须 = 12`, for the first failing rows; nothing if it is no comparison.
    pub(super) fn compared(&self, root: NodeId, frame: &Rc<Frame>, failing: &[usize]) -> Vec<Text> {
        let rows: Vec<u32> =
            failing.iter().take(SHOWN).filter_map(|row| u32::try_from(*row).ok()).collect();
        let few = self.frames.pick(frame, &rows);
        (0..few.rows)
            .filter_map(|row| {
                let one = self.frames.pick(&few, &[u32::try_from(row).ok()?]);
                self.compared_at(root, &one)
            })
            .collect()
    }

    fn compared_at(&self, root: NodeId, one: &Rc<Frame>) -> Option<Text> {
        let (operator, a, b) = self.failing_comparison(root, one)?;
        let (left, right) = (self.value_words(a, one)?, self.value_words(b, one)?);
        let sign = comparison_sign(operator);
        let key = self.show_row(one);
        let key = |colon: &str| match key.as_str() {
            "" => String::new(),
            key => format!("{key}{colon}"),
        };
        let (left_zh, left_en) = match self.called(a) {
            Some(name) => (format!("{name} = {left}"), format!("{name} = {left}")),
            None => (format!("左边是 {left}"), format!("the left side is {left}")),
        };
        let (bound_zh, bound_en) = match self.called(b) {
            Some(name) => (format!("（{name}）"), format!(" ({name})")),
            None => (String::new(), String::new()),
        };
        let (lack_zh, lack_en) = match self.lacking_periods(a, one) {
            Some(list) => (format!("；缺 {list}"), format!("; lacking {list}")),
            None => (String::new(), String::new()),
        };
        Some(Text::new(
            format!("{}{left_zh}，须 {sign} {right}{bound_zh}{lack_zh}", key("：")),
            format!("{}{left_en}, must be {sign} {right}{bound_en}{lack_en}", key(": ")),
        ))
    }

    /// The comparison that is false: of `a and b` the first, of `a or b` none alone.
    fn failing_comparison(
        &self,
        root: NodeId,
        one: &Rc<Frame>,
    ) -> Option<(CompareOp, NodeId, NodeId)> {
        match self.node(root).kind {
            NodeKind::Compare(operator, a, b) => Some((operator, a, b)),
            NodeKind::And(a, b) => {
                let holds = self.eval(a, one).bools().first() == Some(&true);
                self.failing_comparison(if holds { b } else { a }, one)
            }
            NodeKind::Where(value, _) => self.failing_comparison(value, one),
            _ => None,
        }
    }

    /// A value with its unit.
    fn value_words(&self, node: NodeId, one: &Rc<Frame>) -> Option<String> {
        let column = self.eval(node, one);
        if column.state(0) != super::column::PRESENT {
            return None;
        }
        let ty = &self.node(node).ty;
        Some(match self.figure(&column, ty, 0) {
            Figure::Number(number) | Figure::Noted(number, _) => {
                let number = format_number(round_significant(number));
                match ty.unit().map(ToString::to_string).filter(|unit| unit != "1") {
                    Some(unit) => format!("{number} {unit}"),
                    None => number,
                }
            }
            Figure::Bool(value) => value.to_string(),
            Figure::Text(text) => text.to_string(),
        })
    }

    /// What a side is called: a variable's name, or the reduction; nothing for anything else.
    fn called(&self, node: NodeId) -> Option<String> {
        match &self.node(node).kind {
            NodeKind::Variable(id) => match self.part_elsewhere(*id) {
                Some(was) => self.called(was),
                None => Some(self.variable(*id).name.clone()),
            },
            NodeKind::Convert(value, _) => self.called(*value),
            NodeKind::Group(group) => {
                let word = match group.reduction {
                    Reduction::Sum => "sum",
                    Reduction::Mean => "mean",
                    Reduction::Median => "median",
                    Reduction::Quantile => "quantile",
                    Reduction::Deviation => "stddev",
                    Reduction::Min => "min",
                    Reduction::Max => "max",
                    Reduction::Count => "count",
                    Reduction::Any => "any",
                    Reduction::All => "all",
                };
                let inside = self.called(group.value).unwrap_or_else(|| "…".to_owned());
                Some(format!("{word}({inside})"))
            }
            _ => None,
        }
    }

    /// What an input stands for, if it is a part of the program that was computed elsewhere.
    fn part_elsewhere(&self, id: VariableId) -> Option<NodeId> {
        match &self.variable(id).kind {
            VariableKind::Input(input) => input.stands_for,
            _ => None,
        }
    }

    /// The periods that `count(x over month to year)` does not find.
    fn lacking_periods(&self, node: NodeId, one: &Rc<Frame>) -> Option<String> {
        let NodeKind::Group(group) = &self.node(node).kind else { return None };
        let [Target::To { from, index }] = group.targets.as_slice() else { return None };
        if group.reduction != Reduction::Count || group.over != [*from] {
            return None;
        }
        let code = *one.column(*index)?.first()?;
        let Key::Time(period) = self.dictionary(*index).key(code)? else { return None };
        let fine = self.frame_of(group.value);
        let own = |(dim, column): (&IndexId, &Vec<u32>), row: usize| {
            dim == from || one.column(*dim).is_some_and(|key| key.first() == column.get(row))
        };
        let there: BTreeSet<u32> = (0..fine.rows)
            .filter(|row| fine.dims.iter().zip(&fine.columns).all(|pair| own(pair, *row)))
            .filter_map(|row| fine.column(*from)?.get(row).copied())
            .collect();
        let lacks = |part: &TimeKey| {
            let code = self.dictionary(*from).code(&Key::Time(*part));
            code.is_none_or(|code| !there.contains(&code))
        };
        let parts = self.parts_of(*from, *period)?;
        let lacking: Vec<String> =
            parts.into_iter().filter(lacks).map(|part| part.to_string()).collect();
        let shown = lacking.get(..lacking.len().min(PERIODS)).unwrap_or_default().join(", ");
        match lacking.len() {
            0 => None,
            count if count > PERIODS => Some(format!("{shown} … ({count})")),
            _ => Some(shown),
        }
    }

    /// The months of a year and their like; nothing where there are too many to go through.
    fn parts_of(&self, from: IndexId, period: TimeKey) -> Option<Vec<TimeKey>> {
        const MOST: usize = 366;
        let declared = self.program.indexes.get(from)?;
        let IndexKind::Time { grain, ends: false } = declared.kind else { return None };
        let first = period.coarsen(grain, false);
        let following = (0_i64..).map(|step| TimeKey { grain, ordinal: first.ordinal + step });
        let inside = |key: &TimeKey| key.coarsen(period.grain, false) == period;
        let parts: Vec<TimeKey> = following.take_while(inside).take(MOST + 1).collect();
        (parts.len() <= MOST).then_some(parts)
    }

    /// `plant = A, year = 2023`
    fn show_row(&self, one: &Frame) -> String {
        let key: Vec<(IndexId, u32)> = one.dims.iter().copied().zip(one.key(0)).collect();
        self.show_key(&key)
    }

    /// The figure to ask `explain` for: the first computed value of a condition at a failing key.
    pub(super) fn to_explain(&self, root: NodeId, frame: &Frame, row: usize) -> Option<String> {
        let mut open = vec![root];
        let mut found: Option<VariableId> = None;
        while let Some(node) = open.pop() {
            if let NodeKind::Variable(id) = self.node(node).kind {
                open.extend(self.part_elsewhere(id));
                let variable = self.variable(id);
                let computed =
                    matches!(variable.kind, VariableKind::Formula { parameter: false, .. });
                let whole = variable.dims.iter().all(|dim| frame.dims.contains(dim));
                if computed && whole {
                    found = Some(id);
                    break;
                }
            }
            let mut children = self.node(node).kind.children();
            children.reverse();
            open.extend(children);
        }
        let variable = self.variable(found?);
        let keys: Vec<String> = variable
            .dims
            .iter()
            .filter_map(|dim| {
                let index = self.program.indexes.get(*dim)?;
                let key = index.show(self.dictionary(*dim).key(*frame.column(*dim)?.get(row)?)?);
                let plain = key.chars().all(|sign| sign.is_alphanumeric() || "-_:".contains(sign));
                let key = if plain { key } else { format!("\"{key}\"") };
                Some(format!("{}={key}", index.name))
            })
            .collect();
        Some(match keys.as_slice() {
            [] => variable.name.clone(),
            keys => format!("{}[{}]", variable.name, keys.join(", ")),
        })
    }
}
