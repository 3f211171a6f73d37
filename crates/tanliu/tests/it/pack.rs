//! 打包与核验 One file goes to a verifier, who has nothing else: it computes again, or says why not.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use crate::desk::{Desk, Seen};
use serde_json::Value;
use std::path::Path;
use tanliu_pack::{Draft, Kind, Limits, read, write};

const PACK: &str = "pack m.md --data energy.csv --set 'allowance=400 tCO2' --out a.tanpack";

/// A desk with the pack of its method; document and data are gone.
fn packed() -> Desk {
    let desk = Desk::with_method();
    desk.tanliu(PACK).says(0, &["已写入 a.tanpack", "数据文件 1 个"]);
    std::fs::remove_file(desk.path("m.md")).unwrap();
    std::fs::remove_file(desk.path("energy.csv")).unwrap();
    desk
}

/// A desk with a document that takes factors of the catalogue, packed.
fn powered() -> Desk {
    let desk = Desk::new();
    desk.put(
        "m.md",
        "---\nid: desk/power\nversion: \"1\"\ntitle: { zh: 电, en: Power }\nkind: account\n---\n\
         ```tan\nindex year : year\nindex grid : text\ninput power[grid, year] : MWh\n\
         factor ef[grid, year] : kgCO2/kWh from \"cn/grid/average/provincial\" as of same year\n\
         own[grid, year] = power * ef\n\
         output co2[year] : tCO2 = sum(own over grid)\n```\n",
    );
    desk.put("power.csv", "year,grid,power (MWh)\n2021,广东,100\n2021,北京,50\n");
    desk.tanliu("pack m.md --data power.csv --out a.tanpack").says(0, &["因子集 1 个"]);
    desk
}

/// Changes the pack as somebody would who knows the format, and seals it again.
fn reseal(desk: &Desk, change: impl FnOnce(&mut Draft)) {
    let bytes = std::fs::read(desk.path("a.tanpack")).unwrap();
    let mut draft = read("a", &bytes, &Limits::default()).0.unwrap().into_draft();
    change(&mut draft);
    desk.put("a.tanpack", write(&draft, None, &Limits::default()).unwrap());
}

/// Replaces a text in the entry whose path ends so.
pub(crate) fn replace(draft: &mut Draft, path: &str, from: &str, to: &str) {
    let entry = draft.contents.iter_mut().find(|own| own.path.ends_with(path)).unwrap();
    let text = String::from_utf8(entry.bytes.clone()).unwrap();
    assert!(text.contains(from), "`{from}` is not in {text}");
    entry.bytes = text.replace(from, to).into_bytes();
}

fn verify(desk: &Desk) -> Seen {
    desk.tanliu("verify a.tanpack")
}

#[test]
fn a_pack_is_verified_without_anything_else() {
    let desk = packed();
    verify(&desk)
        .says(0, &["desk/method 版本 1.2", "未签名", "相符：重算了 2 个结果、4 个数", "逐位相同"]);
    let seen = desk.tanliu("verify a.tanpack --json --lang en");
    let report = seen.says(0, &[]).json();
    assert_eq!(report["ok"], true);
    assert_eq!(report["results"], 2);
    assert_eq!(report["signer"], Value::Null);
    assert_eq!(report["findings"], serde_json::json!([]));
}

#[test]
fn packing_twice_gives_the_same_bytes() {
    let desk = Desk::with_method();
    desk.tanliu(PACK).says(0, &[]);
    let first = std::fs::read(desk.path("a.tanpack")).unwrap();
    desk.tanliu(PACK).says(0, &[]);
    assert_eq!(std::fs::read(desk.path("a.tanpack")).unwrap(), first);
}

