//! 依据 How far the figures of a document may be trusted: its parameters and the factor sets it names.

use crate::factors::Loaded;
use std::collections::BTreeSet;
use tanliu_diagnostic::Lang;
use tanliu_factor::Standing;
use tanliu_method::ast::Item;
use tanliu_method::check::Checked;
use tanliu_method::program::VariableKind;

/// 依据之数 How many figures stand on what.
#[derive(Debug, Default)]
pub(super) struct Standings {
    verified: usize,
    secondary: usize,
    illustration: usize,
    memory: usize,
    holes: usize,
}

impl Standings {
    /// Those of a document itself; a document it uses answers for its own.
    pub(super) fn of(checked: &Checked, loaded: &Loaded) -> Self {
        let mut found = Self::default();
        for declaration in &checked.declarations {
            if !matches!(declaration.item, Item::Param(_)) {
                continue;
            }
            let line = declaration.attributes.iter().find(|line| line.kind == "standing");
            if let Some(standing) = line.and_then(|line| Standing::parse(line.text.trim())) {
                found.count(standing);
            }
        }
        let mut sets = BTreeSet::new();
        for variable in checked.program.variables.iter().filter(|v| v.origin.document == 0) {
            match &variable.kind {
                VariableKind::Hole => found.holes += 1,
                VariableKind::Factor(factor) => {
                    sets.insert(factor.set.as_str());
                }
                _ => {}
            }
        }
        for set in sets.into_iter().filter_map(|id| loaded.catalogue.set(id)) {
            found.count(set.header.standing);
        }
        found
    }

    fn count(&mut self, standing: Standing) {
        match standing {
            Standing::Verified => self.verified += 1,
            Standing::Secondary => self.secondary += 1,
            Standing::Illustration => self.illustration += 1,
            Standing::Memory => self.memory += 1,
        }
    }

    /// Takes those of another document in.
    pub(super) fn add(&mut self, other: &Self) {
        self.verified += other.verified;
        self.secondary += other.secondary;
        self.illustration += other.illustration;
        self.memory += other.memory;
        self.holes += other.holes;
    }

    /// `原文 2 · 转引 5 · 待定 1`
    pub(super) fn words(&self, lang: Lang) -> String {
        let parts = [
            (self.verified, "原文", "read"),
            (self.secondary, "转引", "copied"),
            (self.illustration, "自拟", "ours"),
            (self.memory, "凭记忆", "memory"),
            (self.holes, "待定", "open"),
        ];
        let said: Vec<String> = parts
            .into_iter()
            .filter(|(count, _, _)| *count > 0)
            .map(|(count, zh, en)| match lang {
                Lang::Zh => format!("{zh} {count}"),
                Lang::En => format!("{en} {count}"),
            })
            .collect();
        match said.is_empty() {
            true if lang == Lang::Zh => "无参数".to_owned(),
            true => "no parameters".to_owned(),
            false => said.join(" · "),
        }
    }
}
