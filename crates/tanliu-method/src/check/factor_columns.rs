//! 因子的键 Which index of a factor stands for which key column of its set; known without data.

use super::{Checker, messages};
use crate::ast;
use crate::program::{Factor, FactorRule, IndexId, IndexKind};

impl Checker<'_> {
    /// The columns that `where` names, each with its index.
    pub(super) fn factor_columns(
        &mut self,
        dims: &[IndexId],
        scope: usize,
        f: &ast::FactorDecl,
    ) -> Option<Vec<(String, IndexId)>> {
        let mut columns: Vec<(String, IndexId)> = Vec::new();
        let mut sound = true;
        for (column, index) in &f.columns {
            let catalogue = self.catalogue;
            let set = catalogue.set(&f.set.text);
            let known = set.map(|set| (set, set.key_column(&column.text)));
            if let Some((set, None)) = known {
                let place = self.place_in(scope, column.span);
                self.report(messages::factor_column_unknown(set, &column.text, place));
                sound = false;
            }
            // By its heading, so that a column is known again under its other name.
            let heading = known.and_then(|(_, key)| key).map(|key| key.column.clone());
            let heading = heading.unwrap_or_else(|| column.text.clone());
            let Some(id) = self.resolve_index(scope, index) else {
                sound = false;
                continue;
            };
            if !dims.contains(&id) {
                let place = self.place_in(scope, index.span);
                let own = self.index_names(dims);
                let head = (f.name.text.as_str(), own.as_str());
                self.report(messages::factor_column_index(&index.text, head, place));
                sound = false;
            }
            for (twice, name) in [
                (columns.iter().any(|(own, _)| *own == heading), column),
                (columns.iter().any(|(_, own)| *own == id), index),
            ] {
                if twice {
                    let place = self.place_in(scope, name.span);
                    self.report(messages::factor_column_twice(&name.text, place));
                    sound = false;
                }
            }
            columns.push((heading, id));
        }
        sound.then_some(columns)
    }

    /// The indexes of a factor are the key columns of its set; those of the date and of time
    /// need not be.
    pub(super) fn check_factor_columns(
        &mut self,
        dims: &[IndexId],
        scope: usize,
        f: &ast::FactorDecl,
        factor: &Factor,
    ) -> Option<()> {
        let catalogue = self.catalogue;
        let Some(set) = catalogue.set(&factor.set) else { return Some(()) };
        let (mut asked, mut strange) = (Vec::new(), Vec::new());
        for index in dims {
            let name = self.index_name(*index);
            match factor.column_of(set, *index, name) {
                _ if matches!(factor.rule, FactorRule::SameYear(time) if time == *index) => {}
                Some(column) => asked.push(column),
                None if self.only_dates(*index, &factor.rule) => {}
                None => {
                    asked.push(name);
                    strange.push(name);
                }
            }
        }
        let Err(refusal) = set.check_columns(&asked) else { return Some(()) };
        let free: Vec<&str> = (set.header.keys.iter())
            .filter(|key| !asked.iter().any(|name| set.key_column(name) == Some(*key)))
            .map(|key| key.column.as_str())
            .collect();
        let mend = match (free.as_slice(), strange.as_slice()) {
            ([column], [index]) => Some((*column, *index)),
            _ => None,
        };
        let place = self.place_in(scope, f.name.span);
        let diagnostic = messages::factor_key_columns(refusal, mend, place);
        self.report(diagnostic);
        None
    }

    /// Whether an index that is no key of the set may tell the date, or be time that the factor
    /// does not change with.
    fn only_dates(&self, index: IndexId, rule: &FactorRule) -> bool {
        let kind = self.program.indexes.get(index).map(|index| &index.kind);
        let of_date = match rule {
            FactorRule::Latest { before, .. }
            | FactorRule::MeanOfLast { before: Some(before), .. } => {
                self.dims(*before).contains(&index)
            }
            _ => false,
        };
        of_date || matches!(kind, Some(IndexKind::Time { .. }))
    }
}
