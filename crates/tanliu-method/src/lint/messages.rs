//! 话 The objections in words.

use tanliu_diagnostic::{Diagnostic, Place};

pub(super) fn band_gap(gap: &str, has_else: bool, here: Place) -> Diagnostic {
    let finding = Diagnostic::warning(
        "band-gap",
        format!("各档之间有空隙：{gap} 不属于任何一档"),
        format!("there is a gap between the bands: {gap} belongs to none of them"),
    )
    .at(here, "", "");
    let finding = match has_else {
        true => finding.note(
            "落在空隙里的值现在归入 `else`",
            "what falls into the gap is now taken by `else`",
        ),
        false => finding.note(
            "落在空隙里的值会使运行被拒绝",
            "a value that falls into the gap refuses the run",
        ),
    };
    finding.hint(
        "把一档的端点写成 `< v`、`>= v` 接上下一档；若原文如此，另立一档写明，或加一行 `allow \"band-gap: 理由\"`",
        "join the bands with `< v` and `>= v`; if the source prints it so, give the gap an arm of its own, \
         or add a line `allow \"band-gap: reason\"`",
    )
}

pub(super) fn band_overlap(both: &str, here: Place) -> Diagnostic {
    Diagnostic::warning(
        "band-overlap",
        format!("两档重叠：{both} 属于前面的一档，也属于这一档"),
        format!("bands overlap: {both} belongs to an earlier one and to this one"),
    )
    .at(here, "", "")
    .note("取前面的一档", "the earlier one is taken")
    .hint(
        "把其中一档的端点写成不含；若原文如此，加一行 `allow \"band-overlap: 理由\"`",
        "leave the end out of one of them; if the source prints it so, add a line \
         `allow \"band-overlap: reason\"`",
    )
}

pub(super) fn unreachable(here: Place) -> Diagnostic {
    Diagnostic::warning(
        "branch-unreachable",
        "这一分支永远取不到：前面的分支已经包括它",
        "this branch is never taken: the ones before it cover it",
    )
    .at(here, "", "")
    .hint("删去它，或调整分支的次序", "delete it, or put the branches into another order")
}

pub(super) fn unreachable_condition(holds: bool, here: Place) -> Diagnostic {
    let (zh, en) = match holds {
        true => (
            "条件永远成立，else 之后取不到",
            "the condition always holds: its `else` is never taken",
        ),
        false => (
            "条件永远不成立，then 之后取不到",
            "the condition never holds: its `then` is never taken",
        ),
    };
    Diagnostic::warning("branch-unreachable", zh, en).at(here, "", "").hint(
        "删去取不到的一支；若条件只由参数决定，改写参数即可",
        "delete the branch that is never taken",
    )
}

pub(super) fn member_uncovered(members: &str, here: Place) -> Diagnostic {
    Diagnostic::warning(
        "member-uncovered",
        format!("没有一个分支接 {members}，也没有 `else`"),
        format!("no branch takes {members}, and there is no `else`"),
    )
    .at(here, "", "")
    .hint("为这些成员各写一支", "give these members a branch")
}

pub(super) fn constant_condition(
    message: &str,
    warn: bool,
    shown: &[String],
    here: Place,
) -> Diagnostic {
    let finding = Diagnostic::warning(
        "constant-condition",
        format!("只由参数决定的条件不成立：{message}"),
        format!("a condition that only parameters decide does not hold: {message}"),
    )
    .at(here, "", "");
    let finding =
        shown.iter().fold(finding, |finding, text| finding.note(text.clone(), text.clone()));
    match warn {
        true => finding.hint(
            "核对参数；若原文自相矛盾，照印并加一行 `allow \"constant-condition: 理由\"`",
            "check the parameters; if the source contradicts itself, keep it as printed and add a line \
             `allow \"constant-condition: reason\"`",
        ),
        false => finding.hint("每一次运行都会被拒绝：核对参数", "every run will be refused: check the parameters"),
    }
}

pub(super) fn unused(name: &str, zh: &str, en: &str, here: Place) -> Diagnostic {
    Diagnostic::warning(
        "unused-declaration",
        format!("{zh} `{name}` 不影响任何输出和条件"),
        format!("{en} `{name}` reaches no output and no condition"),
    )
    .at(here, "", "")
    .hint("用上它、把它写成输出，或删去", "use it, make it an output, or delete it")
}

