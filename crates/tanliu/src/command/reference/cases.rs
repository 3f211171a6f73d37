//! 数据错误的小例 One small table for each mistake in data, read, bound and run as any other.

use super::{Shown, plain_check};
use crate::findings::{Texts, add_texts};
use tanliu_diagnostic::{Place, Span};
use tanliu_factor::Catalogue;
use tanliu_method::bind::{BindInput, bind};
use tanliu_method::eval::{RunOptions, run};
use tanliu_office::{ReadOptions, read_tables};

/// The document that all cases are bound to.
const METHOD: &str = "\
---
id: example/data
version: \"1\"
title: { zh: 数据示例, en: Data example }
kind: account
---

```tan
index year : year
index fuel = coal \"煤炭\" | oil \"石油\"
input energy[year, fuel] : tce \"化石能源消费量\" >= 0
input gdp[year] : 万元 default 1 万元
input share[year] : % default 100 %
param ef[fuel] : tCO2/tce = { coal: 2.66, oil: 1.73 }
param threshold : tCO2 = 1000000 tCO2
output co2[year] : tCO2 = sum(energy * ef over fuel) * share
output change[year] : % = co2 / co2[year-1] - 1
output intensity[year] : tCO2/万元 = co2 / gdp
require co2 < threshold \"排放量不得达到一百万吨\"
warn energy < 1000 tce \"消费量偏大\"
require evidence \"能源平衡表\"
```
";

/// 小例 Files and values of `--set`.
struct Case {
    files: &'static [(&'static str, &'static [u8])],
    set: &'static [(&'static str, &'static str)],
}

const fn files(files: &'static [(&'static str, &'static [u8])]) -> Case {
    Case { files, set: &[] }
}

/// A sound table, to stand beside a faulty one.
const SOUND: (&str, &[u8]) =
    ("energy.csv", b"year,fuel,energy (tce)\n2016,coal,100\n2016,oil,50\n");

const CASES: &[Case] = &[
    files(&[("energy.csv", b"year,fuel,energy (tce)\n2016,coal,1OO\n2016,oil,50\n")]),
    files(&[("energy.csv", b"year,fuel,energy (tce)\n2016,coal,\"1,0.5\"\n2016,oil,50\n")]),
    files(&[("energy.csv", b"year,fuel,energy (tCO2)\n2016,coal,100\n2016,oil,50\n")]),
    files(&[("energy.csv", b"year,fuel,energy\n2016,coal,100\n2016,oil,50\n")]),
    files(&[("energy.csv", b"year,fuel,energy (tce)\n2016,caol,100\n2016,oil,50\n")]),
    files(&[("energy.csv", b"year,fuel,energy (tce)\n2016.5,coal,100\n2016,oil,50\n")]),
    files(&[("energy.csv", b"year,fuel,energy (tce)\n2016,coal,100\n2016,coal,90\n2016,oil,50\n")]),
    files(&[("energy.csv", b"year,fuel,energy (tce)\n2016,coal,100\n")]),
    files(&[("energy.csv", b"year,fuel,energy (tce)\n2016,coal,-100\n2016,oil,50\n")]),
    files(&[("energy.csv", b"year,fuel,energy (tce),remark\n2016,coal,100,x\n2016,oil,50,y\n")]),
    files(&[("energy.csv", b"year,energy (tce)\n2016,100\n")]),
    files(&[SOUND, ("energy2.csv", b"year,fuel,energy (tce)\n2016,coal,100\n2016,oil,50\n")]),
    files(&[SOUND, ("rainfall.csv", b"month,rain (mm)\n2016-01,20\n")]),
    files(&[("energy.csv", b"")]),
    files(&[("energy.csv", b"year;fuel;energy (tce)\n2016;coal;100\n2016;oil;50\n")]),
    files(&[("energy.csv", b"year,fuel,energy (tce)\n2016,coal,100,7\n2016,oil,50\n")]),
    files(&[("energy.csv", b"year,fuel,energy (tce)\n2016,\"coal,100\n2016,oil,50\n")]),
    files(&[(
        "energy.csv",
        b"year,fuel,energy (tce),energy (tce)\n2016,coal,100,1\n2016,oil,50,1\n",
    )]),
    files(&[("energy.csv", b"year,fuel,energy (tce),\n2016,coal,100,1\n2016,oil,50,2\n")]),
    files(&[("energy.csv", b"year,fuel,energy (tce)\n2016,coal,100\xff\xfe\n2016,oil,50\n")]),
    files(&[(
        "energy.csv",
        b"year,fuel,energy (tce)\n2016,\xc3\xba\xcc\xbf,100\n2016,\xca\xaf\xd3\xcd,50\n",
    )]),
    files(&[("energy.jsonl", b"{\"year\": 2016, \"fuel\": \"coal\"\n")]),
    files(&[("energy.pdf", b"%PDF")]),
    files(&[("energy.xlsx", b"no workbook")]),
    files(&[(
        "energy.csv",
        b"year,fuel,energy (tce)\n2015,coal,1\n2015,oil,5\n2017,coal,1\n2017,oil,5\n",
    )]),
    files(&[("energy.csv", b"year,fuel,energy (tce)\n2016,coal,1000000\n2016,oil,50\n")]),
    files(&[SOUND, ("gdp.csv", "year,gdp (万元)\n2016,0\n".as_bytes())]),
    files(&[SOUND, ("evidence.csv", "item,status\n能源平衡表,violated\n".as_bytes())]),
    files(&[SOUND, ("evidence.csv", "item,status\n能源平衡表,maybe\n".as_bytes())]),
    Case { files: &[SOUND], set: &[("threshold", "10 MWh")] },
    Case { files: &[SOUND], set: &[("thresold", "10 tCO2")] },
];

/// Every finding of every case.
pub(super) fn data_cases() -> Vec<Shown> {
    CASES.iter().flat_map(findings_of).collect()
}

fn findings_of(case: &Case) -> Vec<Shown> {
    let checked = plain_check(METHOD);
    let mut texts = Texts::new();
    add_texts(&mut texts, &checked);
    let mut tables = Vec::new();
    let mut list = Vec::new();
    for (name, bytes) in case.files {
        let (read, findings) = read_tables(name, bytes, &ReadOptions::default());
        tables.extend(read);
        list.extend(findings.into_list());
    }
    let scalars: Vec<(String, String, Place)> = case
        .set
        .iter()
        .map(|(name, value)| {
            let text = format!("{name}={value}");
            let place = Place::span("--set", Span::new(0, text.len()));
            texts.insert("--set".to_owned(), text);
            ((*name).to_owned(), (*value).to_owned(), place)
        })
        .collect();
    let input =
        BindInput { tables: &tables, restricted: None, scalars: &scalars, units: &checked.units };
    if !list.iter().any(tanliu_diagnostic::Diagnostic::is_error) {
        let (dataset, found) = bind(&checked.program, &input);
        let refused = found.has_errors();
        list.extend(found.into_list());
        if !refused {
            let options = RunOptions::default();
            let outcome = run(&checked.program, &dataset, &Catalogue::default(), &options);
            list.extend(outcome.diagnostics.into_list());
        }
    }
    let names: Vec<String> = case
        .files
        .iter()
        .map(|(name, bytes)| {
            let text = String::from_utf8_lossy(bytes).trim_end().replace('\n', " ⏎ ");
            let text: String = text.chars().take(100).collect();
            format!("`{name}` `{}`", text.replace('`', "'"))
        })
        .collect();
    list.iter().map(|finding| Shown::new(&names.join("，"), finding, &texts)).collect()
}
