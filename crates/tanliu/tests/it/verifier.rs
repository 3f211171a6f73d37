//! 核查者 Somebody checks an account: the manifest says from what it was made, the same bytes each time.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use crate::desk::Desk;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_manifest_names_everything_by_its_digest() {
    let desk = Desk::with_method();
    desk.tanliu("run m.md --data energy.csv --set 'allowance=400 tCO2' --out out").says(0, &[]);
    let manifest: Value = serde_json::from_str(&desk.read("out/run.json")).unwrap();
    assert_eq!(manifest["document"]["id"], "desk/method");
    assert_eq!(manifest["document"]["version"], "1.2");
    assert_eq!(manifest["document"]["status"], "illustration");
    assert_eq!(manifest["document"]["sha256"], digest(desk.read("m.md").as_bytes()));
    let data = desk.read("energy.csv");
    assert_eq!(
        manifest["data"],
        json!([{ "file": "energy.csv", "bytes": data.len(), "sha256": digest(data.as_bytes()), "rows": 4 }])
    );
    assert_eq!(
        manifest["options"],
        json!({ "set": { "allowance": "400 tCO2" }, "drop_refused": false })
    );
    assert_eq!(manifest["outputs"][0]["name"], "co2");
    assert_eq!(manifest["outputs"][0]["rows"], 2);
    assert_eq!(manifest["outputs"][0]["sha256"], digest(desk.read("out/co2.csv").as_bytes()));
    assert_eq!(manifest["open_evidence"], json!([{ "item": "能源平衡表", "key": "" }]));
    assert_eq!(manifest["defaults"], json!([{ "input": "share", "filled": null }]));
    assert_eq!(manifest["withheld"], json!([]));
    assert_eq!(
        manifest["standing"]["parameters"],
        json!([{ "name": "ef", "standing": "illustration" }])
    );
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let desk = Desk::with_method();
    for format in ["csv", "json", "xlsx"] {
        let mut seen = Vec::new();
        for out in ["a", "b"] {
            let line = format!("run m.md --data energy.csv --out {out} --format {format}");
            desk.tanliu(&line).says(0, &[]);
            let files = desk.list(out);
            seen.push(
                files
                    .iter()
                    .map(|file| std::fs::read(desk.path(out).join(file)).unwrap())
                    .collect::<Vec<_>>(),
            );
        }
        assert_eq!(seen[0], seen[1], "{format}");
    }
}

#[test]
fn factors_are_named_with_set_row_source_and_standing() {
    let desk = Desk::new();
    desk.put(
        "m.md",
        "---\nid: desk/power\nversion: \"1\"\ntitle: { zh: 电, en: Power }\nkind: account\n---\n\
         ```tan\nindex year : year\nindex grid : text\ninput power[grid, year] : MWh\n\
         factor ef[grid, year] : kgCO2/kWh from \"cn/grid/average/provincial\" as of same year\n\
         output co2[grid, year] : tCO2 = power * ef\n```\n",
    );
    desk.put("power.csv", "year,grid,power (MWh)\n2021,广东,100\n");
    desk.tanliu("run m.md --data power.csv --out out").says(0, &[]);
    let manifest: Value = serde_json::from_str(&desk.read("out/run.json")).unwrap();
    let set = &manifest["factors"][0];
    assert_eq!(set["set"], "cn/grid/average/provincial");
    assert_eq!(set["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(set["used"][0]["name"], "ef");
    assert_eq!(set["used"][0]["rows"][0]["value"], "0.4715");
    assert_eq!(manifest["standing"]["factors"][0]["standing"], "secondary");
    desk.put("power.csv", "year,grid,power (MWh)\n1980,guangdong,100\n");
    desk.tanliu("run m.md --data power.csv --out out2").says(1, &["factor-date-outside", "1980"]);
    assert!(!desk.path("out2").exists());
}

#[test]
fn refused_keys_are_dropped_only_when_asked_and_then_named() {
    let desk = Desk::new();
    desk.put(
        "m.md",
        "---\nid: desk/plants\nversion: \"1\"\ntitle: { zh: 厂, en: Plants }\nkind: account\n---\n\
         ```tan\nindex plant : text\ninput capacity[plant] : MW\n\
         output sum_capacity : MW = sum(capacity over plant)\n\
         require capacity >= 1 MW \"装机容量须不低于 1 MW\"\n```\n",
    );
    desk.put("c.csv", "plant,capacity (MW)\nA,10\nB,0.5\nC,2\n");
    let seen = desk.tanliu("run m.md --data c.csv --out out");
    seen.says(1, &["装机容量须不低于 1 MW", "plant = B"]);
    assert!(!desk.path("out").exists());
    desk.tanliu("run m.md --data c.csv --out out --drop-refused").says(0, &["已剔除：plant = B"]);
    assert_eq!(desk.read("out/sum_capacity.csv"), "sum_capacity (MW)\n12\n");
    let manifest: Value = serde_json::from_str(&desk.read("out/run.json")).unwrap();
    assert_eq!(manifest["options"]["drop_refused"], true);
    assert!(manifest["dropped"][0].as_str().unwrap().contains("plant = B"));
}

#[test]
fn dropping_reaches_finer_times_and_says_where_it_cannot() {
    let desk = Desk::new();
    desk.put(
        "m.md",
        "---\nid: m\nversion: \"1\"\ntitle: 例\nkind: account\nstatus: illustration\n---\n\
         ```tan\nindex plant : text\nindex month : month\nindex year : year\n\
         input made[plant, month] : t\ninput rate : 1\n\
         output total[plant, year] : t = rate * sum(made over month to year)\n\
         require count(made over month to year) = 2 \"须有 2 个月\"\n\
         require rate <= 1 \"比例不大于 1\"\n```\n",
    );
    desk.put("c.csv", "plant,month,made (t)\nA,2023-01,1\nA,2023-02,1\nA,2024-01,5\nB,2023-01,1\n");
    let seen = desk.tanliu("run m.md --data c.csv --set rate=1");
    seen.says(1, &["count(made) = 1，须 = 2", "plant = B, year = 2023"]);
    desk.tanliu("run m.md --data c.csv --set rate=1 --out out --drop-refused")
        .says(0, &["已剔除", "plant = A, year = 2024", "plant = B, year = 2023"]);
    assert_eq!(desk.read("out/total.csv"), "plant,year,total (t)\nA,2023,2\n");
    desk.tanliu("run m.md --data c.csv --set rate=2 --drop-refused").says(1, &["比例不大于 1"]);
}

#[test]
fn notation_keys_are_words_in_results_and_listed_under_what_they_reach() {
    let desk = Desk::new();
    desk.put(
        "m.md",
        "---\nid: desk/notation\nversion: \"1\"\ntitle: { zh: 标注, en: Notation }\nkind: account\n---\n\
         ```tan\nindex sector : text\ninput emitted[sector] : tCO2 notation\n\
         output own[sector] : tCO2 = emitted\noutput total : tCO2 = sum(emitted over sector)\n```\n",
    );
    desk.put("e.csv", "sector,emitted (tCO2)\na,5\nb,NE\nc,NO\n");
    desk.tanliu("run m.md --data e.csv --out out").says(0, &["未估算或保密"]);
    assert_eq!(desk.read("out/own.csv"), "sector,own (tCO2)\na,5\nb,NE\nc,NO\n");
    let manifest: Value = serde_json::from_str(&desk.read("out/run.json")).unwrap();
    assert_eq!(manifest["notation"]["total"][0]["notation"], "NE");
}
