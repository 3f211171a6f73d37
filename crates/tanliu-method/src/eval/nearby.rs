//! 邻近的键 Keys beside those at fault: the absent one before a gap, one that differs by blanks.

use super::Evaluator;
use super::faults::FaultKind;
use super::frame::step;
use crate::data::GivenGap;
use crate::program::{IndexId, Key, NodeId, NodeKind};
use std::collections::{BTreeMap, BTreeSet};
use tanliu_diagnostic::{Diagnostic, Text, counted};

/// Of how many keys at most it is said what they lack.
const SHOWN: usize = 20;

impl Evaluator<'_> {
    /// Names the keys that are absent, not those behind them.
    pub(super) fn tell_gaps(
        &self,
        diagnostic: Diagnostic,
        node: NodeId,
        keys: &BTreeSet<&[(IndexId, u32)]>,
    ) -> Diagnostic {
        let absent: BTreeSet<String> =
            keys.iter().take(SHOWN).filter_map(|key| self.absent_before(node, key)).collect();
        let behind: Vec<String> = keys.iter().take(5).map(|key| self.show_key(key)).collect();
        if absent.is_empty() {
            let list = behind.join("；");
            return diagnostic.note(
                format!("共 {} 个键：{list}", keys.len()),
                format!("{}: {}", counted(keys.len(), "key"), list.replace('；', "; ")),
            );
        }
        let list: Vec<&str> = absent.iter().take(5).map(String::as_str).collect();
        let more = if absent.len() > list.len() { " …" } else { "" };
        diagnostic.note(
            format!("缺的键：{}{more}（用到它的：{}）", list.join("；"), behind.join("；")),
            format!("absent: {}{more} (asked at {})", list.join("; "), behind.join("; ")),
        )
    }

    /// What the gaps of this run lack, the first of each operation: for whoever tells of them.
    pub(super) fn gaps(&self) -> Vec<GivenGap> {
        let mut asked: BTreeMap<NodeId, BTreeSet<Vec<(IndexId, u32)>>> = BTreeMap::new();
        for fault in self.faults.borrow().iter() {
            if let FaultKind::Gap(node) = fault.kind {
                asked.entry(node).or_default().insert(fault.key.clone());
            }
        }
        let given = |key: &[(IndexId, u32)]| -> Vec<(IndexId, Key)> {
            let known = |(index, code): &(IndexId, u32)| {
                Some((*index, self.dictionary(*index).key(*code)?.clone()))
            };
            key.iter().filter_map(known).collect()
        };
        let mut found = Vec::new();
        for (node, keys) in asked {
            for key in keys.iter().take(SHOWN) {
                let Some((index, absent)) = self.absent_key(node, key) else { continue };
                let mut own = given(key);
                let key = own.clone();
                for part in own.iter_mut().filter(|part| part.0 == index) {
                    part.1 = absent.clone();
                }
                found.push(GivenGap { node, key, absent: own });
            }
        }
        found
    }

    /// The key that a step or a window at `key` finds absent.
    fn absent_before(&self, node: NodeId, key: &[(IndexId, u32)]) -> Option<String> {
        let given = self.dataset.gaps.iter().find(|gap| {
            gap.node == node
                && gap.key.len() == key.len()
                && gap.key.iter().zip(key).all(|((index, known), (own, code))| {
                    index == own && self.dictionary(*own).key(*code) == Some(known)
                })
        });
        let shown = |index: IndexId, key: &Key| {
            let declared = self.program.indexes.get(index)?;
            Some(format!("{} = {}", declared.name, declared.show(key)))
        };
        if let Some(gap) = given {
            let parts = gap.absent.iter().filter_map(|(index, key)| shown(*index, key));
            return Some(parts.collect::<Vec<_>>().join(", "));
        }
        let (index, absent) = self.absent_key(node, key)?;
        let part = |part: &(IndexId, u32)| match part.0 == index {
            true => shown(index, &absent),
            false => Some(self.show_key(&[*part])),
        };
        Some(key.iter().filter_map(part).collect::<Vec<_>>().join(", "))
    }

    fn absent_key(&self, node: NodeId, key: &[(IndexId, u32)]) -> Option<(IndexId, Key)> {
        let (value, index, steps) = match &self.node(node).kind {
            NodeKind::Shift { value, index, steps } => (*value, *index, vec![*steps]),
            NodeKind::Window(window) => {
                (window.value, window.index, (1..i64::from(window.steps)).map(|n| -n).collect())
            }
            _ => return None,
        };
        let (_, code) = key.iter().find(|(own, _)| *own == index)?;
        let here = self.dictionary(index).key(*code)?;
        // The fault may come from elsewhere: then the formulas under it have not run here.
        let mut idle = self.program.reach(&[], &[value]);
        idle.retain(|id| matches!(self.variables.borrow().get(*id), Some(None)));
        self.run_formulas(&idle);
        let frame = self.frame_of(value);
        let there = |moved: &Key| {
            let code = self.dictionary(index).code(moved);
            (0..frame.rows).any(|row| {
                frame.dims.iter().zip(&frame.columns).all(|(dim, column)| {
                    let wanted = match *dim == index {
                        true => code,
                        false => key.iter().find(|(own, _)| own == dim).map(|(_, code)| *code),
                    };
                    column.get(row).copied() == wanted
                })
            })
        };
        let mut moved = steps.into_iter().filter_map(|steps| step(here, steps));
        let absent = moved.find(|moved| !there(moved))?;
        Some((index, absent))
    }

    /// `甲 厂` where `甲厂` is missing.
    pub(super) fn alike_but_for_blanks(
        &self,
        kind: &FaultKind,
        keys: &BTreeSet<&[(IndexId, u32)]>,
    ) -> Option<Text> {
        if !kind.is_missing() {
            return None;
        }
        let joined = |text: &str| -> String {
            text.chars().filter(|sign| !sign.is_whitespace()).flat_map(char::to_lowercase).collect()
        };
        keys.iter().take(5).flat_map(|key| key.iter()).find_map(|(index, code)| {
            let dictionary = self.dictionary(*index);
            let Key::Text(asked) = dictionary.key(*code)? else { return None };
            let wanted = joined(asked);
            let other = dictionary.keys.iter().find_map(|key| match key {
                Key::Text(other) if other != asked && joined(other) == wanted => Some(other),
                _ => None,
            })?;
            let name = &self.program.indexes.get(*index)?.name;
            Some(Text::new(
                format!("{name} 既有「{asked}」又有「{other}」，写法略有不同：是同一个吗？"),
                format!("{name} has `{asked}` and `{other}`, written a little differently: are they one?"),
            ))
        })
    }
}
