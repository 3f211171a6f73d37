//! 预警 Warnings and their orders in memory.

use super::{FakeStore, next};
use async_trait::async_trait;
use tanliu_platform::port::{Act, StoreError, Stored, Warnings};
use tanliu_platform::warning::{OrderState, OrderStep, Warning};

#[async_trait]
impl Warnings for FakeStore {
    async fn add_warnings(&self, warnings: &[Warning], act: Act) -> Stored<u64> {
        self.change(act, |kept| {
            for warning in warnings {
                let id = next(&kept.warnings);
                kept.warnings.insert(id, (Warning { id, ..warning.clone() }, Vec::new()));
            }
            Ok(warnings.len() as u64)
        })
    }

    async fn warnings(
        &self,
        town: Option<&str>,
        enterprises: Option<&[String]>,
        open_only: bool,
        limit: u32,
    ) -> Stored<Vec<Warning>> {
        self.read(|kept| {
            let all = kept.warnings.values().map(|(own, _)| own.clone());
            all.filter(|own| town.is_none_or(|id| own.town == id))
                .filter(|own| enterprises.is_none_or(|list| list.contains(&own.enterprise)))
                .filter(|own| !open_only || own.state != OrderState::Closed)
                .take(limit as usize)
                .collect()
        })
    }

    async fn warning(&self, id: i64) -> Stored<Option<(Warning, Vec<OrderStep>)>> {
        self.read(|kept| kept.warnings.get(&id).cloned())
    }

    async fn order_step(&self, warning: &Warning, step: &OrderStep, act: Act) -> Stored<()> {
        self.change(act, |kept| {
            let absent = StoreError::Absent("warning");
            let (own, steps) = kept.warnings.get_mut(&warning.id).ok_or(absent)?;
            if own.edition != warning.edition {
                return Err(StoreError::Edited);
            }
            (own.state, own.edition) = (step.to, own.edition + 1);
            steps.push(step.clone());
            Ok(())
        })
    }
}
