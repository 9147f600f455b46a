//! How the bytes of a file are to be read: plain, compressed, or as UTF-16, which `PowerShell` writes. What comes out is UTF-8.

use std::io::{self, Read};

use super::lines::fill;
use super::part::Bytes;

/// What the bytes of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Plain,
    Gzip,
    Zstandard,
    /// With the lower byte first, or not.
    Utf16 {
        is_little: bool,
    },
}

/// A byte order mark, which some programs write in front of UTF-8.
pub(super) const MARK: &[u8] = b"\xef\xbb\xbf";

impl Encoding {
    /// Told by the first four bytes of a file.
    pub(super) fn of(magic: &[u8]) -> Self {
        match magic {
            [0x1f, 0x8b, ..] => Self::Gzip,
            // A frame, or what may be skipped before one.
            [0x28, 0xb5, 0x2f, 0xfd] | [0x50..=0x5f, 0x2a, 0x4d, 0x18] => Self::Zstandard,
            [0xff, 0xfe, ..] | [b'{' | b'[' | b'"' | b' ', 0, _, 0] => Self::Utf16 { is_little: true },
            [0xfe, 0xff, ..] | [0, b'{' | b'[' | b'"' | b' ', 0, _] => Self::Utf16 { is_little: false },
            _ => Self::Plain,
        }
    }

    /// The bytes as UTF-8.
    pub(super) fn decoded(self, reader: Box<dyn Bytes>) -> io::Result<Box<dyn Read>> {
        match self {
            Self::Plain => Ok(reader),
            Self::Gzip => Ok(Box::new(flate2::read::MultiGzDecoder::new(io::BufReader::new(reader)))),
            Self::Zstandard => zstandard(reader),
            Self::Utf16 { is_little } => Ok(Box::new(Utf16::new(reader, is_little))),
        }
    }
}

#[cfg(feature = "compression")]
fn zstandard(reader: Box<dyn Bytes>) -> io::Result<Box<dyn Read>> {
    Ok(Box::new(zstd::stream::read::Decoder::new(reader)?))
}

#[cfg(not(feature = "compression"))]
fn zstandard(_: Box<dyn Bytes>) -> io::Result<Box<dyn Read>> {
    let reason = "it is compressed with Zstandard, which this program was built without; uncompress it with `zstd -d`";
    Err(io::Error::new(io::ErrorKind::Unsupported, reason))
}

/// UTF-16 as UTF-8.
struct Utf16 {
    reader: Box<dyn Bytes>,
    is_little: bool,
    /// Read and not yet decoded: less than a character.
    rest: Vec<u8>,
    decoded: Vec<u8>,
    at: usize,
}

impl Utf16 {
    fn new(reader: Box<dyn Bytes>, is_little: bool) -> Self {
        Self { reader, is_little, rest: Vec::new(), decoded: Vec::new(), at: 0 }
    }

    /// Decodes the next piece; nothing at the end.
    fn refill(&mut self) -> io::Result<()> {
        const PIECE: usize = 64 * 1024;
        let mut bytes = std::mem::take(&mut self.rest);
        let begun = bytes.len();
        bytes.resize(begun + PIECE, 0);
        let count = fill(&mut *self.reader, &mut bytes[begun..])?;
        bytes.truncate(begun + count);
        let mut units: Vec<u16> = bytes.chunks_exact(2).map(|pair| self.unit(pair)).collect();
        let has_half_a_character = count == PIECE && units.last().is_some_and(|last| (0xd800..0xdc00).contains(last));
        if has_half_a_character {
            units.pop();
        }
        self.rest = bytes.split_off(2 * units.len());
        let text = String::from_utf16(&units).map_err(|_| invalid("it is no valid UTF-16"))?;
        if count < PIECE && !self.rest.is_empty() {
            return Err(invalid("it ends in the middle of a character of UTF-16"));
        }
        (self.decoded, self.at) = (text.into_bytes(), 0);
        Ok(())
    }

    fn unit(&self, pair: &[u8]) -> u16 {
        let pair = [pair[0], pair[1]];
        if self.is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
    }
}

fn invalid(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

impl Read for Utf16 {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.decoded.len() {
            self.refill()?;
        }
        let ready = &self.decoded[self.at..];
        let count = ready.len().min(buffer.len());
        buffer[..count].copy_from_slice(&ready[..count]);
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn encoded(text: &str, is_little: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if is_little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }

    fn decoded(bytes: Vec<u8>) -> io::Result<String> {
        let mut text = String::new();
        let encoding = Encoding::of(&bytes[..4]);
        assert!(matches!(encoding, Encoding::Utf16 { .. }), "{encoding:?}");
        encoding.decoded(Box::new(Cursor::new(bytes)))?.read_to_string(&mut text).map(|_| text)
    }

    #[test]
    fn utf_16_of_either_order_is_read() {
        // Pairs of units that stand across pieces.
        let text = format!("{{{}🗼{}}}", "é".repeat(32 * 1024 - 2), "🗼".repeat(40_000));
        for is_little in [true, false] {
            assert_eq!(decoded(encoded(&text, is_little)).unwrap(), text);
            let marked = format!("\u{feff}{text}");
            assert_eq!(decoded(encoded(&marked, is_little)).unwrap(), marked);
        }
    }

    #[test]
    fn what_is_cut_or_no_character_is_told() {
        let whole = encoded("{\"a\": \"🗼\"}", true);
        for bytes in [whole[..whole.len() - 1].to_vec(), whole[..16].to_vec()] {
            assert_eq!(decoded(bytes).unwrap_err().kind(), io::ErrorKind::InvalidData);
        }
    }
}
