//! 报送 The catalogue, submissions and the steps of their review.

use crate::SqlStore;
use crate::approval::{Who, approve};
use crate::change::{Change, at_most};
use crate::database::{Cell, Row, cells, json};
use async_trait::async_trait;
use tanliu_platform::catalogue::{Dataset, Refresh, Subject, Way};
use tanliu_platform::port::{Act, StoreError, Stored, Submissions};
use tanliu_platform::submission::{Review, State, Step, Submission};
use tanliu_platform::value::{Standing, Value};

const SUBMISSION: &str = "SELECT id, dataset, subject, period, state, made_by, made_at, evidence, \
                          file, held, edition FROM submission";

/// A value's columns as they are inserted: its document, standing and moments behind the rest.
const REPORTED: [&str; 20] = [
    "id",
    "dataset",
    "input",
    "subject",
    "keys",
    "period",
    "original",
    "original_unit",
    "number",
    "unit",
    "evidence",
    "file",
    "sheet",
    "cell",
    "made_by",
    "made_at",
    "submission",
    "document",
    "standing",
    "handed_at",
];

#[async_trait]
impl Submissions for SqlStore {
    async fn datasets(&self) -> Stored<Vec<Dataset>> {
        let text = "SELECT id, name_zh, name_en, subject, way, refresh, source_system, \
                    department, document, inputs, note FROM dataset ORDER BY id";
        self.database.rows(text, Vec::new()).await?.iter().map(dataset).collect()
    }

    async fn put_datasets(&self, datasets: &[Dataset], act: Act) -> Stored<()> {
        let mut change = Change::begin(self).await?;
        let text = "INSERT INTO dataset (id, name_zh, name_en, subject, way, refresh, \
                    source_system, department, document, inputs, note) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                    ON CONFLICT (id) DO UPDATE SET name_zh = excluded.name_zh, \
                    name_en = excluded.name_en, subject = excluded.subject, way = excluded.way, \
                    refresh = excluded.refresh, source_system = excluded.source_system, \
                    department = excluded.department, document = excluded.document, \
                    inputs = excluded.inputs, note = excluded.note";
        for dataset in datasets {
            let row = cells![
                &dataset.id,
                &dataset.name.0,
                &dataset.name.1,
                dataset.subject.word(),
                dataset.way.word(),
                dataset.refresh.word(),
                &dataset.source_system,
                &dataset.department,
                &dataset.document,
                json(&dataset.inputs)?,
                &dataset.note,
            ];
            change.execute(text, row).await?;
        }
        change.finish(act).await
    }

    async fn add_submission(
        &self,
        submission: &Submission,
        values: &[Value],
        act: Act,
    ) -> Stored<i64> {
        let mut change = Change::begin(self).await?;
        let text = "SELECT document FROM dataset WHERE id = $1";
        let document = change.row(text, cells![&submission.dataset]).await?;
        let document = document.ok_or(StoreError::Absent("dataset"))?.reader().text()?;
        let id = change.next_id("submission").await?;
        let columns = [
            "id", "dataset", "subject", "period", "state", "made_by", "made_at", "evidence",
            "file", "held", "edition",
        ];
        let row = cells![
            id,
            &submission.dataset,
            &submission.subject,
            &submission.period,
            submission.state.word(),
            &submission.by,
            submission.at,
            &submission.evidence,
            &submission.file,
            i64::try_from(values.len()).unwrap_or(i64::MAX),
            submission.edition,
        ];
        change.insert_one("submission", &columns, row).await?;
        let first = change.next_id("reported").await?;
        let numbered = (first..).zip(values);
        let rows =
            numbered.map(|(number, value)| reported(number, value, id, &document, submission));
        change.insert("reported", &REPORTED, Box::new(rows)).await?;
        change.finish(act).await?;
        Ok(id)
    }

    async fn submission(&self, id: i64) -> Stored<Option<(Submission, Vec<Review>)>> {
        let mut link = self.database.read().await?;
        let text = format!("{SUBMISSION} WHERE id = $1");
        let Some(row) = link.row(&text, cells![id]).await? else {
            return Ok(None);
        };
        let text = "SELECT submission, step, made_by, made_at, reason FROM review \
                    WHERE submission = $1 ORDER BY place";
        let reviews = link.rows(text, cells![id]).await?;
        link.commit().await?;
        let reviews = reviews.iter().map(review).collect::<Stored<_>>()?;
        Ok(Some((submission(&row)?, reviews)))
    }

