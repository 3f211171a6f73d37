//! 密钥 Published vectors, keys as openssl writes them, and signatures that do not fit.

use super::{opened, sealed};
use crate::{
    Algorithm, Digests, KeyError, Signer, hexadecimal, signer_from_pem, verifier_from_der,
    verifier_from_pem,
};

/// Made with `openssl genpkey -algorithm ed25519` for these tests.
const ED25519: &str = "\
-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIPpl55rfGSxzUQIEYavV9LGUYEDhXW2hslyRmVmsKZpf
-----END PRIVATE KEY-----
";
const ED25519_PUBLIC: &str = "\
-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAL8ybkUam7IeAHokAAQNeDI0DtDJbvRogS7t+5a8fF40=
-----END PUBLIC KEY-----
";
/// Made with `openssl genpkey -algorithm SM2` for these tests.
const SM2: &str = "\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqBHM9VAYItBG0wawIBAQQge40353bskPEWq6+3
DiZmHt86khuOQkOnqpmKq7yZe+WhRANCAAQ4rJql3wM0IwC0EQGmCtHKnbW/sS09
9HIqTazt8sxZ5zITtS1SKkVnFE7y51NNgIwveqL8azLFQBaZ+YTcMuXK
-----END PRIVATE KEY-----
";
const SM2_PUBLIC: &str = "\
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAEOKyapd8DNCMAtBEBpgrRyp21v7Et
PfRyKk2s7fLMWecyE7UtUipFZxRO8udTTYCML3qi/GsyxUAWmfmE3DLlyg==
-----END PUBLIC KEY-----
";

pub(super) fn ed25519() -> Box<dyn Signer> {
    signer_from_pem(ED25519).unwrap()
}

fn bytes(digits: &str) -> Vec<u8> {
    let digits: String = digits.split_whitespace().collect();
    crate::digest::from_hexadecimal(&digits).unwrap()
}

/// GB/T 32905-2016, annex A.1 and A.2; FIPS 180-4, the example `abc`.
#[test]
fn digests_are_those_of_the_standards() {
    let of = |text: &str| Digests::of(text.as_bytes());
    let abc = of("abc");
    assert_eq!(abc.sm3, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    assert_eq!(abc.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    let long = of(&"abcd".repeat(16));
    assert_eq!(long.sm3, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

/// RFC 8032, section 7.1, TEST 1 and TEST 2.
#[test]
fn ed25519_signs_as_in_rfc_8032() {
    let vectors = [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ];
    for (secret, message, signature) in vectors {
        let secret: [u8; 32] = bytes(secret).try_into().unwrap();
        let signer: Box<dyn Signer> = Box::new(ed25519_dalek::SigningKey::from_bytes(&secret));
        assert_eq!(hexadecimal(&signer.sign(&bytes(message)).unwrap()), signature);
        let verifier = verifier_from_der(&signer.public_key()).unwrap();
        assert!(verifier.verify(&bytes(message), &bytes(signature)));
        assert!(!verifier.verify(b"another", &bytes(signature)));
    }
}

/// GB/T 32918.5-2017, annex A.2: the curve, the key and the signature of `message digest` by
/// user 1234567812345678. The nonce is the standard's, so only the verifier can be held to it.
#[test]
fn sm2_verifies_the_signature_of_the_standard() {
    let public = bytes(
        "04 09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020
            CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13",
    );
    let der = [bytes("3059301306072a8648ce3d020106082a811ccf5501822d034200"), public].concat();
    let signature = bytes(
        "3046 022100 F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
              022100 B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA",
    );
    let verifier = verifier_from_der(&der).unwrap();
    assert_eq!(verifier.algorithm(), Algorithm::Sm2);
    assert!(verifier.verify(b"message digest", &signature));
    assert!(!verifier.verify(b"message digesT", &signature));
}

#[test]
fn keys_of_openssl_are_told_apart_by_themselves() {
    let pairs = [(ED25519, ED25519_PUBLIC, Algorithm::Ed25519), (SM2, SM2_PUBLIC, Algorithm::Sm2)];
    for (private, public, algorithm) in pairs {
        let (signer, verifier) =
            (signer_from_pem(private).unwrap(), verifier_from_pem(public).unwrap());
        assert_eq!((signer.algorithm(), verifier.algorithm()), (algorithm, algorithm));
        assert_eq!(signer.public_key(), verifier.public_key());
        assert_eq!(Algorithm::parse(algorithm.name()), Some(algorithm));
        let signature = signer.sign(b"m").unwrap();
        assert_eq!(signer.sign(b"m").unwrap(), signature, "deterministic");
        assert!(verifier.verify(b"m", &signature));
        assert!(!verifier.verify(b"n", &signature));
        assert!(!verifier.verify(b"m", b""));
        assert_eq!(signer_from_pem(public).err(), Some(KeyError::OtherHalf));
        assert_eq!(verifier_from_pem(private).err(), Some(KeyError::OtherHalf));
    }
    let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n";
    assert_eq!(signer_from_pem(encrypted).err(), Some(KeyError::Encrypted));
    for other in ["", "hello", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n"] {
        assert_eq!(signer_from_pem(other).err(), Some(KeyError::Unknown));
    }
}

#[test]
fn a_signed_pack_is_verified_and_a_false_signature_is_not() {
    for pem in [ED25519, SM2] {
        let signer = signer_from_pem(pem).unwrap();
        let whole = sealed(Some(&*signer));
        assert_eq!(whole, sealed(Some(&*signer)), "the same bytes twice");
        let pack = opened(&whole);
        let block = pack.signature.unwrap();
        let verifier = block.verify(&pack.signed).unwrap();
        assert_eq!(verifier.public_key(), signer.public_key());
        assert_eq!(verifier.fingerprint().len(), 64);
        assert!(block.verify(b"{}").is_err());
        let mut other = block.clone();
        other.algorithm = "rsa".to_owned();
        assert!(other.verify(&pack.signed).is_err());
        for public_key in ["zz", "", "00"] {
            let public_key = public_key.to_owned();
            let other = crate::SignatureBlock { public_key, ..block.clone() };
            assert!(other.verify(&pack.signed).is_err());
        }
    }
}
