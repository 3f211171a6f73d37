//! 签名 ed25519 (RFC 8032) and SM2 with SM3 (GB/T 32918.2) behind one trait, keys as PEM.
//!
//! What is signed are the bytes of `MANIFEST.json`, which hold the digests of everything else: so
//! `openssl` can verify a pack's signature without this program. Both algorithms are used in their
//! deterministic form; no source of randomness is needed.

use crate::digest::sha256;
use ed25519_dalek::pkcs8::spki::DecodePublicKey;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePublicKey};
use serde::{Deserialize, Serialize};
use sm2::dsa::signature::Signer as _;

/// The name of the last entry of a signed pack.
pub const SIGNATURE: &str = "SIGNATURE.json";
/// The user id of SM2 where none is agreed (GM/T 0009-2012, section 10).
const USER_ID: &str = "1234567812345678";

/// 签名算法
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// ed25519
    Ed25519,
    /// SM2 with SM3 and the standard's user id.
    Sm2,
}

impl Algorithm {
    /// Its name in a pack.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::Sm2 => "sm2-sm3",
        }
    }

    /// The algorithm of a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Ed25519, Self::Sm2].into_iter().find(|algorithm| algorithm.name() == name)
    }
}

/// 签名条目 `SIGNATURE.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureBlock {
    /// `ed25519` or `sm2-sm3`.
    pub algorithm: String,
    /// The public key (SubjectPublicKeyInfo, DER) in hexadecimal digits.
    pub public_key: String,
    /// The signature in hexadecimal digits: ed25519 64 bytes, SM2 a DER sequence of r and s.
    pub signature: String,
}

impl SignatureBlock {
    /// Whether the signature is one of `message` by the block's own key; the key, if so.
    ///
    /// # Errors
    /// The algorithm or the key is unknown, or the signature is not one of the message.
    pub fn verify(&self, message: &[u8]) -> Result<Box<dyn Verifier>, KeyError> {
        let key = crate::digest::from_hexadecimal(&self.public_key).ok_or(KeyError::Unknown)?;
        let verifier = verifier_from_der(&key)?;
        let same = Algorithm::parse(&self.algorithm) == Some(verifier.algorithm());
        let signature = crate::digest::from_hexadecimal(&self.signature);
        let fits = signature.is_some_and(|signature| verifier.verify(message, &signature));
        if same && fits { Ok(verifier) } else { Err(KeyError::Mismatch) }
    }
}

/// 签名者 A private key.
pub trait Signer {
    /// Its algorithm.
    fn algorithm(&self) -> Algorithm;
    /// Its public key (SubjectPublicKeyInfo, DER).
    fn public_key(&self) -> Vec<u8>;
    /// Signs a message; the same message gives the same signature.
    ///
    /// # Errors
    /// The one message in 2²⁵⁶ that SM2 cannot sign.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError>;
}

/// 验签者 A public key.
pub trait Verifier {
    /// Its algorithm.
    fn algorithm(&self) -> Algorithm;
    /// The key (SubjectPublicKeyInfo, DER).
    fn public_key(&self) -> Vec<u8>;
    /// Whether a signature is one of the message by this key.
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool;
    /// SHA-256 of the key's DER: `openssl pkey -pubin -outform DER | sha256sum`.
    fn fingerprint(&self) -> String {
        sha256(&self.public_key())
    }
}

/// 密钥错误
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The key needs a password.
    #[error("the key is encrypted")]
    Encrypted,
    /// A public key where a private one is wanted, or the other way round.
    #[error("this is the other half of the key pair")]
    OtherHalf,
    /// Not a key of a known algorithm in PEM.
    #[error("this is no ed25519 or SM2 key in PEM (PKCS#8, SubjectPublicKeyInfo)")]
    Unknown,
    /// The signature is not one of this message by this key.
    #[error("the signature does not fit")]
    Mismatch,
    /// The key did not sign.
    #[error("the key cannot sign this message")]
    Unsigned,
}

