//! 散错 Faults that no row carries: they count as soon as the run asks for the part that has them.

use super::Run;
use super::answers::request;
use crate::lane::{Asking, Leaf, Root, Shared, asked_of_nothing, keyed_leaves};
use crate::reduce::Loose;
use crate::split::{Relation, given_fault};
use std::collections::{BTreeMap, BTreeSet};
use tanliu_method::data::GivenFault;
use tanliu_method::eval::{Asked, loose_at};
use tanliu_method::program::NodeId;

impl Run<'_> {
    /// Faults of what a run computes in any case.
    pub(crate) fn blame(&mut self, faults: Vec<GivenFault>) {
        for fault in faults {
            if !self.dataset.loose.contains(&fault) {
                self.dataset.loose.push(fault);
            }
        }
    }

    /// Of each reduction, by the number of its work, what the leaves that it asks bring up. What
    /// other works bring up counts in any case.
    pub(super) fn loose_of_leaves(
        &mut self,
        relation: &Relation,
        shared: &Shared,
        asked: &BTreeMap<usize, Asking>,
    ) -> BTreeMap<usize, Vec<GivenFault>> {
        let mut found: BTreeMap<usize, Vec<GivenFault>> = BTreeMap::new();
        for (number, root) in shared.watched.iter().enumerate() {
            let faults = self.loose_of(relation, root, asked.get(&number));
            match root.reduction {
                Some(work) => found.entry(work).or_default().extend(faults),
                None => self.blame(faults),
            }
        }
        found
    }

    fn loose_of(
        &self,
        relation: &Relation,
        root: &Root,
        asking: Option<&Asking>,
    ) -> Vec<GivenFault> {
        let lanes = &relation.lanes;
        let node_of = |leaf: &usize| match lanes.leaves.get(*leaf) {
            Some(Leaf::Node(node)) => Some(*node),
            _ => None,
        };
        let keyed: Vec<NodeId> = keyed_leaves(lanes, root).iter().filter_map(node_of).collect();
        let at = |leaf: usize, keys: &BTreeSet<Vec<_>>| {
            let node = node_of(&leaf)?;
            let places = self.places(lanes, node);
            let rows = (!places.is_empty()).then_some(keys);
            Some(request(lanes, node, &places, rows))
        };
        let asked: Vec<Asked> = match asking {
            Some((rows, leaves)) if *rows > 0 => {
                leaves.iter().filter_map(|(leaf, keys)| at(*leaf, keys)).collect()
            }
            _ => {
                let leaves = asked_of_nothing(lanes, root);
                leaves.into_iter().filter_map(|leaf| at(leaf, &BTreeSet::new())).collect()
            }
        };
        loose_at(&self.program, &self.dataset, self.catalogue, (&keyed, &asked))
    }

    /// Each fault once, as the interpreter takes it.
    pub(super) fn given_once(
        &self,
        loose: Vec<Loose>,
        mut more: Vec<GivenFault>,
    ) -> Vec<GivenFault> {
        let mut seen = BTreeSet::new();
        let kept = loose.into_iter().filter(|fault| seen.insert(fault.clone()));
        let kept: Vec<GivenFault> =
            kept.map(|(kind, key)| given_fault(&self.program, kind, &key)).collect();
        more.retain(|fault| !kept.contains(fault));
        [kept, more].concat()
    }
}
