//! 公开内容 What is public of an enterprise: what the settings name, and nothing else.

use crate::address::Address;
use crate::api::runs::current;
use crate::error::{Answer, ApiError};
use crate::house::House;
use crate::public_code::{GradeLook, PublicFact};
use crate::tables::ENTERPRISE;
use std::collections::BTreeSet;
use tanliu_platform::directory::Enterprise;
use tanliu_platform::figure::{FigureQuery, FigureTable, Run, RunState};

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
    pub(super) run: Option<Run>,
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
        let run = current(house, &settings.calculation).await?;
        let run = run.filter(|run| run.state == RunState::Done);
        let tables = match &run {
            Some(run) => tables(house, run, &id).await?,
            None => Vec::new(),
        };
        let number = run.as_ref().map_or(0, |run| run.id);
        let find = |output: &str, name: &(String, String), digits| {
            let table = tables.iter().find(|own| own.output == output)?;
            latest(number, table, &id, name, digits)
        };
        let no_name = (String::new(), String::new());
        let grade = settings.grade.as_deref().and_then(|output| {
            let figure = find(output, &no_name, 0)?;
            let says = |look: &&GradeLook| look.says.iter().any(|word| *word == figure.shown);
            settings.grades.iter().find(says).cloned().map(|look| (look, figure))
        });
        let rank = settings.rank.as_ref().and_then(|(place, count)| {
            Some((find(place, &no_name, 0)?, find(count, &no_name, 0)?))
        });
        let figures = settings.figures.iter();
        let figures = figures.filter_map(|own| find(&own.output, &own.name, own.digits)).collect();
        Ok(Self {
            title: title(&enterprise, &settings.facts),
            notice: house.store().district().await?.notice,
            facts: facts(house, &enterprise, &settings.facts).await?,
            grade,
            rank,
            figures,
            run,
        })
    }
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

async fn tables(house: &House, run: &Run, id: &str) -> Answer<Vec<FigureTable>> {
    let settings = &house.config.code;
    let mut outputs: BTreeSet<String> =
        settings.figures.iter().map(|own| own.output.clone()).collect();
    outputs.extend(settings.grade.clone());
    for (place, count) in settings.rank.iter() {
        outputs.extend([place.clone(), count.clone()]);
    }
    let query = FigureQuery {
        run: run.id,
        outputs: outputs.into_iter().collect(),
        keys: vec![(ENTERPRISE.to_owned(), vec![id.to_owned()])],
    };
    Ok(house.store().figures(&query).await?)
}

/// The latest figure of an enterprise in a table by enterprise and time; a table with further
/// indexes has not one figure but many, and none is shown.
fn latest(
    run: i64,
    table: &FigureTable,
    id: &str,
    name: &(String, String),
    digits: usize,
) -> Option<Figure> {
    let place = table.indexes.iter().position(|index| index == ENTERPRISE)?;
    let others = table.indexes.iter().filter(|index| *index != ENTERPRISE);
    if !others.clone().all(|index| TIMES.contains(&index.as_str())) {
        return None;
    }
    let own = table.rows.iter().filter(|row| row.keys.get(place).is_some_and(|key| key == id));
    let row = own.max_by(|one, other| one.keys.cmp(&other.keys))?;
    let shown = match row.number {
        Some(number) => format!("{number:.digits$}"),
        None if row.text.is_empty() => return None,
        None => row.text.clone(),
    };
    let period = row.keys.iter().enumerate().filter(|(at, _)| *at != place);
    let period: Vec<&str> = period.map(|(_, key)| key.as_str()).collect();
    let label = || (table.label.clone(), table.output.clone());
    Some(Figure {
        name: if name.0.is_empty() { label() } else { name.clone() },
        shown,
        unit: table.unit.clone(),
        period: period.join(" "),
        address: Address::of(run, &table.output, &table.indexes, &row.keys).to_string(),
    })
}
