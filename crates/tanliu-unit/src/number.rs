//! 精确数 Exact numbers in units: the way they are written, their powers and roots.

use crate::{Exact, UnitError};
use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::Rational64;
use num_traits::{One, Pow, Signed, ToPrimitive, Zero};

/// No numerator or denominator of a scale has more bits.
pub(crate) const MOST_BITS: u64 = 2_048;
/// Intermediate results under a root may be this long.
const MOST_BITS_UNDER_ROOT: u64 = 1 << 17;
/// Bits to which an irrational root is held (a double has 53).
const ROOT_BITS: u64 = 96;

/// The number itself, if it is short enough to work with.
pub(crate) fn bounded(number: Exact) -> Result<Exact, UnitError> {
    if bits(&number) > MOST_BITS { Err(UnitError::OutOfRange) } else { Ok(number) }
}

fn bits(number: &Exact) -> u64 {
    number.numer().bits().max(number.denom().bits())
}

/// `number` to an integer power, refused before it is computed if it grew too long.
pub(crate) fn integer_power(number: &Exact, exponent: i64) -> Result<Exact, UnitError> {
    bounded_power(number, exponent, MOST_BITS)
}

fn bounded_power(number: &Exact, exponent: i64, most: u64) -> Result<Exact, UnitError> {
    if number.is_one() || exponent == 0 {
        return Ok(Exact::one());
    }
    let steps = exponent.unsigned_abs();
    // A number of b bits has at least (b − 1)·e bits after the power; 10^e is caught early as well.
    if bits(number).saturating_sub(1).saturating_mul(steps) > most {
        return Err(UnitError::OutOfRange);
    }
    let steps = u32::try_from(steps).map_err(|_| UnitError::OutOfRange)?;
    let power = Exact::new_raw(Pow::pow(number.numer(), steps), Pow::pow(number.denom(), steps));
    match (exponent < 0, power.is_zero()) {
        (true, true) => Err(UnitError::OutOfRange),
        (true, false) => Ok(power.recip()),
        (false, _) => Ok(power),
    }
}

/// The product of positive numbers to rational powers.
///
/// All powers are brought under one root, so that equal products give equal results. A perfect
/// root is exact; any other is held to 96 bits, far beyond the double that a conversion becomes.
pub(crate) fn product_of_powers<'a>(
    powers: impl Iterator<Item = (&'a Exact, Rational64)> + Clone,
) -> Result<Exact, UnitError> {
    let root = powers.clone().try_fold(1_i64, |root, (_, exponent)| {
        let next = root.lcm(exponent.denom());
        (next <= crate::dimension::LARGEST_EXPONENT).then_some(next).ok_or(UnitError::OutOfRange)
    })?;
    let most = if root == 1 { MOST_BITS } else { MOST_BITS_UNDER_ROOT };
    let mut product = Exact::one();
    for (number, exponent) in powers {
        let whole = (exponent * Rational64::from_integer(root)).to_integer();
        product *= bounded_power(number, whole, most)?;
        if bits(&product) > most {
            return Err(UnitError::OutOfRange);
        }
    }
    bounded(self::root(product, root)?)
}

/// The positive root of a positive number.
fn root(number: Exact, degree: i64) -> Result<Exact, UnitError> {
    if degree == 1 || number.is_one() {
        return Ok(number);
    }
    if !number.is_positive() {
        return Err(UnitError::OutOfRange);
    }
    if let Some(exact) = perfect_root(&number, degree) {
        return Ok(exact);
    }
    let degree_bits = u64::try_from(degree).map_err(|_| UnitError::OutOfRange)?;
    let degree = u32::try_from(degree).map_err(|_| UnitError::OutOfRange)?;
    // Shift by a multiple of the degree so that the integer root has at least ROOT_BITS bits.
    let lacking = number.denom().bits().saturating_sub(number.numer().bits());
    let shift = ROOT_BITS + lacking / degree_bits + 1;
    let scaled = (number.numer() << (shift * degree_bits)) / number.denom();
    Ok(Exact::new(scaled.nth_root(degree), BigInt::one() << shift))
}

