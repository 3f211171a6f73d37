//! 日期 What is said about computing with dates and with keys.

use super::spaced;
use tanliu_diagnostic::{Diagnostic, Place, Text};

/// What is wrong with a date among numbers.
pub(in crate::check) enum DateMistake<'m> {
    /// `date + date`
    Sum,
    /// `number - date`
    Backwards,
    /// A number of this unit, which is not time.
    Unit(&'m str),
    /// A bare number.
    Bare,
    /// A number of years: a year is 365 days, and hardly meant.
    Years,
    /// A key of a coarser or finer time index.
    OtherGrain,
}

pub(in crate::check) fn date_arithmetic(
    mistake: &DateMistake<'_>,
    (date, date_text): (Place, Text),
    (other, other_text): (Place, Text),
) -> Diagnostic {
    let (zh, en) = match mistake {
        DateMistake::Sum => ("两个日期不能相加".to_owned(), "two dates do not add".to_owned()),
        DateMistake::Backwards => {
            ("不能从数里减去日期".to_owned(), "a date is not subtracted from a number".to_owned())
        }
        DateMistake::Unit(unit) => (
            format!("日期只能加减天数，却是{}", spaced(unit)),
            format!("a date is moved by a number of days, found {unit}"),
        ),
        DateMistake::Bare => (
            "日期只能加减天数，却是不带单位的数".to_owned(),
            "a date is moved by a number of days, found one without a unit".to_owned(),
        ),
        DateMistake::Years => (
            "日期加减年：作为单位的年是 365 天，不是日历年".to_owned(),
            "years on a date: as a unit a year is 365 days, not a calendar year".to_owned(),
        ),
        DateMistake::OtherGrain => (
            format!("与日期相加减的须是天数或日期，却是{}", spaced(&other_text.zh)),
            format!("beside a date stands a number of days or a date, found {}", other_text.en),
        ),
    };
    let (hint_zh, hint_en) = mend(mistake);
    Diagnostic::error("date-arithmetic", zh, en)
        .at(other, other_text.zh, other_text.en)
        .see(date, date_text.zh, date_text.en)
        .hint(hint_zh, hint_en)
}

fn mend(mistake: &DateMistake<'_>) -> (&'static str, &'static str) {
    match mistake {
        DateMistake::Sum => (
            "相隔多少天写 `a - b`；往后推写 `a + 30 d` 或 `add_months(a, 6)`",
            "the days between them are `a - b`; a later date is `a + 30 d` or `add_months(a, 6)`",
        ),
        DateMistake::Backwards => {
            ("日期写在前面：`issued - 30 d`", "the date stands first: `issued - 30 d`")
        }
        DateMistake::Unit(_) | DateMistake::Bare => (
            "写明天数，如 `issued + 30 d`；按月推写 `add_months(issued, 6)`",
            "write days, as in `issued + 30 d`; by months it is `add_months(issued, 6)`",
        ),
        DateMistake::Years => (
            "按日历年推写 `add_months(issued, 24)`；确指 365 天的倍数，写成天数",
            "by calendar years it is `add_months(issued, 24)`; where multiples of 365 days are \
             meant, write them in days",
        ),
        DateMistake::OtherGrain => (
            "比较两个时间用 `<`、`<=`；取其中的数用 `year(…)`、`month(…)`",
            "times are compared with `<`, `<=`; their parts as numbers are `year(…)`, `month(…)`",
        ),
    }
}

pub(in crate::check) fn needs_date(found: &Text, here: Place) -> Diagnostic {
    Diagnostic::error(
        "needs-date",
        format!("`add_months( )` 须作用于日期，却是{}", spaced(&found.zh)),
        format!("`add_months( )` takes a date, found {}", found.en),
    )
    .at(here, &found.zh, &found.en)
    .hint(
        "写类型为 `date` 的值，或按日索引的键",
        "give a value of type `date`, or a key of an index of days",
    )
}

pub(in crate::check) fn needs_integer_key(found: &Text, here: Place) -> Diagnostic {
    Diagnostic::error(
        "needs-integer-key",
        format!("`number( )` 须作用于整数索引的键，却是{}", spaced(&found.zh)),
        format!("`number( )` takes a key of an integer index, found {}", found.en),
    )
    .at(here, &found.zh, &found.en)
    .hint(
        "时间索引的键用 `year(…)`、`month(…)`、`day(…)`；条件用 `if … then 1 else 0`",
        "of time it is `year(…)`, `month(…)`, `day(…)`; of a condition `if … then 1 else 0`",
    )
}
