//! 旁述 What slices tell beside their values: factors, findings, defaults, faults that no row carries,
//! members that tables lack.

use super::SlicesMade;
use crate::EngineError;
use crate::atom::{Atom, atoms_of};
use crate::order::bytes::{Travel, travels};
use crate::reduce::Loose;
use crate::run::Run;
use crate::split::{given_fault, known_key};
use std::collections::{BTreeMap, BTreeSet};
use tanliu_diagnostic::{Diagnostic, Text};
use tanliu_method::bind::{Lack, tell_lack};
use tanliu_method::data::GivenGap;
use tanliu_method::eval::{FactorUse, FailingKey, RunOutcome, tell_failing};
use tanliu_method::program::{IndexId, NodeId, VariableId};

/// 旁述 What all slices told.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    factors: Vec<FactorUse>,
    seen: BTreeSet<(String, String)>,
    findings: Vec<Diagnostic>,
    /// Of formulas, and of works that are no reductions.
    pub(super) loose: BTreeSet<Loose>,
    /// What gaps lack: the operation, the key asked at, the absent one.
    gaps: BTreeSet<Gap>,
    /// What tables lack of the members of closed indexes.
    pub(super) lacks: BTreeMap<VariableId, Lack>,
    /// The first keys at which conditions fail, by the numbers of the conditions.
    failing: BTreeMap<usize, BTreeMap<Vec<Atom>, FailingWords>>,
    /// By work and input.
    defaults: BTreeMap<(usize, String), u64>,
}

/// What both sides are, and the figure to ask for.
type FailingWords = (Option<Text>, Option<String>);

/// Of how many failing keys the values are kept.
const FAILING: usize = 5;

/// 缺口 An operation, the key at which it was asked, the key that is not there.
type Gap = (NodeId, Vec<(IndexId, Atom)>, Vec<(IndexId, Atom)>);

impl Told {
    /// Adds keys at which a condition fails; the first are kept.
    pub(super) fn fails(&mut self, condition: usize, keys: Vec<FailingKey>) {
        let kept = self.failing.entry(condition).or_default();
        for own in keys {
            let key = own.key.iter().map(Atom::from).collect();
            kept.insert(key, (own.words, own.figure));
        }
        while kept.len() > FAILING {
            kept.pop_last();
        }
    }

    /// Adds what one slice told. Defaults of an input that is cut add up over the slices; those of a
    /// whole one are the same in each.
    pub(super) fn add(&mut self, number: usize, aside: RunOutcome, is_cut: &dyn Fn(&str) -> bool) {
        for factor in aside.factors {
            if self.seen.insert((factor.name.clone(), factor.key.clone())) {
                self.factors.push(factor);
            }
        }
        for finding in aside.diagnostics.list() {
            if !self.findings.contains(finding) {
                self.findings.push(finding.clone());
            }
        }
        for (name, count) in aside.defaults {
            let adds = is_cut(&name);
            let known = self.defaults.entry((number, name)).or_default();
            *known = if adds { *known + count as u64 } else { (*known).max(count as u64) };
        }
        self.gaps.extend(
            aside.gaps.iter().map(|gap| (gap.node, atoms_of(&gap.key), atoms_of(&gap.absent))),
        );
    }
}

impl Run<'_> {
    /// What the run as a whole says of it.
    pub(super) fn hear(&mut self, told: Told) {
        self.aside.factors.extend(told.factors);
        self.aside.diagnostics.extend(told.findings);
        let faults: Vec<_> = (told.loose.into_iter())
            .map(|(kind, key)| given_fault(&self.program, kind, &key))
            .collect();
        self.blame(faults);
        let keys = |atoms: Vec<(IndexId, Atom)>| known_key(&self.program, &atoms);
        for (node, key, absent) in told.gaps {
            self.dataset.gaps.push(GivenGap { node, key: keys(key), absent: keys(absent) });
        }
        for (number, keys) in told.failing.into_iter().filter(|(_, keys)| !keys.is_empty()) {
            let key = |(words, figure)| FailingKey { key: Vec::new(), words, figure };
            let keys: Vec<FailingKey> = keys.into_values().map(key).collect();
            self.failed.extend(tell_failing(&self.program, number, &keys));
        }
        for ((_, name), count) in told.defaults {
            let Some(id) = self.original.variable(&name) else { continue };
            let known = self.defaulted.entry(id).or_default();
            *known = (*known).max(count);
        }
    }

    /// Tables that lack members of closed indexes are refused.
    pub(super) fn check_lacks(&self, told: &Told) -> Result<(), EngineError> {
        let lacks = told.lacks.iter().filter(|(_, lack)| lack.missing > 0);
        let findings: Vec<Diagnostic> = lacks
            .filter_map(|(id, lack)| {
                let own = self.wide.iter().find(|own| own.variable == *id)?;
                tell_lack(self.original, *id, &own.table.shown, lack)
            })
            .collect();
        match findings.is_empty() {
            true => Ok(()),
            false => Err(EngineError::Findings(findings)),
        }
    }
}

travels!(SlicesMade { works, keys, rows, told });

/// Only the driver tells of a run: what slices told does not travel.
impl Travel for Told {
    fn write(&self, _: &mut Vec<u8>) {}
    fn read(_: &mut &[u8]) -> Option<Self> {
        Some(Self::default())
    }
}
