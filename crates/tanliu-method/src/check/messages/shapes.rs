//! 维度 What is said about indexes, selections, reductions, parameters' maps.

use super::{kind, spaced};
use crate::program::{Index, TimePart};
use tanliu_diagnostic::{Diagnostic, Place, Text};
use tanliu_unit::Unit;
use tanliu_unit::time::Grain;

pub(in crate::check) fn left_over(
    name: &str,
    indexes: &str,
    here: Place,
    bearers: Vec<(Place, String)>,
) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(
        "index-left-over",
        format!("`{name}` 的右边多出索引 [{indexes}]"),
        format!("index [{indexes}] is left over on the right side of `{name}`"),
    )
    .at(here, "", "");
    for (place, dims) in bearers {
        diagnostic =
            diagnostic.see(place, format!("索引 [{dims}]"), format!("indexed by [{dims}]"));
    }
    diagnostic.hint(
        format!("请归约，如 `sum(… over {indexes})`，或把它写进 `{name}[…]`"),
        format!("reduce it, as in `sum(… over {indexes})`, or write it in `{name}[…]`"),
    )
}

pub(in crate::check) fn lacking_index(name: &str, indexes: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "index-lacking",
        format!("`{name}` 声明了索引 [{indexes}]，右边却没有"),
        format!("`{name}` declares index [{indexes}], which its right side does not have"),
    )
    .at(here, "", "")
    .hint(
        format!("请从 `{name}[…]` 去掉 {indexes}，或使用带该索引的量"),
        format!("take {indexes} out of `{name}[…]`, or use a value that has it"),
    )
}

pub(in crate::check) fn index_not_there(name: &str, has: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "index-not-there",
        format!("该量没有索引 `{name}`"),
        format!("this value has no index `{name}`"),
    )
    .at(here, "", "")
    .note(
        if has.is_empty() { "它没有索引".to_owned() } else { format!("它的索引：{has}") },
        if has.is_empty() { "it has no index".to_owned() } else { format!("its indexes: {has}") },
    )
}

pub(in crate::check) fn bare_selector(name: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "bare-selector",
        format!("`[{name}]` 没有说取哪一个"),
        format!("`[{name}]` alone says nothing"),
    )
    .at(here, "", "")
    .hint(
        format!("写 `[{name} = …]` 取一个键，或去掉方括号（索引按名称自动对应）"),
        format!("write `[{name} = …]` to select, or drop the brackets: indexes match by name"),
    )
}

pub(in crate::check) fn index_without_step(index: &Index, here: Place) -> Diagnostic {
    Diagnostic::error(
        "index-without-step",
        format!("索引 {} 没有步长，不能取前值或滑动窗口", index.name),
        format!("index {} has no step: no value before, no trailing window", index.name),
    )
    .at(here, "", "")
    .note(
        "有步长的索引：year quarter month day hour integer",
        "indexes with a step: year quarter month day hour integer",
    )
    .hint(
        format!("取某一个键写 `[{} = …]`", index.name),
        format!("select one key with `[{} = …]`", index.name),
    )
}

pub(in crate::check) fn shift_out_of_range(steps: i64, here: Place) -> Diagnostic {
    Diagnostic::error(
        "shift-out-of-range",
        format!("步数 {} 超出范围", steps.unsigned_abs()),
        format!("a shift by {} is out of range", steps.unsigned_abs()),
    )
    .at(here, "", "")
    .hint("写 1 到 10000 之间的步数", "write 1 to 10,000 steps")
}

pub(in crate::check) fn not_a_key(index: &str, found: &Text, here: Place) -> Diagnostic {
    Diagnostic::error(
        "not-a-key",
        format!("这里须是索引 {index} 的键，却是{}", spaced(kind(found).0)),
        format!("a key of index {index} is wanted here, found {}", kind(found).1),
    )
    .at(here, &found.zh, &found.en)
    .hint(
        format!("可写成员、引号内的键，或值为 {index} 的映射"),
        format!("write a member, a string, or a mapping whose values are keys of {index}"),
    )
}

pub(in crate::check) fn not_a_key_literal(index: &str, text: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "not-a-key",
        format!("`{text}` 不是索引 {index} 的键"),
        format!("`{text}` is not a key of index {index}"),
    )
    .at(here, "", "")
}

