use super::fixture::{Doc, declare};
use crate::ast::CompareOp;
use crate::bind::literal;
use crate::data::Notation;
use crate::program::{ParamTree, Value, VariableKind};
use tanliu_unit::UnitTable;

#[test]
fn literals_of_all_forms() {
    let units = UnitTable::builtin();
    let read = |text: &str| {
        let literal =
            literal::read(text, &units).unwrap_or_else(|why| panic!("{text}: {}", why.en));
        (literal.value, literal.unit.map(|unit| unit.to_string()).unwrap_or_default())
    };
    assert_eq!(read("3 MWh"), (3.0, "MWh".into()));
    assert_eq!(read("3MWh"), (3.0, "MWh".into()));
    assert_eq!(read("-2,500.5 t"), (-2500.5, "t".into()));
    assert_eq!(read("1 000 t"), (1000.0, "t".into()));
    assert_eq!(read("３ 吨").0, 3.0);
    assert_eq!(read("5%"), (5.0, "%".into()));
    assert_eq!(read("44/12 tCO2/tC").0, 44.0 / 12.0);
    assert_eq!(read("10^4 CNY").0, 10_000.0);
    assert_eq!(read("1e3 kg"), (1000.0, "kg".into()));
    assert_eq!(read("1e3"), (1000.0, String::new()));
    assert_eq!(read("0.5 tCO2/t{clinker}").0, 0.5);
    for bad in ["", "MWh", "3 zzz", "3 t x", "1,0.5 t", "2,50 t", "1/0 t", "3 t /", "10^ t"] {
        assert!(literal::read(bad, &units).is_err(), "{bad}");
    }
}

fn doc() -> Doc {
    let mut doc = Doc::usual();
    declare(doc.input("x", &[], "kWh"), |input| {
        input.default = Some(Value::Number(1.0));
        input.bounds = vec![(CompareOp::GreaterEqual, 0.0)];
    });
    for (name, ty) in [("home", "fuel"), ("first", "year"), ("site", "plant"), ("ok", "bool")] {
        declare(doc.input(name, &[], ty), |input| input.default = Some(Value::Bool(true)));
    }
    for (name, ty) in [("label", "text"), ("opened", "date"), ("rate", "%"), ("count", "1")] {
        declare(doc.input(name, &[], ty), |input| input.default = Some(Value::Bool(true)));
    }
    doc
}

#[test]
fn scalars_of_every_type() {
    let bound = doc().set(&[
        ("x", "3 MWh"),
        ("home", "煤炭"),
        ("first", "2019"),
        ("site", "\"甲厂\""),
        ("ok", "是"),
        ("label", "some text"),
        ("opened", "2024-01-31"),
        ("rate", "0.5"),
        ("count", "12"),
    ]);
    assert_eq!(bound.codes(), ["data-missing-unit"], "{}", bound.en());
    bound.says(&["write the unit, e.g. 0.5 %"]);
    let shown = |name: &str| bound.rows(name).concat();
    assert_eq!(shown("x"), "= 3000");
    assert_eq!(bound.table("x").unit_seen.as_deref(), Some("MWh"));
    assert_eq!((bound.table("x").source, bound.table("x").rows.len()), (None, 0));
    assert_eq!(shown("home"), "= coal");
    assert_eq!(shown("first"), "= 2019");
    assert_eq!(shown("site"), "= 甲厂");
    assert_eq!(shown("ok"), "= true");
    assert_eq!(shown("label"), "= some text");
    assert_eq!(shown("opened"), "= 2024-01-31");
    assert_eq!(shown("count"), "= 12");
}

#[test]
fn a_bare_number_needs_its_unit_unless_it_is_zero() {
    let bound = doc().set(&[("x", "0"), ("rate", "0")]).clean();
    assert_eq!(bound.rows("x"), ["= 0"]);
    let bound = doc().set(&[("x", "3")]);
    assert_eq!(bound.codes(), ["data-missing-unit"]);
    bound.says(&["write the unit, e.g. 3 kWh", "写明单位，如 3 kWh", "--set x"]);
}

#[test]
fn bad_scalars_are_refused() {
    for (name, value, code, phrase) in [
        ("x", "3 kg", "data-unit", "does not convert to kWh"),
        ("x", "-3 kWh", "data-bound", "must be >= 0 kWh"),
        ("x", "abc", "data-scalar", "does not begin with a number"),
        ("x", "", "data-scalar", "no value"),
        ("x", "3 kWhh", "data-scalar", "kWhh"),
        ("x", "NO", "data-notation", "notation key NO"),
        ("home", "cola", "data-unknown-member", "did you mean coal?"),
        ("first", "2019-01", "data-bad-key", "a year such as 2024"),
        ("ok", "maybe", "data-bad-value", "true or false"),
        ("opened", "soon", "data-bad-value", "a date such as"),
        ("hmoe", "coal", "data-scalar", "did you mean home?"),
        ("zzzzz", "coal", "data-scalar", "these can be set: x, home"),
    ] {
        let bound = doc().set(&[(name, value)]);
        assert_eq!(bound.codes(), [code], "{name} = {value}: {}", bound.en());
        bound.says(&[phrase]);
    }
    let bound = doc().set(&[("x", "3 kWh"), ("x", "4 kWh")]);
    assert_eq!(bound.codes(), ["data-scalar"]);
    bound.says(&["x is set twice", "给了两次"]);
}

#[test]
fn what_the_document_fixes_cannot_be_set() {
    let mut doc = doc();
    let formula = VariableKind::Formula { root: 0, parameter: false };
    doc.variable("total", &[], "t", formula);
    doc.variable("ef", &[], "1", VariableKind::Param(ParamTree::Leaf(Value::Number(1.0))));
    doc.factor("om", &[], "tCO2/MWh");
    doc.variable("series", &["year"], "t", VariableKind::Hole);
    for (name, phrase) in [
        ("total", "formula total is fixed by the document and cannot be set"),
        ("ef", "参数 ef 由文档给定，不能另给值"),
        ("om", "comes from the factor catalogue"),
        ("series", "has the indexes year"),
    ] {
        let bound = doc.set(&[(name, "1")]);
        assert_eq!(bound.codes(), ["data-scalar"], "{name}");
        bound.says(&[phrase]);
    }
}

#[test]
fn a_scalar_may_be_a_notation_key() {
    let mut doc = Doc::usual();
    declare(doc.input("x", &[], "t"), |input| input.notation = true);
    let bound = doc.set(&[("x", "NE")]).clean();
    assert_eq!(bound.table("x").notations, [Some(Notation::NE)]);
}

#[test]
fn a_param_that_the_document_fixes_is_called_a_param() {
    let mut doc = Doc::usual();
    let formula = |parameter| VariableKind::Formula { root: 0, parameter };
    doc.variable("destroyed", &[], "%", formula(true));
    doc.variable("total", &[], "t", formula(false));
    let bound = doc.set(&[("destroyed", "99%"), ("total", "3 t")]);
    assert_eq!(bound.codes(), ["data-scalar", "data-scalar"]);
    bound.says(&[
        "参数 destroyed 由文档给定，不能另给值",
        "param destroyed is fixed by the document and cannot be set",
        "公式 total 由文档给定",
    ]);
}
