//! 末端的录制 Uncertain quantities: cells of inputs, entries of parameters, rows of the catalogue.
//!
//! What a leaf is called follows from names and keys alone, so neither the order of rows nor the
//! way a table is split into files changes what is drawn for it.

use super::{Recorder, numbers, small};
use crate::ast::CompareOp;
use crate::eval::Materialized;
use crate::eval::frame::Frame;
use crate::program::{Factor, FactorRule, IndexId, ParamTree, Type, VariableId, VariableKind};
use crate::uncertainty::law::{Law, Shape, Unfit};
use crate::uncertainty::normal::HALF_WIDTH_95;
use crate::uncertainty::random::digest;
use crate::uncertainty::tape::{Double, LeafInfo, Operand, Operation};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use tanliu_diagnostic::Diagnostic;
use tanliu_factor::Uncertainty as OfRow;

/// What no leaf stands at.
pub(in crate::uncertainty) const NO_LEAF: u32 = u32::MAX;
/// A half-width of more than this share of a bounded value makes the normal interval doubtful.
const WIDE: f64 = 0.6;

/// 有界的量 How many rows of a bounded input are cut off, and how many are wide for Approach 1.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::uncertainty) struct Bounded {
    pub(in crate::uncertainty) truncated: usize,
    pub(in crate::uncertainty) wide: usize,
}

/// One row of a leaf column: its leaf, its law, and its value where nothing is uncertain.
type Row = (u32, Law);

impl Recorder<'_, '_> {
    /// The number of a leaf; the same identity is the same leaf.
    fn leaf(&mut self, source: &str, identity: String, key: &str) -> u32 {
        if let Some(number) = self.leaf_numbers.get(&identity) {
            return *number;
        }
        let known = self.source_numbers.get(source).copied();
        let source = known.unwrap_or_else(|| {
            let number = small(self.tape.sources.len());
            self.tape.sources.push(source.to_owned());
            self.source_numbers.insert(source.to_owned(), number);
            number
        });
        let number = small(self.tape.leaves.len());
        let digest = digest(&identity);
        self.tape.leaves.push(LeafInfo { source, key: key.to_owned(), digest });
        self.leaf_numbers.insert(identity, number);
        number
    }

    /// The declared uncertainty of a variable, if it can be drawn from; else told once.
    fn declared(&mut self, id: VariableId) -> Option<(Shape, bool)> {
        let variable = self.evaluator.variable(id);
        let (declared, unit) = (variable.uncertainty.as_ref()?, variable.ty.unit()?);
        match Shape::of(declared, unit) {
            Ok(shape) => Some((shape, declared.shared)),
            Err(unfit) => {
                if self.told.insert(id) {
                    self.tell_unfit(id, unfit);
                }
                None
            }
        }
    }

    fn tell_unfit(&mut self, id: VariableId, unfit: Unfit) {
        let variable = self.evaluator.variable(id);
        let (zh, en) = match unfit {
            Unfit::Negative => ("半宽不能为负", "a half-width is not below zero"),
            Unfit::Order => ("各数须由小到大", "its figures must ascend"),
            Unfit::NotPositive => {
                ("对数正态分布的下限须大于 0", "the lower end of a lognormal is above zero")
            }
            Unfit::Unit => ("单位不能换算", "its unit does not convert"),
        };
        let name = &variable.name;
        self.findings.push(
            Diagnostic::error(
                "uncertainty-figures",
                format!("`{name}` 的不确定度有误：{zh}"),
                format!("the uncertainty of `{name}` is wrong: {en}"),
            )
            .at(self.evaluator.place(variable.origin), "", "")
            .hint(
                "改正声明中的数，例如 `~ triangular(1 t, 2 t, 4 t)`",
                "mend the figures of the declaration, e.g. `~ triangular(1 t, 2 t, 4 t)`",
            ),
        );
    }

