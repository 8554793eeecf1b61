//! Encryption of what a store keeps, with a key that the caller keeps elsewhere.
//!
//! A line of text that names the format, a nonce, and the record under XChaCha20-Poly1305. Its
//! nonce of 24 bytes may be drawn at random for each write, by any number of processes, without
//! a thought of drawing one twice. The line is bound as associated data.

use super::{StoreError, StoreErrorKind};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{AeadInOut, Generate, KeyInit, common::getrandom},
};
use std::fmt;
use zeroize::Zeroizing;

/// What every format's first line begins with.
const MAGIC: &[u8] = b"perennial encrypted session ";
/// This format's first line.
const HEADER: &[u8] = b"perennial encrypted session 1\n";
const NONCE: usize = 24;
const TAG: usize = 16;

/// A key of 32 bytes for [`FileStore::encrypted`](crate::FileStore::encrypted).
///
/// It is never printed, and is wiped from memory when it is dropped. Where it comes from is the
/// caller's choice: the operating system's keyring, a secret of the deployment, a hardware token.
/// It has to be as random as [`random`](Self::random) makes it; a password is not a key.
///
/// ```
/// use perennial::EncryptionKey;
///
/// let key = EncryptionKey::new([7; 32]);
/// assert_eq!(format!("{key:?}"), "EncryptionKey(***)");
/// assert!(EncryptionKey::try_from(&b"too short"[..]).is_err());
/// ```
#[derive(Clone)]
pub struct EncryptionKey(Zeroizing<[u8; 32]>);

impl EncryptionKey {
    /// A key that was made before; what it came from is the caller's to wipe.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A new key from the operating system's randomness, to be [kept](Self::expose) safely.
    ///
    /// # Errors
    /// [`StoreError`] if the operating system has none.
    pub fn random() -> Result<Self, StoreError> {
        <[u8; 32]>::try_generate()
            .map(Self::new)
            .map_err(no_randomness)
    }

    /// The key itself, for whoever keeps it.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// What goes into the store in place of `plain`.
    pub(super) fn seal(&self, plain: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let nonce = XNonce::try_generate().map_err(no_randomness)?;
        // Large enough at once: what a growing buffer leaves behind is not wiped.
        let mut text = Zeroizing::new(Vec::with_capacity(plain.len() + TAG));
        text.extend_from_slice(plain);
        self.cipher()
            .encrypt_in_place(&nonce, HEADER, &mut *text)
            .map_err(|_| StoreError::new("the record is too long to be encrypted"))?;
        Ok(Zeroizing::new([HEADER, &nonce[..], &text].concat()))
    }

    /// Whether something was sealed, by whatever key and in whatever format.
    pub(super) fn sealed(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    /// What was sealed.
    pub(super) fn open(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let Some(rest) = sealed.strip_prefix(HEADER) else {
            return Err(foreign(sealed));
        };
        let (nonce, text) = match rest.split_at_checked(NONCE) {
            Some((nonce, text)) if text.len() >= TAG => (nonce, text),
            _ => return Err(cut_off(sealed)),
        };
        let nonce = XNonce::try_from(nonce).map_err(|_| cut_off(sealed))?;
        let mut plain = Zeroizing::new(text.to_vec());
        self.cipher()
            .decrypt_in_place(&nonce, HEADER, &mut *plain)
            .map_err(|_| {
                unreadable(
                    "the encrypted session cannot be opened: \
                     it was encrypted with another key, or was changed or cut off since",
                )
            })?;
        Ok(plain)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.0).into())
    }
}

impl TryFrom<&[u8]> for EncryptionKey {
    type Error = StoreError;

    fn try_from(bytes: &[u8]) -> Result<Self, StoreError> {
        let key = <[u8; 32]>::try_from(bytes).map_err(|_| {
            let found = bytes.len();
            StoreError::new(format!("expected a key of 32 bytes, found {found}"))
        })?;
        Ok(Self::new(key))
    }
}

impl From<[u8; 32]> for EncryptionKey {
    fn from(bytes: [u8; 32]) -> Self {
        Self::new(bytes)
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncryptionKey(***)")
    }
}

fn foreign(found: &[u8]) -> StoreError {
    if HEADER.starts_with(found) {
        return cut_off(found);
    }
    if EncryptionKey::sealed(found) {
        return StoreError::new(
            "the encrypted session has another format than 1: \
             it was written by a newer perennial, or was changed",
        )
        .with_kind(StoreErrorKind::Unsupported);
    }
    let found = match found.first() {
        Some(b'{') => "one that is not encrypted, or other JSON",
        _ => "something else",
    };
    unreadable(&format!("expected an encrypted session, found {found}"))
}

fn cut_off(found: &[u8]) -> StoreError {
    let length = found.len();
    unreadable(&format!(
        "expected an encrypted session, found one that is cut off after {length} bytes"
    ))
}

fn unreadable(message: &str) -> StoreError {
    StoreError::new(message).with_kind(StoreErrorKind::Unreadable)
}

fn no_randomness(error: getrandom::Error) -> StoreError {
    StoreError::because("the operating system gives no random bytes", error)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &[u8] = b"{\"schema\":1,\"refresh_token\":\"R1-secret\"}";

    fn key() -> EncryptionKey {
        EncryptionKey::new([7; 32])
    }

    #[test]
    fn what_is_sealed_is_opened_with_the_same_key_alone() {
        let sealed = key().seal(PLAIN).unwrap();
        assert_eq!(*key().open(&sealed).unwrap(), PLAIN);
        let text = String::from_utf8_lossy(&sealed);
        assert!(text.starts_with("perennial encrypted session 1\n") && !text.contains("R1-secret"));
        let error = EncryptionKey::new([8; 32]).open(&sealed).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Unreadable);
        assert!(error.to_string().contains("another key"), "{error}");
    }

    #[test]
    fn each_write_has_a_nonce_of_its_own() {
        assert_ne!(*key().seal(PLAIN).unwrap(), *key().seal(PLAIN).unwrap());
    }

    #[test]
    fn no_byte_can_be_changed_and_none_left_out() {
        let sealed = key().seal(PLAIN).unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.to_vec();
            changed[at] ^= 1;
            assert!(key().open(&changed).is_err(), "byte {at}");
            let error = key().open(&sealed[..at]).unwrap_err();
            assert_eq!(error.kind(), StoreErrorKind::Unreadable, "{at}: {error}");
        }
    }

    #[test]
    fn errors_say_what_was_found() {
        let said = |found: &[u8]| {
            let error = key().open(found).unwrap_err();
            (error.kind(), error.to_string())
        };
        let (kind, text) = said(b"perennial encrypted session 2\nwhatever");
        assert_eq!(kind, StoreErrorKind::Unsupported);
        assert!(text.contains("a newer perennial"), "{text}");
        let (kind, text) = said(PLAIN);
        assert_eq!(kind, StoreErrorKind::Unreadable);
        assert!(
            text.contains("not encrypted") && !text.contains("R1"),
            "{text}"
        );
        assert!(said(b"").1.contains("cut off after 0 bytes"));
        assert!(said(b"PK\x03\x04").1.contains("found something else"));
    }

    #[test]
    fn random_keys_differ() {
        let (one, other) = (
            EncryptionKey::random().unwrap(),
            EncryptionKey::random().unwrap(),
        );
        assert_ne!(one.expose(), other.expose());
    }
}