#[test]
fn the_example_province_verifies_far_from_its_library() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let desk = Desk::new();
    let out = desk.path("p.tanpack");
    let status = desk
        .command()
        .current_dir(&root)
        .args(["pack", "methods/cn/regional/carbon-intensity.md", "--set", "home=吉林"])
        .args(["--set", "target=18 %", "--data", "examples/province/data/intensity", "--out"])
        .arg(&out)
        .output()
        .unwrap();
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    desk.tanliu("verify p.tanpack").says(0, &["文档：cn/regional/carbon-intensity", "逐位相同"]);
    let bytes = std::fs::read(&out).unwrap();
    let pack = read("p", &bytes, &Limits::default()).0.unwrap();
    let names = |kind| pack.of_kind(kind).map(|(entry, _)| entry.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(Kind::Document).len(), 2, "with the document it uses");
    assert_eq!(names(Kind::Factor).len(), 2, "the one set that it names, and no other");
    assert_eq!(names(Kind::Data)[0], "examples/province/data/intensity/energy.csv");
}

#[test]
fn a_changed_figure_of_the_results_is_found_with_its_cause() {
    let desk = packed();
    reseal(&desk, |draft| replace(draft, "results/co2.csv", "352.5", "342.5"));
    verify(&desk).says(
        1,
        &[
            "pack-result-differs",
            "co2[year = 2016]：包里是 342.5，重算得 352.5",
            "m.md:21",
            "包里的这个数在打包后被改动",
            "14 位有效数字之内就不同",
            "共 1 张表里 1 个数不同",
            "不能采信：1 处不符",
        ],
    );
    let report = desk.tanliu("verify a.tanpack --json").says(1, &[]).json();
    assert_eq!(report["ok"], false);
    assert_eq!(report["findings"][0]["code"], "pack-result-differs");
}

#[test]
fn a_difference_in_the_last_bits_is_told_as_such() {
    let desk = packed();
    reseal(&desk, |draft| replace(draft, "results/co2.csv", "352.5", "352.50000000000006"));
    desk.tanliu("verify a.tanpack --lang en")
        .says(1, &["the two agree at 14 significant digits and differ in the last bits"]);
}

#[test]
fn changed_data_are_found_down_to_the_cell() {
    let desk = packed();
    reseal(&desk, |draft| replace(draft, "energy.csv", "2016,煤炭,0.01", "2016,煤炭,0.011"));
    let seen = verify(&desk);
    seen.says(
        1,
        &[
            "pack-record-differs",
            "energy.csv 与这次运行的记录不符",
            "co2[year = 2016]：包里是 352.5，重算得 379.1",
            "fuel_co2[year = 2016, fuel = coal]：包里是 266，重算得 292.6",
            "energy[year = 2016, fuel = coal]：包里是 100，重算得 110",
            "energy.csv",
            "0.011",
            "这个文件不是运行时的那个",
        ],
    );
    assert!(seen.all().contains("第 2 行"), "{}", seen.all());
    assert!(!seen.all().contains("tanliu-verify-"), "{}", seen.all());
}

#[test]
fn a_row_that_is_gone_or_new_is_found() {
    let desk = packed();
    reseal(&desk, |draft| {
        replace(draft, "energy.csv", "2017,coal,0.02\n", "2018,coal,0.02\n2018,oil,1\n")
    });
    verify(&desk).says(1, &["pack-record-differs"]);
    let desk = powered();
    reseal(&desk, |draft| replace(draft, "power.csv", "2021,北京,50\n", ""));
    verify(&desk).says(1, &["co2[year = 2021]", "power", "里已没有"]);
}

#[test]
fn a_changed_factor_is_found_down_to_its_row() {
    let desk = powered();
    verify(&desk).says(0, &["逐位相同"]);
    reseal(&desk, |draft| replace(draft, "provincial.csv", "0.4715", "0.4815"));
    verify(&desk).says(
        1,
        &[
            "cn/grid/average/provincial 与这次运行的记录不符",
            "co2[year = 2021]",
            "own[grid = 广东, year = 2021]",
            "ef[",
            "cn/grid/average/provincial.csv",
            "0.4815",
        ],
    );
}

