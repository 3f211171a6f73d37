//! 取值 What is said about units, kinds of values, GWP.

use super::{kind, spaced, type_text};
use crate::ast::FunctionDecl;
use crate::program::{Program, Type};
use tanliu_diagnostic::{Diagnostic, Place, Text};
use tanliu_unit::gwp::GwpSet;
use tanliu_unit::{Unit, UnitError};

/// What a mend is made of: the operands as written, where there are two, and the GWP set.
#[derive(Debug, Default)]
pub(in crate::check) struct Written {
    pub(in crate::check) operands: Option<(String, String)>,
    /// `+` or `-`; nothing where the two sides only stand beside each other.
    pub(in crate::check) operator: Option<char>,
    pub(in crate::check) gwp: Option<GwpSet>,
}

/// Two operands of different dimensions: the heart of the matter.
pub(in crate::check) fn unit_mismatch(
    (zh, en): (&str, &str),
    (left, (left_place, left_text)): (&Unit, (Place, Text)),
    (right, (right_place, right_text)): (&Unit, (Place, Text)),
    written: Written,
) -> Diagnostic {
    let message_en = match en {
        "cannot add" => format!("cannot add {right} to {left}"),
        "cannot subtract" => format!("cannot subtract {right} from {left}"),
        _ => format!("{en} {left} and {right}"),
    };
    let diagnostic =
        Diagnostic::error("unit-mismatch", format!("{zh}：{left} 与 {right}"), message_en)
            .at(left_place, left_text.zh, left_text.en)
            .at(right_place, right_text.zh, right_text.en);
    mend_mismatch(diagnostic, left, right, &written)
}

/// Says what each side measures, what differs, and the likely mend.
fn mend_mismatch(
    diagnostic: Diagnostic,
    left: &Unit,
    right: &Unit,
    written: &Written,
) -> Diagnostic {
    let found = tanliu_unit::describe_mismatch(left, right);
    let (zh, en) = match &found {
        Some(found) => (found.zh.clone(), found.en.clone()),
        None => {
            let text = |unit: &Unit| format!("{unit}: {}", unit.dimension());
            let both = format!("{}; {}", text(left), text(right));
            (both.clone(), both)
        }
    };
    let noted = diagnostic.note(zh, en);
    if let Some(mended) = mend_gases(&noted, left, right, written) {
        return mended;
    }
    let squared = left.power(num_rational::Rational64::from_integer(2));
    if squared.is_ok_and(|squared| squared == *right) && !left.is_dimensionless() {
        return noted.hint(
            "两个这样的量相乘了：是否应为相加 `+`？",
            "two such values are multiplied: is `+` meant?",
        );
    }
    match found {
        Some(found) => match (found.hint_zh, found.hint_en) {
            (Some(zh), Some(en)) => noted.hint(zh, en),
            _ => noted,
        },
        None => noted,
    }
}

