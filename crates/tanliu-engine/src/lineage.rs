//! 谱系 Which nodes rest on some others: found for all nodes of a program at once, from below.
//!
//! Planning asks this of every node; walking down from each would take the square of their number.

use tanliu_method::program::{Node, NodeId, NodeKind, Program, VariableId, VariableKind};

/// How far an answer climbs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Climb {
    /// Through everything.
    All,
    /// Not into reductions.
    BelowGroups,
}

/// For each node whether it is one of the wanted ones or rests on one, through formulas too.
pub(crate) fn resting_on(
    program: &Program,
    climb: Climb,
    wanted: impl Fn(NodeId, &Node) -> bool,
) -> Vec<bool> {
    let mut users: Vec<Vec<NodeId>> = vec![Vec::new(); program.nodes.len()];
    let mut open: Vec<NodeId> = Vec::new();
    for (node, found) in program.nodes.iter().enumerate() {
        if wanted(node, found) {
            open.push(node);
        }
        let below = match &found.kind {
            NodeKind::Group(_) if climb == Climb::BelowGroups => Vec::new(),
            NodeKind::Variable(id) => {
                let root = program.variables.get(*id).and_then(|variable| variable.kind.root());
                root.into_iter().collect()
            }
            kind => kind.children(),
        };
        for child in below {
            if let Some(users) = users.get_mut(child) {
                users.push(node);
            }
        }
    }
    let mut rests = vec![false; program.nodes.len()];
    while let Some(node) = open.pop() {
        let Some(known) = rests.get_mut(node) else { continue };
        if !std::mem::replace(known, true) {
            open.extend(users.get(node).into_iter().flatten());
        }
    }
    rests
}

/// The same for the nodes that name one of the wanted variables.
pub(crate) fn resting_on_variables(
    program: &Program,
    climb: Climb,
    wanted: impl Fn(VariableId, &VariableKind) -> bool,
) -> Vec<bool> {
    resting_on(program, climb, |_, node| match node.kind {
        NodeKind::Variable(id) => {
            program.variables.get(id).is_some_and(|variable| wanted(id, &variable.kind))
        }
        _ => false,
    })
}