#[test]
fn a_changed_formula_is_found_down_to_its_line() {
    let desk = packed();
    reseal(&desk, |draft| replace(draft, "m.md", "= energy * ef", "= energy * ef * 1.1"));
    verify(&desk).says(
        1,
        &[
            "m.md 与这次运行的记录不符",
            "的公式不是运行时的那个",
            "m.md 第 20 行",
            "energy * ef * 1.1",
        ],
    );
    let desk = packed();
    reseal(&desk, |draft| replace(draft, "m.md", "coal: 2.66", "coal: 2.67"));
    verify(&desk).says(1, &["参数 ef", "coal: 2.67", "包里是 2.66，重算得 2.67"]);
}

#[test]
fn a_changed_option_is_found() {
    let desk = packed();
    reseal(&desk, |draft| draft.run.set[0] = "allowance=500 tCO2".to_owned());
    verify(&desk).says(1, &["surplus[year = 2016]", "--set", "options.set.allowance：记着"]);
}

#[test]
fn a_document_that_no_longer_computes_is_told_with_its_errors() {
    let desk = packed();
    reseal(&desk, |draft| replace(draft, "m.md", "= energy * ef", "= energi * ef"));
    verify(&desk).says(1, &["pack-not-computed", "m.md 与这次运行的记录不符", "energi"]);
}

#[test]
fn another_version_of_the_engine_is_told() {
    let desk = packed();
    reseal(&desk, |draft| {
        let version = format!("\"tanliu\": \"{}\"", env!("CARGO_PKG_VERSION"));
        replace(draft, "run.json", &version, "\"tanliu\": \"9.9.9\"");
        draft.engine = "9.9.9".to_owned();
    });
    verify(&desk).says(0, &["pack-other-version", "9.9.9", "逐位相同"]);
    reseal(&desk, |draft| draft.engine = "9.9.8".to_owned());
    verify(&desk).says(1, &["engine 是 9.9.8，run.json 所记是 9.9.9"]);
}

#[test]
fn a_record_that_says_less_is_found() {
    let desk = packed();
    reseal(&desk, |draft| {
        replace(draft, "run.json", "\"standing\": \"illustration\"", "\"standing\": \"verified\"")
    });
    verify(&desk).says(1, &["pack-record-differs", "standing.parameters[0].standing"]);
}

#[test]
fn flipped_bytes_lost_tails_and_additions_are_found() {
    let desk = packed();
    let whole = std::fs::read(desk.path("a.tanpack")).unwrap();
    let mut flipped = whole.clone();
    let middle = whole.len() / 2;
    flipped[middle] ^= 4;
    desk.put("a.tanpack", &flipped);
    verify(&desk).says(1, &["pack-damaged", "与封印不符"]);
    desk.put("a.tanpack", &whole[..whole.len() - 100]);
    verify(&desk).says(1, &["pack-truncated"]);
    desk.put("a.tanpack", [&whole[..], b"\n"].concat());
    verify(&desk).says(1, &["pack-trailing", "还有 1 个字节"]);
    desk.put("a.tanpack", "year,co2\n");
    verify(&desk).says(1, &["pack-unreadable"]);
    desk.tanliu("verify none.tanpack").says(2, &["找不到 none.tanpack"]);
}

pub(crate) const ED25519: &str = "-----BEGIN PRIVATE KEY-----\n\
MC4CAQAwBQYDK2VwBCIEIPpl55rfGSxzUQIEYavV9LGUYEDhXW2hslyRmVmsKZpf\n\
-----END PRIVATE KEY-----\n";
pub(crate) const ED25519_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
MCowBQYDK2VwAyEAL8ybkUam7IeAHokAAQNeDI0DtDJbvRogS7t+5a8fF40=\n\
-----END PUBLIC KEY-----\n";
pub(crate) const SM2: &str = "-----BEGIN PRIVATE KEY-----\n\
MIGHAgEAMBMGByqGSM49AgEGCCqBHM9VAYItBG0wawIBAQQge40353bskPEWq6+3\n\
DiZmHt86khuOQkOnqpmKq7yZe+WhRANCAAQ4rJql3wM0IwC0EQGmCtHKnbW/sS09\n\
9HIqTazt8sxZ5zITtS1SKkVnFE7y51NNgIwveqL8azLFQBaZ+YTcMuXK\n\
-----END PRIVATE KEY-----\n";

