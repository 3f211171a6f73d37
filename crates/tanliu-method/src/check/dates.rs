//! 日期 Sums of dates and days, parts of time, and keys as numbers.

use super::messages::{self, DateMistake};
use super::{Checker, union};
use crate::ast::BinaryOp;
use crate::program::{DateOperation, IndexKind, NodeId, NodeKind, Origin, TimePart, Type, Value};
use tanliu_diagnostic::Text;
use tanliu_unit::Unit;
use tanliu_unit::time::Grain;

impl Checker<'_> {
    /// `a - b` of two dates, `date ± days`; nothing if neither side is a day.
    pub(super) fn date_sum(
        &mut self,
        operator: BinaryOp,
        (a, b): (NodeId, NodeId),
        at: Origin,
        origin: Origin,
    ) -> Option<Option<NodeId>> {
        let (left, right) = (self.is_day(a), self.is_day(b));
        let adds = operator == BinaryOp::Add;
        match (left, right) {
            (false, false) => None,
            (true, true) if adds => Some(self.date_mistake(&DateMistake::Sum, a, b)),
            (true, true) => Some(self.days_between(a, b, origin)),
            (true, false) if self.is_time(b) => {
                Some(self.date_mistake(&DateMistake::OtherGrain, a, b))
            }
            (false, true) if self.is_time(a) => {
                Some(self.date_mistake(&DateMistake::OtherGrain, b, a))
            }
            (true, false) => {
                let operation =
                    if adds { DateOperation::DaysLater } else { DateOperation::DaysEarlier };
                Some(self.days_from(operation, (a, b), at, origin))
            }
            (false, true) if adds => {
                Some(self.days_from(DateOperation::DaysLater, (b, a), at, origin))
            }
            (false, true) => Some(match self.ty(a).unit() {
                Some(_) => self.date_mistake(&DateMistake::Backwards, b, a),
                None => self.need_number(a, at).and(None),
            }),
        }
    }

    /// A date, or a key of an index of days.
    fn is_day(&self, node: NodeId) -> bool {
        let kind = self.key_kind(node);
        *self.ty(node) == Type::Date
            || matches!(kind, Some(IndexKind::Time { grain: Grain::Day, .. }))
    }

    fn date_mistake(
        &mut self,
        mistake: &DateMistake<'_>,
        date: NodeId,
        other: NodeId,
    ) -> Option<NodeId> {
        let told =
            [date, other].map(|node| (self.place(self.origin_of(node)), self.describe(node)));
        let [date, other] = told;
        self.report(messages::date_arithmetic(mistake, date, other));
        None
    }

    fn days_between(&mut self, a: NodeId, b: NodeId, origin: Origin) -> Option<NodeId> {
        let day = self.day_unit(origin)?;
        let dims = union(self.dims(a), self.dims(b));
        let kind = NodeKind::DateArithmetic(DateOperation::DaysBetween, a, b);
        Some(self.push(kind, Type::Number(day), dims, origin))
    }

    fn days_from(
        &mut self,
        operation: DateOperation,
        (date, days): (NodeId, NodeId),
        at: Origin,
        origin: Origin,
    ) -> Option<NodeId> {
        self.need_number(days, at)?;
        let day = self.day_unit(origin)?;
        self.adopt_zero(days, &day);
        let unit = self.ty(days).unit()?.clone();
        let Some(conversion) = unit.conversion_to(&day) else {
            let written = unit.to_string();
            let bare = matches!(self.node(days).kind, NodeKind::Constant(Value::Number(_)));
            let mistake = match written.as_str() {
                "1" if bare => DateMistake::Bare,
                unit => DateMistake::Unit(unit),
            };
            return self.date_mistake(&mistake, date, days);
        };
        // A year as a unit is 365 days: on a date that is hardly ever meant.
        if conversion.apply(1.0) >= 365.0 {
            return self.date_mistake(&DateMistake::Years, date, days);
        }
        let days = self.converted(days, &day)?;
        let dims = union(self.dims(date), self.dims(days));
        let kind = NodeKind::DateArithmetic(operation, date, days);
        Some(self.push(kind, Type::Date, dims, origin))
    }

    fn day_unit(&self, origin: Origin) -> Option<Unit> {
        let scope = self.scopes.iter().find(|scope| scope.document == origin.document)?;
        scope.units.parse("d").ok()
    }

    pub(super) fn call_time_part(
        &mut self,
        part: &str,
        value: NodeId,
        origin: Origin,
    ) -> Option<NodeId> {
        let part = match part {
            "hour" => TimePart::Hour,
            "weekday" => TimePart::Weekday,
            "day" => TimePart::Day,
            "month" => TimePart::Month,
            _ => TimePart::Year,
        };
        let ends = match self.key_kind(value) {
            Some(IndexKind::Time { grain, ends }) if part.fits(*grain) => Some(*ends),
            None if *self.ty(value) == Type::Date => Some(false),
            _ => None,
        };
        let Some(ends) = ends else {
            let found = self.describe(value);
            let place = self.place(origin);
            self.report(messages::time_part(part, &found, place));
            return None;
        };
        let dims = self.dims(value).to_vec();
        let kind = NodeKind::TimePart(part, value, ends);
        Some(self.push(kind, Type::Number(Unit::one()), dims, origin))
    }

    pub(super) fn call_add_months(
        &mut self,
        date: NodeId,
        months: NodeId,
        origin: Origin,
    ) -> Option<NodeId> {
        if !self.is_day(date) {
            let found = self.describe(date);
            let place = self.place(self.origin_of(date));
            self.report(messages::needs_date(&found, place));
            return None;
        }
        let months = self.plain_number(months, origin)?;
        let dims = union(self.dims(date), self.dims(months));
        let kind = NodeKind::DateArithmetic(DateOperation::MonthsLater, date, months);
        Some(self.push(kind, Type::Date, dims, origin))
    }

    /// `number(period)`
    pub(super) fn call_number(&mut self, key: NodeId, origin: Origin) -> Option<NodeId> {
        if !matches!(self.key_kind(key), Some(IndexKind::Integer)) {
            let found = self.describe(key);
            let place = self.place(self.origin_of(key));
            self.report(messages::needs_integer_key(&found, place));
            return None;
        }
        let dims = self.dims(key).to_vec();
        Some(self.push(NodeKind::NumberOfKey(key), Type::Number(Unit::one()), dims, origin))
    }

    fn key_kind(&self, node: NodeId) -> Option<&IndexKind> {
        match self.ty(node) {
            Type::Key(index) => self.program.indexes.get(*index).map(|index| &index.kind),
            _ => None,
        }
    }

    /// How a key or a date becomes a number.
    pub(super) fn number_instead(&self, node: NodeId) -> Option<Text> {
        let written = self.snippet(node).unwrap_or_else(|| "…".to_owned());
        match self.key_kind(node) {
            Some(IndexKind::Integer) => Some(Text::new(
                format!("整数索引的键作为数写作 `number({written})`"),
                format!("a key of an integer index as a number is `number({written})`"),
            )),
            Some(IndexKind::Time { grain: Grain::Year, .. }) => Some(Text::new(
                format!("年份作为数写作 `year({written})`"),
                format!("the year as a number is `year({written})`"),
            )),
            Some(IndexKind::Time { .. }) => Some(Text::new(
                format!("取时间的一部分作为数：`year({written})`、`month({written})`"),
                format!("a part of a time as a number is `year({written})`, `month({written})`"),
            )),
            Some(IndexKind::Closed(_) | IndexKind::Text) => Some(Text::new(
                format!("键不是数：每个键的数写成 param，或写 `match {written} {{ … }}`"),
                format!(
                    "a key is no number: give each key one by a `param`, or by `match {written} {{ … }}`"
                ),
            )),
            None if *self.ty(node) == Type::Date => Some(Text::new(
                format!(
                    "两个日期之差是天数，如 `{written} - started`；取一部分写 `year({written})`"
                ),
                format!(
                    "the difference of two dates is a number of days, as in `{written} - started`; \
                     a part is `year({written})`"
                ),
            )),
            None => None,
        }
    }
}

impl TimePart {
    fn fits(self, grain: tanliu_unit::time::Grain) -> bool {
        use tanliu_unit::time::Grain::{Day, Hour, Instant, Month};
        match self {
            Self::Hour => matches!(grain, Hour | Instant),
            Self::Weekday | Self::Day => matches!(grain, Day | Hour | Instant),
            Self::Month => matches!(grain, Month | Day | Hour | Instant),
            Self::Year => true,
        }
    }
}