    fn key_at(&self, id: VariableId, frame: &Frame, row: usize) -> String {
        let dims = &self.evaluator.variable(id).dims;
        let pairs: Vec<(IndexId, u32)> = dims
            .iter()
            .filter_map(|index| Some((*index, *frame.column(*index)?.get(row)?)))
            .collect();
        self.evaluator.show_key(&pairs)
    }

    /// The cells of a table, each with its own half-width or the declared uncertainty.
    pub(super) fn table_leaves(&mut self, id: VariableId, made: &Materialized) -> Operand {
        let evaluator = self.evaluator;
        let centres = numbers(&made.column);
        let Some(table) = evaluator.dataset.inputs.get(&id) else {
            return Operand::fixed(centres);
        };
        let order = evaluator.table_order(id, table);
        let declared = self.declared(id);
        let shape = |row: usize| {
            let position = order.get(row).copied().unwrap_or(0) as usize;
            let own = table.half_widths.get(position).copied().flatten();
            // A cell that holds a key instead of a figure computes as an exact zero.
            let noted = made.column.notation(row).is_some();
            match (noted, own, declared) {
                (true, _, _) => None,
                (_, Some(own), _) => Some(Shape::Relative(own)),
                (_, None, declared) => declared.map(|(shape, _)| shape),
            }
        };
        let shapes: Vec<Option<Shape>> = (0..centres.len()).map(shape).collect();
        let shared = declared.is_some_and(|(_, shared)| shared);
        self.cells(id, &made.frame, (&centres, &shapes), shared)
    }

    /// Keys at which a default answers: uncertain as declared.
    pub(super) fn default_leaves(&mut self, id: VariableId, frame: &Rc<Frame>) -> Operand {
        let centres = numbers(&self.evaluator.variable_at(id, frame));
        let declared = self.declared(id);
        let shapes = vec![declared.map(|(shape, _)| shape); frame.rows];
        let shared = declared.is_some_and(|(_, shared)| shared);
        self.cells(id, frame, (&centres, &shapes), shared)
    }

    /// A formula's own uncertainty: relative ones multiply, absolute ones add, others replace.
    pub(super) fn with_own(
        &mut self,
        id: VariableId,
        operand: Operand,
        frame: &Rc<Frame>,
    ) -> Operand {
        let Some((shape, shared)) = self.declared(id) else { return operand };
        let rows = frame.rows;
        let (operation, centre) = match shape {
            Shape::Relative(_) => (Double::Multiply, 1.0),
            Shape::Absolute(_) => (Double::Add, 0.0),
            Shape::Law(_) => {
                let centres: Vec<f64> = (0..rows).map(|r| self.tape.centre(&operand, r)).collect();
                return self.cells(id, frame, (&centres, &vec![Some(shape); rows]), shared);
            }
        };
        let own = self.cells(id, frame, (&vec![centre; rows], &vec![Some(shape); rows]), shared);
        self.double(operation, (operand, own), rows)
    }

    /// One leaf per row, or one for all if they are shared.
    fn cells(
        &mut self,
        id: VariableId,
        frame: &Rc<Frame>,
        (centres, shapes): (&[f64], &[Option<Shape>]),
        shared: bool,
    ) -> Operand {
        if shapes.iter().all(Option::is_none) {
            return Operand::fixed(centres.to_vec());
        }
        let bounds: Vec<(CompareOp, f64)> = match &self.evaluator.variable(id).kind {
            VariableKind::Input(input) => input.bounds.clone(),
            _ => Vec::new(),
        };
        let laws: Vec<Law> = (centres.iter().zip(shapes))
            .map(|(centre, shape)| match shape {
                Some(shape) => shape.law(*centre).within(&bounds),
                None => Law::Normal { centre: *centre, deviation: 0.0 },
            })
            .collect();
        if !bounds.is_empty() {
            self.note_bounded(id, &laws, &bounds);
        }
        let name = self.evaluator.variable(id).name.clone();
        if shared {
            return self.shared(&name, &laws, centres);
        }
        let rows = (laws.into_iter().enumerate())
            .map(|(row, law)| {
                if law.deviation() == 0.0 {
                    return (NO_LEAF, law);
                }
                let key = self.key_at(id, frame, row);
                (self.leaf(&name, format!("{name}\u{1f}{key}"), &key), law)
            })
            .collect();
        self.leaf_column(rows, centres.to_vec())
    }

