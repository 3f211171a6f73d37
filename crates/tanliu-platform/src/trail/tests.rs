//! 测试 A trail holds until anything in it changes.

#![allow(clippy::unwrap_used)]

use super::{Act, Entry, GENESIS, check, seal};
use crate::moment::Moment;
use proptest::prelude::*;

fn chain(acts: Vec<Act>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for act in acts {
        let before = entries.last().map_or(GENESIS.to_owned(), |entry| entry.seal.clone());
        entries.push(seal(entries.len() as i64 + 1, act, &before));
    }
    entries
}

fn act() -> impl Strategy<Value = Act> {
    ("[a-c]{0,3}", 0i64..9, "[a-c]{0,3}", "[a-c]{0,3}", "[a-c]{0,3}")
        .prop_map(|(by, at, verb, object, facts)| Act { by, at: Moment(at), verb, object, facts })
}

proptest! {
    #[test]
    fn a_trail_holds_until_anything_in_it_changes(
        acts in prop::collection::vec(act(), 1..8),
        at in 0usize..8,
        other in act(),
    ) {
        let entries = chain(acts);
        prop_assert!(check(&entries, (0, GENESIS)).is_ok());
        let at = at % entries.len();
        let mut changed = entries.clone();
        let place = changed.get_mut(at).unwrap();
        let unchanged = other == place.act;
        place.act = other;
        prop_assert_eq!(check(&changed, (0, GENESIS)).is_ok(), unchanged);
        let mut removed = entries.clone();
        removed.remove(at);
        let cut_tail = at + 1 == entries.len();
        prop_assert_eq!(check(&removed, (0, GENESIS)).is_ok(), cut_tail);
    }
}
