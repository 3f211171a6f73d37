//! 名称 What is said about names: unknown, declared twice, of another kind.

use super::{did_you_mean, list};
use crate::program::{Index, IndexKind};
use tanliu_diagnostic::{Diagnostic, Place};
use tanliu_unit::UnitError;
use tanliu_unit::gwp::GwpSet;

fn with_near<'a>(
    diagnostic: Diagnostic,
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    match did_you_mean(word, known) {
        Some((zh, en)) => diagnostic.hint(zh, en),
        None => diagnostic,
    }
}

pub(in crate::check) fn unit_definition(
    source: &str,
    span: tanliu_diagnostic::Span,
    name: &str,
    error: &UnitError,
) -> Diagnostic {
    Diagnostic::error(
        "unit-definition",
        format!("单位 `{name}` 的定义不成立：{}", error.text_zh()),
        format!("the definition of unit `{name}` does not hold: {}", error.text_en()),
    )
    .at(Place::span(source, span), "", "")
    .hint("例如 units: { 标箱: \"1{TEU}\" }", "for example units: { 标箱: \"1{TEU}\" }")
}

pub(in crate::check) fn no_blocks(source: &str, span: tanliu_diagnostic::Span) -> Diagnostic {
    Diagnostic::warning(
        "no-tan-block",
        "文档没有 `tan` 代码块，什么也不会计算",
        "the document has no `tan` block: nothing will be computed",
    )
    .at(Place::span(source, span), "", "")
    .hint("声明写在 ```tan 与 ``` 之间", "declarations stand between ```tan and ```")
}

pub(in crate::check) fn index_differs(name: &str, here: Place, there: Place) -> Diagnostic {
    Diagnostic::error(
        "use-index-differs",
        format!("索引 `{name}` 与引用它的文档中的声明不一致"),
        format!("index `{name}` is declared differently in the document that uses this one"),
    )
    .at(here, "被引用文档", "the used document")
    .see(there, "本文档", "this document")
    .hint(
        "索引按名称对应：种类与成员须一致",
        "indexes match by name: their kind and members must agree",
    )
}

pub(in crate::check) fn declared_twice(name: &str, here: Place, there: Place) -> Diagnostic {
    Diagnostic::error(
        "declared-twice",
        format!("`{name}` 重复声明"),
        format!("`{name}` is declared twice"),
    )
    .at(here, "再次声明", "again here")
    .see(there, "首次声明", "first here")
    .hint(
        "变量与索引共用一个名称空间，每个名称只赋值一次：请改名",
        "values and indexes share one name space and are assigned once: choose another name",
    )
}

pub(in crate::check) fn builtin_function(name: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "builtin-function",
        format!("`{name}` 是内置函数"),
        format!("`{name}` is a built-in function"),
    )
    .at(here, "", "")
    .hint("请给函数另取名称", "give the function another name")
}

pub(in crate::check) fn index_repeated(name: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "index-repeated",
        format!("索引 `{name}` 写了两次"),
        format!("index `{name}` stands twice"),
    )
    .at(here, "", "")
    .hint(
        "去掉一个；若确是两个维度，请另声明一个索引",
        "take one out; for two real dimensions declare another index",
    )
}

pub(in crate::check) fn unknown_index(name: &str, here: Place, known: &[String]) -> Diagnostic {
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    let diagnostic = Diagnostic::error(
        "unknown-index",
        format!("没有名为 `{name}` 的索引"),
        format!("there is no index `{name}`"),
    )
    .at(here, "", "")
    .note(format!("已声明的索引：{}", list(&names)), format!("declared indexes: {}", list(&names)));
    let mended = with_near(diagnostic, name, names.iter().copied());
    if mended.hint.is_some() {
        return mended;
    }
    mended.hint(format!("请声明：index {name} : …"), format!("declare it: index {name} : …"))
}

pub(in crate::check) fn use_circle(circle: &[String], here: Place) -> Diagnostic {
    let shown = circle.join(" → ");
    Diagnostic::error(
        "use-circle",
        format!("文档互相引用成环：{shown}"),
        format!("documents use each other in a circle: {shown}"),
    )
    .at(here, "", "")
    .hint("把两篇文档共用的部分移到第三篇", "move what both documents need into a third")
}

pub(in crate::check) fn unknown_document(id: &str, here: Place, known: &[String]) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "unknown-document",
        format!("找不到文档 `{id}`"),
        format!("there is no document `{id}`"),
    )
    .at(here, "", "")
    .note(
        "查找范围：--library 所给目录；否则为文档所在目录与 methods/",
        "looked for in the folders of --library, else in the document's own folder and in methods/",
    );
    with_near(diagnostic, id, known.iter().map(String::as_str))
}

