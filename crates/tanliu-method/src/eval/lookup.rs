//! 查取 `x[fuel = coal]`, `x[grid = grid_of]`: the value at a key that an expression gives.

use super::Evaluator;
use super::column::{Column, PRESENT};
use super::frame::{Frame, NO_KEY, NO_ROW};
use super::keys::Keys;
use crate::program::{IndexId, NodeId};
use std::rc::Rc;

impl Evaluator<'_> {
    pub(crate) fn eval_lookup(
        &self,
        node: NodeId,
        value: NodeId,
        selectors: &[(IndexId, NodeId)],
        frame: &Rc<Frame>,
    ) -> Column {
        let chosen: Vec<(IndexId, Column)> =
            selectors.iter().map(|(index, node)| (*index, self.eval(*node, frame))).collect();
        let mut result = Column {
            values: self.blank(&self.node(node).ty, frame.rows),
            state: Vec::new(),
            notation: Vec::new(),
        };
        let mut rows = Vec::with_capacity(frame.rows);
        for row in 0..frame.rows {
            let state = chosen.iter().fold(PRESENT, |state, (_, column)| {
                super::column::joined(state, column.state(row))
            });
            match state {
                PRESENT => rows.push(u32::try_from(row).unwrap_or(NO_ROW)),
                state => result.set_state(row, state),
            }
        }
        let dims = self.node(value).dims.clone();
        let columns: Vec<Vec<u32>> = dims
            .iter()
            .map(|index| {
                let selected = chosen.iter().find(|(own, _)| own == index);
                let column = match selected {
                    Some((_, column)) => column.codes(),
                    None => frame.column(*index).unwrap_or_default(),
                };
                rows.iter()
                    .map(|row| column.get(*row as usize).copied().unwrap_or(NO_KEY))
                    .collect()
            })
            .collect();
        let asked = self.frames.make(dims, columns, rows.len(), false);
        let values = self.eval(value, &asked);
        result.scatter(&rows, &values);
        result
    }

    /// The keys of a selection: those of the value at the chosen key; of a look-up through a
    /// mapping, those of the mapping with the value's remaining ones.
    pub(crate) fn lookup_keys(
        &self,
        node: NodeId,
        value: NodeId,
        selectors: &[(IndexId, NodeId)],
    ) -> Keys {
        let own = self.keys(value);
        let mut chosen = Keys::default();
        for (_, selector) in selectors {
            chosen = self.combine(node, chosen, self.keys(*selector));
        }
        let Some(frame) = own.hard else {
            if chosen.hard.is_none() || !self.node(node).dims.is_empty() {
                let mut keys = chosen;
                keys.soft.push(node);
                return keys;
            }
            return chosen;
        };
        let taken: Vec<IndexId> = selectors.iter().map(|(index, _)| *index).collect();
        let kept: Vec<IndexId> =
            frame.dims.iter().copied().filter(|index| !taken.contains(index)).collect();
        let moves = selectors.iter().all(|(_, selector)| self.node(*selector).dims.is_empty());
        let remaining = match moves {
            true => self.selected(&frame, selectors, &kept),
            false => self.frames.project(&frame, &kept),
        };
        if moves {
            return self.with_rest(node, Some(remaining), own.soft);
        }
        if kept.is_empty() {
            return self.with_rest(node, chosen.hard, chosen.soft);
        }
        let paired = self.paired(&frame, selectors, &kept, &chosen);
        let mut soft = own.soft;
        soft.extend(chosen.soft);
        self.with_rest(node, Some(paired.unwrap_or(remaining)), soft)
    }

    /// Indexes that nothing brings are known to the look-up itself.
    fn with_rest(&self, node: NodeId, hard: Option<Rc<Frame>>, mut soft: Vec<NodeId>) -> Keys {
        let dims = &self.node(node).dims;
        let covered = hard.as_ref().map_or(0, |frame| frame.dims.len());
        soft.retain(|soft| self.node(*soft).dims.iter().all(|index| dims.contains(index)));
        if covered < dims.len() {
            soft.push(node);
        }
        Keys { hard: hard.filter(|frame| !frame.dims.is_empty()), soft, ..Keys::default() }
    }

    /// The remaining keys of rows at constant keys.
    fn selected(
        &self,
        frame: &Rc<Frame>,
        selectors: &[(IndexId, NodeId)],
        kept: &[IndexId],
    ) -> Rc<Frame> {
        let scalar = self.frames.intern(Vec::new(), Vec::new(), 1);
        // An index that only parameters bring is no column of the rows: they are all kept, and asked.
        let codes: Vec<(IndexId, u32)> = selectors
            .iter()
            .filter(|(index, _)| frame.dims.contains(index))
            .map(|(index, selector)| {
                let column = self.eval(*selector, &scalar);
                let code = column.codes().first().copied().filter(|_| column.state(0) == PRESENT);
                (*index, code.unwrap_or(NO_KEY))
            })
            .collect();
        let rows: Vec<u32> = (0..frame.rows)
            .filter(|row| {
                codes.iter().all(|(index, code)| {
                    frame.column(*index).and_then(|column| column.get(*row)) == Some(code)
                })
            })
            .filter_map(|row| u32::try_from(row).ok())
            .collect();
        let picked = self.frames.pick(frame, &rows);
        self.frames.project(&picked, kept)
    }

    /// The keys of a mapping with those at which the value has rows and a default answers.
    fn with_defaults(
        &self,
        frame: &Rc<Frame>,
        mapping: &Rc<Frame>,
        selectors: &[(IndexId, NodeId)],
    ) -> Rc<Frame> {
        let within = |index: &IndexId| {
            frame.dims.contains(index) && !selectors.iter().any(|(taken, _)| taken == index)
        };
        if mapping.dims.is_empty() || !mapping.dims.iter().all(within) {
            return Rc::clone(mapping);
        }
        let asked = self.frames.project(frame, &mapping.dims);
        let columns: Vec<Column> =
            selectors.iter().map(|(_, node)| self.eval(*node, &asked)).collect();
        let answered: Vec<u32> = (0..asked.rows)
            .filter(|row| columns.iter().all(|column| column.state(*row) == PRESENT))
            .filter_map(|row| u32::try_from(row).ok())
            .collect();
        self.union(mapping, &self.frames.pick(&asked, &answered))
    }

    /// Rows of the mapping, each with the remaining keys that the value has at the mapped key.
    fn paired(
        &self,
        frame: &Rc<Frame>,
        selectors: &[(IndexId, NodeId)],
        kept: &[IndexId],
        chosen: &Keys,
    ) -> Option<Rc<Frame>> {
        let mapping = &self.with_defaults(frame, chosen.hard.as_ref()?, selectors);
        let needs = selectors.iter().flat_map(|(_, node)| self.node(*node).dims.clone());
        if !needs.into_iter().all(|index| mapping.dims.contains(&index)) {
            return None;
        }
        let held: Vec<(IndexId, NodeId)> =
            selectors.iter().copied().filter(|(index, _)| frame.dims.contains(index)).collect();
        let columns: Vec<(IndexId, Column)> =
            held.iter().map(|(index, node)| (*index, self.eval(*node, mapping))).collect();
        let fixed: Vec<IndexId> =
            kept.iter().copied().filter(|index| mapping.dims.contains(index)).collect();
        let dims = super::keys::union_dims(&mapping.dims, kept);
        let mut found: Vec<Vec<u32>> = vec![Vec::new(); dims.len()];
        let mut by_key: std::collections::BTreeMap<Vec<u32>, Vec<usize>> =
            std::collections::BTreeMap::new();
        let key_dims: Vec<IndexId> =
            held.iter().map(|(index, _)| *index).chain(fixed.iter().copied()).collect();
        for row in 0..frame.rows {
            let key = key_dims
                .iter()
                .map(|index| {
                    frame.column(*index).and_then(|c| c.get(row).copied()).unwrap_or(NO_KEY)
                })
                .collect();
            by_key.entry(key).or_default().push(row);
        }
        let mut rows = 0;
        for row in 0..mapping.rows {
            let mut key: Vec<u32> = columns
                .iter()
                .map(|(_, column)| column.codes().get(row).copied().unwrap_or(NO_KEY))
                .collect();
            key.extend(fixed.iter().map(|index| {
                mapping.column(*index).and_then(|c| c.get(row).copied()).unwrap_or(NO_KEY)
            }));
            for source in by_key.get(&key).into_iter().flatten() {
                for (index, column) in dims.iter().zip(&mut found) {
                    let code = match mapping.column(*index) {
                        Some(own) => own.get(row).copied(),
                        None => frame.column(*index).and_then(|own| own.get(*source).copied()),
                    };
                    column.push(code.unwrap_or(NO_KEY));
                }
                rows += 1;
            }
        }
        Some(self.frames.intern(dims, found, rows))
    }
}
