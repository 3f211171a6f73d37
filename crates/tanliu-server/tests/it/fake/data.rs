//! 数据 Datasets, submissions, values, conflicts and evidence in memory.

use super::{FakeStore, next};
use async_trait::async_trait;
use tanliu_platform::catalogue::Dataset;
use tanliu_platform::port::{Act, Evidence, StoreError, Stored, Submissions, Values};
use tanliu_platform::submission::{Review, State, Submission};
use tanliu_platform::trail::sha256;
use tanliu_platform::value::{Choice, Conflict, Standing, Value, ValueQuery};

#[async_trait]
impl Submissions for FakeStore {
    async fn datasets(&self) -> Stored<Vec<Dataset>> {
        self.read(|kept| kept.datasets.clone())
    }

    async fn put_datasets(&self, datasets: &[Dataset], act: Act) -> Stored<()> {
        self.change(act, |kept| {
            kept.datasets = datasets.to_vec();
            Ok(())
        })
    }

    async fn add_submission(
        &self,
        submission: &Submission,
        values: &[Value],
        act: Act,
    ) -> Stored<i64> {
        self.change(act, |kept| {
            let id = next(&kept.submissions);
            kept.submissions.insert(id, (Submission { id, ..submission.clone() }, Vec::new()));
            for value in values {
                let number = kept.values.len() as i64 + 1;
                kept.values.push(Value { id: number, submission: id, ..value.clone() });
            }
            Ok(id)
        })
    }

    async fn submission(&self, id: i64) -> Stored<Option<(Submission, Vec<Review>)>> {
        self.read(|kept| kept.submissions.get(&id).cloned())
    }

    async fn submissions(
        &self,
        dataset: Option<&str>,
        subjects: Option<&[String]>,
        states: &[State],
        limit: u32,
    ) -> Stored<Vec<Submission>> {
        self.read(|kept| {
            let all = kept.submissions.values().rev().map(|(own, _)| own.clone());
            all.filter(|own| dataset.is_none_or(|id| own.dataset == id))
                .filter(|own| subjects.is_none_or(|list| list.contains(&own.subject)))
                .filter(|own| states.is_empty() || states.contains(&own.state))
                .take(limit as usize)
                .collect()
        })
    }

    async fn step(
        &self,
        submission: &Submission,
        review: &Review,
        to: State,
        act: Act,
    ) -> Stored<()> {
        self.change(act, |kept| {
            let absent = StoreError::Absent("submission");
            let (own, made) = kept.submissions.get_mut(&submission.id).ok_or(absent)?;
            if own.edition != submission.edition {
                return Err(StoreError::Edited);
            }
            (own.state, own.edition) = (to, own.edition + 1);
            made.push(review.clone());
            if to == State::Approved {
                let of_it = |own: &&mut Value| own.submission == submission.id;
                kept.values.iter_mut().filter(of_it).for_each(|v| v.standing = Standing::Approved);
            }
            Ok(())
        })
    }
}

#[async_trait]
impl Values for FakeStore {
    async fn values(&self, query: &ValueQuery) -> Stored<Vec<Value>> {
        let fits = |wanted: &Option<String>, own: &String| wanted.as_ref().is_none_or(|w| w == own);
        let limit = if query.limit == 0 { usize::MAX } else { query.limit as usize };
        self.read(|kept| {
            let all = kept.values.iter().filter(|own| {
                fits(&query.dataset, &own.dataset)
                    && fits(&query.input, &own.input)
                    && fits(&query.subject, &own.subject)
                    && fits(&query.period, &own.period)
                    && query.standing.is_none_or(|standing| own.standing == standing)
                    && query.submission.is_none_or(|id| own.submission == id)
                    && query.as_of.is_none_or(|moment| {
                        own.origin.at <= moment && own.standing == Standing::Approved
                    })
            });
            all.skip(query.offset as usize).take(limit).cloned().collect()
        })
    }

    async fn conflicts(&self, open_only: bool, limit: u32) -> Stored<Vec<Conflict>> {
        let wanted = |own: &&Conflict| !open_only || own.choice.is_none();
        self.read(|kept| {
            kept.conflicts.iter().filter(wanted).take(limit as usize).cloned().collect()
        })
    }

    async fn choose(&self, conflict: i64, choice: &Choice, act: Act) -> Stored<()> {
        self.change(act, |kept| {
            let own = kept.conflicts.iter_mut().find(|own| own.id == conflict);
            own.ok_or(StoreError::Absent("conflict"))?.choice = Some(choice.clone());
            Ok(())
        })
    }
}

#[async_trait]
impl Evidence for FakeStore {
    async fn keep(&self, name: &str, bytes: &[u8], act: Act) -> Stored<String> {
        self.change(act, |kept| {
            let digest = sha256(bytes);
            let own = (name.to_owned(), bytes.to_vec());
            kept.evidence.entry(digest.clone()).or_insert(own);
            Ok(digest)
        })
    }

    async fn evidence(&self, digest: &str) -> Stored<Option<(String, Vec<u8>)>> {
        self.read(|kept| kept.evidence.get(digest).cloned())
    }
}
