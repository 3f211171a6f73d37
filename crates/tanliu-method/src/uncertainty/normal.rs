//! 正态分布 The inverse of the normal distribution function: exact enough once, fast many times.
//!
//! [`inverse`] is algorithm AS241, PPND16 (Wichura, Applied Statistics 37, 1988), right to some
//! sixteen digits. [`NormalTable`] holds it as polynomials of degree five over sixteenths of octaves
//! of the tail: no branch, no logarithm, and within 1e-9 of AS241 (a test sees to that).

use super::random::GROUP;

/// The half-width of a 95 % interval of the normal distribution, in standard deviations.
pub(super) const HALF_WIDTH_95: f64 = 1.959_963_984_540_054;

const CENTRAL: [[f64; 8]; 2] = [
    [
        3.387_132_872_796_366_5,
        1.331_416_678_917_843_8e2,
        1.971_590_950_306_551_3e3,
        1.373_169_376_550_946e4,
        4.592_195_393_154_987e4,
        6.726_577_092_700_87e4,
        3.343_057_558_358_813e4,
        2.509_080_928_730_122_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091e1,
        6.871_870_074_920_579e2,
        5.394_196_021_424_751e3,
        2.121_379_430_158_659_7e4,
        3.930_789_580_009_271e4,
        2.872_908_573_572_194_3e4,
        5.226_495_278_852_854e3,
    ],
];
const MIDDLE: [[f64; 8]; 2] = [
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        2.417_807_251_774_506e-1,
        2.272_384_498_926_918_4e-2,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        6.897_673_349_851e-1,
        1.481_039_764_274_800_8e-1,
        1.519_866_656_361_645_7e-2,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
];
const FAR: [[f64; 8]; 2] = [
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        2.965_605_718_285_049e-1,
        2.653_218_952_657_612_4e-2,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        5.998_322_065_558_879e-1,
        1.369_298_809_227_358e-1,
        1.487_536_129_085_061_5e-2,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_7e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
];

fn quotient(coefficients: &[[f64; 8]; 2], x: f64) -> f64 {
    let [above, below] = coefficients;
    let value = |list: &[f64; 8]| list.iter().rev().fold(0.0, |sum, own| sum * x + own);
    value(above) / value(below)
}

/// The number below which a normal variable lies with this probability (AS241, PPND16).
pub(super) fn inverse(probability: f64) -> f64 {
    let centred = probability - 0.5;
    if centred.abs() <= 0.425 {
        return centred * quotient(&CENTRAL, 0.180_625 - centred * centred);
    }
    let tail = if centred < 0.0 { probability } else { 1.0 - probability };
    let root = libm::sqrt(-libm::log(tail));
    let size = match root <= 5.0 {
        true => quotient(&MIDDLE, root - 1.6),
        false => quotient(&FAR, root - 5.0),
    };
    if centred < 0.0 { -size } else { size }
}

