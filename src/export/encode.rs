//! Between a format and its file: compression, and the size and digest of what is stored.

use crate::model::hex;
use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// What text is compressed with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// gzip, level 6.
    Gzip,
    /// Zstandard, level 3; needs the feature `compression`.
    Zstd,
}

impl Compression {
    /// What a file's name says about it.
    #[must_use]
    pub fn of_name(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        match name.rsplit_once('.') {
            Some((_, "gz")) => Self::Gzip,
            Some((_, "zst")) => Self::Zstd,
            _ => Self::None,
        }
    }

    /// The end of a file's name: nothing, `.gz` or `.zst`.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Gzip => ".gz",
            Self::Zstd => ".zst",
        }
    }

    /// Whether this build can write it.
    #[must_use]
    pub fn is_built_in(self) -> bool {
        self != Self::Zstd || cfg!(feature = "compression")
    }
}

/// A writer that compresses, counts and digests on the way to another one.
///
/// Nothing is complete before [`Encoder::finish`].
pub struct Encoder<W: Write> {
    buffer: BufWriter<Body<W>>,
    taken: Arc<AtomicU64>,
}

/// What was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Bytes before compression.
    pub taken: u64,
    /// Bytes after it.
    pub bytes: u64,
    /// SHA-256 of what is stored, in hex.
    pub sha256: String,
}

/// Formats write a few bytes at a time; hashing and compressing are faster in runs.
const BUFFER: usize = 64 * 1024;

enum Body<W: Write> {
    Plain(Hashed<W>),
    Gzip(GzEncoder<Hashed<W>>),
    #[cfg(feature = "compression")]
    Zstd(zstd::stream::write::Encoder<'static, Hashed<W>>),
}

struct Hashed<W> {
    writer: W,
    digest: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.writer.write(bytes)?;
        self.digest.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl<W: Write> Write for Body<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(body) => body.write(bytes),
            Self::Gzip(body) => body.write(bytes),
            #[cfg(feature = "compression")]
            Self::Zstd(body) => body.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(body) => body.flush(),
            Self::Gzip(body) => body.flush(),
            #[cfg(feature = "compression")]
            Self::Zstd(body) => body.flush(),
        }
    }
}

impl<W: Write> Body<W> {
    fn new(writer: W, compression: Compression) -> io::Result<Self> {
        let hashed = Hashed { writer, digest: Sha256::new(), bytes: 0 };
        Ok(match compression {
            Compression::None => Self::Plain(hashed),
            Compression::Gzip => Self::Gzip(GzEncoder::new(hashed, flate2::Compression::new(6))),
            #[cfg(feature = "compression")]
            Compression::Zstd => {
                let mut encoder = zstd::stream::write::Encoder::new(hashed, 3)?;
                encoder.include_checksum(true)?;
                Self::Zstd(encoder)
            }
            #[cfg(not(feature = "compression"))]
            Compression::Zstd => {
                return Err(io::Error::new(io::ErrorKind::Unsupported, "this build has no Zstandard"));
            }
        })
    }

    fn finish(self) -> io::Result<Hashed<W>> {
        match self {
            Self::Plain(body) => Ok(body),
            Self::Gzip(body) => body.finish(),
            #[cfg(feature = "compression")]
            Self::Zstd(body) => body.finish(),
        }
    }
}

impl<W: Write> Encoder<W> {
    /// Begins; nothing but a header is written yet.
    pub fn new(writer: W, compression: Compression) -> io::Result<Self> {
        Ok(Self { buffer: BufWriter::with_capacity(BUFFER, Body::new(writer, compression)?), taken: Arc::default() })
    }

    /// Bytes taken so far, before compression; it goes on counting while the encoder is lent out.
    #[must_use]
    pub fn meter(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.taken)
    }

    /// Writes what is left and gives the writer back, flushed.
    pub fn finish(self) -> io::Result<(W, Stored)> {
        let body = self.buffer.into_inner().map_err(io::IntoInnerError::into_error)?;
        let mut hashed = body.finish()?;
        hashed.flush()?;
        let stored = Stored {
            taken: self.taken.load(Ordering::Relaxed),
            bytes: hashed.bytes,
            sha256: hex(&hashed.digest.finalize()),
        };
        Ok((hashed.writer, stored))
    }
}

impl<W: Write> Write for Encoder<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.buffer.write(bytes)?;
        self.taken.fetch_add(written as u64, Ordering::Relaxed);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        // What was taken may stay in the buffer: a half-compressed block is of no use to anybody.
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn stored(compression: Compression) -> (Vec<u8>, Stored) {
        let mut encoder = Encoder::new(Vec::new(), compression).unwrap();
        for _ in 0..10_000 {
            encoder.write_all(b"one line of text\n").unwrap();
        }
        assert_eq!(encoder.meter().load(Ordering::Relaxed), 170_000);
        encoder.finish().unwrap()
    }

    #[test]
    fn size_and_digest_are_those_of_the_stored_bytes() {
        for compression in [Compression::None, Compression::Gzip, Compression::Zstd] {
            if !compression.is_built_in() {
                assert!(Encoder::new(Vec::new(), compression).is_err());
                continue;
            }
            let (bytes, stored) = stored(compression);
            assert_eq!((stored.taken, stored.bytes), (170_000, bytes.len() as u64));
            assert_eq!(stored.sha256, hex(&Sha256::digest(&bytes)));
            assert_eq!(compression == Compression::None, bytes.len() == 170_000);
        }
    }

    #[test]
    fn gzip_is_read_back() {
        let mut text = String::new();
        flate2::read::GzDecoder::new(&*stored(Compression::Gzip).0).read_to_string(&mut text).unwrap();
        assert_eq!(text.lines().count(), 10_000);
    }

    #[cfg(feature = "compression")]
    #[test]
    fn zstandard_is_read_back() {
        let text = zstd::stream::decode_all(&*stored(Compression::Zstd).0).unwrap();
        assert_eq!(text.len(), 170_000);
    }

    #[test]
    fn names_tell_the_compression() {
        let all = ["a.jsonl", "a.jsonl.gz", "a.csv.ZST", "zst", ""].map(Compression::of_name);
        let (none, gzip, zstd) = (Compression::None, Compression::Gzip, Compression::Zstd);
        assert_eq!(all, [none, gzip, zstd, none, none]);
    }
}