/// Reads a private key from PEM (PKCS#8), as `openssl genpkey` writes it, and says by itself which
/// algorithm it is of.
///
/// # Errors
/// The key is encrypted, a public one, or of another kind.
pub fn signer_from_pem(pem: &str) -> Result<Box<dyn Signer>, KeyError> {
    if pem.contains("BEGIN ENCRYPTED PRIVATE KEY") {
        return Err(KeyError::Encrypted);
    }
    if pem.contains("BEGIN PUBLIC KEY") {
        return Err(KeyError::OtherHalf);
    }
    let pem = pem.trim();
    if let Ok(key) = ed25519_dalek::SigningKey::from_pkcs8_pem(pem) {
        return Ok(Box::new(key));
    }
    let key = sm2::SecretKey::from_pkcs8_pem(pem).map_err(|_| KeyError::Unknown)?;
    let key = sm2::dsa::SigningKey::new(USER_ID, &key).map_err(|_| KeyError::Unknown)?;
    Ok(Box::new(key))
}

/// Reads a public key from PEM (SubjectPublicKeyInfo), as `openssl pkey -pubout` writes it.
///
/// # Errors
/// It is a private key, or of another kind.
pub fn verifier_from_pem(pem: &str) -> Result<Box<dyn Verifier>, KeyError> {
    if pem.contains("PRIVATE KEY") {
        return Err(KeyError::OtherHalf);
    }
    let pem = pem.trim();
    if let Ok(key) = ed25519_dalek::VerifyingKey::from_public_key_pem(pem) {
        return Ok(Box::new(key));
    }
    sm2_verifier(sm2::PublicKey::from_public_key_pem(pem).map_err(|_| KeyError::Unknown)?)
}

/// Reads a public key from DER.
///
/// # Errors
/// It is of another kind.
pub fn verifier_from_der(der: &[u8]) -> Result<Box<dyn Verifier>, KeyError> {
    if let Ok(key) = ed25519_dalek::VerifyingKey::from_public_key_der(der) {
        return Ok(Box::new(key));
    }
    sm2_verifier(sm2::PublicKey::from_public_key_der(der).map_err(|_| KeyError::Unknown)?)
}

fn sm2_verifier(key: sm2::PublicKey) -> Result<Box<dyn Verifier>, KeyError> {
    let key = sm2::dsa::VerifyingKey::new(USER_ID, key).map_err(|_| KeyError::Unknown)?;
    Ok(Box::new(key))
}

fn der(key: &impl EncodePublicKey) -> Vec<u8> {
    key.to_public_key_der().map(|der| der.as_bytes().to_vec()).unwrap_or_default()
}

impl Signer for ed25519_dalek::SigningKey {
    fn algorithm(&self) -> Algorithm {
        Algorithm::Ed25519
    }

    fn public_key(&self) -> Vec<u8> {
        der(&self.verifying_key())
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let signature = self.try_sign(message).map_err(|_| KeyError::Unsigned)?;
        Ok(signature.to_bytes().to_vec())
    }
}

impl Verifier for ed25519_dalek::VerifyingKey {
    fn algorithm(&self) -> Algorithm {
        Algorithm::Ed25519
    }

    fn public_key(&self) -> Vec<u8> {
        der(self)
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let signature = ed25519_dalek::Signature::from_slice(signature);
        signature.is_ok_and(|signature| self.verify_strict(message, &signature).is_ok())
    }
}

impl Signer for sm2::dsa::SigningKey {
    fn algorithm(&self) -> Algorithm {
        Algorithm::Sm2
    }

    fn public_key(&self) -> Vec<u8> {
        der(self.verifying_key())
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let signature: sm2::dsa::Signature =
            self.try_sign(message).map_err(|_| KeyError::Unsigned)?;
        Ok(signature.to_der().as_bytes().to_vec())
    }
}

impl Verifier for sm2::dsa::VerifyingKey {
    fn algorithm(&self) -> Algorithm {
        Algorithm::Sm2
    }

    fn public_key(&self) -> Vec<u8> {
        der(self)
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let signature = sm2::dsa::Signature::from_der(signature);
        signature.is_ok_and(|signature| {
            sm2::dsa::signature::Verifier::verify(self, message, &signature).is_ok()
        })
    }
}