/// The probability that a normal variable lies below a number.
pub(super) fn distribution(x: f64) -> f64 {
    0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

/// One step of a word of 32 bits between 0 and 1.
pub(super) const WORD: f64 = 1.0 / 4_294_967_296.0;
const OCTAVES: usize = 32;
const PARTS: usize = 16;
const DEGREE: usize = 5;
/// The upper sixteen bits of 2⁻³³, the smallest tail a word of 32 bits can name.
const LOWEST: u64 = (1023 - 33) << 4;
const FRACTION: u64 = 0x0000_FFFF_FFFF_FFFF;
const ONE: u64 = 1023 << 52;

/// 正态表 The inverse of the lower tail, piece by piece.
#[derive(Debug)]
pub(super) struct NormalTable {
    pieces: Box<[[f64; DEGREE + 1]; OCTAVES * PARTS]>,
}

impl NormalTable {
    pub(super) fn new() -> Self {
        let mut pieces = Box::new([[0.0; DEGREE + 1]; OCTAVES * PARTS]);
        for (number, piece) in (0_u64..).zip(pieces.iter_mut()) {
            let base = f64::from_bits((LOWEST + number) << 48);
            let octave = f64::from_bits((LOWEST + number) >> 4 << 52);
            *piece = fitted(|t| inverse(base + octave * t), 1.0 / PARTS as f64);
        }
        Self { pieces }
    }

    /// Normal numbers from words: a word's first bit is the sign, the others name the tail. Tails
    /// are computed side by side, then looked up one by one.
    #[expect(clippy::indexing_slicing, reason = "a group is counted")]
    #[inline]
    pub(super) fn of_words(
        &self,
        words: &[u32; GROUP],
        out: &mut [f64; GROUP],
        (centre, deviation): (f64, f64),
    ) {
        let mut tails = [0.0; GROUP];
        for at in 0..GROUP {
            // Of 31 bits: signed numbers convert several at a time.
            tails[at] = (f64::from((words[at] & 0x7FFF_FFFF).cast_signed()) + 0.5) * WORD;
        }
        for at in 0..GROUP {
            let sign = u64::from(words[at] >> 31) << 63;
            let number = f64::from_bits(self.of_tail(tails[at]).to_bits() ^ sign);
            out[at] = centre + deviation * number;
        }
    }

    /// The inverse of a lower tail from 2⁻³³ to one half; negative.
    #[inline]
    fn of_tail(&self, tail: f64) -> f64 {
        let bits = tail.to_bits();
        let number = ((bits >> 48).wrapping_sub(LOWEST) as usize) & (OCTAVES * PARTS - 1);
        let t = f64::from_bits((bits & FRACTION) | ONE) - 1.0;
        match self.pieces.get(number) {
            Some([a, b, c, d, e, f]) => {
                let square = t * t;
                (a + b * t) + square * ((c + d * t) + square * (e + f * t))
            }
            None => 0.0,
        }
    }

    /// The inverse at any probability strictly between 0 and 1.
    pub(super) fn of_probability(&self, probability: f64) -> f64 {
        let tail = probability.min(1.0 - probability);
        match (1e-9..0.5).contains(&tail) {
            true if probability < 0.5 => self.of_tail(tail),
            true => -self.of_tail(tail),
            false => inverse(probability),
        }
    }
}

/// The polynomial in powers of `t` through a function at the Chebyshev points of `0 … width`.
fn fitted(function: impl Fn(f64) -> f64, width: f64) -> [f64; DEGREE + 1] {
    let mut points = [0.0; DEGREE + 1];
    for (number, point) in (0_u32..).zip(points.iter_mut()) {
        let angle = std::f64::consts::PI * (f64::from(number) + 0.5) / (DEGREE + 1) as f64;
        *point = 0.5 * width * (1.0 - libm::cos(angle));
    }
    // Newton's divided differences, then powers.
    let mut differences = points.map(&function);
    for step in 1..=DEGREE {
        let before = differences;
        for (number, place) in differences.iter_mut().enumerate().skip(step) {
            let at = |list: &[f64; DEGREE + 1], n: usize| list.get(n).copied().unwrap_or(0.0);
            *place = (at(&before, number) - at(&before, number - 1))
                / (at(&points, number) - at(&points, number - step));
        }
    }
    let mut powers = [0.0; DEGREE + 1];
    for (difference, point) in differences.iter().zip(&points).rev() {
        let before = powers;
        for (number, place) in powers.iter_mut().enumerate() {
            let lower = number.checked_sub(1).and_then(|n| before.get(n)).copied().unwrap_or(0.0);
            *place = lower - point * before.get(number).copied().unwrap_or(0.0);
        }
        if let Some(first) = powers.first_mut() {
            *first += difference;
        }
    }
    powers
}

#[cfg(test)]
mod tests {
    use super::{GROUP, HALF_WIDTH_95, NormalTable, distribution, inverse};

    /// The three probabilities that Wichura's paper gives with their deviates.
    #[test]
    fn the_inverse_gives_its_published_answers() {
        for (probability, deviate) in [
            (0.25, -0.674_489_750_196_081_7),
            (0.001, -3.090_232_306_167_813_5),
            (1e-20, -9.262_340_089_798_408),
        ] {
            assert!((inverse(probability) - deviate).abs() < 1e-14 * deviate.abs() * 4.0);
        }
        assert!((inverse(0.975) - HALF_WIDTH_95).abs() < 1e-14);
    }

    #[test]
    fn inverse_and_distribution_undo_each_other() {
        for number in -60..=60 {
            let x = f64::from(number) / 10.0;
            let error = inverse(distribution(x)) - x;
            assert!(error.abs() < 1e-6, "{x}: {error}");
        }
    }

    #[test]
    fn the_table_follows_the_inverse_to_nine_digits() {
        let table = NormalTable::new();
        for number in 0..200_000_u32 {
            // All sizes of words, not only large ones.
            let word = number.wrapping_mul(2_654_435_761) >> (number % 32);
            let probability = (f64::from(word & 0x7FFF_FFFF) + 0.5) / 4_294_967_296.0;
            let wanted = inverse(probability);
            let (mut low, mut high) = ([0.0; GROUP], [0.0; GROUP]);
            table.of_words(&[word & 0x7FFF_FFFF; GROUP], &mut low, (0.0, 1.0));
            table.of_words(&[word | 0x8000_0000; GROUP], &mut high, (0.0, 1.0));
            let (low, high) = (low[3], high[GROUP - 1]);
            assert!((low - wanted).abs() < 1e-9 && (high + wanted).abs() < 1e-9, "{word}");
            assert!((table.of_probability(1.0 - probability) + wanted).abs() < 1e-6);
        }
    }
}
