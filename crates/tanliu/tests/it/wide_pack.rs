//! 宽表的计算包 The data are too large to be loaded: they are packed and verified file by file.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use crate::desk::Desk;
use crate::pack::replace;
use tanliu_pack::{Limits, read, write};

/// 2016: coal 100, oil 50.
const FIRST: &[u8] = include_bytes!("columnar/2016.parquet");
/// 2017: coal 200, oil 50.
const SECOND: &[u8] = include_bytes!("columnar/2017.parquet");
/// The engine is asked for, as it would come for a table of a hundred million rows.
const PACK: &str = "pack m.md --data lake --engine columnar --out a.tanpack";

/// The fuels are a text index: of a closed set a scan would not see the members that lack.
const METHOD: &str = "---\nid: desk/lake\nversion: \"1\"\n\
    title: { zh: 湖, en: Lake }\nkind: account\nstatus: illustration\n---\n\n```tan\n\
    index year : year\nindex fuel : text\ninput energy[year, fuel] : tce\n\
    param ef : tCO2/tce = 2.5\nown[year, fuel] = energy * ef\n\
    output co2[year] : tCO2 = sum(own over fuel)\n```\n";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.put("m.md", METHOD);
    desk
}

/// A desk with a pack of a folder of Parquet files; the files are gone.
fn packed() -> Desk {
    let desk = desk();
    desk.put("lake/a.parquet", FIRST);
    desk.put("lake/b.parquet", SECOND);
    desk.tanliu(PACK).says(0, &["已写入 a.tanpack", "数据文件 2 个"]);
    std::fs::remove_dir_all(desk.path("lake")).unwrap();
    desk
}

fn place_of(bytes: &[u8], part: &[u8]) -> usize {
    bytes.windows(part.len()).position(|own| own == part).unwrap()
}

#[test]
fn a_pack_of_a_wide_table_is_verified_from_itself() {
    let desk = packed();
    desk.tanliu("verify a.tanpack").says(0, &["完好", "相符：重算了 1 个结果、2 个数", "逐位相同"]);
    let bytes = std::fs::read(desk.path("a.tanpack")).unwrap();
    // The files are in it as they were.
    place_of(&bytes, FIRST);
    place_of(&bytes, SECOND);
    desk.put("lake/a.parquet", FIRST);
    desk.put("lake/b.parquet", SECOND);
    desk.tanliu(PACK).says(0, &[]);
    assert_eq!(std::fs::read(desk.path("a.tanpack")).unwrap(), bytes);
}

#[test]
fn a_flipped_byte_is_found_with_the_name_of_its_file() {
    let desk = packed();
    let mut bytes = std::fs::read(desk.path("a.tanpack")).unwrap();
    let at = place_of(&bytes, SECOND) + SECOND.len() / 2;
    bytes[at] ^= 1;
    desk.put("a.tanpack", bytes);
    desk.tanliu("verify a.tanpack").says(1, &["pack-damaged", "data/1/b.parquet"]);
}

#[test]
fn a_changed_figure_is_found() {
    let desk = packed();
    let bytes = std::fs::read(desk.path("a.tanpack")).unwrap();
    let mut draft = read("a", &bytes, &Limits::default()).0.unwrap().into_draft();
    replace(&mut draft, "results/co2.csv", "625", "626");
    desk.put("a.tanpack", write(&draft, None, &Limits::default()).unwrap());
    let seen = desk.tanliu("verify a.tanpack");
    seen.says(1, &["co2[year = 2017]：包里是 626，重算得 625", "数据留在文件里", "m.md:"]);
}

#[test]
fn a_lost_tail_is_found() {
    let desk = packed();
    let bytes = std::fs::read(desk.path("a.tanpack")).unwrap();
    desk.put("a.tanpack", &bytes[..bytes.len() - 20]);
    desk.tanliu("verify a.tanpack").says(1, &["pack-truncated"]);
    let half = place_of(&bytes, SECOND) + SECOND.len() / 2;
    desk.put("a.tanpack", &bytes[..half]);
    desk.tanliu("verify a.tanpack").says(1, &["pack-truncated", "data/1/b.parquet"]);
}

#[test]
fn wide_data_may_be_named_by_their_digests_only() {
    let desk = desk();
    desk.put("lake/a.parquet", FIRST);
    desk.put("lake/b.parquet", SECOND);
    desk.tanliu(&format!("{PACK} --external 1K")).says(0, &["只记摘要值：lake/b.parquet"]);
    desk.tanliu("verify a.tanpack").says(1, &["pack-external-missing", "lake/a.parquet"]);
    desk.tanliu("verify a.tanpack --data .").says(0, &["逐位相同"]);
    desk.put("lake/b.parquet", FIRST);
    desk.tanliu("verify a.tanpack --data .").says(1, &["pack-external-missing", "lake/b.parquet"]);
}

#[test]
fn a_version_of_a_delta_table_is_packed_with_its_log() {
    let desk = desk();
    let method = METHOD.replace("index year : year\n", "").replace("year, ", "");
    desk.put("m.md", method.replace("[year]", ""));
    desk.put("energy.csv", "fuel,energy (tce)\ncoal,100\noil,50\n");
    desk.tanliu("table create lake energy.csv").says(0, &[]);
    desk.put("more.csv", "fuel,energy (tce)\ngas,1\n");
    desk.tanliu("table append lake more.csv").says(0, &[]);
    for words in ["--engine columnar", "--engine reference", ""] {
        let pack = format!("pack m.md --data lake --as-of 1 {words} --out a.tanpack");
        desk.tanliu(&pack).says(0, &["已写入 a.tanpack"]);
        std::fs::rename(desk.path("lake"), desk.path("away")).unwrap();
        desk.tanliu("verify a.tanpack").says(0, &["重算了 1 个结果、1 个数", "逐位相同"]);
        std::fs::rename(desk.path("away"), desk.path("lake")).unwrap();
    }
}
