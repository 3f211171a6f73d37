//! 编写 From what the store knows to what the report says: chosen and named, never added up.

use super::words::{self, say};
use crate::tables::ENTERPRISE;
use std::collections::{BTreeMap, BTreeSet};
use tanliu_diagnostic::Lang;
use tanliu_office::report::Facts;
use tanliu_office::report::enterprise::{
    EnterpriseReport, Origin, Rank, TaskLine, WarningLine, YearSeries,
};
use tanliu_platform::catalogue::Dataset;
use tanliu_platform::directory::Enterprise;
use tanliu_platform::figure::{FigureTable, Run};
use tanliu_platform::moment::Moment;
use tanliu_platform::submission::Submission;
use tanliu_platform::value::Value;
use tanliu_platform::warning::Warning;

/// Years of the tables, the report's own included.
const YEARS_MAX: i32 = 10;
/// The side by which enterprises are compared: it counts what they use.
const SIDE: &str = "consumption";
/// What stands where the store knows nothing.
const NONE: &str = "—";
/// Decimals with which reported values are shown at most.
const DECIMALS_MAX: usize = 4;

const ENERGY: (&str, &str) = ("综合能源消费量", "Energy of all fuels");
const PRODUCTION: (&str, &str) = ("生产侧碳排放", "Emissions, production side");
const CONSUMPTION: (&str, &str) = ("消费侧碳排放", "Emissions, consumption side");
const RANK: (&str, &str) = ("行业位次", "Rank in the sector");

/// 素材 What the store knows of an enterprise and a year.
pub(super) struct Material {
    pub(super) lang: Lang,
    pub(super) year: i32,
    pub(super) enterprise: Enterprise,
    /// The names of its town and sector.
    pub(super) town: String,
    pub(super) sector: String,
    pub(super) notice: String,
    /// The current run; none if there is none.
    pub(super) run: Option<Run>,
    /// Its tables, cut to the enterprise and its sector.
    pub(super) tables: Vec<FigureTable>,
    /// The values that counted at the run, or now if there is none.
    pub(super) values: Vec<Value>,
    /// How many count now that did not at the run.
    pub(super) later: usize,
    pub(super) warnings: Vec<Warning>,
    /// Submissions that are open.
    pub(super) tasks: Vec<Submission>,
    pub(super) datasets: Vec<Dataset>,
    pub(super) now: Moment,
}

/// 填报序列 The reported values of one input by year, and the submissions that brought them.
struct Reported {
    input: String,
    series: YearSeries,
    submissions: BTreeSet<i64>,
}

impl Material {
    /// What the report says.
    pub(super) fn report(&self) -> EnterpriseReport {
        let (lang, years) = (self.lang, self.years());
        let reported = self.reported(&years);
        let series = |output, side, (zh, en)| self.series(output, side, say(lang, zh, en), &years);
        let mut report = EnterpriseReport {
            lang,
            name: self.enterprise.name.clone(),
            credit_code: self.enterprise.credit_code.clone(),
            industry: self.industry(),
            town: self.town.clone(),
            year: self.year.to_string(),
            notice: self.notice.clone(),
            facts: self.facts(),
            energy: series("energy_enterprise", "", ENERGY),
            production: series("co2_enterprise", "production", PRODUCTION),
            consumption: series("co2_enterprise", SIDE, CONSUMPTION),
            rank: self.rank(),
            warnings: self.warnings.iter().map(|own| self.warning(own)).collect(),
            tasks: self.tasks.iter().map(|own| self.task(own)).collect(),
            ..EnterpriseReport::default()
        };
        report.missing = self.missing(&report, reported.is_empty());
        report.origins = self.origins(&report, &reported);
        report.fuels = reported.into_iter().map(|own| own.series).collect();
        report.years = years;
        report
    }

    fn industry(&self) -> String {
        let (name, code) = (&self.enterprise.industry_name, &self.enterprise.industry_code);
        match (name.as_str(), code.as_str(), self.lang) {
            (_, "", _) => name.clone(),
            ("", _, _) => code.clone(),
            (_, _, Lang::Zh) => format!("{name}（{code}）"),
            (_, _, Lang::En) => format!("{name} ({code})"),
        }
    }

    fn facts(&self) -> Facts {
        let date = words::day(self.now);
        let Some(run) = &self.run else { return Facts { date, ..Facts::default() } };
        let (id, as_of) = (run.id, words::minute(run.as_of));
        Facts {
            run: match self.lang {
                Lang::Zh => format!("{id}（数据截至 {as_of}）"),
                Lang::En => format!("{id} (data as of {as_of})"),
            },
            document: format!("{}@{}", run.document.0, run.document.1),
            digest: run.document_digest.clone(),
            date,
        }
    }