pub(in crate::check) fn key_of_other_grain(
    index: &str,
    grain: Grain,
    key: &str,
    here: Place,
) -> Diagnostic {
    let sample = match grain {
        Grain::Year => "2021",
        Grain::Quarter => "2021-Q3",
        Grain::Month => "2021-07",
        Grain::Day => "2021-07-31",
        Grain::Hour => "2021-07-31T13",
        Grain::Instant => "2021-07-31T13:15",
    };
    Diagnostic::error(
        "key-of-other-grain",
        format!("`{key}` 不是索引 {index}（{}）的键", grain.word_zh()),
        format!("`{key}` is not a key of index {index} ({})", grain.word()),
    )
    .at(here, "", "")
    .hint(format!("应如 {sample}"), format!("write it like {sample}"))
}

pub(in crate::check) fn stray_key(key: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "stray-key",
        format!("`{key}` 是时间键，只能与时间索引比较或用于选取"),
        format!("`{key}` is a time key: it stands beside a time index or in a selection"),
    )
    .at(here, "", "")
    .hint("若要相减，请在减号两边留空格", "for a subtraction leave blanks around the minus")
}

pub(in crate::check) fn not_a_reduction(name: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "not-a-reduction",
        format!("`{name}` 不能用 `over`"),
        format!("`{name}` does not take `over`"),
    )
    .at(here, "", "").hint("去掉 over，或换用归约函数", "leave `over` out, or use a function that reduces")
    .note(
        "可用：sum mean median quantile stddev min max count any all cumsum cumprod first last rank share",
        "these do: sum mean median quantile stddev min max count any all cumsum cumprod first last rank share",
    )
}

pub(in crate::check) fn clause_not_taken(name: &str, clauses: &[&str], here: Place) -> Diagnostic {
    let shown = clauses.iter().map(|clause| format!("`{clause}`")).collect::<Vec<_>>().join(", ");
    Diagnostic::error(
        "clause-not-taken",
        format!("`{name}` 在这里不能带 {shown}"),
        format!("`{name}` does not take {shown} here"),
    )
    .at(here, "", "")
    .hint(
        "去掉这个子句，或换用接受它的函数（加权用 mean）",
        "take it out, or use a function that takes it (`mean` is weighted)",
    )
}

pub(in crate::check) fn not_reducible(here: Place, found: &Text) -> Diagnostic {
    Diagnostic::error(
        "not-reducible",
        format!("不能这样归约{}", spaced(kind(found).0)),
        format!("cannot reduce {} in this way", kind(found).1),
    )
    .at(here, &found.zh, &found.en)
    .hint(
        "sum、mean 等用于数；any、all 用于真假值；count 用于任何值",
        "sum, mean … take numbers; any, all truth values; count any value",
    )
}

pub(in crate::check) fn quantile_needs_share(here: Place) -> Diagnostic {
    Diagnostic::error(
        "quantile-share",
        "quantile 须给出一个 0 到 1 的分位",
        "quantile wants one share between 0 and 1",
    )
    .at(here, "", "")
    .hint("如 quantile(x, 0.9 over plant)", "as in quantile(x, 0.9 over plant)")
}

pub(in crate::check) fn optional_with_default(name: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "optional-with-default",
        format!("输入 `{name}` 既写了 optional 又写了 default"),
        format!("input `{name}` is both optional and has a default"),
    )
    .at(here, "", "")
    .note(
        "`default` 给没有的键一个值；`optional` 让它们缺着，由 `??`、`known` 来问",
        "`default` gives absent keys a value; `optional` leaves them missing, to be asked by `??` and `known`",
    )
    .hint("只留一个", "keep one of them")
}

pub(in crate::check) fn notation_word(found: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "notation-word",
        format!("{found} 不是填报符号"),
        format!("{found} is no notation key"),
    )
    .at(here, "", "")
    .hint(
        "如 `noted(x, NE)`；符号有 NO、NA、IE、NE、C，不写则任何一个都算",
        "as in `noted(x, NE)`; the keys are NO, NA, IE, NE and C, and without one any counts",
    )
}

pub(in crate::check) fn gwp_edition(here: Place) -> Diagnostic {
    Diagnostic::error(
        "gwp-edition",
        "gwp 的第二个参数是评估报告的版次",
        "the second argument of gwp is the edition of the assessment report",
    )
    .at(here, "", "")
    .hint(
        "如 `gwp(gas, AR5)`；有 AR2、AR4、AR5、AR6",
        "as in `gwp(gas, AR5)`: AR2, AR4, AR5 or AR6",
    )
}