pub(in crate::check) fn gwp_differs(
    id: &str,
    theirs: Option<GwpSet>,
    ours: Option<GwpSet>,
    here: Place,
) -> Diagnostic {
    let name = |set: Option<GwpSet>| set.map_or("—", GwpSet::name);
    Diagnostic::error(
        "use-gwp-differs",
        format!("文档 `{id}` 采用 {}，本文档采用 {}", name(theirs), name(ours)),
        format!("document `{id}` uses {}, this one {}", name(theirs), name(ours)),
    )
    .at(here, "", "")
    .hint(
        "GWP 取值须一致：请在文首写同一 gwp",
        "the GWP sets must agree: write the same `gwp` in the front matter",
    )
}

pub(in crate::check) fn unknown_argument(
    name: &str,
    id: &str,
    here: Place,
    known: Vec<String>,
) -> Diagnostic {
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    let diagnostic = Diagnostic::error(
        "use-unknown-input",
        format!("文档 `{id}` 没有输入或待定参数 `{name}`"),
        format!("document `{id}` has no input or named hole `{name}`"),
    )
    .at(here, "", "")
    .note(
        format!("它的输入和待定参数：{}", list(&names)),
        format!("its inputs and named holes: {}", list(&names)),
    );
    let mended = with_near(diagnostic, name, names.iter().copied());
    match mended.hint {
        Some(_) => mended,
        None => {
            mended.hint("写它的一个输入，或去掉这一项", "name one of its inputs, or take this out")
        }
    }
}

pub(in crate::check) fn input_collides(name: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "use-input-collides",
        format!("被引用文档未赋值的输入 `{name}` 与本文档的同名声明不一致"),
        format!("input `{name}` of the used document is not set, and ours of that name differs"),
    )
    .at(here, "", "")
    .hint(format!("请在 use 中写 {name} = …"), format!("set it in the braces of `use`: {name} = …"))
}

pub(in crate::check) fn unknown_name(
    name: &str,
    here: Place,
    (known, members): (&[&str], &[&str]),
    index: Option<&Index>,
    is_unit: bool,
) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(
        "unknown-name",
        format!("没有名为 `{name}` 的量或索引"),
        format!("there is no value or index `{name}`"),
    )
    .at(here, "", "");
    if let Some(index) = index {
        let open = !matches!(index.kind, IndexKind::Closed(_));
        if open {
            return diagnostic.hint(
                format!("索引 {} 是开放的，其键须加引号：\"{name}\"", index.name),
                format!("members of the open index {} are strings: \"{name}\"", index.name),
            );
        }
        diagnostic = diagnostic.note(
            format!("索引 {} 的成员：{}", index.name, list(members)),
            format!("members of index {}: {}", index.name, list(members)),
        );
    }
    let mended = with_near(diagnostic, name, members.iter().chain(known).copied());
    if mended.hint.is_some() || !is_unit {
        return mended;
    }
    mended.hint(
        format!("`{name}` 是单位：单位须紧随数字，如 `1 {name}`"),
        format!("`{name}` is a unit: a unit stands behind a number, as in `1 {name}`"),
    )
}

pub(in crate::check) fn stray_member(name: &str, index: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "stray-member",
        format!("`{name}` 是索引 {index} 的成员，不是一个量"),
        format!("`{name}` is a member of index {index}, not a value"),
    )
    .at(here, "", "")
    .hint(
        format!("成员只出现在 `{index} = {name}`、`match` 或索引值旁"),
        format!("a member stands after `{index} =`, in `match`, or beside a value of {index}"),
    )
}

pub(in crate::check) fn function_without_call(name: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "function-without-call",
        format!("`{name}` 是函数，须给出参数"),
        format!("`{name}` is a function and wants arguments"),
    )
    .at(here, "", "")
    .hint(format!("如 {name}(…)"), format!("as in {name}(…)"))
}

pub(in crate::check) fn use_without_field(name: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "use-without-field",
        format!("`{name}` 是引用的文档，须指明其输出"),
        format!("`{name}` is a used document: name one of its outputs"),
    )
    .at(here, "", "")
    .hint(format!("如 {name}.NAME"), format!("as in {name}.NAME"))
}

pub(in crate::check) fn function_body_name(name: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "function-body-name",
        format!("经验函数的函数体看不到 `{name}`"),
        format!("the body of an empirical function does not see `{name}`"),
    )
    .at(here, "", "")
    .hint(
        "函数体只能用自己的参数、无量纲的 param 和函数：请把它加为参数",
        "a body sees its own inputs, plain-number params and functions only: make it an input",
    )
}

pub(in crate::check) fn range_of_no_input(name: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "range-of-no-input",
        format!("`{name}` 不是该函数的参数"),
        format!("`{name}` is not an input of this function"),
    )
    .at(here, "", "")
    .hint("写函数自己的参数名", "name an input of the function")
}

pub(in crate::check) fn not_a_use(name: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "not-a-use",
        format!("`{name}` 不是引用的文档"),
        format!("`{name}` is not a used document"),
    )
    .at(here, "", "")
    .hint(
        format!("请先写：use {name} = \"…\" {{ … }}"),
        format!("declare it first: use {name} = \"…\" {{ … }}"),
    )
}

