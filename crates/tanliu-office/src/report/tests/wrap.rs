//! 断行测试 No line begins or ends as it must not, and nothing is lost.

use crate::report::wrap::{Widths, is_not_first, is_not_last, is_wide, wrap};
use proptest::prelude::*;

/// A Latin letter is half as wide as a Chinese one.
fn advance(sign: char) -> f32 {
    if is_wide(sign) { 1.0 } else { 0.5 }
}

fn lines(text: &str, room: f32) -> Vec<&str> {
    wrap(text, Widths { first: room, rest: room }, &advance)
}

#[test]
fn stops_go_with_the_word_before_them() {
    assert_eq!(lines("一二三四。五六", 4.0), ["一二三", "四。五六"]);
    assert_eq!(lines("一二三“四五”六", 4.0), ["一二三", "“四五”六"]);
    assert_eq!(lines("一二三（四）五", 4.0), ["一二三", "（四）五"]);
}

#[test]
fn words_and_numbers_stay_whole() {
    assert_eq!(lines("排放 1,234.5 t", 4.0), ["排放 ", "1,234.5 ", "t"]);
    assert_eq!(lines("碳排放tCO₂合计", 4.0), ["碳排放", "tCO₂合计"]);
}

#[test]
fn what_has_no_place_to_end_is_parted_all_the_same() {
    assert_eq!(lines("aaaaaaaaaaaa", 4.0), ["aaaaaaaa", "aaaa"]);
    assert_eq!(lines("aaaaaaaa。", 4.0), ["aaaaaaa", "a。"]);
    assert_eq!(lines("aaaaaaa（（b", 4.5), ["aaaaaaa", "（（b"]);
    assert_eq!(lines("。。。。。。", 4.0).concat(), "。。。。。。");
}

#[test]
fn dashes_and_ellipses_are_not_parted() {
    for room in 3..8 {
        for line in lines("甲乙丙——丁戊己……庚辛", room as f32) {
            assert!(!line.starts_with(['—', '…']), "{line}");
            assert!(line.matches('—').count() != 1 && line.matches('…').count() != 1, "{line}");
        }
    }
}

#[test]
fn line_feeds_end_lines_and_empty_text_is_one_line() {
    assert_eq!(lines("一\n\n二", 4.0), ["一\n", "\n", "二"]);
    assert_eq!(lines("", 4.0), [""]);
}

/// Words of Chinese and Latin with signs around them, never more than three signs in a row.
fn prose() -> impl Strategy<Value = String> {
    let word = prop_oneof!["[一-龥]{1,6}", "[a-z]{1,5}", "[0-9]{1,4}(\\.[0-9]{1,2})?"];
    let signs = prop_oneof![
        Just(""),
        Just("，"),
        Just("。”"),
        Just("（"),
        Just("）、"),
        Just("：“"),
        Just(" "),
        Just("——"),
        Just("%；"),
        Just("℃"),
        Just("《"),
        Just("》！"),
        Just(", ")
    ];
    prop::collection::vec((word, signs), 0..40)
        .prop_map(|parts| parts.into_iter().map(|(word, sign)| word + sign).collect())
}

proptest! {
    #[test]
    fn no_line_begins_or_ends_with_a_forbidden_sign(text in prose(), room in 12u8..40) {
        let lines = lines(&text, f32::from(room));
        prop_assert_eq!(lines.concat(), text.clone());
        for (number, line) in lines.iter().enumerate() {
            let first = line.chars().next();
            prop_assert!(number == 0 || !first.is_some_and(is_not_first), "{lines:?}");
            let last = line.trim_end().chars().next_back();
            let is_end = number + 1 == lines.len();
            prop_assert!(is_end || !last.is_some_and(is_not_last), "{lines:?}");
            let width: f32 = line.trim_end().chars().map(advance).sum();
            prop_assert!(width <= f32::from(room), "{lines:?}");
        }
    }

    #[test]
    fn nothing_of_any_text_is_lost(text in "\\PC*[\n 。，a-z一-龥]{0,60}\\PC*", room in 0u8..20) {
        let lines = lines(&text, f32::from(room));
        prop_assert_eq!(lines.concat(), text.clone());
        prop_assert!(text.is_empty() || lines.iter().all(|line| !line.is_empty()));
    }
}
