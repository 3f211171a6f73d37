//! 键值 Keys as rows carry them: numbers and texts that may cross threads, and their dictionary.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use tanliu_method::program::{Index, IndexId, IndexKind, Key, Value};
use tanliu_unit::time::{Grain, TimeKey};

/// 键值 One key of a row: an ordinal, a member's number, a whole number, or a text. Ordered as the
/// index is, for keys of one index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Atom {
    Number(i64),
    Text(Arc<str>),
}

/// 键类 What the numbers of an index's keys mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AtomKind {
    Member,
    Integer,
    Time { grain: Grain, ends: bool },
    Text,
}

impl AtomKind {
    pub(crate) fn of(index: &Index) -> Self {
        match index.kind {
            IndexKind::Closed(_) => Self::Member,
            IndexKind::Integer => Self::Integer,
            IndexKind::Text => Self::Text,
            IndexKind::Time { grain, ends } => Self::Time { grain, ends },
        }
    }

    /// The key that a worker's code stands for.
    pub(crate) fn atom(self, code: i64, texts: &Texts) -> Atom {
        match self {
            Self::Text => Atom::Text(texts.text(u32::try_from(code).unwrap_or(0))),
            _ => Atom::Number(code),
        }
    }

    pub(crate) fn key(self, atom: &Atom) -> Key {
        match (self, atom) {
            (_, Atom::Text(text)) => Key::Text(Rc::from(&**text)),
            (Self::Member, Atom::Number(number)) => {
                Key::Member(u32::try_from(*number).unwrap_or(u32::MAX))
            }
            (Self::Time { grain, .. }, Atom::Number(ordinal)) => {
                Key::Time(TimeKey { grain, ordinal: *ordinal })
            }
            (Self::Integer | Self::Text, Atom::Number(number)) => Key::Integer(*number),
        }
    }
}

impl From<&Key> for Atom {
    fn from(key: &Key) -> Self {
        match key {
            Key::Member(number) => Self::Number(i64::from(*number)),
            Key::Integer(number) => Self::Number(*number),
            Key::Time(key) => Self::Number(key.ordinal),
            Key::Text(text) => Self::Text(Arc::from(&**text)),
        }
    }
}

/// A key with its indexes, as it may cross threads.
pub(crate) fn atoms_of(key: &[(IndexId, Key)]) -> Vec<(IndexId, Atom)> {
    key.iter().map(|(index, key)| (*index, Atom::from(key))).collect()
}

/// 常量 A constant that may cross threads.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Number(f64),
    Bool(bool),
    /// A day, a member, an ordinal, a whole number.
    Code(i64),
    Text(Arc<str>),
}

impl From<&Value> for Literal {
    fn from(value: &Value) -> Self {
        match value {
            Value::Number(number) => Self::Number(*number),
            Value::Bool(value) => Self::Bool(*value),
            Value::Text(text) => Self::Text(Arc::from(&**text)),
            Value::Date(day) => Self::Code(day.ordinal),
            Value::Key(key) => match Atom::from(key) {
                Atom::Number(number) => Self::Code(number),
                Atom::Text(text) => Self::Text(text),
            },
        }
    }
}

/// 文字编号 Texts by number. The numbers of a copy go on where the original stood, so that a worker
/// knows those that all know.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts {
    list: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
}

impl Texts {
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let text: Arc<str> = Arc::from(text);
        self.list.push(Arc::clone(&text));
        self.numbers.insert(text, number);
        number
    }

    pub(crate) fn text(&self, number: u32) -> Arc<str> {
        self.list.get(number as usize).cloned().unwrap_or_else(|| Arc::from(""))
    }

    /// The number that stands for a key in a worker's own tables.
    pub(crate) fn code(&mut self, atom: &Atom) -> i64 {
        match atom {
            Atom::Number(number) => *number,
            Atom::Text(text) => i64::from(self.number(text)),
        }
    }
}