    fn note_bounded(&mut self, id: VariableId, laws: &[Law], bounds: &[(CompareOp, f64)]) {
        let lowest = bounds
            .iter()
            .filter(|(operator, _)| {
                matches!(operator, CompareOp::Greater | CompareOp::GreaterEqual)
            })
            .map(|(_, bound)| *bound)
            .fold(f64::NEG_INFINITY, f64::max);
        let mut bounded = Bounded::default();
        for law in laws {
            let (Law::Normal { centre, deviation } | Law::Truncated { centre, deviation, .. }) =
                law
            else {
                continue;
            };
            bounded.truncated += usize::from(matches!(law, Law::Truncated { .. }));
            let room = centre - lowest;
            let wide = room.is_finite() && deviation * HALF_WIDTH_95 > WIDE * room;
            bounded.wide += usize::from(wide && *deviation > 0.0);
        }
        if bounded.truncated + bounded.wide > 0 {
            let noted = self.bounded.entry(id).or_default();
            noted.truncated = noted.truncated.max(bounded.truncated);
            noted.wide = noted.wide.max(bounded.wide);
        }
    }

    /// One leaf for all rows. Normal rows are its multiples; any other distribution is one number.
    fn shared(&mut self, name: &str, laws: &[Law], centres: &[f64]) -> Operand {
        let leaf = self.leaf(name, format!("{name}\u{1f}*"), "");
        let scales: Option<Vec<f64>> = laws
            .iter()
            .map(|law| match law {
                Law::Normal { deviation, .. } | Law::Truncated { deviation, .. } => {
                    Some(*deviation)
                }
                _ => None,
            })
            .collect();
        let Some(scales) = scales else {
            let rows = laws.iter().map(|law| (leaf, *law)).collect();
            return self.leaf_column(rows, centres.to_vec());
        };
        // Cut off where the first of the rows would leave its bounds.
        let (mut least, mut most) = (0.0_f64, 1.0_f64);
        for law in laws {
            if let Law::Truncated { low, high, .. } = law {
                (least, most) = (least.max(*low), most.min(*high));
            }
        }
        let law = match least == 0.0 && most == 1.0 {
            true => Law::Normal { centre: 0.0, deviation: 1.0 },
            false => Law::Truncated { centre: 0.0, deviation: 1.0, low: least, high: most },
        };
        let unit = self.push(Operation::Leaf { leaves: vec![leaf], laws: vec![law] }, vec![0.0]);
        let rows = scales.len();
        let unit = unit.gather(&vec![0; rows]);
        let spread = self.double(Double::Multiply, (unit, Operand::fixed(scales)), rows);
        self.double(Double::Add, (spread, Operand::fixed(centres.to_vec())), rows)
    }

    /// A column of leaves; rows that are the same number of the same leaf stand in it once.
    fn leaf_column(&mut self, rows: Vec<Row>, centres: Vec<f64>) -> Operand {
        if rows.iter().all(|(leaf, _)| *leaf == NO_LEAF) {
            return Operand::fixed(centres);
        }
        let mut places: BTreeMap<(u32, u64), u32> = BTreeMap::new();
        let (mut leaves, mut laws, mut values) = (Vec::new(), Vec::new(), Vec::new());
        let mut positions = Vec::with_capacity(rows.len());
        for ((leaf, law), centre) in rows.into_iter().zip(&centres) {
            let next = small(leaves.len());
            let place = *places.entry((leaf, centre.to_bits())).or_insert(next);
            if place == next {
                leaves.push(leaf);
                laws.push(law);
                values.push(*centre);
            }
            positions.push(place);
        }
        let own = leaves.len() == centres.len();
        let operand = self.push(Operation::Leaf { leaves, laws }, values);
        if own { operand } else { operand.gather(&positions) }
    }