    fn table(&self, output: &str) -> Option<&FigureTable> {
        self.tables.iter().find(|table| table.output == output)
    }

    /// The figure of the enterprise or of its sector; one at further keys is not meant.
    fn number(&self, output: &str, side: &str, year: &str) -> Option<f64> {
        let table = self.table(output)?;
        let fits = |(index, key): (&String, &String)| match index.as_str() {
            ENTERPRISE => *key == self.enterprise.id,
            "sector" => *key == self.enterprise.sector,
            "side" => key == side,
            "year" => key == year,
            _ => false,
        };
        let row = table.rows.iter().find(|row| table.indexes.iter().zip(&row.keys).all(fits));
        row.and_then(|row| row.number).filter(|number| number.is_finite())
    }

    /// None if there is no figure of any of the years.
    fn series(&self, output: &str, side: &str, name: &str, years: &[String]) -> Option<YearSeries> {
        let values: Vec<_> = years.iter().map(|year| self.number(output, side, year)).collect();
        let unit = self.table(output)?.unit.clone();
        let known = values.iter().any(Option::is_some);
        known.then(|| YearSeries { name: name.to_owned(), unit, decimals: 2, values })
    }

    /// The years without a gap from the first that something is known of to the report's own.
    fn years(&self) -> Vec<String> {
        let mut known: Vec<i32> = self.energy_values().filter_map(|(_, year)| year).collect();
        for output in ["energy_enterprise", "co2_enterprise"] {
            let Some(table) = self.table(output) else { continue };
            let at = table.indexes.iter().position(|index| index == "year");
            let keys = table.rows.iter().filter_map(|row| row.keys.get(at?));
            known.extend(keys.filter_map(|key| year_of(key)));
        }
        let first = known.into_iter().min().unwrap_or(self.year).min(self.year);
        let first = first.max(self.year - YEARS_MAX + 1);
        (first..=self.year).map(|year| format!("{year:04}")).collect()
    }

    /// The reported numbers of energy, with their year where the period is one.
    fn energy_values(&self) -> impl Iterator<Item = (&Value, Option<i32>)> {
        let document = self.run.as_ref().map(|run| &run.document.0);
        let feeds = move |value: &&Value| {
            let own = self.datasets.iter().find(|own| own.id == value.dataset);
            own.is_some_and(|own| document.is_none_or(|document| own.document == *document))
        };
        let energy = |value: &&Value| value.number.is_some() && words::is_energy(&value.input);
        self.values.iter().filter(energy).filter(feeds).map(|value| (value, year_of(&value.period)))
    }

    /// What was reported of each fuel, as it was reported: by year, for months are not added up.
    fn reported(&self, years: &[String]) -> Vec<Reported> {
        let mut found: BTreeMap<(usize, &str, &str, &str), Reported> = BTreeMap::new();
        for (value, _) in self.energy_values() {
            let Some(at) = years.iter().position(|year| *year == value.period) else { continue };
            let key = (words::place(&value.input), &*value.input, &*value.keys, &*value.unit);
            let own = found.entry(key).or_insert_with(|| self.no_value(value, years.len()));
            if let Some(place) = own.series.values.get_mut(at).filter(|place| place.is_none()) {
                *place = value.number;
                own.submissions.insert(value.submission);
            }
        }
        let mut all: Vec<Reported> = found.into_values().collect();
        for own in &mut all {
            own.series.decimals = decimals(&own.series.values);
        }
        all
    }

    fn no_value(&self, value: &Value, years: usize) -> Reported {
        let name = words::input_name(self.lang, &value.input);
        let name = if value.keys.is_empty() { name } else { format!("{name} [{}]", value.keys) };
        let unit = value.unit.clone();
        let series = YearSeries { name, unit, decimals: 0, values: vec![None; years] };
        Reported { input: value.input.clone(), series, submissions: BTreeSet::new() }
    }

    /// Where it stands in its sector by what it emits for its value added.
    fn rank(&self) -> Option<Rank> {
        let year = self.year.to_string();
        let number = |output| self.number(output, SIDE, &year);
        let place = counted(number("co2_rank_enterprise")?)?;
        // More places than enterprises: the run knew the enterprise in another sector.
        let count = counted(number("ranked_sector")?)?;
        let own = "co2_intensity_enterprise";
        (place <= count).then(|| Rank {
            sector: self.sector.clone(),
            measure: say(
                self.lang,
                "碳排放强度（消费侧）",
                "Emissions per value added, consumption side",
            )
            .to_owned(),
            unit: self.table(own).map(|table| table.unit.clone()).unwrap_or_default(),
            decimals: DECIMALS_MAX,
            place,
            count,
            own: number(own),
            mean: number("co2_mean_sector"),
            leader: number("co2_leader_sector"),
        })
    }