pub(in crate::check) fn unknown_output(
    used: &str,
    name: &str,
    here: Place,
    known: &[String],
) -> Diagnostic {
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    let diagnostic = Diagnostic::error(
        "use-unknown-output",
        format!("`{used}` 没有 `{name}`"),
        format!("`{used}` has no `{name}`"),
    )
    .at(here, "", "")
    .note(format!("它有：{}", list(&names)), format!("it has: {}", list(&names)));
    with_near(diagnostic, name, names.iter().copied())
}

pub(in crate::check) fn unknown_function(name: &str, here: Place, known: &[String]) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "unknown-function",
        format!("没有名为 `{name}` 的函数"),
        format!("there is no function `{name}`"),
    )
    .at(here, "", "");
    with_near(diagnostic, name, known.iter().map(String::as_str))
}

pub(in crate::check) fn unknown_factor_set(set: &str, here: Place, near: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::warning(
        "unknown-factor-set",
        format!("因子库中没有 `{set}`"),
        format!("the catalogue has no set `{set}`"),
    )
    .at(here, "", "")
    .note(
        "运行时须由数据或算例给出该因子，否则报错",
        "a run needs the factor from data or from an example, or it is refused",
    );
    match near {
        [] => diagnostic,
        [first, ..] => {
            diagnostic.hint(format!("是否想写 `{first}`？"), format!("did you mean `{first}`?"))
        }
    }
}

pub(in crate::check) fn unknown_member(word: &str, index: &Index, here: Place) -> Diagnostic {
    let members = super::members_of(index);
    let diagnostic = Diagnostic::error(
        "unknown-member",
        format!("索引 {} 没有成员 `{word}`", index.name),
        format!("index {} has no member `{word}`", index.name),
    )
    .at(here, "", "");
    if members.is_empty() {
        return diagnostic.hint(
            format!("索引 {} 是开放的，其键须加引号：\"{word}\"", index.name),
            format!("members of the open index {} are strings: \"{word}\"", index.name),
        );
    }
    let noted = diagnostic
        .note(format!("成员：{}", list(&members)), format!("members: {}", list(&members)));
    with_near(noted, word, members.iter().copied())
}

/// A loop of formulas that do not pass an earlier key.
pub(in crate::check) fn circle(names: &[String], places: Vec<Place>) -> Diagnostic {
    let shown = names.join(" → ");
    let mut diagnostic = Diagnostic::error(
        "circle",
        format!("公式互相依赖成环：{shown}"),
        format!("formulas depend on each other in a circle: {shown}"),
    );
    for (number, place) in places.into_iter().enumerate() {
        diagnostic =
            if number == 0 { diagnostic.at(place, "", "") } else { diagnostic.see(place, "", "") };
    }
    diagnostic.hint(
        "递推须经同一有序索引的前值，如 `x[year-1]`",
        "a recurrence passes an earlier key of one ordered index, as in `x[year-1]`",
    )
}

/// A loop of formulas none of which says its unit, the first name again at its end.
pub(in crate::check) fn recurrence_without_start(
    names: &[String],
    index: &str,
    here: Place,
) -> Diagnostic {
    let shown = names.join(", ");
    let first = names.first().map_or("x", String::as_str);
    Diagnostic::warning(
        "recurrence-without-start",
        format!("递推 `{shown}` 没有起点：第一个键没有前值，于是处处无值"),
        format!("recurrence `{shown}` has no start: its first key has no value before, so no key has one"),
    )
    .at(here, "", "")
    .hint(
        format!("写出起点，如 `({first}[{index}-1] ?? 0)`"),
        format!("say what it starts from, as in `({first}[{index}-1] ?? 0)`"),
    )
}

pub(in crate::check) fn needs_unit_in_circle(names: &[String], here: Place) -> Diagnostic {
    let shown = names.join(" → ");
    let name = names.first().map_or("?", String::as_str);
    Diagnostic::error(
        "circle-needs-unit",
        format!("公式互相依赖成环，且未写单位：{shown}"),
        format!("formulas depend on each other in a circle, without a unit: {shown}"),
    )
    .at(here, "", "")
    .hint(
        format!("递推须经前值（如 `x[year-1]`）并写明单位，如 `{name}[…] : t = …`"),
        format!(
            "a recurrence passes an earlier key (`x[year-1]`) and states its unit: \
             `{name}[…] : t = …`"
        ),
    )
}

pub(in crate::check) fn too_deep(here: Place) -> Diagnostic {
    Diagnostic::error(
        "too-deep",
        "未写单位的公式链过长",
        "the chain of formulas without declared units is too long",
    )
    .at(here, "", "")
    .hint("请在中间的公式上写明单位", "declare the unit of some formulas in between")
}

pub(in crate::check) fn function_circle(name: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "function-circle",
        format!("函数 `{name}` 调用了自己"),
        format!("function `{name}` calls itself"),
    )
    .at(here, "", "")
    .hint(
        "经验函数不能递推；逐期递推用带索引的公式",
        "empirical functions do not recur: for a recurrence use a formula with an index",
    )
}
