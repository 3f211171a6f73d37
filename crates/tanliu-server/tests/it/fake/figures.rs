//! 数与运行 Calculations, runs, figures and findings in memory.

use super::{FakeStore, next};
use async_trait::async_trait;
use tanliu_platform::figure::{Calculation, FigureQuery, FigureTable, Finding, Run};
use tanliu_platform::port::{Act, Figures, StoreError, Stored};

#[async_trait]
impl Figures for FakeStore {
    async fn calculations(&self) -> Stored<Vec<Calculation>> {
        self.read(|kept| kept.calculations.clone())
    }

    async fn put_calculations(&self, calculations: &[Calculation], act: Act) -> Stored<()> {
        self.change(act, |kept| {
            kept.calculations = calculations.to_vec();
            Ok(())
        })
    }

    async fn begin_run(&self, run: &Run, act: Act) -> Stored<i64> {
        self.change(act, |kept| {
            let id = next(&kept.runs);
            kept.runs.insert(id, Run { id, ..run.clone() });
            Ok(id)
        })
    }

    async fn end_run(&self, run: &Run, tables: &[FigureTable], act: Act) -> Stored<()> {
        self.change(act, |kept| {
            if run.current {
                let same = |own: &&mut Run| own.calculation == run.calculation;
                kept.runs.values_mut().filter(same).for_each(|own| own.current = false);
            }
            kept.runs.insert(run.id, run.clone());
            kept.figures.insert(run.id, tables.to_vec());
            Ok(())
        })
    }

    async fn run(&self, id: i64) -> Stored<Option<Run>> {
        self.read(|kept| kept.runs.get(&id).cloned())
    }

    async fn current_run(&self, calculation: &str) -> Stored<Option<Run>> {
        let is = |own: &&Run| own.current && own.calculation == calculation;
        self.read(|kept| kept.runs.values().find(is).cloned())
    }

    async fn runs(&self, calculation: Option<&str>, limit: u32) -> Stored<Vec<Run>> {
        let is = |own: &&Run| calculation.is_none_or(|id| own.calculation == id);
        self.read(|kept| {
            kept.runs.values().rev().filter(is).take(limit as usize).cloned().collect()
        })
    }

    async fn figures(&self, query: &FigureQuery) -> Stored<Vec<FigureTable>> {
        let mut kept = self.0.lock().unwrap();
        kept.figure_reads += 1;
        let asked = |own: &&FigureTable| query.outputs.contains(&own.output);
        let tables = kept.figures.get(&query.run).into_iter().flatten();
        let mut found: Vec<FigureTable> = tables.filter(asked).cloned().collect();
        for table in &mut found {
            for (index, keys) in &query.keys {
                let Some(at) = table.indexes.iter().position(|own| own == index) else { continue };
                table.rows.retain(|row| keys.contains(&row.keys[at]));
            }
        }
        Ok(found)
    }

    async fn raise(&self, finding: &Finding, act: Act) -> Stored<i64> {
        self.change(act, |kept| {
            let id = next(&kept.findings);
            kept.findings.insert(id, Finding { id, ..finding.clone() });
            Ok(id)
        })
    }

    async fn findings(&self, address: Option<&str>, limit: u32) -> Stored<Vec<Finding>> {
        let is = |own: &&Finding| address.is_none_or(|text| own.address == text);
        self.read(|kept| {
            kept.findings.values().rev().filter(is).take(limit as usize).cloned().collect()
        })
    }

    async fn change_finding(&self, finding: &Finding, act: Act) -> Stored<()> {
        self.change(act, |kept| {
            let own = kept.findings.get_mut(&finding.id).ok_or(StoreError::Absent("finding"))?;
            if own.edition != finding.edition {
                return Err(StoreError::Edited);
            }
            *own = Finding { edition: own.edition + 1, ..finding.clone() };
            Ok(())
        })
    }
}