    fn warning(&self, own: &Warning) -> WarningLine {
        WarningLine {
            period: own.period.clone(),
            level: words::level(self.lang, own.level),
            text: own.text.clone(),
            state: words::order(self.lang, own.state).to_owned(),
        }
    }

    fn task(&self, own: &Submission) -> TaskLine {
        let dataset = self.datasets.iter().find(|known| known.id == own.dataset);
        let name = match dataset {
            Some(known) => match self.lang {
                Lang::Zh => &known.name.0,
                Lang::En => &known.name.1,
            },
            None => &own.dataset,
        };
        TaskLine {
            name: format!("{name} {}", own.period).trim_end().to_owned(),
            due: NONE.to_owned(),
            state: words::review(self.lang, own.state).to_owned(),
        }
    }

    /// What there is not at all. Years that lack in a series the report finds itself.
    fn missing(&self, report: &EnterpriseReport, nothing_reported: bool) -> Vec<String> {
        let mut lines = Vec::new();
        let mut add = |zh: &str, en: &str| {
            lines.push(match self.lang {
                Lang::Zh => zh.to_owned(),
                Lang::En => en.to_owned(),
            });
        };
        if nothing_reported {
            add("没有已批准的分品种能源填报数据", "There are no approved values of energy by fuel");
        }
        let Some(run) = &self.run else {
            add("没有全景碳流的计算结果", "The panorama of the district has not been computed");
            return lines;
        };
        let id = run.id;
        for (is_there, (zh, en)) in [
            (report.energy.is_some(), ENERGY),
            (report.production.is_some(), PRODUCTION),
            (report.consumption.is_some(), CONSUMPTION),
            (report.rank.is_some(), RANK),
        ] {
            if !is_there {
                add(
                    &format!("{zh}：运行 {id} 没有本企业的数"),
                    &format!("{en}: run {id} has no figure of the enterprise"),
                );
            }
        }
        if self.later > 0 {
            add(
                &format!("运行 {id} 之后又有 {} 项数据获批，未计入本报告", self.later),
                &format!("Values approved since run {id} that do not count here: {}", self.later),
            );
        }
        lines
    }

    /// Where each thing that the report shows comes from.
    fn origins(&self, report: &EnterpriseReport, reported: &[Reported]) -> Vec<Origin> {
        let Some(run) = &self.run else { return Vec::new() };
        let from = |figure: &str, run_text: String, output: &str| Origin {
            figure: figure.to_owned(),
            run: run_text,
            output: output.to_owned(),
            document: run.document.0.clone(),
            version: run.document.1.clone(),
            digest: run.document_digest.clone(),
        };
        let mut origins: Vec<Origin> = Vec::new();
        for own in reported {
            let list: Vec<String> = own.submissions.iter().map(i64::to_string).collect();
            let text = match self.lang {
                Lang::Zh => format!("报送 {}", list.join("、")),
                Lang::En => format!("submissions {}", list.join(", ")),
            };
            origins.push(from(&own.series.name, text, &own.input));
        }
        let computed = [
            (&report.energy, "energy_enterprise"),
            (&report.production, "co2_enterprise"),
            (&report.consumption, "co2_enterprise"),
        ];
        for (series, output) in computed {
            origins.extend(series.iter().map(|own| from(&own.name, run.id.to_string(), output)));
        }
        let Some(rank) = &report.rank else { return origins };
        let own = ("本企业强度", "Its own intensity");
        for (is_there, (zh, en), output) in [
            (true, RANK, "co2_rank_enterprise"),
            (true, ("排名企业数", "Enterprises ranked"), "ranked_sector"),
            (rank.own.is_some(), own, "co2_intensity_enterprise"),
            (rank.mean.is_some(), ("行业平均", "The sector's mean"), "co2_mean_sector"),
            (rank.leader.is_some(), ("行业标杆", "The leader"), "co2_leader_sector"),
        ] {
            if is_there {
                origins.push(from(say(self.lang, zh, en), run.id.to_string(), output));
            }
        }
        origins
    }
}

/// A period that is a year.
fn year_of(text: &str) -> Option<i32> {
    let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// A figure that counts: 1, 2, 3.
fn counted(number: f64) -> Option<usize> {
    let whole = number >= 1.0 && number.fract() == 0.0;
    format!("{number:.0}").parse().ok().filter(|_| whole)
}

/// As many decimals as the numbers have, within reason.
fn decimals(values: &[Option<f64>]) -> usize {
    let own = |value: &f64| value.to_string().split_once('.').map_or(0, |(_, rest)| rest.len());
    values.iter().flatten().map(own).max().unwrap_or(0).min(DECIMALS_MAX)
}
