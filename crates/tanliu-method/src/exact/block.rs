//! 分块求和 A block of doubles of like magnitude, summed without error in two plain doubles.
//!
//! Each number is cut at one bit into a high and a low part (both exact); the high parts are whole
//! multiples of one power of two, few enough that their plain sum is exact, and so are the low
//! ones. It is a loop of additions that the processor does several at a time.

/// The most numbers of a block: 2^12, so that a plain sum grows by 12 bits at most.
pub(super) const MOST: usize = 4096;
/// How many bits the high parts have.
const HIGH_BITS: i32 = 40;
/// How far below the largest number the smallest one may lie: 40 bits high part, 41 bits from there
/// to the low sum's top (12 of growth), 53 bits of the low sum, 53 bits of a number itself.
const REACH_BITS: i32 = 28;
/// Several sums side by side: the additions of a block need not wait for each other.
const LANES: usize = 8;

/// The sums of the high and of the low parts, both exact; nothing where the numbers lie too far
/// apart, are too large or too small for it, or are not finite.
pub(super) fn split_sum(block: &[f64]) -> Option<(f64, f64)> {
    let (smallest, largest) = range(block)?;
    if largest == 0.0 {
        return Some((0.0, 0.0));
    }
    // 2^exponent is above every magnitude.
    let exponent = exponent_of(largest) + 1;
    if !(-800..900).contains(&exponent) || exponent_of(smallest) < exponent - REACH_BITS {
        return None;
    }
    // Added and taken off again it rounds to a whole multiple of 2^(exponent − HIGH_BITS).
    let cutter = 1.5 * power_of_two(exponent - HIGH_BITS + 52);
    let mut high = [0.0_f64; LANES];
    let mut low = [0.0_f64; LANES];
    let chunks = block.chunks_exact(LANES);
    let rest = chunks.remainder();
    for chunk in chunks {
        for ((value, high), low) in chunk.iter().zip(&mut high).zip(&mut low) {
            let upper = (*value + cutter) - cutter;
            *high += upper;
            *low += *value - upper;
        }
    }
    for ((value, high), low) in rest.iter().zip(&mut high).zip(&mut low) {
        let upper = (*value + cutter) - cutter;
        *high += upper;
        *low += *value - upper;
    }
    Some((high.iter().sum(), low.iter().sum()))
}

/// The smallest magnitude that is not zero and the largest; nothing if a number is not finite.
fn range(block: &[f64]) -> Option<(f64, f64)> {
    let mut largest = [0.0_f64; LANES];
    let mut smallest = [f64::INFINITY; LANES];
    let mut strange = [0.0_f64; LANES];
    let mut look = |values: &[f64]| {
        for (position, value) in values.iter().enumerate() {
            let size = value.abs();
            let (Some(most), Some(least), Some(odd)) =
                (largest.get_mut(position), smallest.get_mut(position), strange.get_mut(position))
            else {
                continue;
            };
            // 0 · x is 0 for every finite number, and NaN for the others.
            *odd += 0.0 * size;
            *most = if size > *most { size } else { *most };
            let counted = if size == 0.0 { f64::INFINITY } else { size };
            *least = if counted < *least { counted } else { *least };
        }
    };
    let chunks = block.chunks_exact(LANES);
    let rest = chunks.remainder();
    chunks.for_each(&mut look);
    look(rest);
    let finite = strange.iter().all(|odd| *odd == 0.0);
    let most = largest.iter().fold(0.0_f64, |most, size| if *size > most { *size } else { most });
    let least = smallest
        .iter()
        .fold(f64::INFINITY, |least, size| if *size < least { *size } else { least });
    finite.then_some((least, most))
}

/// The power of two at or below a positive number (of a subnormal one, a smaller one).
fn exponent_of(value: f64) -> i32 {
    i32::try_from(value.to_bits() >> 52 & 0x7ff).unwrap_or(0) - 1023
}

fn power_of_two(exponent: i32) -> f64 {
    let biased = u64::try_from(exponent + 1023).unwrap_or(0).min(2046);
    f64::from_bits(biased << 52)
}
