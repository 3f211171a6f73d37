//! 执行计划 Which columns are kept for a block of draws, and which only pass through.
//!
//! A column that one other takes row by row is computed inside it, a few rows at a time; one that
//! only goes into sums is added to them as it comes. Neither ever stands in memory as a whole, so a
//! total over ten thousand lines stays in the processor's own memory.

use super::tape::{Operand, Operation, Reducing, Tape};

/// 去处 What becomes of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// Nothing wants it.
    Unused,
    /// Computed inside the one column that takes it.
    Inline,
    /// Added to sums as it comes.
    Stream,
    /// Kept for the block.
    Store,
}

/// 效应 Part of the first-order effect of a variable on a result, drawn along with a leaf.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hook {
    /// Which effect.
    pub(super) effect: u32,
    /// By how much the effect grows with the leaf's value.
    pub(super) weight: f64,
}

/// 计划
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) keep: Vec<Keep>,
    /// Of a streamed column the sums it goes into.
    pub(super) sums: Vec<Vec<usize>>,
    /// Of such a sum the group of each row.
    pub(super) owners: Vec<Vec<u32>>,
    /// Of a column of leaves for each row where its hooks begin, and the hooks.
    pub(super) hook_starts: Vec<Vec<u32>>,
    pub(super) hooks: Vec<Vec<Hook>>,
    pub(super) effects: usize,
}

/// No group.
pub(super) const NO_GROUP: u32 = u32::MAX;

#[derive(Debug, Clone, Copy, Default)]
struct Uses {
    rowwise: usize,
    sums: usize,
    other: usize,
}

impl Plan {
    /// What is needed for some operands.
    pub(super) fn new<'o>(tape: &Tape, wanted: impl Iterator<Item = &'o Operand>) -> Self {
        let count = tape.steps.len();
        let mut uses = vec![Uses::default(); count];
        for operand in wanted {
            if let Some(uses) = operand.step().and_then(|step| uses.get_mut(step)) {
                uses.other += 1;
            }
        }
        let mut plan = Self {
            keep: vec![Keep::Unused; count],
            sums: vec![Vec::new(); count],
            owners: vec![Vec::new(); count],
            hook_starts: vec![Vec::new(); count],
            hooks: vec![Vec::new(); count],
            effects: 0,
        };
        for (number, step) in tape.steps.iter().enumerate().rev() {
            let own = uses.get(number).copied().unwrap_or_default();
            let is_whole = matches!(
                step.operation,
                Operation::Reduce(..) | Operation::Along(..) | Operation::Collect(..)
            );
            let keep = match own {
                Uses { rowwise: 0, sums: 0, other: 0 } => Keep::Unused,
                Uses { rowwise: 1, sums: 0, other: 0 } if !is_whole => Keep::Inline,
                Uses { rowwise: 0, sums: _, other: 0 } if !is_whole => Keep::Stream,
                _ => Keep::Store,
            };
            if let Some(place) = plan.keep.get_mut(number) {
                *place = keep;
            }
            if keep == Keep::Unused {
                continue;
            }
            let owners = owners(tape, &step.operation);
            let summed = owners.is_some();
            if let (Some(owners), Some(place)) = (owners, plan.owners.get_mut(number)) {
                *place = owners;
            }
            for operand in step.operation.operands() {
                let Operand::Drawn { step: source, rows } = operand else { continue };
                let Some(uses) = uses.get_mut(*source) else { continue };
                match (&step.operation, rows) {
                    (Operation::Reduce(..), None) if summed => uses.sums += 1,
                    (
                        Operation::Single(..) | Operation::Double(..) | Operation::Choose(..),
                        None,
                    ) => uses.rowwise += 1,
                    _ => uses.other += 1,
                }
            }
        }
        plan.link(tape);
        plan
    }

    /// Streamed columns know the sums they go into.
    fn link(&mut self, tape: &Tape) {
        for (number, step) in tape.steps.iter().enumerate() {
            let used = self.keep.get(number).is_some_and(|keep| *keep != Keep::Unused);
            let Operation::Reduce(_, operand, _) = &step.operation else { continue };
            let Some(source) = operand.step().filter(|_| used) else { continue };
            if self.keep.get(source) == Some(&Keep::Stream)
                && let Some(sums) = self.sums.get_mut(source)
            {
                sums.push(number);
            }
        }
    }

    /// Numbers kept per draw.
    pub(super) fn width(&self, tape: &Tape) -> usize {
        let stored = tape.steps.iter().zip(&self.keep).filter(|(_, keep)| **keep == Keep::Store);
        stored.map(|(step, _)| step.rows).sum::<usize>() + self.effects
    }

    /// Hangs effects on the leaves that are drawn: step, row, hook; in this order.
    pub(super) fn hang(&mut self, tape: &Tape, mut hooks: Vec<(u32, u32, Hook)>, effects: usize) {
        self.effects = effects;
        hooks.sort_by_key(|(step, row, hook)| (*step, *row, hook.effect));
        for (number, step) in tape.steps.iter().enumerate() {
            let own = |(at, _, _): &(u32, u32, Hook)| (*at as usize).cmp(&number);
            let start = hooks.partition_point(|hook| own(hook).is_lt());
            let end = hooks.partition_point(|hook| own(hook).is_le());
            let part = hooks.get(start..end).unwrap_or_default();
            if part.is_empty() {
                continue;
            }
            let mut starts = vec![0_u32; step.rows + 1];
            for (_, row, _) in part {
                if let Some(place) = starts.get_mut(*row as usize + 1) {
                    *place += 1;
                }
            }
            let mut sum = 0;
            for place in &mut starts {
                sum += *place;
                *place = sum;
            }
            if let (Some(places), Some(list)) =
                (self.hook_starts.get_mut(number), self.hooks.get_mut(number))
            {
                *places = starts;
                *list = part.iter().map(|(_, _, hook)| *hook).collect();
            }
        }
    }

    /// The hooks of a row of a column of leaves.
    pub(super) fn hooks_at(&self, step: usize, row: usize) -> &[Hook] {
        let Some(starts) = self.hook_starts.get(step).filter(|starts| !starts.is_empty()) else {
            return &[];
        };
        let start = starts.get(row).copied().unwrap_or(0) as usize;
        let end = starts.get(row + 1).copied().unwrap_or(0) as usize;
        self.hooks.get(step).and_then(|hooks| hooks.get(start..end)).unwrap_or_default()
    }
}

/// The group of each row of what a sum or a mean is taken of, if each row goes into one at most.
fn owners(tape: &Tape, operation: &Operation) -> Option<Vec<u32>> {
    let Operation::Reduce(Reducing::Sum | Reducing::Mean, operand, groups) = operation else {
        return None;
    };
    let Operand::Drawn { step, rows: None } = operand else { return None };
    let rows = tape.steps.get(*step)?.rows;
    let mut owners = vec![NO_GROUP; rows];
    for number in 0..groups.len() {
        for member in groups.group(number) {
            let place = owners.get_mut(*member as usize)?;
            if *place != NO_GROUP {
                return None;
            }
            *place = u32::try_from(number).ok()?;
        }
    }
    Some(owners)
}