/// Different gases meet only as CO2e.
fn mend_gases(
    diagnostic: &Diagnostic,
    left: &Unit,
    right: &Unit,
    written: &Written,
) -> Option<Diagnostic> {
    let one = num_rational::Rational64::from_integer(1);
    let gas = |unit: &Unit| {
        let found: Vec<String> = unit
            .annotations()
            .into_iter()
            .filter(|(name, exponent)| {
                *exponent == one && (name == "CO2e" || GwpSet::Ar5.of(name).is_some())
            })
            .map(|(name, _)| name)
            .collect();
        match found.as_slice() {
            [gas] => Some(gas.clone()),
            _ => None,
        }
    };
    let (a, b) = (gas(left)?, gas(right)?);
    if a == b {
        return None;
    }
    let known = |gas: &&String| gas.as_str() != "CO2e";
    let strange = |gas: &&String| gas.as_str() != "CO2" && known(gas);
    let gases = [&a, &b];
    let other = gases.into_iter().find(strange).or(gases.into_iter().find(known))?;
    let (zh, en) = match written.gwp.and_then(|set| Some((set, set.of(other)?))) {
        Some((set, gwp)) => (
            format!("：{} 中为 {} tCO2e/t{other}", set.name(), gwp.value),
            format!(": GWP set {} gives {} tCO2e/t{other}", set.name(), gwp.value),
        ),
        None => (
            "（须在文首写 gwp: AR2 | AR4 | AR5 | AR6）".to_owned(),
            " (the front matter must name gwp: AR2 | AR4 | AR5 | AR6)".to_owned(),
        ),
    };
    let Some((left, right)) = &written.operands else {
        return Some(diagnostic.clone().hint(
            format!("不同气体只能经 co2e( ) 折为 CO2e{zh}"),
            format!("different gases meet only as CO2e, by co2e( ){en}"),
        ));
    };
    let call = |gas: &str, side: &str| match gas {
        "CO2e" => side.to_owned(),
        _ => format!("co2e({side})"),
    };
    let (a, b) = (call(&a, left), call(&b, right));
    let (mend_zh, mend_en) = match written.operator {
        Some(operator) => (format!("{a} {operator} {b}"), format!("{a} {operator} {b}")),
        None => (format!("{a} 与 {b}"), format!("{a} and {b}")),
    };
    Some(diagnostic.clone().hint(format!("请写 {mend_zh}{zh}"), format!("use {mend_en}{en}")))
}

pub(in crate::check) fn kind_mismatch(
    (zh, en): (&str, &str),
    ((left_place, left), (right_place, right)): ((Place, Text), (Place, Text)),
) -> Diagnostic {
    Diagnostic::error(
        "kind-mismatch",
        format!("{zh}：{} 与 {}", kind(&left).0, kind(&right).0),
        format!("{en} {} and {}", kind(&left).1, kind(&right).1),
    )
    .at(left_place, left.zh, left.en)
    .at(right_place, right.zh, right.en)
    .hint("两侧须是同一类值", "write values of one kind on both sides")
}

/// A right side that does not measure what is declared.
pub(in crate::check) fn does_not_fit(
    declared: &Type,
    found: &Type,
    program: &Program,
    (here, description): (Place, Text),
    there: Option<Place>,
) -> Diagnostic {
    let wanted = type_text(declared, program);
    let mut diagnostic = Diagnostic::error(
        "unit-declared",
        format!("声明为{}，右边却是{}", spaced(&wanted.zh), spaced(&type_text(found, program).zh)),
        format!(
            "declared as {}, but the right side is {}",
            wanted.en,
            type_text(found, program).en
        ),
    )
    .at(here, description.zh, description.en);
    if let Some(there) = there {
        diagnostic = diagnostic.see(
            there,
            format!("声明：{}", wanted.zh),
            format!("declared: {}", wanted.en),
        );
    }
    match (declared, found) {
        (Type::Number(left), Type::Number(right)) => {
            let mended = mend_mismatch(diagnostic, left, right, &Written::default());
            match mended.hint {
                Some(_) => mended,
                None => mended
                    .hint("改正公式，或改写声明的单位", "mend the formula, or the declared unit"),
            }
        }
        _ => diagnostic,
    }
}

/// `share <= 90` where `share` is in %: legal, and hardly meant.
pub(in crate::check) fn percent_beside_bare(number: f64, here: Place) -> Diagnostic {
    let text = crate::number::format_number(number);
    let whole = crate::number::format_number(number * 100.0);
    Diagnostic::warning(
        "percent-beside-bare-number",
        format!("百分数与不带单位的数 {text} 比较：{text} 即 {whole}%"),
        format!("a percentage beside the bare number {text}: it is of unit 1, that is {whole}%"),
    )
    .at(here, "", "")
    .hint(format!("若指百分之 {text}，请写 {text}%"), format!("for {text} per cent write {text}%"))
}

