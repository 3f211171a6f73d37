//! 报送历史 What was handed in, when, by whom, and how it went through the review.

use crate::Demo;
use crate::catalogue::{INDUSTRY, PLANNING, STATISTICS};
use crate::people::{APPROVER, clerk_of, clerks};
use crate::planted::{Case, PlantedKind};
use crate::rest::years;
use crate::rows::{self, Row};
use tanliu_platform::moment::Moment;
use tanliu_platform::submission::{Review, State, Step, Submission};
use tanliu_platform::value::{Origin, Standing, Value};
use tanliu_unit::time::TimeKey;

/// 一次报送 A submission with its values and the steps of its review.
///
/// Values have no number yet. Their standing is the one that they have in the end: a restated value
/// is superseded, one of a supplier that contradicts the enterprise waits for a choice, one that
/// agrees with it was not taken a second time.
#[derive(Debug, Clone, PartialEq)]
pub struct Handed {
    /// The submission as it stands in the end.
    pub submission: Submission,
    /// What it brought.
    pub values: Vec<Value>,
    /// The steps that were made.
    pub reviews: Vec<Review>,
}

/// 批次 What is handed in together.
#[derive(Debug, Clone, Copy)]
enum Batch<'a> {
    /// A table of a department for a year: which, and of whom.
    Table(Table, i64),
    /// An enterprise's restated value.
    Restated(&'a Case),
    /// An enterprise's late value, and how far it got.
    Late(&'a Case, State),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Table {
    Energy,
    Output,
    TownEnergy,
    TownOutput,
    Statistics,
    Settlement,
    Targets,
}

impl Table {
    /// The dataset, its department, and the day of the next year on which it is handed in.
    fn facts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Energy => ("enterprise-energy", STATISTICS, "03-20"),
            Self::Output => ("enterprise-output", STATISTICS, "03-24"),
            Self::TownEnergy => ("town-energy", PLANNING, "04-08"),
            Self::TownOutput => ("town-output", STATISTICS, "04-12"),
            Self::Statistics => ("district-statistics", STATISTICS, "04-16"),
            Self::Settlement => ("supplier-settlement", INDUSTRY, "04-20"),
            Self::Targets => ("targets", PLANNING, "06-30"),
        }
    }

    fn rows(self, demo: &Demo, year: i64) -> Vec<Row> {
        match self {
            Self::Energy => rows::energy(demo, year),
            Self::Output => rows::output(demo, year),
            Self::TownEnergy => rows::town_energy(demo, year),
            Self::TownOutput => rows::town_output(demo, year),
            Self::Statistics => rows::statistics(demo, year),
            Self::Settlement => rows::settlement(demo, year),
            Self::Targets => rows::targets(demo, year),
        }
    }
}

/// All in the order of time.
pub(crate) fn handed(demo: &Demo) -> impl Iterator<Item = Handed> + '_ {
    let mut batches = Vec::new();
    for year in years() {
        let yearly =
            [Table::Energy, Table::Output, Table::TownEnergy, Table::TownOutput, Table::Statistics];
        batches.extend(yearly.map(|table| Batch::Table(table, year)));
        let of_the_year =
            |(table, in_year): (Table, bool)| in_year.then_some(Batch::Table(table, year));
        let settlement = (Table::Settlement, year == 2021);
        let targets = (Table::Targets, matches!(year, 2015 | 2020));
        batches.extend([settlement, targets].into_iter().filter_map(of_the_year));
        let restated = |case: &&Case| case.kind == PlantedKind::Restated && case.year == year;
        batches.extend(demo.cases.iter().filter(restated).map(Batch::Restated));
    }
    let missing = demo.cases.iter().filter(|case| case.kind == PlantedKind::MissingFuel);
    let states = [State::Reviewed, State::Submitted, State::Draft];
    batches.extend(missing.zip(states).map(|(case, state)| Batch::Late(case, state)));
    (1..).zip(batches).map(|(number, batch)| batch.handed(demo, number))
}

