//! 选取 `x[year-1]`, `x[fuel = coal]`, `x[grid = grid_of]`.

use super::{Checker, Context, messages, union};
use crate::ast::{Expr, Name, Selector};
use crate::program::{IndexId, NodeId, NodeKind, Type};

impl Checker<'_> {
    pub(super) fn infer_select(
        &mut self,
        context: Context,
        value: &Expr,
        selectors: &[Selector],
        whole: &Expr,
    ) -> Option<NodeId> {
        let mut node = self.infer(context.plain(), value)?;
        let origin = self.origin(context.scope, whole.span);
        let mut lookups: Vec<(IndexId, NodeId)> = Vec::new();
        let mut shifts: Vec<(IndexId, i64)> = Vec::new();
        let mut sound = true;
        for selector in selectors {
            let (name, item) = match selector {
                Selector::Shift(name, steps) => (name, Item::Shift(*steps)),
                Selector::Equals(name, expr) => (name, Item::Equals(expr)),
                Selector::Bare(name) => {
                    let place = self.place_in(context.scope, name.span);
                    self.report(messages::bare_selector(&name.text, place));
                    sound = false;
                    continue;
                }
            };
            let Some(index) = self.selected_index(context, name, node) else {
                sound = false;
                continue;
            };
            match item {
                Item::Shift(steps) => match self.check_shift(context, name, index, steps) {
                    Some(()) => shifts.push((index, steps)),
                    None => sound = false,
                },
                Item::Equals(expr) => match self.infer_selector(context, index, expr) {
                    Some(selected) => lookups.push((index, selected)),
                    None => sound = false,
                },
            }
        }
        if !sound {
            return None;
        }
        for (index, steps) in shifts {
            let (ty, dims) = (self.ty(node).clone(), self.dims(node).to_vec());
            node = self.push(NodeKind::Shift { value: node, index, steps }, ty, dims, origin);
        }
        if lookups.is_empty() {
            return Some(node);
        }
        let taken: Vec<IndexId> = lookups.iter().map(|(index, _)| *index).collect();
        let kept: Vec<IndexId> =
            self.dims(node).iter().copied().filter(|index| !taken.contains(index)).collect();
        let mut dims = kept;
        for (_, selected) in &lookups {
            dims = union(&dims, self.dims(*selected));
        }
        let ty = self.ty(node).clone();
        let kind = NodeKind::Lookup { value: node, selectors: lookups };
        Some(self.push(kind, ty, dims, origin))
    }

    fn selected_index(&mut self, context: Context, name: &Name, node: NodeId) -> Option<IndexId> {
        let index = self.resolve_index(context.scope, name)?;
        if self.dims(node).contains(&index) {
            return Some(index);
        }
        let has = self.index_names(self.dims(node));
        let place = self.place_in(context.scope, name.span);
        self.report(messages::index_not_there(&name.text, &has, place));
        None
    }

    fn check_shift(
        &mut self,
        context: Context,
        name: &Name,
        index: IndexId,
        steps: i64,
    ) -> Option<()> {
        let place = self.place_in(context.scope, name.span);
        let declared = self.program.indexes.get(index)?.clone();
        if !declared.has_step() {
            self.report(messages::index_without_step(&declared, place));
            return None;
        }
        if steps == 0 || steps.unsigned_abs() > 10_000 {
            self.report(messages::shift_out_of_range(steps, place));
            return None;
        }
        Some(())
    }

    fn infer_selector(&mut self, context: Context, index: IndexId, expr: &Expr) -> Option<NodeId> {
        let node = self.infer(context.hinted(Some(index)), expr)?;
        match self.ty(node).clone() {
            Type::Key(found) if found == index => return Some(node),
            Type::Number(unit) if unit.is_dimensionless() && self.takes_numbers(index) => {
                let node = self.plain_number(node, self.origin_of(node))?;
                let dims = self.dims(node).to_vec();
                let origin = self.origin(context.scope, expr.span);
                let kind = NodeKind::KeyOfNumber(node, index);
                return Some(self.push(kind, Type::Key(index), dims, origin));
            }
            _ => {}
        }
        let found = self.describe(node);
        let place = self.place_in(context.scope, expr.span);
        let name = self.index_name(index).to_owned();
        self.report(messages::not_a_key(&name, &found, place));
        None
    }

    /// Whole numbers are keys of an integer index and of years.
    fn takes_numbers(&self, index: IndexId) -> bool {
        use crate::program::IndexKind;
        use tanliu_unit::time::Grain;
        matches!(
            self.program.indexes.get(index).map(|index| &index.kind),
            Some(IndexKind::Integer | IndexKind::Time { grain: Grain::Year, .. })
        )
    }
}

enum Item<'e> {
    Shift(i64),
    Equals(&'e Expr),
}