#[test]
fn a_signature_says_who_and_nothing_else_passes() {
    let desk = Desk::with_method();
    desk.put("ed.pem", ED25519);
    desk.put("ed.pub.pem", ED25519_PUBLIC);
    desk.put("sm2.pem", SM2);
    desk.tanliu(&format!("{PACK} --key ed.pem")).says(0, &["签名：ed25519"]);
    desk.tanliu("verify a.tanpack --public-key ed.pub.pem")
        .says(0, &["签名：ed25519，公钥指纹 7da38491263ce400"]);
    desk.tanliu("verify a.tanpack --public-key ed.pem").says(2, &["另一半"]);
    desk.tanliu(&format!("{PACK} --key sm2.pem")).says(0, &["签名：sm2-sm3"]);
    verify(&desk).says(0, &["签名：sm2-sm3，公钥指纹 de81711d82872945"]);
    desk.tanliu("verify a.tanpack --public-key ed.pub.pem").says(1, &["pack-signer"]);
    desk.tanliu(PACK).says(0, &[]);
    desk.tanliu("verify a.tanpack --public-key ed.pub.pem").says(1, &["pack-unsigned"]);
    desk.tanliu(&format!("{PACK} --key m.md")).says(2, &["不是 PEM 格式"]);
    desk.tanliu(&format!("{PACK} --key none.pem")).says(2, &["找不到 none.pem"]);
}

#[test]
fn external_data_are_named_and_wanted_back() {
    let desk = Desk::with_method();
    std::fs::create_dir(desk.path("in")).unwrap();
    std::fs::rename(desk.path("energy.csv"), desk.path("in/energy.csv")).unwrap();
    desk.put("in/share.csv", "year,share (%)\n2016,100\n2017,50\n");
    desk.tanliu("pack m.md --data in --external 60 --out a.tanpack")
        .says(0, &["只记摘要值：in/energy.csv", "数据文件 1 个"]);
    std::fs::rename(desk.path("in"), desk.path("elsewhere")).unwrap();
    verify(&desk).says(1, &["pack-external-missing", "in/energy.csv", "用 --data 给出"]);
    desk.tanliu("verify a.tanpack --data elsewhere").says(0, &["逐位相同"]);
    desk.put("elsewhere/energy.csv", "year,fuel,energy (tce)\n2016,coal,1\n2016,oil,1\n");
    desk.tanliu("verify a.tanpack --data elsewhere").says(1, &["没有内容相符的同名文件"]);
    desk.tanliu("pack m.md --data elsewhere --external large --out b").says(2, &["不是大小"]);
}

#[test]
fn a_folder_that_is_only_named_is_wanted_back_file_by_file() {
    let desk = Desk::with_method();
    std::fs::create_dir(desk.path("in")).unwrap();
    std::fs::rename(desk.path("energy.csv"), desk.path("in/energy.csv")).unwrap();
    desk.tanliu("pack m.md --data in --out a.tanpack").says(0, &[]);
    reseal(&desk, |draft| {
        let data = draft.contents.iter().position(|own| own.kind == Kind::Data).unwrap();
        let data = draft.contents.remove(data);
        draft.external.push(tanliu_pack::External {
            name: "in".to_owned(),
            kind: tanliu_pack::ExternalKind::Folder,
            version: None,
            path: "data/1".to_owned(),
            files: vec![tanliu_pack::ExternalFile {
                path: "energy.csv".to_owned(),
                bytes: data.bytes.len() as u64,
                digests: tanliu_pack::Digests::of(&data.bytes),
            }],
        });
    });
    verify(&desk).says(1, &["pack-external-missing", "in/energy.csv"]);
    desk.tanliu("verify a.tanpack --data .").says(0, &["逐位相同"]);
    desk.tanliu("verify a.tanpack --data in").says(0, &["逐位相同"]);
}

