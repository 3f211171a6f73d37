//! 计算 A calculator that knows one document and reads lines of `input;keys;period;number`.

use super::FakeStore;
use async_trait::async_trait;
use std::sync::Arc;
use tanliu_diagnostic::Text;
use tanliu_platform::figure::{Calculation, Run, RunState};
use tanliu_platform::moment::Moment;
use tanliu_platform::port::{
    Act, Calculator, CalculatorError, DocumentPage, DocumentSummary, Explained, Figures, ReadTable,
    Replayed,
};
use tanliu_platform::value::{Origin, Standing, Value};

pub(crate) struct FakeCalculator(pub(crate) Arc<FakeStore>);

fn summary() -> DocumentSummary {
    DocumentSummary {
        id: "cn/district/panorama".to_owned(),
        version: "1".to_owned(),
        title: ("全景".to_owned(), "panorama".to_owned()),
        kind: "account".to_owned(),
        status: "illustration".to_owned(),
        examples: 2,
    }
}

#[async_trait]
impl Calculator for FakeCalculator {
    async fn calculate(
        &self,
        calculation: &Calculation,
        as_of: Moment,
        by: &str,
        now: Moment,
    ) -> Result<Run, CalculatorError> {
        let act = |verb: &str| Act {
            by: by.to_owned(),
            at: now,
            verb: verb.to_owned(),
            object: "run".to_owned(),
            facts: "{}".to_owned(),
        };
        let mut run = crate::world::run(0, &calculation.id);
        (run.as_of, run.by, run.current) = (as_of, by.to_owned(), true);
        run.id = self.0.begin_run(&run, act("run.begin")).await.unwrap();
        let tables = crate::world::tables();
        run.state = RunState::Done;
        self.0.end_run(&run, &tables, act("run.end")).await.unwrap();
        Ok(run)
    }

    async fn explain(
        &self,
        _run: &Run,
        output: &str,
        _keys: &[(String, String)],
        _depth: usize,
    ) -> Result<Explained, CalculatorError> {
        if output.starts_with("no_") {
            return Err(CalculatorError::Absent(Text::new("没有", "absent")));
        }
        let leaf = |id: &str, value: f64| {
            serde_json::json!({
                "name": "co2", "key": { "enterprise": id }, "value": value, "operands": [],
            })
        };
        let tree = serde_json::json!({
            "name": output, "key": {}, "value": 30.0,
            "operands": [leaf("E1", 10.0), leaf("E2", 20.0)],
        });
        Ok(Explained {
            tree: tree.to_string(),
            clause: "<p>排放量 = 活动量 × 因子</p>".to_owned(),
            heading: "5.1".to_owned(),
        })
    }

    async fn pack(&self, _run: &Run) -> Result<Vec<u8>, CalculatorError> {
        Ok(b"TANPACK".to_vec())
    }

    async fn replay(&self, run: &Run) -> Result<Replayed, CalculatorError> {
        let own = |id: &str| format!("{}/co2[enterprise={id},year=2021]", run.id);
        let differing = ["E1", "E2"].map(|id| (own(id), "1".to_owned(), "2".to_owned()));
        Ok(Replayed { compared: 9, differing: differing.to_vec(), differing_count: 2 })
    }

    async fn documents(&self) -> Result<Vec<DocumentSummary>, CalculatorError> {
        Ok(vec![summary()])
    }

    async fn document(&self, id: &str) -> Result<DocumentPage, CalculatorError> {
        if id != summary().id {
            return Err(CalculatorError::Absent(Text::new("没有", "absent")));
        }
        let html = "<!doctype html><h1>全景</h1>".to_owned();
        Ok(DocumentPage { summary: summary(), html, text: "# 全景".to_owned() })
    }

    async fn check(&self, text: &str) -> Result<String, CalculatorError> {
        Ok(if text.is_empty() { r#"[{"code":"empty"}]"# } else { "[]" }.to_owned())
    }

    async fn template(
        &self,
        _document: &str,
        _inputs: &[String],
    ) -> Result<Vec<u8>, CalculatorError> {
        Ok(b"PK".to_vec())
    }

    async fn read(
        &self,
        _document: &str,
        _inputs: &[String],
        name: &str,
        bytes: &[u8],
    ) -> Result<ReadTable, CalculatorError> {
        let text = String::from_utf8_lossy(bytes);
        let (mut values, mut findings) = (Vec::new(), Vec::new());
        for (row, line) in text.lines().enumerate() {
            let parts: Vec<&str> = line.split('|').collect();
            match parts.as_slice() {
                [input, keys, period, number] if number.parse::<f64>().is_ok() => {
                    values.push(value(name, row, (input, keys, period, number)));
                }
                _ => findings.push(serde_json::json!({
                    "code": "not-a-number", "severity": "error", "zh": "不是数",
                    "en": "no number", "place": format!("A{}", row + 1),
                })),
            }
        }
        let errors = findings.len() as u64;
        Ok(ReadTable {
            values,
            findings: serde_json::Value::Array(findings).to_string(),
            errors,
            marked: (errors > 0).then(|| format!("marked {text}").into_bytes()),
        })
    }
}

fn value(file: &str, row: usize, parts: (&str, &str, &str, &str)) -> Value {
    let (input, keys, period, number) = parts;
    Value {
        id: 0,
        dataset: String::new(),
        input: input.to_owned(),
        subject: String::new(),
        keys: keys.to_owned(),
        period: period.to_owned(),
        original: number.to_owned(),
        original_unit: "t".to_owned(),
        number: number.parse().ok(),
        unit: "t".to_owned(),
        origin: Origin {
            file: file.to_owned(),
            cell: format!("A{}", row + 1),
            ..Origin::default()
        },
        submission: 0,
        standing: Standing::Pending,
    }
}