/// The same where the value is an argument of a function.
pub(in crate::check) fn of_argument(
    mut diagnostic: Diagnostic,
    (function, input): (&str, &str),
    (wanted, found): (&Type, &Type),
    program: &Program,
) -> Diagnostic {
    let (wanted, found) = (type_text(wanted, program), type_text(found, program));
    diagnostic.message = Text::new(
        format!(
            "`{function}` 的参数 `{input}` 应为{}，却是{}",
            spaced(&wanted.zh),
            spaced(&found.zh)
        ),
        format!("input `{input}` of `{function}` is in {}, found {}", wanted.en, found.en),
    );
    let unit = wanted.en;
    diagnostic.hint(
        format!("给一个能换算为 {unit} 的值；纯数写明单位，如 `x * 1 {unit}`"),
        format!("give a value that converts to {unit}; a plain number takes it by `x * 1 {unit}`"),
    )
}

/// Latin words in the midst of Chinese text have a blank on either side.
fn between(text: &str) -> String {
    let blank = if text.ends_with(|last: char| last.is_ascii()) { " " } else { "" };
    format!("{}{blank}", spaced(text))
}

/// The same where `in` asks for a unit.
pub(in crate::check) fn of_conversion(
    mut diagnostic: Diagnostic,
    (wanted, found): (&Type, &Type),
    program: &Program,
) -> Diagnostic {
    let (wanted, found) = (type_text(wanted, program), type_text(found, program));
    diagnostic.message = Text::new(
        format!("不能把{}换算为{}", between(&found.zh), spaced(&wanted.zh)),
        format!("{} does not convert to {}", found.en, wanted.en),
    );
    diagnostic
}

pub(in crate::check) fn unit_in_product(error: &UnitError, here: Place) -> Diagnostic {
    let zh = match error {
        UnitError::CelsiusInProduct => "°C 只能单独使用，不能进入乘除",
        _ => "单位超出范围",
    };
    Diagnostic::error("unit-in-product", zh, error.to_string())
        .at(here, "", "")
        .hint("温差请用 K", "use K for differences of temperature")
}

pub(in crate::check) fn exponent_not_constant(base: &Unit, here: Place) -> Diagnostic {
    Diagnostic::error(
        "exponent-not-constant",
        format!("带单位的量（{base}）的指数须是有理常数"),
        format!("the exponent of a value with a unit ({base}) is a constant rational number"),
    )
    .at(here, "", "")
    .hint(
        "经验公式请用 function 声明：其中各量是规定单位下的纯数",
        "for an empirical formula declare a `function`: its inputs are plain numbers in their units",
    )
}

pub(in crate::check) fn needs_plain_number(here: Place, found: &Text) -> Diagnostic {
    Diagnostic::error(
        "needs-plain-number",
        format!("这里须是纯数，却是{}", spaced(kind(found).0)),
        format!("a plain number is wanted here, found {}", kind(found).1),
    )
    .at(here, &found.zh, &found.en)
    .hint("请先除以同量纲的量", "divide it by a value of the same dimension first")
}

/// `mend`: how such a value becomes a number, where it can; a condition does.
pub(in crate::check) fn needs_number(
    here: Place,
    operator: Place,
    found: &Text,
    mend: Option<Text>,
) -> Diagnostic {
    let mend = mend.unwrap_or_else(|| {
        Text::new(
            "条件可以变成数：`if … then 1 else 0`",
            "a condition becomes a number by `if … then 1 else 0`",
        )
    });
    Diagnostic::error(
        "needs-number",
        format!("这里须是数，却是{}", spaced(kind(found).0)),
        format!("a number is wanted here, found {}", kind(found).1),
    )
    .at(here, &found.zh, &found.en)
    .hint(mend.zh, mend.en)
    .see(operator, "", "")
}

pub(in crate::check) fn needs_bool(word: &str, here: Place, found: &Text) -> Diagnostic {
    Diagnostic::error(
        "needs-truth-value",
        format!("`{word}` 须有真假条件，却是{}", spaced(kind(found).0)),
        format!("`{word}` wants a condition, found {}", kind(found).1),
    )
    .at(here, &found.zh, &found.en)
    .hint("请写比较，如 `x > 0`", "write a comparison, as in `x > 0`")
}