#[test]
fn folders_parts_and_passed_over_files_keep_their_names() {
    let desk = Desk::with_method();
    desk.put("in/energy/1.csv", "year,fuel,energy (tce)\n2016,coal,100\n2016,oil,50\n");
    desk.put("in/energy/2.csv", "year,fuel,energy (tce)\n2017,coal,200\n2017,oil,50\n");
    desk.put("in/notes.docx", "not a table");
    for data in ["in", "./in/", "../in"] {
        let work = desk.path("work");
        let _ = std::fs::create_dir(&work);
        let inside = data == "../in";
        let (folder, out) =
            if inside { (work, "../a.tanpack") } else { (desk.path(""), "a.tanpack") };
        let document = if inside { "../m.md" } else { "m.md" };
        let line = ["pack", document, "--data", data, "--out", out];
        let output = desk.command().current_dir(folder).args(line).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        verify(&desk).says(0, &["逐位相同"]);
    }
    reseal(&desk, |draft| replace(draft, "2.csv", "2017,coal,200", "2017,coal,300"));
    verify(&desk).says(1, &["../in/energy/2.csv 第 2 行"]);
}

#[test]
fn absolute_paths_and_workbooks_are_packed_too() {
    let desk = Desk::with_method();
    let data = desk.path("energy.csv");
    let line = format!("pack m.md --data '{}' --drop-refused --out a.tanpack", data.display());
    desk.tanliu(&line).says(0, &[]);
    std::fs::remove_file(data).unwrap();
    verify(&desk).says(0, &["逐位相同"]);
}

#[test]
fn what_does_not_compute_is_not_packed() {
    let desk = Desk::with_method();
    desk.put("energy.csv", "year,fuel,energy (kg)\n2016,coal,x\n");
    let line = "pack m.md --data energy.csv --out a.tanpack";
    desk.tanliu(line).says(1, &["没有打包"]);
    let report = desk.tanliu(&format!("{line} --json")).says(1, &[]).json();
    assert_eq!(report["ok"], false);
    assert!(!desk.path("a.tanpack").exists());
    desk.tanliu("pack none.md --data energy.csv --out a.tanpack").says(2, &["找不到文档"]);
}

#[test]
fn nothing_is_left_behind_whatever_happens() {
    let desk = packed();
    let temporary = desk.path("temporary");
    std::fs::create_dir(&temporary).unwrap();
    let verify = |desk: &Desk| {
        let mut command = desk.command();
        let output = command.env("TMPDIR", &temporary).args(["verify", "a.tanpack"]).output();
        (output.unwrap().status.code(), desk.list("temporary"))
    };
    assert_eq!(verify(&desk), (Some(0), Vec::new()));
    reseal(&desk, |draft| replace(draft, "m.md", "= energy * ef", "= energi * ef"));
    assert_eq!(verify(&desk), (Some(1), Vec::new()));
}

#[test]
fn the_record_is_the_manifest_that_a_run_writes() {
    let desk = Desk::with_method();
    let seen = desk.tanliu(&format!("{PACK} --json"));
    let report = seen.says(0, &[]).json();
    assert_eq!(report["ok"], true);
    assert_eq!(report["signed"], Value::Null);
    desk.tanliu("run m.md --data energy.csv --set 'allowance=400 tCO2' --out out").says(0, &[]);
    let bytes = std::fs::read(desk.path("a.tanpack")).unwrap();
    let pack = read("a", &bytes, &Limits::default()).0.unwrap();
    for file in ["run.json", "co2.csv", "surplus.csv"] {
        let path = if file == "run.json" { file.to_owned() } else { format!("results/{file}") };
        assert_eq!(pack.contents[&path], desk.read(&format!("out/{file}")).as_bytes(), "{file}");
    }
}

#[test]
fn an_argument_that_makes_no_sense_is_a_fault_of_the_pack() {
    let desk = packed();
    reseal(&desk, |draft| draft.run.set[0] = "allowance".to_owned());
    verify(&desk).says(1, &["pack-not-computed", "里没有「=」"]);
    reseal(&desk, |draft| draft.run.document = "other.md".to_owned());
    verify(&desk).says(1, &["pack-not-computed"]);
    reseal(&desk, |draft| draft.contents.retain(|own| own.kind != Kind::Run));
    verify(&desk).says(1, &["pack-record-differs", "run.json"]);
}

