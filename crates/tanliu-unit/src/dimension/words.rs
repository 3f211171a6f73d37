//! 量纲的读法 Dimensions in words: `energy/mass`, `mass{CO2}/energy`, 能量/质量.

use super::{Base, Dimension};
use num_rational::Rational64;
use num_traits::{One, Signed};
use std::fmt;

/// A named kind of quantity: Chinese, English, exponents of length, mass, time.
struct Kind(&'static str, &'static str, [i64; 3]);

/// The kinds readers know, in the order of preference. Pressure is not among them: here GJ/m3 is a
/// heating value, energy/volume.
const KINDS: [Kind; 7] = [
    Kind("能量", "energy", [2, 1, -2]),
    Kind("功率", "power", [2, 1, -3]),
    Kind("质量", "mass", [0, 1, 0]),
    Kind("体积", "volume", [3, 0, 0]),
    Kind("面积", "area", [2, 0, 0]),
    Kind("长度", "length", [1, 0, 0]),
    Kind("时间", "time", [0, 0, 1]),
];

/// 语言 Which language a text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Chinese,
    English,
}

impl Dimension {
    /// 中文读法 In Chinese words: `质量{CO2}/能量`.
    pub fn words_zh(&self) -> String {
        self.words(Language::Chinese)
    }

    /// 英文读法 In English words: `mass{CO2}/energy`.
    pub fn words_en(&self) -> String {
        self.words(Language::English)
    }

    fn words(&self, language: Language) -> String {
        let (mut above, mut below) = self.mechanical(language);
        for (base, exponent) in &self.0 {
            if let Some(word) = other_base(base, language) {
                let side = if exponent.is_positive() { &mut above } else { &mut below };
                let word = raised(&word, exponent.abs());
                // A gas state follows its volume: `volume@0C`.
                match side.last_mut() {
                    Some(volume) if matches!(base, Base::State(_)) => volume.push_str(&word),
                    _ => side.push(word),
                }
            }
        }
        self.annotate(&mut above, true);
        self.annotate(&mut below, false);
        assemble(&above, &below, language)
    }

    /// Length, mass and time as at most two named kinds over at most two, else as base quantities.
    fn mechanical(&self, language: Language) -> (Vec<String>, Vec<String>) {
        let bases = [Base::Length, Base::Mass, Base::Time];
        let target = bases.clone().map(|base| self.exponent(&base));
        if let Some((above, below)) = named(target) {
            let word = |kind: &&Kind| kind.word(language).to_owned();
            return (above.iter().map(word).collect(), below.iter().map(word).collect());
        }
        let (mut above, mut below) = (Vec::new(), Vec::new());
        for (symbol, exponent) in ["m", "kg", "s"].into_iter().zip(target) {
            if exponent.is_positive() {
                above.push(raised(symbol, exponent));
            } else if exponent.is_negative() {
                below.push(raised(symbol, exponent.abs()));
            }
        }
        (above, below)
    }

    /// Hangs the annotations of one sign on the first word of that side.
    fn annotate(&self, side: &mut Vec<String>, positive: bool) {
        let mut braces = String::new();
        for (base, exponent) in &self.0 {
            if let Base::Annotation(text) = base
                && exponent.is_positive() == positive
            {
                braces.push_str(&raised(&format!("{{{text}}}"), exponent.abs()));
            }
        }
        if braces.is_empty() {
            return;
        }
        match side.first_mut() {
            Some(first) => first.push_str(&braces),
            None => side.push(braces),
        }
    }
}

impl Kind {
    fn word(&self, language: Language) -> &'static str {
        match language {
            Language::Chinese => self.0,
            Language::English => self.1,
        }
    }
}

/// The fewest named kinds whose quotient has these exponents.
fn named(target: [Rational64; 3]) -> Option<(Vec<&'static Kind>, Vec<&'static Kind>)> {
    let none: Vec<Vec<&'static Kind>> = vec![Vec::new()];
    let one: Vec<Vec<&'static Kind>> = KINDS.iter().map(|kind| vec![kind]).collect();
    let mut two = Vec::new();
    for (rank, first) in KINDS.iter().enumerate() {
        two.extend(KINDS.iter().skip(rank).map(|second| vec![first, second]));
    }
    let shapes = [
        (&none, &none),
        (&one, &none),
        (&none, &one),
        (&one, &one),
        (&two, &none),
        (&one, &two),
        (&two, &one),
    ];
    for (aboves, belows) in shapes {
        for above in aboves {
            for below in belows {
                if quotient(above, below) == target {
                    return Some((above.clone(), below.clone()));
                }
            }
        }
    }
    None
}

fn quotient(above: &[&Kind], below: &[&Kind]) -> [Rational64; 3] {
    let mut sums = [0_i64; 3];
    for (kinds, sign) in [(above, 1), (below, -1)] {
        for kind in kinds {
            for (sum, exponent) in sums.iter_mut().zip(kind.2) {
                *sum += sign * exponent;
            }
        }
    }
    sums.map(Rational64::from_integer)
}

/// The word of a base that is neither mechanical nor an annotation.
fn other_base(base: &Base, language: Language) -> Option<String> {
    let words = match base {
        Base::Length | Base::Mass | Base::Time | Base::Annotation(_) => return None,
        Base::Current => ("电流", "current"),
        Base::Temperature => ("温度", "temperature"),
        Base::Amount => ("物质的量", "amount of substance"),
        Base::Luminosity => ("光强", "luminous intensity"),
        Base::Currency(name) => return Some(name.clone()),
        Base::State(state) => return Some(format!("@{state}")),
    };
    Some(if language == Language::Chinese { words.0 } else { words.1 }.to_owned())
}

fn raised(word: &str, exponent: Rational64) -> String {
    if exponent.is_one() { word.to_owned() } else { format!("{word}^{exponent}") }
}

fn assemble(above: &[String], below: &[String], language: Language) -> String {
    let number = if language == Language::Chinese { "数" } else { "number" };
    let join = |words: &[String]| words.join("*");
    match (above.is_empty(), below.len()) {
        (true, 0) => number.to_owned(),
        (false, 0) => join(above),
        (true, 1) => format!("1/{}", join(below)),
        (false, 1) => format!("{}/{}", join(above), join(below)),
        (true, _) => format!("1/({})", join(below)),
        (false, _) => format!("{}/({})", join(above), join(below)),
    }
}

/// English words; [`Dimension::words_zh`] gives the Chinese ones.
impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words_en())
    }
}