    /// A parameter: an entry that serves many keys is one leaf.
    pub(super) fn param_leaves(
        &mut self,
        id: VariableId,
        tree: &ParamTree,
        frame: &Rc<Frame>,
    ) -> Operand {
        let centres = numbers(&self.evaluator.variable_at(id, frame));
        let Some((shape, shared)) = self.declared(id) else { return Operand::fixed(centres) };
        let name = self.evaluator.variable(id).name.clone();
        if shared {
            let laws: Vec<Law> = centres.iter().map(|centre| shape.law(*centre)).collect();
            return self.shared(&name, &laws, &centres);
        }
        let mut known: BTreeMap<Vec<u32>, u32> = BTreeMap::new();
        let mut rows = Vec::with_capacity(frame.rows);
        for (row, centre) in centres.iter().enumerate() {
            let path = self.path(id, tree, frame, row);
            let leaf = known.get(&path).copied().unwrap_or_else(|| {
                let key = self.path_words(id, tree, &path);
                let leaf = self.leaf(&name, format!("{name}\u{1f}{key}"), &key);
                known.insert(path, leaf);
                leaf
            });
            rows.push((leaf, shape.law(*centre)));
        }
        self.leaf_column(rows, centres)
    }

    /// Which entry of each level serves a row: exact keys are even, steps odd.
    fn path(&self, id: VariableId, tree: &ParamTree, frame: &Frame, row: usize) -> Vec<u32> {
        let (mut path, mut tree) = (Vec::new(), tree);
        for index in &self.evaluator.variable(id).dims {
            let ParamTree::Level { exact, steps, .. } = tree else { break };
            let code = frame.column(*index).and_then(|column| column.get(row));
            let key = code.and_then(|code| self.evaluator.dictionary(*index).key(*code));
            let Some(key) = key else { break };
            let found = exact.iter().position(|(own, _)| own == key).map(|at| (2 * at, at, true));
            let found = found.or_else(|| {
                let at = steps.iter().rposition(|(from, _)| from <= key)?;
                Some((2 * at + 1, at, false))
            });
            let Some((number, at, is_exact)) = found else { break };
            path.push(small(number));
            let next = if is_exact { exact.get(at) } else { steps.get(at) };
            let Some((_, next)) = next else { break };
            tree = next;
        }
        path
    }

    fn path_words(&self, id: VariableId, tree: &ParamTree, path: &[u32]) -> String {
        let (mut words, mut tree) = (Vec::new(), tree);
        for (index, number) in self.evaluator.variable(id).dims.iter().zip(path) {
            let ParamTree::Level { exact, steps, .. } = tree else { break };
            let at = *number as usize / 2;
            let (list, opening) = if number % 2 == 0 { (exact, "") } else { (steps, "from ") };
            let (Some((key, next)), Some(declared)) =
                (list.get(at), self.evaluator.program.indexes.get(*index))
            else {
                break;
            };
            words.push(format!("{} = {opening}{}", declared.name, declared.show(key)));
            tree = next;
        }
        words.join(", ")
    }