/// The root, if it is itself a rational number.
pub(crate) fn perfect_root(number: &Exact, degree: i64) -> Option<Exact> {
    let degree = u32::try_from(degree).ok()?;
    if !number.is_positive() {
        return None;
    }
    let (above, below) = (number.numer().nth_root(degree), number.denom().nth_root(degree));
    let perfect =
        Pow::pow(&above, degree) == *number.numer() && Pow::pow(&below, degree) == *number.denom();
    perfect.then(|| Exact::new(above, below))
}

/// A leading number of a unit as text that parses back: `10^4`, `1000`, `0.5`, `44/12` as `11/3`.
pub(crate) fn text_of(number: &Exact) -> String {
    if number.is_integer() {
        let digits = number.numer().to_string();
        let zeros = digits.len() - digits.trim_end_matches('0').len();
        let power_of_ten = zeros >= 4 && digits.len() == zeros + 1 && digits.starts_with('1');
        return if power_of_ten { format!("10^{zeros}") } else { digits };
    }
    decimal(number).unwrap_or_else(|| format!("{}/{}", number.numer(), number.denom()))
}

/// A short finite decimal, if the number is one.
fn decimal(number: &Exact) -> Option<String> {
    const MOST_PLACES: usize = 15;
    let ten = BigInt::from(10);
    let places =
        (1..=MOST_PLACES).find(|places| (Pow::pow(&ten, *places) % number.denom()).is_zero())?;
    let digits = (number.numer() * Pow::pow(&ten, places) / number.denom()).to_string();
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = padded.split_at_checked(padded.len() - places)?;
    Some(format!("{whole}.{fraction}"))
}

/// Reads `12`, `0.5` or `1e4` (no sign) from the beginning of a text: the number and its bytes.
pub(crate) fn read_decimal(text: &str) -> Option<(Result<Exact, UnitError>, usize)> {
    let whole = digits(text);
    if whole == 0 {
        return None;
    }
    let mut end = whole;
    let mut places = 0;
    let rest = text.get(end..)?;
    if let Some(fraction) = rest.strip_prefix('.') {
        places = digits(fraction);
        end += if places > 0 { places + 1 } else { 0 };
    }
    let mantissa = text.get(..end)?.replace('.', "");
    let (exponent, taken) = read_exponent(text.get(end..)?);
    Some((assemble(&mantissa, exponent, places), end + taken))
}

fn digits(text: &str) -> usize {
    text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len()
}

/// `e4`, `E-3`: the exponent (nothing if it is absurd) and the bytes taken; `e` alone is not taken.
fn read_exponent(text: &str) -> (Option<i64>, usize) {
    let Some(rest) = text.strip_prefix(['e', 'E']) else { return (Some(0), 0) };
    let unsigned = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    let length = digits(unsigned);
    if length == 0 {
        return (Some(0), 0);
    }
    let end = rest.len() - unsigned.len() + length;
    let value = rest.get(..end).and_then(|text| text.parse::<i64>().ok());
    (value, end + 1)
}

fn assemble(mantissa: &str, exponent: Option<i64>, places: usize) -> Result<Exact, UnitError> {
    let places = places.to_i64().ok_or(UnitError::OutOfRange)?;
    let exponent = exponent.and_then(|exponent| exponent.checked_sub(places));
    let exponent = exponent.ok_or(UnitError::OutOfRange)?;
    // 700 digits are more than MOST_BITS; longer ones are not even converted.
    if mantissa.len() > 700 || exponent.abs() > 700 {
        return Err(UnitError::OutOfRange);
    }
    let mantissa: BigInt = mantissa.parse().map_err(|_| UnitError::OutOfRange)?;
    let power = integer_power(&Exact::from_integer(BigInt::from(10)), exponent)?;
    bounded(Exact::from_integer(mantissa) * power)
}