    async fn submissions(
        &self,
        dataset: Option<&str>,
        subjects: Option<&[String]>,
        states: &[State],
        limit: u32,
    ) -> Stored<Vec<Submission>> {
        let mut text = format!("{SUBMISSION} WHERE 1 = 1");
        let mut cells = Vec::new();
        if let Some(dataset) = dataset {
            cells.push(Cell::from(dataset));
            text.push_str(&format!(" AND dataset = ${}", cells.len()));
        }
        if let Some(subjects) = subjects {
            cells.push(Cell::from(subjects));
            text.push_str(&format!(" AND subject IN LIST(${})", cells.len()));
        }
        if !states.is_empty() {
            cells.push(Cell::Texts(states.iter().map(|state| state.word().to_owned()).collect()));
            text.push_str(&format!(" AND state IN LIST(${})", cells.len()));
        }
        cells.push(Cell::from(at_most(limit)));
        text.push_str(&format!(" ORDER BY id DESC LIMIT ${}", cells.len()));
        self.database.rows(&text, cells).await?.iter().map(submission).collect()
    }

    async fn step(
        &self,
        submission: &Submission,
        review: &Review,
        to: State,
        act: Act,
    ) -> Stored<()> {
        let mut change = Change::begin(self).await?;
        let text = "SELECT state, edition FROM submission WHERE id = $1";
        let known = change.row(text, cells![submission.id]).await?;
        let known = known.ok_or(StoreError::Absent("submission"))?;
        let mut known = known.reader();
        let (state, edition) = (known.word(State::of)?, known.whole()?);
        if edition != submission.edition {
            return Err(StoreError::Edited);
        }
        if matches!(state, State::Approved | State::Withdrawn) {
            let text = format!("a submission that is {} stays so", state.word());
            return Err(StoreError::Refused(text));
        }
        let text = "UPDATE submission SET state = $2, edition = edition + 1 WHERE id = $1";
        change.execute(text, cells![submission.id, to.word()]).await?;
        let text = "INSERT INTO review (submission, place, step, made_by, made_at, reason) \
                    SELECT $1, coalesce(max(place), 0) + 1, $2, $3, $4, $5 FROM review \
                    WHERE submission = $1";
        let row = cells![submission.id, review.step.word(), &review.by, review.at, &review.reason];
        change.execute(text, row).await?;
        match to {
            State::Approved => {
                let who = Who { by: review.by.clone(), at: review.at };
                approve(&mut change, submission.id, &who).await?;
            }
            State::Withdrawn => {
                let text = "UPDATE reported SET standing = 'declined', ended_at = $2 \
                            WHERE submission = $1 AND standing = 'pending'";
                change.execute(text, cells![submission.id, review.at]).await?;
            }
            State::Draft | State::Submitted | State::Reviewed => {}
        }
        change.finish(act).await
    }
}

fn reported(
    number: i64,
    value: &Value,
    id: i64,
    document: &str,
    submission: &Submission,
) -> Vec<Cell> {
    cells![
        number,
        &submission.dataset,
        &value.input,
        &value.subject,
        &value.keys,
        &value.period,
        &value.original,
        &value.original_unit,
        value.number,
        &value.unit,
        &value.origin.evidence,
        &value.origin.file,
        &value.origin.sheet,
        &value.origin.cell,
        &value.origin.by,
        value.origin.at,
        id,
        document,
        Standing::Pending.word(),
        submission.at,
    ]
}

fn dataset(row: &Row) -> Stored<Dataset> {
    let mut row = row.reader();
    Ok(Dataset {
        id: row.text()?,
        name: (row.text()?, row.text()?),
        subject: row.word(Subject::of)?,
        way: row.word(Way::of)?,
        refresh: row.word(Refresh::of)?,
        source_system: row.text()?,
        department: row.text()?,
        document: row.text()?,
        inputs: row.json()?,
        note: row.text()?,
    })
}

fn submission(row: &Row) -> Stored<Submission> {
    let mut row = row.reader();
    Ok(Submission {
        id: row.whole()?,
        dataset: row.text()?,
        subject: row.text()?,
        period: row.text()?,
        state: row.word(State::of)?,
        by: row.text()?,
        at: row.moment()?,
        evidence: row.text()?,
        file: row.text()?,
        count: row.whole()?,
        edition: row.whole()?,
    })
}

fn review(row: &Row) -> Stored<Review> {
    let mut row = row.reader();
    Ok(Review {
        submission: row.whole()?,
        step: row.word(Step::of)?,
        by: row.text()?,
        at: row.moment()?,
        reason: row.text()?,
    })
}
