//! 公开内容 What is public of an enterprise: what the settings name, and nothing else.

use crate::address::Address;
use crate::api::runs::current;
use crate::error::{Answer, ApiError};
use crate::house::House;
use crate::public_code::{GradeLook, PublicFact, PublicFigure};
use crate::tables::ENTERPRISE;
use std::collections::BTreeMap;
use tanliu_platform::directory::Enterprise;
use tanliu_platform::figure::{FigureQuery, FigureRow, FigureTable, Run, RunState};

/// Indexes that are times: of these the latest key is shown.
const TIMES: [&str; 6] = ["year", "quarter", "month", "day", "period", "week"];

/// 公开页 What the page of a code shows.
pub(super) struct Public {
    pub(super) title: String,
    pub(super) notice: Option<String>,
    /// Term and words.
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) grade: Option<(GradeLook, Figure)>,
    /// Place and among how many.
    pub(super) rank: Option<(Figure, Figure)>,
    pub(super) figures: Vec<Figure>,
    /// The runs that the figures are from.
    pub(super) runs: Vec<Run>,
}

/// 公开的数 A number with unit, period and address.
pub(super) struct Figure {
    pub(super) name: (String, String),
    pub(super) shown: String,
    pub(super) unit: String,
    pub(super) period: String,
    pub(super) address: String,
}

impl Public {
    /// What is public of the enterprise of a token.
    pub(super) async fn of(house: &House, token: &str) -> Answer<Self> {
        let settings = &house.config.code;
        if !settings.open {
            return Err(ApiError::absent());
        }
        let id = house.directory().await?.of_code(token, &house.config.secret);
        let id = id.ok_or_else(ApiError::absent)?;
        let enterprise = house.store().enterprise(&id).await?.ok_or_else(ApiError::absent)?;
        let mut shelf = Shelf { house, enterprise: &enterprise, runs: BTreeMap::new() };
        let grade = match &settings.grade {
            Some(wanted) => shelf.find(wanted).await?,
            None => None,
        };
        let grade = grade.and_then(|figure| {
            let says = |look: &&GradeLook| look.says.contains(&figure.shown);
            settings.grades.iter().find(says).cloned().map(|look| (look, figure))
        });
        let rank = match &settings.rank {
            Some((place, count)) => shelf.find(place).await?.zip(shelf.find(count).await?),
            None => None,
        };
        let mut figures = Vec::new();
        for wanted in &settings.figures {
            figures.extend(shelf.find(wanted).await?);
        }
        let runs = shelf.runs.into_values().flatten().collect();
        Ok(Self {
            title: title(&enterprise, &settings.facts),
            notice: house.store().district().await?.notice,
            facts: facts(house, &enterprise, &settings.facts).await?,
            grade,
            rank,
            figures,
            runs,
        })
    }
}

/// The current runs that figures are looked for in.
struct Shelf<'a> {
    house: &'a House,
    enterprise: &'a Enterprise,
    runs: BTreeMap<String, Option<Run>>,
}

impl Shelf<'_> {
    async fn find(&mut self, wanted: &PublicFigure) -> Answer<Option<Figure>> {
        let calculation = &wanted.calculation;
        if !self.runs.contains_key(calculation) {
            let run = current(self.house, calculation).await?;
            let run = run.filter(|run| run.state == RunState::Done);
            self.runs.insert(calculation.clone(), run);
        }
        let Some(Some(run)) = self.runs.get(calculation) else { return Ok(None) };
        let own = |index: &str, key: &String| (index.to_owned(), vec![key.clone()]);
        let mut keys = vec![
            own(ENTERPRISE, &self.enterprise.id),
            own("town", &self.enterprise.town),
            own("sector", &self.enterprise.sector),
        ];
        keys.retain(|(index, _)| wanted.fixed.iter().all(|(fixed, _)| fixed != index));
        keys.extend(wanted.fixed.iter().map(|(index, key)| own(index, key)));
        let outputs = vec![wanted.output.clone()];
        let query = FigureQuery { run: run.id, outputs, keys };
        let tables = self.house.store().figures(&query).await?;
        Ok(tables.first().and_then(|table| latest(table, &query, wanted)))
    }
}

/// The latest figure at the keys asked; a table with further indexes has not one figure but many,
/// and none is shown.
fn latest(table: &FigureTable, query: &FigureQuery, wanted: &PublicFigure) -> Option<Figure> {
    let asked = |index: &str| query.keys.iter().find(|(own, _)| own == index).map(|(_, keys)| keys);
    let places: Vec<_> = table.indexes.iter().map(|index| asked(index)).collect();
    let timed = table.indexes.iter().zip(&places);
    if !timed.clone().all(|(index, own)| own.is_some() || TIMES.contains(&index.as_str())) {
        return None;
    }
    let fits = |row: &&FigureRow| {
        let pairs = row.keys.iter().zip(&places);
        pairs.into_iter().all(|(key, own)| own.is_none_or(|keys| keys.contains(key)))
    };
    let row = table.rows.iter().filter(fits).max_by(|one, other| one.keys.cmp(&other.keys))?;
    let digits = wanted.digits;
    let shown = match row.number {
        Some(number) => format!("{number:.digits$}"),
        None if row.text.is_empty() => return None,
        None => row.text.clone(),
    };
    let period = row.keys.iter().zip(&places).filter(|(_, own)| own.is_none());
    let period: Vec<&str> = period.map(|(key, _)| key.as_str()).collect();
    let label = || (table.label.clone(), String::new());
    Some(Figure {
        name: if wanted.name.0.is_empty() { label() } else { wanted.name.clone() },
        shown,
        unit: if table.unit == "1" { String::new() } else { table.unit.clone() },
        period: period.join(" "),
        address: Address::of(query.run, &table.output, &table.indexes, &row.keys).to_string(),
    })
}

fn title(enterprise: &Enterprise, facts: &[PublicFact]) -> String {
    if facts.contains(&PublicFact::Name) {
        enterprise.name.clone()
    } else {
        "区碳码 · 精细用能码".to_owned()
    }
}

async fn facts(
    house: &House,
    enterprise: &Enterprise,
    wanted: &[PublicFact],
) -> Answer<Vec<(&'static str, String)>> {
    let towns = house.store().towns().await?;
    let town = towns.into_iter().find(|town| town.id == enterprise.town);
    let own = |fact: &PublicFact| match fact {
        PublicFact::Name => None,
        PublicFact::CreditCode => Some(("统一社会信用代码", enterprise.credit_code.clone())),
        PublicFact::Town => town.as_ref().map(|town| ("镇街", town.name.clone())),
        PublicFact::Industry => {
            let (name, code) = (&enterprise.industry_name, &enterprise.industry_code);
            Some(("行业", format!("{name}（{code}）")))
        }
        PublicFact::Land => enterprise.land_mu.map(|land| ("占地", format!("{land} 亩"))),
    };
    Ok(wanted.iter().filter_map(own).collect())
}
