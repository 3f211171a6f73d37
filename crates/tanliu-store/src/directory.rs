//! 名录 Towns, sectors, enterprises and meters in the store.

use crate::SqlStore;
use crate::change::{Change, at_most};
use crate::database::{Cell, Row, cells};
use async_trait::async_trait;
use tanliu_platform::directory::{District, Enterprise, EnterpriseQuery, Meter, Sector, Town};
use tanliu_platform::port::{Act, DirectoryStore, StoreError, Stored};

const ENTERPRISE: [&str; 13] = [
    "id",
    "credit_code",
    "name",
    "town",
    "sector",
    "industry_code",
    "industry_name",
    "above_scale",
    "land_mu",
    "longitude",
    "latitude",
    "contact",
    "edition",
];
const METER: &str = "SELECT id, enterprise, carrier, unit, serves FROM meter";

#[async_trait]
impl DirectoryStore for SqlStore {
    async fn district(&self) -> Stored<District> {
        let row = self.database.row("SELECT name, notice FROM district", Vec::new()).await?;
        let row = row.ok_or(StoreError::Absent("district"))?;
        let mut row = row.reader();
        Ok(District { name: row.text()?, notice: row.some_text()? })
    }

    async fn towns(&self) -> Stored<Vec<Town>> {
        let text = "SELECT id, name, tile_column, tile_row FROM town ORDER BY id";
        let rows = self.database.rows(text, Vec::new()).await?;
        let town = |row: &Row| {
            let mut row = row.reader();
            Ok(Town { id: row.text()?, name: row.text()?, tile: (row.small()?, row.small()?) })
        };
        rows.iter().map(town).collect()
    }

    async fn sectors(&self) -> Stored<Vec<Sector>> {
        let text = "SELECT id, name, place FROM sector ORDER BY place, id";
        let rows = self.database.rows(text, Vec::new()).await?;
        let sector = |row: &Row| {
            let mut row = row.reader();
            Ok(Sector { id: row.text()?, name: row.text()?, place: row.small()? })
        };
        rows.iter().map(sector).collect()
    }

    async fn enterprises(&self, query: &EnterpriseQuery) -> Stored<(Vec<Enterprise>, u64)> {
        let (conditions, mut cells) = wanted(query);
        let mut link = self.database.read().await?;
        let text = format!("SELECT count(*) FROM enterprise WHERE {conditions}");
        let count = link.row(&text, cells.clone()).await?;
        let count = count.map_or(Ok(0), |row| row.reader().whole())?;
        let text = format!(
            "SELECT {} FROM enterprise WHERE {conditions} ORDER BY id LIMIT ${} OFFSET ${}",
            ENTERPRISE.join(", "),
            cells.len() + 1,
            cells.len() + 2,
        );
        cells.extend(cells![at_most(query.limit), i64::from(query.offset)]);
        let rows = link.rows(&text, cells).await?;
        link.commit().await?;
        let enterprises = rows.iter().map(enterprise).collect::<Stored<_>>()?;
        Ok((enterprises, u64::try_from(count).unwrap_or_default()))
    }

    async fn enterprise(&self, id: &str) -> Stored<Option<Enterprise>> {
        let text = format!("SELECT {} FROM enterprise WHERE id = $1", ENTERPRISE.join(", "));
        self.database.row(&text, cells![id]).await?.as_ref().map(enterprise).transpose()
    }

    async fn meters(&self, enterprise: &str) -> Stored<Vec<Meter>> {
        let text = format!("{METER} WHERE enterprise = $1 ORDER BY id");
        self.database.rows(&text, cells![enterprise]).await?.iter().map(meter).collect()
    }

    async fn all_meters(&self) -> Stored<Vec<Meter>> {
        let text = format!("{METER} ORDER BY id");
        self.database.rows(&text, Vec::new()).await?.iter().map(meter).collect()
    }

    async fn meter(&self, id: &str) -> Stored<Option<Meter>> {
        let text = format!("{METER} WHERE id = $1");
        self.database.row(&text, cells![id]).await?.as_ref().map(meter).transpose()
    }

