//! 因子 Dated factors of the catalogue, asked key by key by the document's as-of rule.

use super::column::{Column, PRESENT, Values};
use super::faults::{FaultKind, RefusedFactor};
use super::frame::{Frame, show};
use super::{ChosenFactor, Evaluator};
use crate::program::{Factor, FactorRule, IndexId, Key, NodeId, VariableId};
use std::rc::Rc;
use tanliu_diagnostic::Text;
use tanliu_factor::{FactorSet, Query, Refusal, Rule};
use tanliu_unit::time::{Grain, TimeKey};

impl Evaluator<'_> {
    pub(crate) fn eval_factor(&self, id: VariableId, factor: &Factor, frame: &Rc<Frame>) -> Column {
        let variable = self.variable(id);
        let mut column = Column::present(self.blank(&variable.ty, frame.rows));
        let date = match &factor.rule {
            FactorRule::Latest { before, .. }
            | FactorRule::MeanOfLast { before: Some(before), .. } => {
                Some((*before, self.eval(*before, frame)))
            }
            _ => None,
        };
        for row in 0..frame.rows {
            if let Some((_, dates)) = &date
                && dates.state(row) != PRESENT
            {
                column.set_state(row, dates.state(row));
                continue;
            }
            let key: Vec<u32> = variable
                .dims
                .iter()
                .filter_map(|index| frame.column(*index).and_then(|c| c.get(row).copied()))
                .collect();
            let known = self.factors.borrow().get(&(id, key.clone())).cloned();
            let chosen = known.unwrap_or_else(|| {
                let day = date.as_ref().and_then(|(node, dates)| self.day(*node, dates, row));
                let chosen = self.choose(id, factor, &key, day);
                self.factors.borrow_mut().insert((id, key), chosen.clone());
                chosen
            });
            match chosen {
                Ok(chosen) => {
                    if let Values::Number(list) = &mut column.values
                        && let Some(place) = list.get_mut(row)
                    {
                        *place = chosen.value;
                    }
                }
                Err(state) => column.set_state(row, state),
            }
        }
        column
    }

    fn day(&self, node: NodeId, dates: &Column, row: usize) -> Option<TimeKey> {
        self.time_at(dates, &self.node(node).ty, row).map(TimeKey::first_day)
    }

    fn choose(
        &self,
        id: VariableId,
        factor: &Factor,
        key: &[u32],
        day: Option<TimeKey>,
    ) -> Result<Rc<ChosenFactor>, u32> {
        let variable = self.variable(id);
        let pairs: Vec<(IndexId, u32)> =
            variable.dims.iter().copied().zip(key.iter().copied()).collect();
        let refuse = |refused: RefusedFactor| {
            Err(self.fault(FaultKind::Refused(id, Box::new(refused)), pairs.clone()))
        };
        let Some(set) = self.catalogue.set(&factor.set) else {
            return refuse(RefusedFactor {
                code: "unknown-factor-set",
                message: (
                    format!("因子库中没有 `{}`", factor.set),
                    format!("the catalogue has no set `{}`", factor.set),
                ),
                seen: Vec::new(),
                hint: None,
            });
        };
        let mut time = None;
        let rule = match &factor.rule {
            FactorRule::SameYear(index) => {
                time = Some(*index);
                let code = pairs.iter().find(|(own, _)| own == index).map(|(_, code)| *code);
                match code.and_then(|code| self.dictionary(*index).key(code)) {
                    Some(Key::Time(key)) => Rule::At(key.first_day()),
                    _ => return Err(self.fault(FaultKind::Missing(id), pairs.clone())),
                }
            }
            FactorRule::Fixed(key) => Rule::FixedAt(key.first_day()),
            FactorRule::Latest { published: false, .. } => Rule::LatestBefore(day.unwrap_or(EPOCH)),
            FactorRule::Latest { published: true, .. } => {
                Rule::LatestPublishedBefore(day.unwrap_or(EPOCH))
            }
            FactorRule::MeanOfLast { count, .. } => Rule::MeanOfLast { count: *count, before: day },
        };
        let words = self.key_words(set, factor, &pairs, time);
        let keys = words.iter().map(|(name, word)| (name.as_str(), word.as_str())).collect();
        match set.lookup(&Query { keys, rule }) {
            Ok(choice) => {
                let conversion =
                    variable.ty.unit().and_then(|unit| choice.unit.conversion_to(unit));
                match conversion {
                    Some(conversion) => Ok(Rc::new(ChosenFactor {
                        value: conversion.apply(choice.value),
                        rows: choice.rows,
                        explanation: choice.explanation,
                        findings: choice.findings,
                    })),
                    None => refuse(RefusedFactor {
                        code: "factor-unit",
                        message: (
                            format!("因子集单位 {} 不能换算", choice.unit),
                            format!("the set's unit {} does not convert", choice.unit),
                        ),
                        seen: Vec::new(),
                        hint: None,
                    }),
                }
            }
            Err(refusal) => refuse(refused(&refusal)),
        }
    }

    /// The key words a set is asked for: the indexes that are columns of the set; a member by its
    /// name, or by its label where the set does not know the name.
    fn key_words(
        &self,
        set: &FactorSet,
        factor: &Factor,
        pairs: &[(IndexId, u32)],
        time: Option<IndexId>,
    ) -> Vec<(String, String)> {
        pairs
            .iter()
            .filter(|(index, _)| Some(*index) != time)
            .filter_map(|(index, code)| {
                let declared = self.program.indexes.get(*index);
                // The indexes of a DATE that is an input need not be columns of the set.
                let name = factor.column_of(set, *index, &declared?.name)?.to_owned();
                let word = show(declared, self.dictionaries.get(*index), *code);
                if set.code_of(&name, &word).is_some() {
                    return Some((name, word));
                }
                let label = declared.and_then(|index| match &index.kind {
                    crate::program::IndexKind::Closed(members) => members
                        .iter()
                        .find(|(member, _)| *member == word)
                        .and_then(|(_, label)| label.clone()),
                    _ => None,
                });
                Some(match label {
                    Some(label) if set.code_of(&name, &label).is_some() => (name, label),
                    _ => (name, word),
                })
            })
            .collect()
    }
}

/// A refusal as a fault keeps it.
fn refused(refusal: &Refusal) -> RefusedFactor {
    let both = |text: &Text| (text.zh.clone(), text.en.clone());
    RefusedFactor {
        code: refusal.code,
        message: both(&refusal.message),
        seen: refusal.seen.iter().map(both).collect(),
        hint: refusal.hint.as_ref().map(|hint| both(hint)),
    }
}

const EPOCH: TimeKey = TimeKey { grain: Grain::Day, ordinal: 0 };