    /// A factor: a row of the catalogue is one leaf, whoever asks for it.
    pub(super) fn factor_leaves(
        &mut self,
        id: VariableId,
        factor: &Factor,
        frame: &Rc<Frame>,
    ) -> Operand {
        let evaluator = self.evaluator;
        let centres = numbers(&evaluator.variable_at(id, frame));
        let declared = self.declared(id);
        let means = matches!(factor.rule, FactorRule::MeanOfLast { .. });
        if let (Some((shape, shared)), true) | (Some((shape, shared @ true)), _) = (declared, means)
        {
            let shapes = vec![Some(shape); frame.rows];
            return self.cells(id, frame, (&centres, &shapes), shared);
        }
        let mut known: BTreeMap<Vec<u32>, Vec<(Row, f64)>> = BTreeMap::new();
        let mut terms: Vec<Vec<(Row, f64)>> = Vec::with_capacity(frame.rows);
        for (row, centre) in centres.iter().enumerate() {
            let dims = &evaluator.variable(id).dims;
            let key: Vec<u32> = dims
                .iter()
                .filter_map(|index| frame.column(*index).and_then(|c| c.get(row).copied()))
                .collect();
            let own = known.get(&key).cloned().unwrap_or_else(|| {
                let shape = declared.map(|(shape, _)| shape);
                let own = self.factor_terms(id, factor, (&key, *centre), shape);
                known.insert(key, own.clone());
                own
            });
            terms.push(own);
        }
        self.sum_of_terms(&terms, centres)
    }

    /// The rows of the set that a factor takes at a key, each as its part of the value.
    fn factor_terms(
        &mut self,
        id: VariableId,
        factor: &Factor,
        (key, centre): (&[u32], f64),
        declared: Option<Shape>,
    ) -> Vec<(Row, f64)> {
        let evaluator = self.evaluator;
        let certain =
            |value: f64| ((NO_LEAF, Law::Normal { centre: value, deviation: 0.0 }), value);
        let chosen = evaluator.factors.borrow().get(&(id, key.to_vec())).cloned();
        let (Some(Ok(chosen)), Some(set)) = (chosen, evaluator.catalogue.set(&factor.set)) else {
            return vec![certain(centre)];
        };
        let variable = evaluator.variable(id);
        let count = chosen.rows.len().max(1);
        #[expect(clippy::cast_precision_loss, reason = "a handful of rows")]
        let part = 1.0 / count as f64;
        let mut terms = Vec::new();
        for row in chosen.rows.iter().filter_map(|row| set.rows.get(*row)) {
            let Type::Number(unit) = &variable.ty else { continue };
            let Some(conversion) = row.unit.conversion_to(unit) else { continue };
            let (numerator, denominator, _) = conversion.parts();
            let value = if count == 1 { centre } else { conversion.apply(row.value) * part };
            let of_row = row.uncertainty.map(|own| match own {
                OfRow::Relative(half) => Shape::Relative(half),
                OfRow::Absolute(half) => Shape::Absolute(half * numerator / denominator * part),
            });
            let Some(shape) = declared.or(of_row) else {
                terms.push(certain(value));
                continue;
            };
            let period = row.validity.from.to_string();
            let published = row.published.map(|day| day.to_string()).unwrap_or_default();
            let keys = row.keys.join(", ");
            let identity = format!("{}\u{1f}{keys}\u{1f}{period}\u{1f}{published}", set.id);
            let shown = format!("{keys}{}{period}", if keys.is_empty() { "" } else { ", " });
            let leaf = self.leaf(&variable.name, identity, &shown);
            terms.push(((leaf, shape.law(value)), value));
        }
        terms
    }

    /// A factor that is one row of its set, or the mean of several.
    fn sum_of_terms(&mut self, terms: &[Vec<(Row, f64)>], centres: Vec<f64>) -> Operand {
        let most = terms.iter().map(Vec::len).max().unwrap_or(0);
        let mut sum: Option<Operand> = None;
        for number in 0..most {
            let nothing = ((NO_LEAF, Law::Normal { centre: 0.0, deviation: 0.0 }), 0.0);
            let at = |list: &Vec<(Row, f64)>| list.get(number).copied().unwrap_or(nothing);
            let rows: Vec<Row> = terms.iter().map(|list| at(list).0).collect();
            let values = terms.iter().map(|list| at(list).1).collect();
            let column = self.leaf_column(rows, values);
            sum = Some(match sum {
                None => column,
                Some(sum) => self.double(Double::Add, (sum, column), centres.len()),
            });
        }
        match sum {
            Some(Operand::Fixed(_)) | None => Operand::Fixed(Arc::new(centres)),
            Some(sum) => sum,
        }
    }
}