    async fn put_district(
        &self,
        district: &District,
        towns: &[Town],
        sectors: &[Sector],
        act: Act,
    ) -> Stored<()> {
        let mut change = Change::begin(self).await?;
        let text = "INSERT INTO district (single, name, notice) VALUES (1, $1, $2) \
                    ON CONFLICT (single) DO UPDATE SET name = excluded.name, \
                    notice = excluded.notice";
        change.execute(text, cells![&district.name, &district.notice]).await?;
        let text = "INSERT INTO town (id, name, tile_column, tile_row) VALUES ($1, $2, $3, $4) \
                    ON CONFLICT (id) DO UPDATE SET name = excluded.name, \
                    tile_column = excluded.tile_column, tile_row = excluded.tile_row";
        for town in towns {
            let cells = cells![&town.id, &town.name, town.tile.0, town.tile.1];
            change.execute(text, cells).await?;
        }
        let text = "INSERT INTO sector (id, name, place) VALUES ($1, $2, $3) \
                    ON CONFLICT (id) DO UPDATE SET name = excluded.name, place = excluded.place";
        for sector in sectors {
            change.execute(text, cells![&sector.id, &sector.name, sector.place]).await?;
        }
        change.finish(act).await
    }

    async fn add_enterprises(
        &self,
        enterprises: &[Enterprise],
        meters: &[Meter],
        act: Act,
    ) -> Stored<()> {
        let mut change = Change::begin(self).await?;
        let rows = enterprises.iter().map(stored);
        change.insert("enterprise", &ENTERPRISE, Box::new(rows)).await?;
        let columns = ["id", "enterprise", "carrier", "unit", "serves"];
        let rows = meters.iter().map(|meter| {
            cells![&meter.id, &meter.enterprise, &meter.carrier, &meter.unit, &meter.serves]
        });
        change.insert("meter", &columns, Box::new(rows)).await?;
        change.finish(act).await
    }

    async fn change_enterprise(&self, enterprise: &Enterprise, act: Act) -> Stored<()> {
        let mut change = Change::begin(self).await?;
        let text = "UPDATE enterprise SET credit_code = $2, name = $3, town = $4, sector = $5, \
                    industry_code = $6, industry_name = $7, above_scale = $8, land_mu = $9, \
                    longitude = $10, latitude = $11, contact = $12, edition = edition + 1 \
                    WHERE id = $1 AND edition = $13";
        if change.execute(text, stored(enterprise)).await? == 0 {
            let text = "SELECT edition FROM enterprise WHERE id = $1";
            let there = change.row(text, cells![&enterprise.id]).await?.is_some();
            return Err(if there { StoreError::Edited } else { StoreError::Absent("enterprise") });
        }
        change.finish(act).await
    }
}

/// The conditions of a query, and their cells.
fn wanted(query: &EnterpriseQuery) -> (String, Vec<Cell>) {
    let mut conditions = vec!["1 = 1".to_owned()];
    let mut cells = Vec::new();
    if let Some(town) = &query.town {
        cells.push(Cell::from(town));
        conditions.push(format!("town = ${}", cells.len()));
    }
    if let Some(sector) = &query.sector {
        cells.push(Cell::from(sector));
        conditions.push(format!("sector = ${}", cells.len()));
    }
    if let Some(ids) = &query.ids {
        cells.push(Cell::from(ids.as_slice()));
        conditions.push(format!("id IN LIST(${})", cells.len()));
    }
    if let Some(text) = query.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        let escaped = text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        cells.push(Cell::from(format!("%{escaped}%")));
        let place = cells.len();
        conditions.push(format!(
            "(lower(name) LIKE lower(${place}) ESCAPE '!' \
             OR lower(credit_code) LIKE lower(${place}) ESCAPE '!' \
             OR lower(id) LIKE lower(${place}) ESCAPE '!')"
        ));
    }
    (conditions.join(" AND "), cells)
}

fn stored(enterprise: &Enterprise) -> Vec<Cell> {
    cells![
        &enterprise.id,
        &enterprise.credit_code,
        &enterprise.name,
        &enterprise.town,
        &enterprise.sector,
        &enterprise.industry_code,
        &enterprise.industry_name,
        enterprise.above_scale,
        enterprise.land_mu,
        enterprise.place.map(|(longitude, _)| longitude),
        enterprise.place.map(|(_, latitude)| latitude),
        &enterprise.contact,
        enterprise.edition,
    ]
}

fn enterprise(row: &Row) -> Stored<Enterprise> {
    let mut row = row.reader();
    Ok(Enterprise {
        id: row.text()?,
        credit_code: row.text()?,
        name: row.text()?,
        town: row.text()?,
        sector: row.text()?,
        industry_code: row.text()?,
        industry_name: row.text()?,
        above_scale: row.truth()?,
        land_mu: row.some_number()?,
        place: row.some_number()?.zip(row.some_number()?),
        contact: row.some_text()?,
        edition: row.whole()?,
    })
}

fn meter(row: &Row) -> Stored<Meter> {
    let mut row = row.reader();
    Ok(Meter {
        id: row.text()?,
        enterprise: row.text()?,
        carrier: row.text()?,
        unit: row.text()?,
        serves: row.text()?,
    })
}