pub(in crate::check) fn rate_number(here: Place) -> Diagnostic {
    Diagnostic::error(
        "rate-number",
        "irr 的第二个参数是从低到高的第几个内部收益率，写成 1、2、3 …",
        "the second argument of irr says which rate, counted from the lowest: 1, 2, 3 …",
    )
    .at(here, "", "")
    .hint(
        "唯一的一个写 `irr(x over year)`；第二个写 `irr(x, 2 over year)`；有几个写 `irr_count(x over year)`",
        "the only one is `irr(x over year)`, the second `irr(x, 2 over year)`, and \
         `irr_count(x over year)` says how many there are",
    )
}

pub(in crate::check) fn mean_of_rates(unit: &Unit, here: Place) -> Diagnostic {
    Diagnostic::error(
        "mean-of-rates",
        format!("比率（{unit}）的平均须写明权重"),
        format!("a mean of rates ({unit}) states its weight"),
    )
    .at(here, "", "")
    .hint(
        "如 `mean(om over year weighted by generation)`；简单平均写 `weighted by 1`",
        "as in `mean(om over year weighted by generation)`, or `weighted by 1` for the plain mean",
    )
}

pub(in crate::check) fn weight_has_index(indexes: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "weight-index",
        format!("权重多出索引 [{indexes}]"),
        format!("the weight has index [{indexes}], which the value lacks"),
    )
    .at(here, "", "")
    .hint(
        format!("先归约权重，如 `sum(… over {indexes})`"),
        format!("reduce the weight first, as in `sum(… over {indexes})`"),
    )
}

pub(in crate::check) fn one_ordered_index(word: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "one-ordered-index",
        format!("`{word}` 只沿一个有序索引进行"),
        format!("`{word}` runs along exactly one ordered index"),
    )
    .at(here, "", "")
    .hint(
        "沿一个时间索引或 integer 索引进行",
        "let it run along one index of time, or of whole numbers",
    )
    .note("有序索引：时间索引与 integer", "ordered indexes: those of time, and integer")
}

pub(in crate::check) fn target_taken(index: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "target-taken",
        format!("结果中已有索引 {index}"),
        format!("the result already has index {index}"),
    )
    .at(here, "", "")
    .hint(
        format!("先把它也归约掉：`over …, {index}`"),
        format!("reduce it as well: `over …, {index}`"),
    )
}

pub(in crate::check) fn not_a_mapping(name: &str, found: &Text, here: Place) -> Diagnostic {
    Diagnostic::error(
        "not-a-mapping",
        format!("`{name}` 不是映射，而是{}", spaced(kind(found).0)),
        format!("`{name}` is not a mapping but {}", kind(found).1),
    )
    .at(here, &found.zh, &found.en)
    .hint(
        "映射的值是另一索引的键：input town_of[plant] : town",
        "a mapping's values are keys of another index: input town_of[plant] : town",
    )
}

pub(in crate::check) fn mapping_indexes(
    name: &str,
    has: &str,
    over: &str,
    here: Place,
) -> Diagnostic {
    Diagnostic::error(
        "mapping-indexes",
        format!("映射 `{name}`[{has}] 与 `over {over}` 不相配"),
        format!("mapping `{name}`[{has}] does not fit `over {over}`"),
    )
    .at(here, "", "")
    .hint(
        "映射须含被归约的索引之一，且不含该量没有的索引",
        "a mapping has one of the indexes that are reduced, and none that the value lacks",
    )
}

pub(in crate::check) fn not_coarser(index: &str, over: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "not-coarser",
        format!("`to {index}` 须是比 {over} 更粗的时间索引"),
        format!("`to {index}` wants a time index that is coarser than {over}"),
    )
    .at(here, "", "")
    .hint("如 sum(x over day to month)", "as in sum(x over day to month)")
}

pub(in crate::check) fn map_without_index(here: Place) -> Diagnostic {
    Diagnostic::error(
        "map-without-index",
        "没有索引的参数不能写成 { … }",
        "a parameter without an index is not written as { … }",
    )
    .at(here, "", "")
    .hint("如 param x[fuel] : … = { coal: … }", "as in param x[fuel] : … = { coal: … }")
}

pub(in crate::check) fn steps_out_of_order(here: Place) -> Diagnostic {
    Diagnostic::error(
        "steps-out-of-order",
        "日期须逐项递增：与前一项相同或更早，或在 until 之后",
        "the dates of steps must rise: this one repeats or precedes the last, or stands behind `until`",
    )
    .at(here, "", "")
    .hint(
        "按日期先后排列：{ from 2019: …, from 2021: … }",
        "put them in order: { from 2019: …, from 2021: … }",
    )
}

