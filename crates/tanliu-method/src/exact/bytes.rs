//! 累加器的字节 An exact sum as bytes, to be sent elsewhere and merged there.

use super::ExactSum;

impl ExactSum {
    /// The sum as bytes: flags, lowest limb, limbs; the same for the same state.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut own = self.clone();
        own.carry();
        let flags = u8::from(own.has_nan)
            | u8::from(own.has_positive_infinity) << 1
            | u8::from(own.has_negative_infinity) << 2;
        let mut bytes = vec![flags];
        bytes.extend(own.lowest.to_le_bytes());
        own.limbs.iter().for_each(|limb| bytes.extend(limb.to_le_bytes()));
        bytes
    }

    /// Reads what [`ExactSum::to_bytes`] wrote; nothing if it is none of it.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (flags, rest) = bytes.split_first()?;
        let (lowest, limbs) = rest.split_first_chunk::<4>()?;
        let chunks = limbs.chunks_exact(8);
        if *flags > 7 || !chunks.remainder().is_empty() {
            return None;
        }
        let limbs = chunks
            .map(|limb| limb.try_into().ok().map(i64::from_le_bytes))
            .collect::<Option<Vec<i64>>>()?;
        let sane = limbs.iter().all(|limb| limb.unsigned_abs() <= 1 << 32);
        sane.then_some(Self {
            limbs,
            lowest: i32::from_le_bytes(*lowest),
            pending: 1,
            has_nan: flags & 1 != 0,
            has_positive_infinity: flags & 2 != 0,
            has_negative_infinity: flags & 4 != 0,
        })
    }
}
