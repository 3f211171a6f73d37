//! 口令 Passwords: argon2id, checked in the same time whether or not the user exists.

use crate::clock::Entropy;
use crate::config::PasswordCost;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};

/// 口令失败 Why a password could not be digested.
#[derive(Debug, thiserror::Error)]
#[error("a password could not be digested: {0}")]
pub struct PasswordFailed(String);

/// 口令摘要 The argon2id string of a password, with a salt of its own.
///
/// # Errors
/// No entropy, or parameters that argon2 does not take.
pub fn digest_password(
    password: &str,
    cost: PasswordCost,
    entropy: &dyn Entropy,
) -> Result<String, PasswordFailed> {
    let failed = |why: String| PasswordFailed(why);
    let mut salt = [0_u8; 16];
    entropy.fill(&mut salt).map_err(|error| failed(error.to_string()))?;
    let hash: PasswordHash = hasher(cost)?
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|error| failed(error.to_string()))?;
    Ok(hash.to_string())
}

/// Whether a password is the one of an argon2id string. A string that is none takes as long as
/// `dummy`, and never fits.
pub(crate) fn fits(password: &str, digest: Option<&str>, dummy: &str) -> bool {
    let known = digest.is_some_and(|text| PasswordHash::new(text).is_ok());
    let digest = digest.filter(|_| known).unwrap_or(dummy);
    let Ok(hash) = PasswordHash::new(digest) else { return false };
    let equal = Argon2::default().verify_password(password.as_bytes(), &hash).is_ok();
    equal && known
}

fn hasher(cost: PasswordCost) -> Result<Argon2<'static>, PasswordFailed> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, None)
        .map_err(|error| PasswordFailed(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Whether two secrets are equal, in a time that depends on their lengths alone.
pub(crate) fn same_secret(one: &str, other: &str) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let differing = one.bytes().zip(other.bytes()).fold(0, |all, (left, right)| all | left ^ right);
    std::hint::black_box(differing) == 0
}