pub(in crate::check) fn steps_need_order(index: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "steps-need-order",
        format!("索引 {index} 无序，不能用 from / until"),
        format!("index {index} has no order: no `from`, no `until`"),
    )
    .at(here, "", "")
    .hint(
        "逐个成员写值；from、until 用于时间索引",
        "write a value for each member: `from` and `until` belong to time indexes",
    )
}

pub(in crate::check) fn map_key_twice(key: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "map-key-twice",
        format!("键 `{key}` 写了两次"),
        format!("key `{key}` stands twice"),
    )
    .at(here, "", "")
    .hint(
        "请去掉其一；随时间变化的值写 from",
        "take one out; a value that changes in time is written with `from`",
    )
}

pub(in crate::check) fn map_too_flat(indexes: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "map-too-flat",
        format!("这里还须按索引 [{indexes}] 分层"),
        format!("a nested map by index [{indexes}] is wanted here"),
    )
    .at(here, "", "")
    .hint("嵌套顺序与 [ ] 中的索引相同", "maps nest in the order of the indexes in [ ]")
}

/// A map without members that an output asks for in any run.
pub(in crate::check) fn map_lacks_members(
    name: &str,
    lacking: &[String],
    here: Place,
    there: Place,
) -> Diagnostic {
    let shown = lacking.join(", ");
    Diagnostic::warning(
        "map-lacks-members",
        format!("param `{name}` 缺少 {shown}，而公式会用到"),
        format!("param `{name}` lacks {shown}, which a formula asks for"),
    )
    .at(here, "", "")
    .see(there, "这里用到全部成员", "all members are asked here")
    .hint(
        "补上这些成员；若缺者按零计，请写 `?? 0`",
        "add the members; where lacking means zero, write `?? 0`",
    )
}

pub(in crate::check) fn map_too_deep(here: Place) -> Diagnostic {
    Diagnostic::error(
        "map-too-deep",
        "分层比声明的索引多",
        "the map is nested deeper than there are indexes",
    )
    .at(here, "", "")
    .hint("在 [ ] 里补上索引，或去掉一层", "add the index in [ ], or take a level out")
}

/// A monthly value beside a yearly one: every month meets every year.
pub(in crate::check) fn grains_cross(fine: &str, coarse: &str, here: Place) -> Diagnostic {
    Diagnostic::warning(
        "grains-cross",
        format!("索引 {fine} 与 {coarse} 各自独立：每个 {fine} 与每个 {coarse} 相配"),
        format!("indexes {fine} and {coarse} are independent: every {fine} meets every {coarse}"),
    )
    .at(here, "", "")
    .hint(
        format!("取所在期间的值请写 `[{coarse} = {coarse}({fine})]`，或先用 `over {fine} to {coarse}` 汇总"),
        format!("for the value of the period write `[{coarse} = {coarse}({fine})]`, or sum up first by `over {fine} to {coarse}`"),
    )
}

pub(in crate::check) fn factor_needs_time(name: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "factor-needs-time",
        format!("`{name}` 的 `same year` 须有且仅有一个时间索引"),
        format!("`same year` wants exactly one time index on `{name}`"),
    )
    .at(here, "", "")
    .hint(format!("如 factor {name}[grid, year]"), format!("as in factor {name}[grid, year]"))
}

pub(in crate::check) fn factor_needs_date(here: Place) -> Diagnostic {
    Diagnostic::error(
        "factor-needs-date",
        "`before` 之后须是日期或时间索引的键",
        "after `before` stands a date or a key of a time index",
    )
    .at(here, "", "")
    .hint("写日期、日期输入或时间索引", "write a date, an input of dates, or a time index")
}

pub(in crate::check) fn factor_lacks_index(indexes: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "factor-lacks-index",
        format!("因子须声明日期的索引 [{indexes}]"),
        format!("the factor declares the indexes of its date: [{indexes}]"),
    )
    .at(here, "", "")
    .hint("在 [ ] 里补上", "add them in [ ]")
}

pub(in crate::check) fn time_part(part: TimePart, found: &Text, here: Place) -> Diagnostic {
    let name = part.word();
    Diagnostic::error(
        "time-part",
        format!("`{name}( )` 不能用于{}", spaced(&found.zh)),
        format!("`{name}( )` does not take {}", found.en),
    )
    .at(here, "", "")
    .hint(
        "须是足够细的时间索引或日期",
        "it wants a key of a time index that is fine enough, or a date",
    )
}
