use super::{distance, is_slip, nearest, nearest_one};

fn edits(one: &str, other: &str) -> usize {
    let letters = |text: &str| text.chars().collect::<Vec<char>>();
    distance(&letters(one), &letters(other))
}

#[test]
fn edits_are_counted_and_neighbours_that_changed_places_count_once() {
    assert_eq!(edits("energy", "energy"), 0);
    assert_eq!(edits("enregy", "energy"), 1);
    assert_eq!(edits("energ", "energy"), 1);
    assert_eq!(edits("", "abc"), 3);
    assert_eq!(edits("kitten", "sitting"), 3);
}

#[test]
fn slips_grow_with_the_word() {
    for (one, other) in [("caol", "coal"), ("inptu", "input"), ("Input", "input"), ("煤碳", "煤炭")]
    {
        assert!(is_slip(one, other), "{one} {other}");
    }
    for (one, other) in [("om", "bm"), ("a", "b"), ("", ""), ("coal", "oil"), ("煤", "油")] {
        assert!(!is_slip(one, other), "{one} {other}");
    }
    assert!(is_slip("expectation", "expectatoins"), "two in a long word");
    assert!(!is_slip("expectation", "expects"));
}

#[test]
fn the_nearest_come_first_and_at_most_three() {
    assert_eq!(nearest("enregy", ["gdp", "energy", "energy2"]), ["energy", "energy2"]);
    let many = ["energy1", "energy2", "energy3", "energy4"];
    assert_eq!(nearest("energy", many), ["energy1", "energy2", "energy3"]);
    assert_eq!(nearest("energy", ["energy"]), Vec::<&str>::new(), "never the word itself");
}

#[test]
fn a_word_held_whole_is_offered_behind_slips() {
    assert_eq!(nearest("浙江", ["江苏省", "浙江省"]), ["浙江省"]);
    assert_eq!(nearest("浙江省", ["浙江", "江苏"]), ["浙江"]);
    assert_eq!(nearest("om", ["cn/grid/om", "cn/grid/bm", "tomato"]), ["cn/grid/om"]);
    assert_eq!(nearest("co2", ["total_co2", "co3"]), ["co3", "total_co2"]);
}

#[test]
fn one_of_a_fixed_list_only_where_no_other_is_as_near() {
    assert_eq!(nearest_one("expects", ["given", "expect"]), Some("expect"));
    assert_eq!(nearest_one("AR1", ["AR2", "AR4", "AR5", "AR6"]), None);
    assert_eq!(nearest_one("soruce", ["source", "note"]), Some("source"));
    assert_eq!(nearest_one("put", ["input", "output"]), None);
}

#[test]
fn long_words_are_not_compared() {
    let long = "x".repeat(5000);
    assert!(!is_slip(&long, &long));
    assert_eq!(nearest(&long, ["x"]), Vec::<&str>::new());
}
