//! The preparation on a few made-up cells.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::*;

const HEADER: &str = "province,row_no,item_zh,item_en,fuel_zh,unit,value\n";

fn balance(rows: &str) -> Balance {
    read(&format!("{HEADER}{rows}"), 2007, &[]).unwrap()
}

fn faults(rows: &str) -> Vec<String> {
    let found = read(&format!("{HEADER}{rows}"), 2007, &[]).unwrap_err();
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn each_family_of_units_gets_its_own_table_and_numbers_stay_as_printed() {
    let balance = balance(
        "甲,21,四.终端消费量,Total Final Consumption,原煤,万吨,1.50\n\
         甲,21,四.终端消费量,Total Final Consumption,天然气,亿立方米,-0.30\n\
         甲,33,六.消费量合计,Sum of Consumption,其他能源,万吨标煤,13.42\n\
         甲,21,四.终端消费量,Total Final Consumption,煤合计,万吨,1.50\n",
    );
    let tables = tables(&balance);
    assert_eq!(
        tables[0].text,
        "province,year,item,fuel,mass (万吨)\n甲,2007,final,raw_coal,1.50\n"
    );
    assert_eq!(
        tables[1].text,
        "province,year,item,gas,volume (亿立方米)\n甲,2007,final,natural_gas,-0.30\n"
    );
    assert_eq!(
        tables[4].text,
        "province,year,item,other_energy (万吨标准煤)\n甲,2007,consumption,13.42\n"
    );
    let left = left_out(&balance).text;
    assert!(left.contains("煤合计,1,,小计"), "{left}");
    assert!(left.contains("其他能源,1,standard-coal.csv,"), "{left}");
}

#[test]
fn unknown_rows_fuels_and_figures_are_named_with_their_line() {
    let found = faults(
        "甲,23,工业,Industry,原煤,万吨,1\n\
         甲,22,2.工业,Industry,原煤,万吨,1\n\
         甲,23,2.工业,Industry,煤矸石,万吨,1\n\
         甲,23,2.工业,Industry,原煤,万吨,约12\n\
         甲,23,2.工业,Industry,原煤,万吨,1\n\
         甲,23,2.工业,Industry,原煤,万吨,2\n",
    );
    assert!(found[0].starts_with("line 2: unknown row `工业`"), "{found:?}");
    assert_eq!(found[1], "line 3: row `2.工业` has the number `22`, expected 23");
    assert!(found[2].starts_with("line 4: unknown fuel `煤矸石`"), "{found:?}");
    assert_eq!(found[3], "line 5: `约12` is not a number");
    assert_eq!(found[4], "line 7: 甲, 2.工业, 原煤 stands twice, first in line 6");
    assert_eq!(found.len(), 5);
}

#[test]
fn a_wrong_unit_is_refused_once_per_column_until_its_reading_is_declared() {
    let rows = "乙,21,四.终端消费量,x,天然气,,1\n乙,23,2.工业,x,天然气,,1\n";
    assert_eq!(
        faults(rows),
        ["line 2: 乙, 天然气: no unit in 2 cells, expected 亿立方米; \
          declare how it is to be read, with a reason"]
    );
    let readings = "province,carrier,printed,read_as,reason\n乙,天然气,,亿立方米,单位格空白\n";
    let readings = read_unit_readings(readings).unwrap();
    let balance = read(&format!("{HEADER}{rows}"), 2007, &readings).unwrap();
    assert_eq!(balance.cells.len(), 2);
    let unreasoned = "province,carrier,printed,read_as,reason\n乙,天然气,,亿立方米,\n";
    assert_eq!(read_unit_readings(unreasoned).unwrap_err()[0].line, 2);
}

#[test]
fn codes_and_labels_are_unique() {
    let mut codes: Vec<&str> = ITEMS.iter().map(|item| item.code).collect();
    codes.extend(CARRIERS.iter().map(|carrier| carrier.code));
    let count = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), count);
    assert_eq!(count, 33 + 22);
    assert!(ITEMS.iter().enumerate().all(|(at, item)| usize::from(item.row) == at + 1));
}
