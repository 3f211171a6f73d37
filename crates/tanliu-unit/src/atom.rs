//! 单位因子 One named unit as written, with its substance and annotations, and its exact meaning.

use crate::{Base, Dimension, Exact, Unit};
use num_rational::Rational64;
use num_traits::One;
use std::fmt;
use std::sync::Arc;

/// 单位因子 `万tCO2{fossil}`: multiplier `万`, name `t`, substance `CO2`, annotation `fossil`.
#[derive(Debug, Clone)]
pub(crate) struct Atom {
    /// Chinese multipliers as written, and what they multiply by.
    pub(crate) multiplier: String,
    pub(crate) multiplier_value: Exact,
    /// The name with its prefix: `kWh`, `吨`, `1`, `%`; `(1000)` for a number under a root.
    pub(crate) name: String,
    /// The text after `@`: `2015`, `20C`.
    pub(crate) reference: Option<String>,
    /// A substance joined to the name: `CO2` in `tCO2`.
    pub(crate) substance: Option<String>,
    /// The texts in braces.
    pub(crate) annotations: Vec<String>,
    /// Scale and dimension of the whole, without the multiplier.
    pub(crate) scale: Exact,
    pub(crate) dimension: Dimension,
    /// What the name stands for, if it was defined by other units: `pkm` is `km{passenger}`.
    pub(crate) definition: Option<Arc<Unit>>,
}

/// 幂 An atom with its exponent.
#[derive(Debug, Clone)]
pub(crate) struct Term {
    pub(crate) atom: Arc<Atom>,
    pub(crate) exponent: Rational64,
}

impl Atom {
    /// A pure number without a name of its own, such as 2 in the square root of `2 m`.
    pub(crate) fn number(text: &str, scale: Exact) -> Atom {
        Atom {
            multiplier: String::new(),
            multiplier_value: Exact::one(),
            name: text.to_owned(),
            reference: None,
            substance: None,
            annotations: Vec::new(),
            scale,
            dimension: Dimension::number(),
            definition: None,
        }
    }

    /// `°C`, which is its own dimension's only unit with an offset.
    pub(crate) fn is_celsius(&self) -> bool {
        self.name == CELSIUS || self.definition.as_ref().is_some_and(|unit| unit.is_celsius())
    }

    /// Whether two atoms mean the same, their multipliers aside.
    pub(crate) fn same_base(&self, other: &Atom) -> bool {
        self.scale == other.scale && self.dimension == other.dimension
    }

    /// The same without its multiplier.
    pub(crate) fn without_multiplier(&self) -> Atom {
        Atom { multiplier: String::new(), multiplier_value: Exact::one(), ..self.clone() }
    }

    /// The same with another annotation in place of `from`; nothing if it is not written here.
    pub(crate) fn with_annotation(&self, from: &str, to: &str) -> Option<Atom> {
        let canonical = crate::substances::canonical;
        let mut atom = self.clone();
        let mut renamed = 0_i64;
        if self.substance.as_deref().is_some_and(|substance| canonical(substance) == from) {
            renamed += 1;
            let joined = crate::substances::is_joinable(to);
            atom.substance = joined.then(|| to.to_owned());
            if !joined {
                atom.annotations.insert(0, to.to_owned());
            }
        }
        let first = usize::from(renamed == 1 && atom.substance.is_none());
        for annotation in atom.annotations.iter_mut().skip(first) {
            if canonical(annotation) == from {
                to.clone_into(annotation);
                renamed += 1;
            }
        }
        if renamed == 0
            || self.dimension.exponent(&Base::Annotation(from.to_owned())) != renamed.into()
        {
            return None;
        }
        let change = Dimension::of(Base::Annotation(canonical(to)))
            .per(&Dimension::of(Base::Annotation(from.to_owned())))?
            .power(renamed.into())?;
        atom.dimension = self.dimension.times(&change)?;
        Some(atom)
    }
}

/// The name of degrees Celsius.
pub(crate) const CELSIUS: &str = "°C";

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.multiplier, self.name)?;
        if let Some(substance) = &self.substance {
            f.write_str(substance)?;
        }
        if let Some(reference) = &self.reference {
            write!(f, "@{reference}")?;
        }
        self.annotations.iter().try_for_each(|annotation| write!(f, "{{{annotation}}}"))
    }
}
