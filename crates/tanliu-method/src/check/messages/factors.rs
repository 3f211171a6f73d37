//! 因子的键列 What is said where the indexes of a factor and the key columns of its set do not meet.

use tanliu_diagnostic::{Diagnostic, Place};
use tanliu_factor::{FactorSet, Refusal};

/// The indexes of a factor are not the key columns of its set; `mend`: the one column that lacks
/// an index, and the one index without a column.
pub(in crate::check) fn factor_key_columns(
    refusal: Refusal,
    mend: Option<(&str, &str)>,
    here: Place,
) -> Diagnostic {
    let diagnostic = refusal.into_diagnostic().at(here, "", "");
    match mend {
        Some((column, index)) => diagnostic.hint(
            format!("若 {index} 就是集的 {column}：`from \"…\" where {column} = {index}`"),
            format!("if {index} is the set's {column}: `from \"…\" where {column} = {index}`"),
        ),
        None => diagnostic,
    }
}

pub(in crate::check) fn factor_column_unknown(
    set: &FactorSet,
    column: &str,
    here: Place,
) -> Diagnostic {
    let keys: Vec<&str> = set.header.keys.iter().map(|key| key.column.as_str()).collect();
    let (zh, en) = match keys.is_empty() {
        true => ("没有键列".to_owned(), "it has no key column".to_owned()),
        false => (
            format!("它的键列：{}", keys.join("、")),
            format!("its key columns: {}", keys.join(", ")),
        ),
    };
    let diagnostic = Diagnostic::error(
        "factor-no-such-column",
        format!("因子集 {} 没有键列 `{column}`", set.id),
        format!("the factor set {} has no key column `{column}`", set.id),
    )
    .at(here, "", "")
    .note(zh, en);
    match super::did_you_mean(column, keys) {
        Some((zh, en)) => diagnostic.hint(zh, en),
        None => diagnostic.hint(
            "`where` 左边写集的键列，右边写文档的索引",
            "left of `=` stands a key column of the set, right of it an index of the document",
        ),
    }
}

pub(in crate::check) fn factor_column_index(
    index: &str,
    (factor, own): (&str, &str),
    here: Place,
) -> Diagnostic {
    Diagnostic::error(
        "factor-column-index",
        format!("`{index}` 不是因子 `{factor}` 的索引"),
        format!("`{index}` is not an index of factor `{factor}`"),
    )
    .at(here, "", "")
    .hint(
        format!("它的索引：[{own}]；要按 {index} 取值就把它写进方括号"),
        format!("its indexes: [{own}]; to take values by {index}, write it there"),
    )
}

pub(in crate::check) fn factor_column_twice(name: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "factor-column-twice",
        format!("`where` 里 `{name}` 写了两次"),
        format!("`{name}` stands twice in `where`"),
    )
    .at(here, "", "")
    .hint(
        "一个键列对应一个索引，一个索引只对应一个键列",
        "one index stands for one key column, and for no other",
    )
}
