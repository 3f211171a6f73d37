//! 伪随机 A generator that is asked for places, not for the next number.
//!
//! SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, "Fast Splittable Pseudorandom Number Generators",
//! OOPSLA 2014) steps its state by a constant and mixes it, so its n-th number can be computed
//! without those before it. Whoever asks, in whatever order and on however many threads, gets the
//! same number for the same place.

/// The step of the state: 2^64 divided by the golden ratio, made odd.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// 随机流 A stream of numbers, one for each place.
#[derive(Debug, Clone, Copy)]
pub struct Stream(u64);

impl Stream {
    /// The stream of a seed; its numbers are those of SplitMix64 with that seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The stream of one thing among many: of a plant, of a plant's readings.
    pub fn of(self, place: u64) -> Self {
        Self(self.at(place))
    }

    /// Sixty-four random bits.
    pub fn at(self, place: u64) -> u64 {
        mix(self.0.wrapping_add(place.wrapping_add(1).wrapping_mul(STEP)))
    }

    /// A number in [0, 1), uniform on the multiples of 2^-53.
    pub fn unit(self, place: u64) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "53 bits are exact in a double")]
        let bits = (self.at(place) >> 11) as f64;
        bits / 9_007_199_254_740_992.0
    }

    /// A standard normal number from two places (Box and Muller 1958).
    pub fn normal(self, place: u64) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit(place)));
        radius * libm::cos(std::f64::consts::TAU * self.unit(place.wrapping_add(1)))
    }

    /// A number of mean 0 and variance 1, the sum of four uniform ones: bell-shaped, never beyond
    /// ±3.47, and a tenth of the price of a normal one.
    pub fn bell(self, place: u64) -> f64 {
        let bits = self.at(place);
        let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48);
        // Each of the four is one of 0 … 65535: mean 65535 / 2, variance (65536² − 1) / 12.
        #[allow(clippy::cast_precision_loss, reason = "below 2^18")]
        let about_zero = sum as f64 - 131_070.0;
        about_zero / 37_837.227_237_206_48
    }
}

fn mix(state: u64) -> u64 {
    let value = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}
