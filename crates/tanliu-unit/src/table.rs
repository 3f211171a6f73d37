//! 单位表 The names of units: SI, the field's own, Chinese forms, and a document's own.

use crate::atom::Atom;
use crate::names::{self, Prefixes};
use crate::parser::{Mode, Parser};
use crate::{Base, Dimension, Exact, Unit, UnitError, number, substances};
use num_bigint::BigInt;
use num_traits::{One, Pow};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use unicode_normalization::UnicodeNormalization;

/// A text longer than this is refused unread.
const LONGEST_TEXT: usize = 8_192;

/// 单位表 A table of unit names; a document may add its own.
///
/// A word is looked up whole: the longest name in the table first, then a prefix and a name, then a
/// mass unit and a substance; Chinese multipliers (十 百 千 万 亿) may stand before any of these.
#[derive(Debug, Clone)]
pub struct UnitTable {
    entries: Arc<BTreeMap<String, Entry>>,
}

/// 表项 What a name means.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) scale: Exact,
    pub(crate) dimension: Dimension,
    pub(crate) prefixes: Prefixes,
    /// What it was defined as; nothing for a base.
    pub(crate) definition: Option<Arc<Unit>>,
}

impl UnitTable {
    /// The contract's units.
    pub fn builtin() -> UnitTable {
        static BUILTIN: OnceLock<UnitTable> = OnceLock::new();
        BUILTIN.get_or_init(build).clone()
    }

    /// Adds a unit of a document's front matter: `标箱` = `1{TEU}`.
    ///
    /// A definition may use the names defined before it; the name must not mean anything yet, not
    /// even with a prefix, a multiplier or a substance (`Mtce`, `万吨`, `tCO2`). A failed definition
    /// leaves the table as it was.
    pub fn define(&mut self, name: &str, definition: &str) -> Result<(), UnitError> {
        let name: String = name.trim().nfkc().collect();
        if !is_name(&name) {
            return Err(UnitError::Syntax {
                expected: "a unit name of letters, digits and _, not beginning with a digit",
                expected_zh: "由字母、数字、_ 组成且不以数字开头的单位名",
                at: 0,
            });
        }
        if self.resolve(&name).is_some() {
            return Err(UnitError::AlreadyDefined(name));
        }
        let unit = match self.parse(definition) {
            Err(UnitError::Unknown { word, .. }) if word == name => {
                return Err(UnitError::AlreadyDefined(name));
            }
            parsed => parsed?,
        };
        self.insert(&name, &unit, Prefixes::None);
        Ok(())
    }

    /// Parses a whole text as a unit; blanks around operators are allowed; NFKC is applied first
    /// (so full-width signs are plain ones). A leading number is allowed: `10^4 CNY`, `1{TEU}`.
    pub fn parse(&self, text: &str) -> Result<Unit, UnitError> {
        if text.len() > LONGEST_TEXT {
            return Err(UnitError::OutOfRange);
        }
        Parser::new(self, text, Mode::Whole).whole()
    }

    /// Parses the unit that `text` begins with and returns it with the number of bytes it took.
    ///
    /// `loose`: as after `:` in a declaration: a leading number and blanks around `* · /` are
    /// allowed, and an operator that is not followed by a unit is left alone.
    /// Otherwise as in a literal after a number: it runs on over `* · / ^` only while no blank
    /// intervenes (except inside parentheses), has no leading number, and an operator directly
    /// followed by something that is no unit is an error at that place.
    ///
    /// In both, an operator with no blank behind it that is followed by an unknown word is an error
    /// (the word is most likely a misspelt unit). Full-width signs end the unit.
    pub fn parse_start(&self, text: &str, loose: bool) -> Result<(Unit, usize), UnitError> {
        let mode = if loose { Mode::Loose } else { Mode::Literal };
        Parser::new(self, text, mode).start()
    }

    /// 是否单位 Whether a single word (with prefix, multiplier, substance) is a unit.
    pub fn knows(&self, word: &str) -> bool {
        self.resolve(word).is_some()
    }

