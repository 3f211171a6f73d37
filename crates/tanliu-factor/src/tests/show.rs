use super::*;
use tanliu_diagnostic::Lang;

#[test]
fn a_set_is_described_in_both_languages() {
    let set = set(HEADER, TABLE);
    let zh = set.describe(Lang::Zh);
    assert!(zh.starts_with("a/b  省级电力平均排放因子\n"), "{zh}");
    assert!(zh.contains("可信程度：转引，未见原文"), "{zh}");
    let lines: Vec<&str> = zh.lines().collect();
    let heading = lines.iter().position(|line| line.starts_with("grid")).unwrap();
    assert_eq!(lines[heading], "grid            有效期  公布            值");
    assert_eq!(lines[heading + 1], "guangdong 广东  2021    2024-04-12  0.4715");
    assert_eq!(lines.len(), heading + 7);
    let en = set.describe(Lang::En);
    assert!(en.contains("kind: average") && en.contains("valid"), "{en}");
}

#[test]
fn only_what_differs_from_the_header_is_a_column() {
    let table = "grid,from,value,unit,uncertainty,source,standing,note\n\
                 a,2021,1,,±7%,,,\nb,2021,2,gCO2/kWh,,别处,memory,记得\n";
    let en = set(HEADER, table).describe(Lang::En);
    let heading = en.lines().find(|line| line.starts_with("grid")).unwrap();
    let words: Vec<&str> = heading.split_whitespace().collect();
    let expected = ["grid", "valid", "value", "unit", "uncertainty", "standing", "source", "note"];
    assert_eq!(words, expected);
    assert!(en.contains("±7%"), "{en}");
}

#[test]
fn search_finds_by_words_of_any_kind() {
    let (catalogue, _) = load(HEADER, TABLE);
    for text in ["广东", "zhejiang", "AVERAGE", "平均 电力", "a/b", "", "生态环境部 浙江"]
    {
        assert_eq!(catalogue.search(text).len(), 1, "{text}");
    }
    assert!(catalogue.search("西藏").is_empty());
    assert!(catalogue.search("广东 西藏").is_empty());
}

#[test]
fn figures_are_shown_as_printed() {
    let set = set(HEADER, "grid,from,value\na,2021,0.5580\n");
    assert!(set.describe(Lang::Zh).contains("0.5580"));
    assert_eq!(set.rows[0].value, 0.558);
}
