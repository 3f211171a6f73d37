use super::fixture::{Doc, table};
use crate::program::{Evidence, Key, Origin, ParamTree, Value, VariableKind};

#[test]
fn an_extra_column_is_a_warning() {
    let mut doc = Doc::usual();
    doc.input("energy", &["year"], "tce").label = Some("能源消费量".into());
    doc.variable("energi_total", &[], "tce", VariableKind::Formula { root: 0, parameter: false });
    let text = "year|energy (tce)|remark|energy2|energi_total|\n2016|1|x|2|3|";
    let bound = doc.bind(&[table("e.csv", text)]);
    assert_eq!(bound.codes(), ["data-extra-column"; 3]);
    assert!(!bound.diagnostics.has_errors());
    bound.says(&[
        "column `remark` is not used",
        "列「remark」未用到",
        "e.csv, row 1, column C",
        "did you mean energy?",
        "formula energi_total is computed by the document",
    ]);
}

#[test]
fn a_table_that_supplies_nothing_is_a_warning() {
    let mut doc = Doc::usual();
    doc.input("energy", &["year"], "tce");
    let tables = [table("e.csv", "year|energy (tce)\n2016|1"), table("z.csv", "a|b|unit\n1|2|t")];
    let bound = doc.bind(&tables);
    assert_eq!(bound.codes(), ["data-extra-table"]);
    bound.says(&["table z.csv supplies nothing", "z.csv: a | b | unit", "表 z.csv 未用到"]);
    assert_eq!(bound.dataset.sources.len(), 2);
}

#[test]
fn fixed_values_are_not_read_from_columns() {
    let mut doc = Doc::usual();
    doc.input("energy", &["year"], "tce");
    doc.factor("ef", &["year"], "tCO2/tce");
    let leaf = ParamTree::Leaf(Value::Number(1.0));
    doc.variable("share", &[], "1", VariableKind::Param(leaf));
    let bound = doc.bind(&[table("e.csv", "year|energy (tce)|ef (tCO2/tce)|share\n2016|1|2|3")]);
    assert_eq!(bound.codes(), ["data-extra-column"; 2]);
    assert!(!bound.has("ef"));
    bound.says(&["comes from the factor catalogue", "is fixed by the document"]);
}

fn with_evidence() -> Doc {
    let mut doc = Doc::usual();
    let plant = doc.program.index("plant").unwrap();
    for (dims, message) in [(vec![], "海域使用权证书"), (vec![plant], "环评批复")] {
        doc.program.evidence.push(Evidence {
            dims,
            message: message.into(),
            origin: Origin::default(),
        });
    }
    doc
}

#[test]
fn evidence_is_read_with_its_keys() {
    let doc = with_evidence();
    let text = "item|plant|status\n海域使用权证书||satisfied\n环评批复|A|满足\n环评批复|B|不满足\n\
                环评批复|C|\n||";
    let bound = doc.bind(&[table("evidence.csv", text)]).clean();
    let rows = &bound.dataset.evidence;
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0].item, "海域使用权证书");
    assert!(rows[0].satisfied && rows[0].keys.is_empty());
    assert_eq!(rows[1].keys, [("plant".to_owned(), Key::Text("A".into()))]);
    assert!(!rows[2].satisfied);
    assert_eq!((rows[2].row, rows[2].source), (4, 0));
}

#[test]
fn bad_evidence_is_refused() {
    let doc = with_evidence();
    let text = "item|plant|status\n海域使用权证书||perhaps\n环评批复||violated\n|A|satisfied\n\
                环评批覆件|A|satisfied\n环评批复|B|满足\n环评批复|B|violated\n外星证书||violated";
    let bound = doc.bind(&[table("evidence.csv", text)]);
    assert_eq!(
        bound.codes(),
        [
            "data-evidence",
            "data-empty-key",
            "data-evidence",
            "data-disagree",
            "data-evidence",
            "data-evidence"
        ]
    );
    assert_eq!(bound.diagnostics.error_count(), 4);
    bound.says(&[
        "the status of evidence `海域使用权证书` is `perhaps`",
        "evidence.csv, row 2, column C",
        "a row of evidence has no item",
        "both satisfied and violated",
        "既满足又不满足",
        "asks for no evidence `外星证书`",
    ]);
    let bound = doc.bind(&[table("evidence.csv", "thing|status\na|satisfied")]);
    bound.says(&["must have the columns item and status", "thing | status"]);
    assert!(bound.diagnostics.has_errors());
}