    /// 全部名称 The names in the table, without prefixes, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries.iter().map(|(name, entry)| (name.as_str(), entry))
    }

    fn insert(&mut self, name: &str, unit: &Unit, prefixes: Prefixes) {
        let entry = Entry {
            scale: unit.scale().clone(),
            dimension: unit.dimension().clone(),
            prefixes,
            definition: Some(Arc::new(unit.clone())),
        };
        Arc::make_mut(&mut self.entries).insert(name.to_owned(), entry);
    }

    fn insert_base(&mut self, name: &str, base: Base, scale: Exact, prefixes: Prefixes) {
        let dimension = Dimension::of(base);
        let entry = Entry { scale, dimension, prefixes, definition: None };
        Arc::make_mut(&mut self.entries).insert(name.to_owned(), entry);
    }

    /// The meaning of a word with its multipliers, prefix and substance.
    pub(crate) fn resolve(&self, word: &str) -> Option<Atom> {
        if let Some(atom) = self.resolve_plain(word) {
            return Some(atom);
        }
        let mut exponent = 0;
        for (place, character) in word.char_indices() {
            let (_, power) = names::MULTIPLIERS.iter().find(|(sign, _)| *sign == character)?;
            exponent += power;
            let (multiplier, rest) = word.split_at_checked(place + character.len_utf8())?;
            if let Some(atom) = self.resolve_plain(rest).filter(|atom| !atom.is_celsius()) {
                let multiplier_value = number::bounded(power_of_ten(exponent)).ok()?;
                return Some(Atom { multiplier: multiplier.to_owned(), multiplier_value, ..atom });
            }
        }
        None
    }

    /// A word without multipliers.
    fn resolve_plain(&self, word: &str) -> Option<Atom> {
        self.resolve_name(word).or_else(|| self.resolve_substance(word))
    }

    /// A name of the table, or a prefix and a name.
    fn resolve_name(&self, word: &str) -> Option<Atom> {
        if let Some(entry) = self.entries.get(word) {
            return Some(entry.atom(word, Exact::one()));
        }
        let prefixed = |(prefix, power): &(&str, i64), chinese: bool| {
            let rest = word.strip_prefix(prefix)?;
            let entry = self.entries.get(rest)?;
            let fits = match entry.prefixes {
                Prefixes::None => false,
                Prefixes::Chinese => chinese,
                Prefixes::Si => !chinese,
                Prefixes::Large => !chinese && (3..=12).contains(power),
                Prefixes::Small => !chinese && *power <= -3,
            };
            fits.then(|| entry.atom(word, power_of_ten(*power)))
        };
        let si = names::SI_PREFIXES.iter().find_map(|prefix| prefixed(prefix, false));
        si.or_else(|| names::CHINESE_PREFIXES.iter().find_map(|prefix| prefixed(prefix, true)))
    }

    /// A mass unit and a substance: `tCO2`; the longest mass unit first.
    fn resolve_substance(&self, word: &str) -> Option<Atom> {
        let mass = Dimension::of(Base::Mass);
        for (place, _) in word.char_indices().rev() {
            let (name, substance) = word.split_at_checked(place)?;
            if !substances::is_joinable(substance) {
                continue;
            }
            let Some(atom) = self.resolve_name(name).filter(|atom| atom.dimension == mass) else {
                continue;
            };
            let annotation = Base::Annotation(substances::canonical(substance));
            let dimension = mass.times(&Dimension::of(annotation))?;
            return Some(Atom { substance: Some(substance.to_owned()), dimension, ..atom });
        }
        None
    }
}

impl Entry {
    fn atom(&self, name: &str, prefix: Exact) -> Atom {
        let mut atom = Atom::number(name, &self.scale * prefix);
        atom.dimension = self.dimension.clone();
        atom.definition = self.definition.clone();
        atom
    }
}

/// 10 to a small power.
pub(crate) fn power_of_ten(exponent: i64) -> Exact {
    let power = Pow::pow(BigInt::from(10), exponent.unsigned_abs());
    if exponent < 0 { Exact::new(BigInt::one(), power) } else { Exact::from_integer(power) }
}

/// Letters, digits and `_` with single `·` between.
fn is_name(name: &str) -> bool {
    let mut parts = name.split('·');
    name.len() <= 64
        && parts.all(|part| {
            part.chars().all(|c| c.is_alphanumeric() || c == '_')
                && part.chars().next().is_some_and(|first| !first.is_ascii_digit())
        })
}

fn build() -> UnitTable {
    let mut table = UnitTable { entries: Arc::new(BTreeMap::new()) };
    let si = [
        ("m", Base::Length, Prefixes::Si),
        ("s", Base::Time, Prefixes::Small),
        ("A", Base::Current, Prefixes::Si),
        ("K", Base::Temperature, Prefixes::Si),
        ("°C", Base::Temperature, Prefixes::None),
        ("mol", Base::Amount, Prefixes::Si),
        ("cd", Base::Luminosity, Prefixes::Si),
    ];
    for (name, base, prefixes) in si {
        table.insert_base(name, base, Exact::one(), prefixes);
    }
    table.insert_base("g", Base::Mass, power_of_ten(-3), Prefixes::Si);
    for code in names::CURRENCIES {
        let base = Base::Currency(code.to_owned());
        table.insert_base(code, base, Exact::one(), Prefixes::None);
    }
    for (name, definition, prefixes) in names::DEFINED {
        // A definition that did not parse would be missing; a test holds them all against the list.
        if let Ok(unit) = table.parse(definition) {
            table.insert(name, &unit, prefixes);
        }
    }
    table
}
