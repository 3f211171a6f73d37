//! 名录 Towns, sectors, enterprises, meters in memory.

use super::FakeStore;
use async_trait::async_trait;
use tanliu_platform::directory::{District, Enterprise, EnterpriseQuery, Meter, Sector, Town};
use tanliu_platform::port::{Act, DirectoryStore, StoreError, Stored};

#[async_trait]
impl DirectoryStore for FakeStore {
    async fn district(&self) -> Stored<District> {
        self.read(|kept| kept.district.clone())?.ok_or(StoreError::Failed("down".to_owned()))
    }

    async fn towns(&self) -> Stored<Vec<Town>> {
        self.read(|kept| kept.towns.clone())
    }

    async fn sectors(&self) -> Stored<Vec<Sector>> {
        self.read(|kept| kept.sectors.clone())
    }

    async fn enterprises(&self, query: &EnterpriseQuery) -> Stored<(Vec<Enterprise>, u64)> {
        let fits = |wanted: &Option<String>, own: &String| wanted.as_ref().is_none_or(|w| w == own);
        self.read(|kept| {
            let all: Vec<Enterprise> = kept
                .enterprises
                .values()
                .filter(|own| fits(&query.town, &own.town) && fits(&query.sector, &own.sector))
                .filter(|own| query.ids.as_ref().is_none_or(|ids| ids.contains(&own.id)))
                .filter(|own| query.text.as_ref().is_none_or(|text| own.name.contains(text)))
                .cloned()
                .collect();
            let count = all.len() as u64;
            let limit = if query.limit == 0 { usize::MAX } else { query.limit as usize };
            (all.into_iter().skip(query.offset as usize).take(limit).collect(), count)
        })
    }

    async fn enterprise(&self, id: &str) -> Stored<Option<Enterprise>> {
        self.read(|kept| kept.enterprises.get(id).cloned())
    }

    async fn meters(&self, enterprise: &str) -> Stored<Vec<Meter>> {
        self.read(|kept| {
            kept.meters.iter().filter(|own| own.enterprise == enterprise).cloned().collect()
        })
    }

    async fn all_meters(&self) -> Stored<Vec<Meter>> {
        self.read(|kept| kept.meters.clone())
    }

    async fn meter(&self, id: &str) -> Stored<Option<Meter>> {
        self.read(|kept| kept.meters.iter().find(|own| own.id == id).cloned())
    }

    async fn put_district(
        &self,
        district: &District,
        towns: &[Town],
        sectors: &[Sector],
        act: Act,
    ) -> Stored<()> {
        self.change(act, |kept| {
            kept.district = Some(district.clone());
            kept.towns = towns.to_vec();
            kept.sectors = sectors.to_vec();
            Ok(())
        })
    }

    async fn add_enterprises(
        &self,
        enterprises: &[Enterprise],
        meters: &[Meter],
        act: Act,
    ) -> Stored<()> {
        self.change(act, |kept| {
            kept.enterprises.extend(enterprises.iter().map(|own| (own.id.clone(), own.clone())));
            kept.meters.extend_from_slice(meters);
            Ok(())
        })
    }

    async fn change_enterprise(&self, enterprise: &Enterprise, act: Act) -> Stored<()> {
        self.change(act, |kept| {
            let absent = StoreError::Absent("enterprise");
            let own = kept.enterprises.get_mut(&enterprise.id).ok_or(absent)?;
            if own.edition != enterprise.edition {
                return Err(StoreError::Edited);
            }
            *own = Enterprise { edition: own.edition + 1, ..enterprise.clone() };
            Ok(())
        })
    }
}
