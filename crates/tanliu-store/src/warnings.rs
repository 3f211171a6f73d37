//! 预警与工单 Warnings and the steps of their orders.

use crate::SqlStore;
use crate::change::{Change, at_most};
use crate::database::{Cell, Row, cells};
use async_trait::async_trait;
use tanliu_platform::port::{Act, StoreError, Stored, Warnings};
use tanliu_platform::warning::{OrderState, OrderStep, Warning};

const WARNING: &str = "SELECT id, address, enterprise, town, period, level, rule, words, made_at, \
                       state, edition FROM warning";

#[async_trait]
impl Warnings for SqlStore {
    async fn add_warnings(&self, warnings: &[Warning], act: Act) -> Stored<u64> {
        let mut change = Change::begin(self).await?;
        let mut id = change.next_id("warning").await?;
        let text = "INSERT INTO warning (id, address, enterprise, town, period, level, rule, \
                    words, made_at, state, edition) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                    ON CONFLICT (address, rule) DO NOTHING";
        let mut count = 0;
        for warning in warnings {
            let row = cells![
                id,
                &warning.address,
                &warning.enterprise,
                &warning.town,
                &warning.period,
                warning.level,
                &warning.rule,
                &warning.text,
                warning.at,
                warning.state.word(),
                warning.edition,
            ];
            if change.execute(text, row).await? > 0 {
                id += 1;
                count += 1;
            }
        }
        change.finish(act).await?;
        Ok(count)
    }

    async fn warnings(
        &self,
        town: Option<&str>,
        enterprises: Option<&[String]>,
        open_only: bool,
        limit: u32,
    ) -> Stored<Vec<Warning>> {
        let mut text = format!("{WARNING} WHERE 1 = 1");
        let mut cells = Vec::new();
        if let Some(town) = town {
            cells.push(Cell::from(town));
            text.push_str(&format!(" AND town = ${}", cells.len()));
        }
        if let Some(enterprises) = enterprises {
            cells.push(Cell::from(enterprises));
            text.push_str(&format!(" AND enterprise IN LIST(${})", cells.len()));
        }
        if open_only {
            text.push_str(" AND state <> 'closed'");
        }
        cells.push(Cell::from(at_most(limit)));
        let order = "ORDER BY level, made_at DESC, id DESC";
        text.push_str(&format!(" {order} LIMIT ${}", cells.len()));
        self.database.rows(&text, cells).await?.iter().map(warning).collect()
    }

    async fn warning(&self, id: i64) -> Stored<Option<(Warning, Vec<OrderStep>)>> {
        let mut link = self.database.read().await?;
        let text = format!("{WARNING} WHERE id = $1");
        let Some(row) = link.row(&text, cells![id]).await? else {
            return Ok(None);
        };
        let text = "SELECT warning, led_to, words, made_by, made_at FROM order_step \
                    WHERE warning = $1 ORDER BY place";
        let steps = link.rows(text, cells![id]).await?;
        link.commit().await?;
        let steps = steps.iter().map(order_step).collect::<Stored<_>>()?;
        Ok(Some((warning(&row)?, steps)))
    }

    async fn order_step(&self, warning: &Warning, step: &OrderStep, act: Act) -> Stored<()> {
        let mut change = Change::begin(self).await?;
        let text = "UPDATE warning SET state = $3, edition = edition + 1 \
                    WHERE id = $1 AND edition = $2";
        let row = cells![warning.id, warning.edition, step.to.word()];
        if change.execute(text, row).await? == 0 {
            let text = "SELECT id FROM warning WHERE id = $1";
            let there = change.row(text, cells![warning.id]).await?.is_some();
            return Err(if there { StoreError::Edited } else { StoreError::Absent("warning") });
        }
        let text = "INSERT INTO order_step (warning, place, led_to, words, made_by, made_at) \
                    SELECT $1, coalesce(max(place), 0) + 1, $2, $3, $4, $5 FROM order_step \
                    WHERE warning = $1";
        let row = cells![warning.id, step.to.word(), &step.text, &step.by, step.at];
        change.execute(text, row).await?;
        change.finish(act).await
    }
}

fn warning(row: &Row) -> Stored<Warning> {
    let mut row = row.reader();
    Ok(Warning {
        id: row.whole()?,
        address: row.text()?,
        enterprise: row.text()?,
        town: row.text()?,
        period: row.text()?,
        level: row.small()?,
        rule: row.text()?,
        text: row.text()?,
        at: row.moment()?,
        state: row.word(OrderState::of)?,
        edition: row.whole()?,
    })
}

fn order_step(row: &Row) -> Stored<OrderStep> {
    let mut row = row.reader();
    Ok(OrderStep {
        warning: row.whole()?,
        to: row.word(OrderState::of)?,
        text: row.text()?,
        by: row.text()?,
        at: row.moment()?,
    })
}