pub(in crate::check) fn where_is_tighter(word: &str, here: Place, found: &Text) -> Diagnostic {
    Diagnostic::error(
        "needs-truth-value",
        format!("`{word}` 须有真假条件，却是 {}", found.zh),
        format!("`{word}` wants a condition, found {}", found.en),
    )
    .at(here, "", "")
    .note(
        format!("`where` 比 `{word}` 结合得紧：`x where a {word} b` 是 `(x where a) {word} b`"),
        format!(
            "`where` binds tighter than `{word}`: `x where a {word} b` is `(x where a) {word} b`"
        ),
    )
    .hint(
        format!("把整个条件放进括号：`x where (a {word} b)`"),
        format!("put the whole condition into parentheses: `x where (a {word} b)`"),
    )
}

pub(in crate::check) fn no_order(here: Place, found: &Text) -> Diagnostic {
    Diagnostic::error(
        "no-order",
        format!("{}没有大小之分", kind(found).0),
        format!("{} has no order", kind(found).1),
    )
    .at(here, &found.zh, &found.en)
    .hint("只能用 `=` 与 `!=`", "only `=` and `!=` compare it")
}

pub(in crate::check) fn in_is_not_membership(word: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "in-is-not-membership",
        format!("`in` 后须是单位，`{word}` 不是单位"),
        format!("after `in` stands a unit, and `{word}` is none"),
    )
    .at(here, "", "")
    .hint(
        "`in` 从不表示属于；判断成员请写 `x = a or x = b` 或 match",
        "`in` never means membership; write `x = a or x = b`, or `match`",
    )
}

pub(in crate::check) fn uncertainty_needs_number(here: Place) -> Diagnostic {
    Diagnostic::error(
        "uncertainty-needs-number",
        "只有数才有不确定度",
        "only numbers have an uncertainty",
    )
    .at(here, "", "")
}

/// `input x : t = 5`: a bound that only one value meets, where a default was likely meant.
pub(in crate::check) fn bound_of_equality(name: &str, literal: &str, here: Place) -> Diagnostic {
    Diagnostic::warning(
        "bound-of-equality",
        format!("`= {literal}` 是约束：`{name}` 只许取这个值，其他值都会被拒绝"),
        format!("`= {literal}` is a bound: any other value of `{name}` is refused"),
    )
    .at(here, "", "")
    .hint(
        format!("缺省值写作 `default {literal}`；常数请用 param"),
        format!(
            "write `default {literal}` for a value that may be left out, `param` for a constant"
        ),
    )
}

pub(in crate::check) fn literal_out_of_range(wanted: &Unit, here: Place) -> Diagnostic {
    Diagnostic::error(
        "not-finite",
        format!("换算为 {wanted} 后不是有限的数"),
        format!("converted to {wanted} it is not a finite number"),
    )
    .at(here, "", "")
    .hint("查对数字与单位", "check the number and its unit")
}

pub(in crate::check) fn literal_unit(found: &Unit, wanted: &Unit, here: Place) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "literal-unit",
        format!("{found} 不能换算为 {wanted}"),
        format!("{found} does not convert to {wanted}"),
    )
    .at(here, "", "");
    let mended = mend_mismatch(diagnostic, wanted, found, &Written::default());
    if mended.hint.is_some() {
        return mended;
    }
    mended.hint(
        format!("以 {wanted} 写这个数，或改写声明的单位"),
        format!("write the number in {wanted}, or mend the declared unit"),
    )
}

pub(in crate::check) fn literal_kind(text: &str, wanted: &Text, here: Place) -> Diagnostic {
    Diagnostic::error(
        "literal-kind",
        format!("`{text}` 不是{}", spaced(&wanted.zh)),
        format!("`{text}` is not {}", wanted.en),
    )
    .at(here, "", "")
}

pub(in crate::check) fn factor_unit(
    name: &str,
    declared: &Unit,
    found: &Unit,
    here: Place,
) -> Diagnostic {
    Diagnostic::error(
        "factor-unit",
        format!("因子 `{name}` 声明为 {declared}，因子集的单位却是 {found}"),
        format!("factor `{name}` is declared as {declared}, but the set's unit is {found}"),
    )
    .at(here, "", "")
    .hint(
        format!("声明 {found}（或可与之换算的单位），或改用另一因子集"),
        format!("declare {found} (or a unit that converts), or name another set"),
    )
}

