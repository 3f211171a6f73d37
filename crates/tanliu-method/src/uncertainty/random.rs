//! 随机数 Counter-based random numbers: a draw is a function of seed, leaf and number, so that
//! neither the order of rows nor blocks nor threads can show in it.
//!
//! The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
//! as 1, 2, 3", SC11). Key: the seed. Counter: number of the group of four words, then the leaf.
//! A leaf's draws come in groups of [`GROUP`]: word `w` of counter `8 g + l` is draw
//! `32 g + 8 w + l`, which lets eight counters run side by side.

/// Counters that run side by side.
const LANES: usize = 8;
/// Draws of one group.
pub(super) const GROUP: usize = 4 * LANES;

const MULTIPLIERS: (u32, u32) = (0xD251_1F53, 0xCD9E_8D57);
const WEYL: (u32, u32) = (0x9E37_79B9, 0xBB67_AE85);
const ROUNDS: usize = 10;

/// Eight counters at once; `counter[w][l]` is word `w` of lane `l`.
///
/// Plain loops over lanes: chains of iterators are not taken apart here, and cost a third.
#[expect(clippy::indexing_slicing, reason = "lanes are counted")]
#[inline]
fn philox(counter: &mut [[u32; LANES]; 4], seed: u64) {
    let (mut low_key, mut high_key) = halves(seed);
    let [a, b, c, d] = counter;
    for _ in 0..ROUNDS {
        for lane in 0..LANES {
            let (first_high, first_low) = wide(MULTIPLIERS.0, a[lane]);
            let (second_high, second_low) = wide(MULTIPLIERS.1, c[lane]);
            a[lane] = second_high ^ b[lane] ^ low_key;
            c[lane] = first_high ^ d[lane] ^ high_key;
            b[lane] = second_low;
            d[lane] = first_low;
        }
        low_key = low_key.wrapping_add(WEYL.0);
        high_key = high_key.wrapping_add(WEYL.1);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the two halves of the product")]
#[inline]
fn wide(a: u32, b: u32) -> (u32, u32) {
    let product = u64::from(a) * u64::from(b);
    ((product >> 32) as u32, product as u32)
}

#[expect(clippy::cast_possible_truncation, reason = "the two halves of the number")]
fn halves(number: u64) -> (u32, u32) {
    (number as u32, (number >> 32) as u32)
}

/// The words of one group of draws of a leaf, in the order of draws.
#[expect(clippy::indexing_slicing, reason = "lanes are counted")]
#[inline]
pub(super) fn group(seed: u64, leaf: u64, number: u64) -> [u32; GROUP] {
    let (leaf_low, leaf_high) = halves(leaf);
    let mut counter = [[0; LANES], [0; LANES], [leaf_low; LANES], [leaf_high; LANES]];
    for (lane, at) in (0..LANES).zip(number * LANES as u64..) {
        (counter[0][lane], counter[1][lane]) = halves(at);
    }
    philox(&mut counter, seed);
    let mut words = [0; GROUP];
    for (words, own) in words.chunks_exact_mut(LANES).zip(&counter) {
        words.copy_from_slice(own);
    }
    words
}

/// 摘要 FNV-1a of 64 bits: what a leaf is called among the random numbers.
pub(super) fn digest(text: &str) -> u64 {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
    // FNV's high bits move little on short texts; the finisher of SplitMix64 spreads them.
    let mut hash = text.bytes().fold(0xCBF2_9CE4_8422_2325, mix);
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::{LANES, group, philox};

    fn one(counter: [u32; 4], seed: u64) -> [u32; 4] {
        let mut lanes = counter.map(|word| [word; LANES]);
        philox(&mut lanes, seed);
        assert!(lanes.iter().all(|word| word.iter().all(|lane| *lane == word[0])));
        lanes.map(|word| word[7])
    }

    /// `philox 4x32 10` of the known answers in Random123's `tests/kat_vectors`.
    #[test]
    fn philox_gives_its_published_answers() {
        assert_eq!(one([0; 4], 0), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(
            one([u32::MAX; 4], u64::MAX),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            one([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], 0x299f_31d0_a409_3822),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn lanes_are_consecutive_counters() {
        let words = group(7, 0x0123_4567_89ab_cdef, 3);
        let alone = one([26, 0, 0x89ab_cdef, 0x0123_4567], 7);
        assert_eq!([words[2], words[10], words[18], words[26]], alone);
    }
}