#[test]
fn documents_that_are_used_come_along_and_a_sum_over_many_is_followed() {
    let desk = Desk::new();
    desk.put(
        "lib/own/m.md",
        "---\nid: lib/part\nversion: \"1\"\ntitle: { zh: 部分, en: Part }\nkind: account\n---\n\
         ```tan\nindex site : text\ninput burnt[site] : t\n\
         output co2[site] : tCO2 = burnt * 2 tCO2/t\n```\n",
    );
    desk.put(
        "m.md",
        "---\nid: desk/whole\nversion: \"1\"\ntitle: { zh: 全部, en: Whole }\nkind: account\n---\n\
         ```tan\nindex site : text\ninput fuel[site] : t\nuse part = \"lib/part\" { burnt = fuel }\n\
         output total : tCO2 = sum(part.co2 over site) rounded\n```\n",
    );
    let rows: String = (0..100).map(|site| format!("s{site},{site}\n")).collect();
    desk.put("fuel.csv", format!("site,fuel (t)\n{rows}"));
    let seen = desk.tanliu("pack m.md --data fuel.csv --library lib --out a.tanpack");
    seen.says(0, &["文档 2 篇"]);
    std::fs::remove_dir_all(desk.path("lib")).unwrap();
    verify(&desk).says(0, &["相符：重算了 1 个结果、1 个数"]);
    reseal(&desk, |draft| replace(draft, "fuel.csv", "s77,77", "s77,78"));
    verify(&desk).says(
        1,
        &[
            "total：包里是 9900，重算得 9902",
            "fuel[site = s77]",
            "fuel.csv 第 79 行",
            "舍入到 1 的倍数",
        ],
    );
}

#[test]
fn nothing_in_a_pack_may_say_what_the_run_did_not() {
    let more = |path: &str, kind: Kind, name: &str, text: &str| {
        let (path, name, bytes) = (path.to_owned(), name.to_owned(), text.as_bytes().to_vec());
        tanliu_pack::Content { path, kind, name, bytes }
    };
    let table = "year,co2 (tCO2)\n2016,1\n";
    let strangers = [
        more("results/co3.csv", Kind::Result, "co2", table),
        more("results/co3.csv", Kind::Result, "co3", table),
        more("workings/co3.csv", Kind::Working, "co3", table),
        more("documents/other.md", Kind::Document, "other.md", "# other\n"),
        more("factors/x/y.csv", Kind::Factor, "x/y.csv", "a\n"),
        more("data/2/more.csv", Kind::Data, "more.csv", "year,gdp (t)\n2016,1\n"),
        more("data/1/note.txt", Kind::PassedOver, "energy.csv", "believe me"),
    ];
    for stranger in strangers {
        let desk = packed();
        let file = stranger.path.rsplit('/').next().unwrap().to_owned();
        reseal(&desk, |draft| draft.contents.push(stranger));
        verify(&desk).says(1, &["不能采信", &file]);
    }
    let desk = packed();
    reseal(&desk, |draft| draft.contents.retain(|own| own.kind != Kind::Working));
    verify(&desk).says(1, &["workings/energy.csv", "包里缺少这个条目"]);
    let desk = packed();
    reseal(&desk, |draft| replace(draft, "workings/fuel_co2.csv", "266", "366"));
    verify(&desk)
        .says(1, &["fuel_co2[year = 2016, fuel = coal]：包里是 366，重算得 266", "结果都相同"]);
    let desk = packed();
    reseal(&desk, |draft| replace(draft, "run.json", "\"rows\": 4", "\"rows\": 5"));
    verify(&desk).says(1, &["data[0].rows：记着 5，现在是 4"]);
    let desk = packed();
    reseal(&desk, |draft| {
        for own in draft.contents.iter_mut().filter(|own| own.kind == Kind::Result) {
            own.path = if own.name == "co2" { "results/surplus.csv" } else { "results/co2.csv" }
                .to_owned();
        }
    });
    verify(&desk).says(1, &["pack-record-differs", "results/co2.csv"]);
}