impl Batch<'_> {
    fn handed(self, demo: &Demo, number: i64) -> Handed {
        match self {
            Self::Table(table, year) => {
                let (dataset, department, day) = table.facts();
                let (by, reviewer) = clerks(department);
                let reviews = approved(&by, &reviewer, moment(&format!("{}-{day}", year + 1)));
                let rows = table.rows(demo, year);
                let steps = Steps { state: State::Approved, by, reviews };
                pack((number, dataset), year, steps, rows)
            }
            Self::Restated(case) => {
                let (by, reviewer) = (owner(demo, case), clerks(STATISTICS).1);
                let reviews = approved(&by, &reviewer, moment(&format!("{}-09-12", case.year + 1)));
                let rows = rows::of_case(demo, case).into_iter().collect();
                let steps = Steps { state: State::Approved, by, reviews };
                pack((number, "enterprise-energy"), case.year, steps, rows)
            }
            Self::Late(case, state) => {
                let by = owner(demo, case);
                let reviews = late(&by, state, case.rank);
                let mut rows: Vec<Row> = rows::of_case(demo, case).into_iter().collect();
                rows.iter_mut().for_each(|row| row.standing = Standing::Pending);
                pack((number, "enterprise-energy"), case.year, Steps { state, by, reviews }, rows)
            }
        }
    }
}

/// How far a submission got, who made it, and the steps.
struct Steps {
    state: State,
    by: String,
    reviews: Vec<Review>,
}

fn owner(demo: &Demo, case: &Case) -> String {
    demo.firms.get(case.firm).map(|firm| clerk_of(&firm.id())).unwrap_or_default()
}

fn step(step: Step, by: &str, at: Moment, reason: &str) -> Review {
    Review { submission: 0, step, by: by.to_owned(), at, reason: reason.to_owned() }
}

/// Handed in, passed five days later, approved eleven days later.
fn approved(by: &str, reviewer: &str, at: Moment) -> Vec<Review> {
    vec![
        step(Step::Submit, by, at, ""),
        step(Step::Pass, reviewer, at.after_ms(5 * DAY_MS), ""),
        step(Step::Approve, APPROVER, at.after_ms(11 * DAY_MS), ""),
    ]
}

/// What came late in 2022 and still waits.
fn late(by: &str, state: State, rank: u32) -> Vec<Review> {
    let at = moment("2022-05-10").after_ms(i64::from(rank) * 3 * DAY_MS);
    let reviewer = clerks(STATISTICS).1;
    let mut reviews = vec![step(Step::Submit, by, at, "")];
    match state {
        State::Reviewed => {
            reviews.push(step(Step::Pass, &reviewer, at.after_ms(4 * DAY_MS), ""));
        }
        State::Draft => {
            let reason = "缺供热单位的结算单";
            reviews.push(step(Step::Return, &reviewer, at.after_ms(4 * DAY_MS), reason));
        }
        _ => {}
    }
    reviews
}

fn pack((id, dataset): (i64, &str), period: i64, steps: Steps, rows: Vec<Row>) -> Handed {
    let Steps { state, by, mut reviews } = steps;
    reviews.iter_mut().for_each(|review| review.submission = id);
    let at = reviews.first().map(|review| review.at).unwrap_or_default();
    let origin = Origin { by: by.clone(), at, ..Origin::default() };
    let values: Vec<Value> =
        rows.into_iter().map(|row| value(row, (id, dataset), &origin)).collect();
    // A table of many has no subject of its own.
    let mut subjects = values.iter().map(|value| &value.subject);
    let first = subjects.next().cloned().unwrap_or_default();
    let subject = if subjects.all(|subject| *subject == first) { first } else { String::new() };
    let submission = Submission {
        id,
        dataset: dataset.to_owned(),
        subject,
        period: period.to_string(),
        state,
        by,
        at,
        evidence: String::new(),
        file: String::new(),
        count: i64::try_from(values.len()).unwrap_or(i64::MAX),
        edition: 0,
    };
    Handed { submission, values, reviews }
}

fn value(row: Row, (submission, dataset): (i64, &str), origin: &Origin) -> Value {
    let written = row.written.unwrap_or((format!("{:.*}", row.decimals, row.number), row.unit));
    Value {
        id: 0,
        dataset: dataset.to_owned(),
        input: row.input,
        subject: row.subject,
        keys: row.keys,
        period: row.period.to_string(),
        original: written.0,
        original_unit: written.1.to_owned(),
        number: Some(row.number),
        unit: row.unit.to_owned(),
        origin: origin.clone(),
        submission,
        standing: row.standing,
    }
}

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// Half past nine of a day in Beijing.
fn moment(day: &str) -> Moment {
    let ordinal = |day: &str| TimeKey::parse(day).map_or(0, |key| key.ordinal);
    Moment((ordinal(day) - ordinal("1970-01-01")) * DAY_MS + 5_400_000)
}
