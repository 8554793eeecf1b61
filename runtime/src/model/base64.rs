//! Base64 (RFC 4648), which JSON writes bytes in.

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Encodes in the standard alphabet, padded.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let letter = STANDARD[(group >> (18 - 6 * at)) as usize & 63];
            text.push(if at <= chunk.len() {
                letter.into()
            } else {
                '='
            });
        }
    }
    text
}

/// Decodes the standard and the URL-safe alphabet, with or without padding and line breaks.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut group, mut bits) = (0_u32, 0);
    let letters = text.bytes().filter(|b| !matches!(b, b'\r' | b'\n'));
    let padding = |letter: &u8| *letter == b'=';
    for letter in letters.clone().take_while(|l| !padding(l)) {
        group = (group << 6 | sextet(letter)?) & 0xff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((group >> bits) as u8);
        }
    }
    let tail = letters.skip_while(|l| !padding(l));
    // One letter alone holds no byte.
    let whole = bits != 6 && tail.clone().count() <= 2;
    (whole && tail.into_iter().all(|l| padding(&l))).then_some(bytes)
}

fn sextet(letter: u8) -> Option<u32> {
    Some(u32::from(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], text: &str) {
        assert_eq!(encode(bytes), text);
        assert_eq!(decode(text).as_deref(), Some(bytes));
        assert_eq!(decode(text.trim_end_matches('=')).as_deref(), Some(bytes));
    }

    #[test]
    fn test_vectors_of_the_rfc() {
        check(b"", "");
        check(b"f", "Zg==");
        check(b"fo", "Zm8=");
        check(b"foo", "Zm9v");
        check(b"foob", "Zm9vYg==");
        check(b"fooba", "Zm9vYmE=");
        check(b"foobar", "Zm9vYmFy");
        check(&[0xfb, 0xff, 0xfe], "+//+");
    }

    #[test]
    fn other_spellings() {
        assert_eq!(decode("-__-").as_deref(), Some(&[0xfb, 0xff, 0xfe][..]));
        assert_eq!(decode("Zm9v\r\nYg==").as_deref(), Some(&b"foob"[..]));
        for bad in ["Z", "Zm9vY", "Zg=x", "Zg===", "Z g", "é"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }
}
