//! 参数 Constants: literals as values of a type, keys, maps with steps.

use super::{Checker, messages};
use crate::ast::{self, KeyLit, KeyValue, Literal, LiteralValue, MapExpr, MapKey, MapValue};
use crate::program::{IndexId, IndexKind, Key, ParamTree, Type, Value};
use std::rc::Rc;
use tanliu_diagnostic::{Place, Span};
use tanliu_unit::Unit;
use tanliu_unit::time::{Grain, TimeKey};

/// The year as a time key.
pub(super) fn year_key(year: i64) -> TimeKey {
    TimeKey { grain: Grain::Year, ordinal: year }
}

/// A literal that may be read as a time key: `2021-07`, or a plain integer as a year.
pub(super) fn time_literal(literal: &Literal) -> Option<TimeKey> {
    match &literal.value {
        LiteralValue::Key(key) => Some(*key),
        LiteralValue::Number { unit: None, integer: Some(year), .. }
            if (0..=9999).contains(year) =>
        {
            Some(year_key(*year))
        }
        _ => None,
    }
}

impl Checker<'_> {
    /// A literal as a value of a type; a bare number is in the declared unit.
    pub(super) fn literal_as(
        &mut self,
        scope: usize,
        literal: &Literal,
        ty: &Type,
    ) -> Option<Value> {
        let place = self.place_in(scope, literal.span);
        match (&literal.value, ty) {
            (LiteralValue::Number { number, unit: None, .. }, Type::Number(_)) => {
                Some(Value::Number(*number))
            }
            (LiteralValue::Number { number, unit: Some(unit), .. }, Type::Number(wanted)) => {
                self.number_in(*number, unit, wanted, place).map(Value::Number)
            }
            (LiteralValue::Bool(value), Type::Bool) => Some(Value::Bool(*value)),
            (LiteralValue::Key(key), Type::Date) if key.grain == Grain::Day => {
                Some(Value::Date(*key))
            }
            (_, Type::Key(index)) => {
                self.literal_key(scope, literal, *index, false).map(Value::Key)
            }
            _ => {
                let wanted = messages::type_text(ty, &self.program);
                self.report(messages::literal_kind(&literal.text, &wanted, place));
                None
            }
        }
    }

    /// A number as written, in another unit.
    pub(super) fn number_in(
        &mut self,
        number: f64,
        unit: &Unit,
        wanted: &Unit,
        place: Place,
    ) -> Option<f64> {
        let converted = unit.conversion_to(wanted).map(|conversion| conversion.apply(number));
        match converted {
            Some(number) if number.is_finite() => return Some(number),
            Some(_) => self.report(messages::literal_out_of_range(wanted, place)),
            None => self.report(messages::literal_unit(unit, wanted, place)),
        }
        None
    }

    /// A bare word or a string as a value of a type.
    pub(super) fn word_as(
        &mut self,
        scope: usize,
        word: &str,
        span: Span,
        ty: &Type,
        quoted: bool,
    ) -> Option<Value> {
        match ty {
            Type::Key(index) if quoted => self.text_key(scope, word, span, *index).map(Value::Key),
            Type::Key(index) => self.member_key(scope, word, span, *index).map(Value::Key),
            Type::Text if quoted => Some(Value::Text(Rc::from(word))),
            _ => {
                let wanted = messages::type_text(ty, &self.program);
                let place = self.place_in(scope, span);
                self.report(messages::literal_kind(word, &wanted, place));
                None
            }
        }
    }

    /// A literal as a key of an index. As a step's beginning (`from`) a coarser key counts as its
    /// first day.
    pub(super) fn literal_key(
        &mut self,
        scope: usize,
        literal: &Literal,
        index: IndexId,
        step: bool,
    ) -> Option<Key> {
        let value = match &literal.value {
            LiteralValue::Number { unit: None, integer: Some(number), .. } => {
                KeyValue::Integer(*number)
            }
            LiteralValue::Key(key) => KeyValue::Time(*key),
            _ => {
                let place = self.place_in(scope, literal.span);
                let name = self.index_name(index).to_owned();
                self.report(messages::not_a_key_literal(&name, &literal.text, place));
                return None;
            }
        };
        self.key_of(scope, value, literal.span, index, step)
    }

    fn key_of(
        &mut self,
        scope: usize,
        value: KeyValue,
        span: Span,
        index: IndexId,
        step: bool,
    ) -> Option<Key> {
        let kind = self.program.indexes.get(index)?.kind.clone();
        let place = self.place_in(scope, span);
        let name = self.index_name(index).to_owned();
        match (value, &kind) {
            (KeyValue::Integer(number), IndexKind::Integer) => Some(Key::Integer(number)),
            (value, IndexKind::Time { grain, .. }) => {
                let key = match value {
                    KeyValue::Time(key) => key,
                    KeyValue::Integer(year) => year_key(year),
                };
                if key.grain == *grain {
                    return Some(Key::Time(key));
                }
                if step && key.grain < *grain {
                    return Some(Key::Time(first_of(key, *grain)));
                }
                self.report(messages::key_of_other_grain(&name, *grain, &key.to_string(), place));
                None
            }
            (KeyValue::Integer(number), IndexKind::Closed(_) | IndexKind::Text) => {
                self.text_key(scope, &number.to_string(), span, index)
            }
            (KeyValue::Time(key), _) => {
                self.report(messages::not_a_key_literal(&name, &key.to_string(), place));
                None
            }
        }
    }

    /// A string as a key: of an open text index, or a member of a closed set.
    pub(super) fn text_key(
        &mut self,
        scope: usize,
        text: &str,
        span: Span,
        index: IndexId,
    ) -> Option<Key> {
        let declared = self.program.indexes.get(index)?.clone();
        let place = self.place_in(scope, span);
        match &declared.kind {
            IndexKind::Text => Some(Key::Text(Rc::from(text))),
            IndexKind::Closed(_) => match declared.member(text) {
                Some(member) => Some(Key::Member(member)),
                None => {
                    self.report(messages::unknown_member(text, &declared, place));
                    None
                }
            },
            IndexKind::Integer => match text.parse() {
                Ok(number) => Some(Key::Integer(number)),
                Err(_) => {
                    self.report(messages::not_a_key_literal(&declared.name, text, place));
                    None
                }
            },
            IndexKind::Time { grain, .. } => match TimeKey::parse_as(text, *grain) {
                Some(key) => Some(Key::Time(key)),
                None => {
                    self.report(messages::key_of_other_grain(&declared.name, *grain, text, place));
                    None
                }
            },
        }
    }

    /// A bare word as a key: only members of closed sets.
    fn member_key(&mut self, scope: usize, word: &str, span: Span, index: IndexId) -> Option<Key> {
        let declared = self.program.indexes.get(index)?.clone();
        if let Some(member) = declared.member(word) {
            return Some(Key::Member(member));
        }
        let place = self.place_in(scope, span);
        self.report(messages::unknown_member(word, &declared, place));
        None
    }

    /// The value of a `param` written as a map, and its type.
    pub(super) fn parameter_map(
        &mut self,
        scope: usize,
        map: &MapExpr,
        dims: &[IndexId],
        declared: Option<&Type>,
    ) -> Option<(ParamTree, Type)> {
        if dims.is_empty() {
            let place = self.place_in(scope, map.span);
            self.report(messages::map_without_index(place));
            return None;
        }
        let ty = match declared {
            Some(ty) => ty.clone(),
            None => Type::Number(first_unit(map).unwrap_or_else(Unit::one)),
        };
        let tree = self.parameter_level(scope, map, dims, &ty)?;
        Some((tree, ty))
    }

    fn parameter_level(
        &mut self,
        scope: usize,
        map: &MapExpr,
        dims: &[IndexId],
        ty: &Type,
    ) -> Option<ParamTree> {
        let (index, rest) = dims.split_first()?;
        let mut exact: Vec<(Key, ParamTree)> = Vec::new();
        let mut steps: Vec<(Key, ParamTree)> = Vec::new();
        let mut until: Option<Key> = None;
        let mut sound = true;
        for entry in &map.entries {
            let place = self.place_in(scope, entry.span);
            let Some((key, is_step)) = self.entry_key(scope, entry, *index) else {
                sound = false;
                continue;
            };
            if let MapKey::Until(_) = entry.key {
                if steps.last().is_none_or(|(last, _)| *last >= key) || until.is_some() {
                    self.report(messages::steps_out_of_order(place));
                    sound = false;
                }
                until = Some(key);
                continue;
            }
            let ends_early = is_step && until.is_some();
            if ends_early || (is_step && steps.last().is_some_and(|(last, _)| *last >= key)) {
                self.report(messages::steps_out_of_order(place));
                sound = false;
                continue;
            }
            if !is_step && exact.iter().any(|(seen, _)| *seen == key) {
                let shown = self.program.indexes.get(*index).map(|index| index.show(&key));
                self.report(messages::map_key_twice(&shown.unwrap_or_default(), place));
                sound = false;
                continue;
            }
            let Some(value) = entry.value.as_ref() else { continue };
            let Some(tree) = self.entry_value(scope, value, rest, ty, entry.span) else {
                sound = false;
                continue;
            };
            if is_step { steps.push((key, tree)) } else { exact.push((key, tree)) }
        }
        sound.then_some(ParamTree::Level { exact, steps, until })
    }

    fn entry_key(
        &mut self,
        scope: usize,
        entry: &ast::MapEntry,
        index: IndexId,
    ) -> Option<(Key, bool)> {
        let is_ordered =
            self.program.indexes.get(index).is_some_and(crate::program::Index::is_ordered);
        match &entry.key {
            MapKey::Name(name) => {
                let quoted = self.is_quoted(scope, name.span);
                let key = if quoted {
                    self.text_key(scope, &name.text, name.span, index)
                } else {
                    self.member_key(scope, &name.text, name.span, index)
                };
                Some((key?, false))
            }
            MapKey::Key(KeyLit { value, span }) => {
                Some((self.key_of(scope, *value, *span, index, false)?, false))
            }
            MapKey::From(KeyLit { value, span }) | MapKey::Until(KeyLit { value, span }) => {
                if !is_ordered {
                    let name = self.index_name(index).to_owned();
                    let place = self.place_in(scope, *span);
                    self.report(messages::steps_need_order(&name, place));
                    return None;
                }
                Some((self.key_of(scope, *value, *span, index, true)?, true))
            }
        }
    }

    fn is_quoted(&self, scope: usize, span: Span) -> bool {
        let document = self.scope(scope).document;
        let text = self.texts.get(document).map(String::as_str).unwrap_or_default();
        text.get(span.start..).is_some_and(|rest| rest.starts_with('"'))
    }

    fn entry_value(
        &mut self,
        scope: usize,
        value: &MapValue,
        rest: &[IndexId],
        ty: &Type,
        span: Span,
    ) -> Option<ParamTree> {
        match (value, rest.is_empty()) {
            (MapValue::Map(map), false) => self.parameter_level(scope, map, rest, ty),
            (MapValue::Literal(literal), true) => {
                self.literal_as(scope, literal, ty).map(ParamTree::Leaf)
            }
            (MapValue::Name(name), true) => {
                let quoted = self.is_quoted(scope, name.span);
                self.word_as(scope, &name.text, name.span, ty, quoted).map(ParamTree::Leaf)
            }
            // A level may be left out where the value is constant over the remaining indexes.
            (MapValue::Literal(_) | MapValue::Name(_), false) => {
                let names = self.index_names(rest);
                let place = self.place_in(scope, span);
                self.report(messages::map_too_flat(&names, place));
                None
            }
            (MapValue::Map(map), true) => {
                let place = self.place_in(scope, map.span);
                self.report(messages::map_too_deep(place));
                None
            }
        }
    }

    /// The step of a rounding as a ratio in the value's unit: `0.1` is 1/10.
    pub(super) fn step_ratio(
        &mut self,
        scope: usize,
        literal: &Literal,
        unit: &Unit,
    ) -> Option<(f64, f64)> {
        let document = self.scope(scope).document;
        self.step_ratio_at(document, literal, unit)
    }

    pub(super) fn step_ratio_at(
        &mut self,
        document: usize,
        literal: &Literal,
        unit: &Unit,
    ) -> Option<(f64, f64)> {
        let origin = crate::program::Origin { document, span: literal.span };
        let place = self.place(origin);
        let LiteralValue::Number { number, unit: own, .. } = &literal.value else {
            self.report(messages::step_not_literal(place));
            return None;
        };
        if *number <= 0.0 {
            self.report(messages::step_not_positive(place));
            return None;
        }
        let ratio = super::arithmetic::decimal_ratio(number_text(&literal.text));
        let (numerator, denominator) = match ratio {
            #[expect(clippy::cast_precision_loss, reason = "a step has few digits")]
            Some(ratio) => (*ratio.numer() as f64, *ratio.denom() as f64),
            None => (*number, 1.0),
        };
        let Some(own) = own else { return Some((numerator, denominator)) };
        let Some(conversion) = own.conversion_to(unit) else {
            self.report(messages::literal_unit(own, unit, place));
            return None;
        };
        let (by, over, _) = conversion.parts();
        Some((numerator * by, denominator * over))
    }
}

/// The digits of a literal, without its unit.
fn number_text(text: &str) -> &str {
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '-' | '+')))
        .unwrap_or(text.len());
    let digits = text.get(..end).unwrap_or(text);
    digits.trim_end_matches(['e', 'E', '-', '+'])
}

/// The first key of a finer grain in a period.
fn first_of(key: TimeKey, grain: Grain) -> TimeKey {
    let day = key.first_day();
    match grain {
        Grain::Hour => TimeKey { grain, ordinal: day.ordinal * 24 },
        Grain::Instant => TimeKey { grain, ordinal: day.ordinal * 86_400 },
        _ => day.coarsen(grain, false),
    }
}

fn first_unit(map: &MapExpr) -> Option<Unit> {
    map.entries.iter().find_map(|entry| match entry.value.as_ref()? {
        MapValue::Literal(literal) => match &literal.value {
            LiteralValue::Number { unit, .. } => unit.clone(),
            _ => None,
        },
        MapValue::Map(map) => first_unit(map),
        MapValue::Name(_) => None,
    })
}