pub(in crate::check) fn notation_needs_number(here: Place) -> Diagnostic {
    Diagnostic::error(
        "notation-needs-number",
        "只有数可以带标注键",
        "only numbers may be `notation`",
    )
    .at(here, "", "")
    .hint("去掉 notation", "take `notation` out")
}

pub(in crate::check) fn hole_needs_type(name: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "hole-needs-type",
        format!("待填参数 `{name}` 须写明单位"),
        format!("the named hole `{name}` wants a unit"),
    )
    .at(here, "", "")
    .hint(format!("如 param {name} : kgCO2 = ?"), format!("as in param {name} : kgCO2 = ?"))
}

pub(in crate::check) fn rounding_needs_number(here: Place) -> Diagnostic {
    Diagnostic::error("rounding-needs-number", "只有数可以舍入", "only numbers are rounded")
        .at(here, "", "")
        .hint("去掉 rounded", "take `rounded` out")
}

pub(in crate::check) fn step_not_literal(here: Place) -> Diagnostic {
    Diagnostic::error(
        "step-not-literal",
        "舍入步长须是一个数",
        "a rounding step is a plain literal",
    )
    .at(here, "", "")
    .hint("如 `rounded to 0.1`", "as in `rounded to 0.1`")
}

pub(in crate::check) fn step_not_positive(here: Place) -> Diagnostic {
    Diagnostic::error("step-not-positive", "舍入步长须大于 0", "a rounding step is above 0")
        .at(here, "", "")
        .hint("如 `rounded to 0.1`", "as in `rounded to 0.1`")
}

pub(in crate::check) fn argument_count(name: &str, count: usize, here: Place) -> Diagnostic {
    let (zh, en) = match name {
        "min" | "max" => ("至少 2 个", "at least 2 arguments"),
        "clamp" => ("3 个", "3 arguments"),
        "floor" | "ceil" | "round" => ("1 或 2 个", "1 or 2 arguments"),
        _ => ("1 个", "1 argument"),
    };
    let diagnostic = Diagnostic::error(
        "argument-count",
        format!("`{name}` 须有{}参数，却有 {count} 个", spaced(zh)),
        format!("`{name}` wants {en}, found {count}"),
    )
    .at(here, "", "");
    if matches!(name, "min" | "max") {
        return diagnostic.hint(
            format!("沿索引归约请写 {name}(x over …)"),
            format!("to reduce along an index write {name}(x over …)"),
        );
    }
    if name == "clamp" {
        return diagnostic.hint("如 clamp(x, 下限, 上限)", "as in clamp(x, low, high)");
    }
    diagnostic
}

pub(in crate::check) fn own_argument_count(
    function: &FunctionDecl,
    count: usize,
    here: Place,
) -> Diagnostic {
    let inputs =
        function.inputs.iter().map(|(name, _)| name.text.as_str()).collect::<Vec<_>>().join(", ");
    let name = &function.name.text;
    let wanted = function.inputs.len();
    let arguments = if wanted == 1 { "argument" } else { "arguments" };
    Diagnostic::error(
        "argument-count",
        format!("`{name}({inputs})` 须有 {wanted} 个参数，却有 {count} 个"),
        format!("`{name}({inputs})` wants {wanted} {arguments}, found {count}"),
    )
    .at(here, "", "")
}

pub(in crate::check) fn discount_raises(output: &str, inflate: bool, here: Place) -> Diagnostic {
    let (word, zh) = if inflate { ("inflate", "调增") } else { ("discount", "调减") };
    Diagnostic::warning(
        "not-conservative",
        format!("这里的{zh}会使 `{output}` 变大，并不保守"),
        format!("this `{word}` raises `{output}`: that is not conservative"),
    )
    .at(here, "", "")
    .hint(
        "减排量公式中，有利项用 discount，不利项用 inflate",
        "discount what raises the credit, inflate what lowers it",
    )
}