pub(super) fn stood_in(factor: &str, here: Place) -> Diagnostic {
    Diagnostic::warning(
        "factor-stood-in",
        format!("`??` 也会替代查不到的因子 `{factor}`：缺一年或缺一键时，不报错而取右边的值"),
        format!(
            "`??` also stands in for factor `{factor}` where it lacks a year or a key: its right side is \
             taken instead of an error"
        ),
    )
    .at(here, "", "")
    .hint(
        "只想处理“没有这一源”，写 `if 活动量 = 0 then 0 else …` 或让活动量有缺省；确要替代，加 `allow \"factor-stood-in: 理由\"`",
        "for a source that may not occur write `if activity = 0 then 0 else …`, or give the activity a \
         default; where it is meant, add `allow \"factor-stood-in: reason\"`",
    )
}

pub(super) fn source_lacking(name: &str, here: Place) -> Diagnostic {
    Diagnostic::warning(
        "source-lacking",
        format!("参数 `{name}` 没有写来源"),
        format!("parameter `{name}` does not say where it comes from"),
    )
    .at(here, "", "")
    .hint(
        "在声明之下加 `source \"文献名称，页或表\"`",
        "add a line `source \"TEXT, page or table\"` below it",
    )
}

pub(super) fn standing_lacking(name: &str, found: Option<&str>, here: Place) -> Diagnostic {
    let (zh, en) = match found {
        None => (
            format!("参数 `{name}` 没有写可信程度"),
            format!("parameter `{name}` does not say how far it is to be trusted"),
        ),
        Some(found) => (
            format!("参数 `{name}` 的可信程度“{found}”不能作库中方法的取值"),
            format!("a parameter of a library cannot stand on `{found}`: `{name}`"),
        ),
    };
    Diagnostic::warning("standing-lacking", zh, en).at(here, "", "").hint(
        "加 `standing \"verified\"`（见过原文）、`\"secondary\"`（转引，写明由谁）或 `\"illustration\"`（自拟，须替换）；只凭记忆的数改为输入或 `= ?`",
        "add `standing \"verified\"` (read in the text that issues it), `\"secondary\"` (copied by others: \
         say by whom) or `\"illustration\"` (ours, to be replaced); a figure from memory becomes an input \
         or `= ?`",
    )
}

pub(super) fn hole_unexplained(name: &str, here: Place) -> Diagnostic {
    Diagnostic::warning(
        "hole-unexplained",
        format!("待定参数 `{name}` 没有说由哪份文件填"),
        format!("the named hole `{name}` does not say which text would fill it"),
    )
    .at(here, "", "")
    .hint("加 `note \"…\"` 或 `source \"…\"`", "add a line `note \"…\"` or `source \"…\"`")
}

pub(super) fn monitoring_lacking(name: &str, here: Place) -> Diagnostic {
    Diagnostic::warning(
        "monitoring-lacking",
        format!("减排方法的输入 `{name}` 没有写数据来源"),
        format!("input `{name}` of a method for reductions does not say where its data come from"),
    )
    .at(here, "", "")
    .hint(
        "加 `source \"…\"`，并按需要加 frequency、method、accuracy、qa：它们就是监测计划",
        "add `source \"…\"`, and frequency, method, accuracy, qa as needed: they are the monitoring plan",
    )
}

pub(super) fn label_lacking(name: &str, here: Place) -> Diagnostic {
    Diagnostic::warning(
        "label-lacking",
        format!("`{name}` 没有中文名称"),
        format!("`{name}` has no label for its readers"),
    )
    .at(here, "", "")
    .hint("在声明末尾加带引号的名称", "add a quoted label at the end of the declaration")
}

pub(super) fn example_lacking(here: Place) -> Diagnostic {
    Diagnostic::warning(
        "example-lacking",
        "没有算例：没有人能核对它算得对不对",
        "there is no worked example: nobody can hold it to a figure",
    )
    .at(here, "", "")
    .hint(
        "加一节“算例”，用已发表的数，或在文中把算式写出来",
        "add a section “Example” with published figures, or with the arithmetic in the text",
    )
}

pub(super) fn allow_unclear(text: &str, here: Place) -> Diagnostic {
    Diagnostic::warning(
        "allow-unclear",
        format!("例外“{text}”没有写成 `代码: 理由`"),
        format!("the exception `{text}` is not written `code: reason`"),
    )
    .at(here, "", "")
    .hint(
        "如 `allow \"band-gap: 原文未规定 94 与 95 之间\"`",
        "as in `allow \"band-gap: the standard says nothing between 94 and 95\"`",
    )
}

pub(super) fn allow_unneeded(code: &str, known: bool, here: Place) -> Diagnostic {
    let finding = Diagnostic::warning(
        "allow-unneeded",
        format!("这里没有需要例外的 `{code}`"),
        format!("there is no `{code}` here to be excused"),
    )
    .at(here, "", "");
    match known {
        true => finding.hint("删去这一行", "delete the line"),
        false => finding.hint(
            format!("可用的代码：{}", super::CODES.join("、")),
            format!("the codes are {}", super::CODES.join(", ")),
        ),
    }
}
