//! What an answer may be: how large, packed and unpacked, and of which shape.
//!
//! Invariants: no answer takes more memory than its route allows, whatever its headers say; what carries an `error_code` or
//! none of the fields of an answer is none, whatever its status.

use std::collections::HashMap;
use std::io::{self, Write};

use flate2::write::MultiGzDecoder;
use serde::de::IgnoredAny;

use crate::model::strict_json;

const MIB: usize = 1 << 20;

/// Which kind of answer a request has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Expected {
    /// A few words that are no JSON.
    Words,
    /// One thing, or that something was done.
    One,
    /// A page of experiments.
    Experiments,
    /// Up to some hundred infos of traces, with their assessments.
    Infos,
    /// Traces with their spans.
    Spans,
    /// A file as somebody stored it, whatever it holds.
    File,
}

impl Expected {
    /// How many bytes are read at most.
    pub fn most(self) -> usize {
        match self {
            Self::Words => MIB,
            Self::One => 16 * MIB,
            Self::Experiments => 64 * MIB,
            Self::Infos => 256 * MIB,
            Self::Spans | Self::File => 1024 * MIB,
        }
    }

    /// Whether it is an object of `MLflow`'s.
    pub fn is_object(self) -> bool {
        !matches!(self, Self::Words | Self::File)
    }
}

/// Whether a body is an error of `MLflow`'s, whatever its status.
pub(in crate::store) fn is_error(body: &[u8]) -> bool {
    // Most answers do not hold the word anywhere, and are read once.
    memchr::memmem::find(body, b"error_code").is_some()
        && fields(body).is_some_and(|fields| fields.contains_key("error_code"))
}

/// Whether a body is an object with one of these fields, or with none at all.
pub(in crate::store) fn has_one_of(body: &[u8], wanted: &[&str]) -> bool {
    fields(body).is_some_and(|there| there.is_empty() || wanted.iter().any(|field| there.contains_key(*field)))
}

/// Whether a body begins as an object does.
pub(in crate::store) fn is_object(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'{')
}

/// The fields of an object.
#[allow(clippy::zero_sized_map_values)] // Each comes with a value, which is passed over.
fn fields(body: &[u8]) -> Option<HashMap<String, IgnoredAny>> {
    serde_json::from_slice(body).or_else(|_| serde_json::from_slice(&strict_json(body))).ok()
}

/// A body as it comes in, unpacked if it was packed.
pub(in crate::store) struct Incoming {
    way: Way,
    came: usize,
    most: usize,
}

enum Way {
    Plain(Bounded),
    Packed(Box<MultiGzDecoder<Bounded>>),
}

/// Bytes, up to a number of them.
struct Bounded {
    bytes: Vec<u8>,
    most: usize,
}

/// Why a body cannot be had.
#[derive(Debug)]
pub(in crate::store) enum Spoilt {
    TooLarge,
    Damaged(String),
}

impl Incoming {
    /// `announced` is what the server says about the length.
    pub fn new(is_packed: bool, announced: Option<u64>, most: usize) -> Result<Self, Spoilt> {
        const MOST_RESERVED: usize = 64 * MIB;

        let announced = announced.map_or(0, |length| usize::try_from(length).unwrap_or(usize::MAX));
        if announced > most {
            return Err(Spoilt::TooLarge);
        }
        let reserved = if is_packed { 0 } else { announced.min(MOST_RESERVED) };
        let bounded = Bounded { bytes: Vec::with_capacity(reserved), most };
        let way = if is_packed { Way::Packed(Box::new(MultiGzDecoder::new(bounded))) } else { Way::Plain(bounded) };
        Ok(Self { way, came: 0, most })
    }

    /// Takes in a piece.
    pub fn take(&mut self, piece: &[u8]) -> Result<(), Spoilt> {
        self.came = self.came.saturating_add(piece.len());
        if self.came > self.most {
            return Err(Spoilt::TooLarge);
        }
        match &mut self.way {
            Way::Plain(bounded) => bounded.write_all(piece),
            Way::Packed(decoder) => decoder.write_all(piece),
        }
        .map_err(|error| spoilt(&error))
    }

    /// What came so far, where the rest does not matter.
    pub fn so_far(mut self) -> Vec<u8> {
        match &mut self.way {
            Way::Plain(bounded) => std::mem::take(&mut bounded.bytes),
            Way::Packed(decoder) => {
                let _ = decoder.flush();
                std::mem::take(&mut decoder.get_mut().bytes)
            }
        }
    }

    /// The whole of it.
    pub fn whole(self) -> Result<Vec<u8>, Spoilt> {
        match self.way {
            Way::Plain(bounded) => Ok(bounded.bytes),
            // A server may say that it packs and then have nothing to pack.
            Way::Packed(_) if self.came == 0 => Ok(Vec::new()),
            Way::Packed(decoder) => Ok(decoder.finish().map_err(|error| spoilt(&error))?.bytes),
        }
    }
}

impl Write for Bounded {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + piece.len() > self.most {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn spoilt(error: &io::Error) -> Spoilt {
    match error.kind() {
        io::ErrorKind::FileTooLarge => Spoilt::TooLarge,
        _ => Spoilt::Damaged(format!("its gzip is damaged: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read(is_packed: bool, body: &[u8], most: usize) -> Result<Vec<u8>, Spoilt> {
        let mut incoming = Incoming::new(is_packed, None, most)?;
        body.chunks(7).try_for_each(|piece| incoming.take(piece))?;
        incoming.whole()
    }

    #[test]
    fn a_body_is_bounded_on_the_way_and_unpacked() {
        let text = b"0123456789".repeat(100);
        assert_eq!(read(false, &text, 1000).unwrap(), text);
        assert_eq!(read(true, &packed(&text), 1000).unwrap(), text);
        assert!(matches!(read(false, &text, 999), Err(Spoilt::TooLarge)));
        assert!(matches!(read(true, &packed(&text), 999), Err(Spoilt::TooLarge)));
        assert!(matches!(Incoming::new(false, Some(u64::MAX), 1000), Err(Spoilt::TooLarge)));
        // Nothing but empty members, which unpack to nothing.
        assert!(matches!(read(true, &packed(b"").repeat(100), 1000), Err(Spoilt::TooLarge)));
        assert_eq!(read(true, &packed(b"").repeat(10), 1000).unwrap(), b"");
    }

    #[test]
    fn what_is_cut_or_not_packed_at_all_is_damaged() {
        let whole = packed(b"0123456789");
        assert!(matches!(read(true, &whole[..whole.len() - 9], 1000), Err(Spoilt::Damaged(_))));
        assert!(matches!(read(true, b"{\"traces\": []}", 1000), Err(Spoilt::Damaged(_))));
        assert_eq!(read(true, b"", 1000).unwrap(), b"");
    }

    #[test]
    fn only_what_has_the_shape_of_an_answer_is_one() {
        let fields = ["traces", "next_page_token"];
        for answer in ["{}", " {}\n", r#"{"traces": []}"#, r#"{"next_page_token": "x", "new": 1}"#] {
            assert!(has_one_of(answer.as_bytes(), &fields), "{answer}");
        }
        for other in ["", "[]", "null", r#"{"status": "ok"}"#, r#"{"data": {"traces": []}}"#, "\"traces\""] {
            assert!(!has_one_of(other.as_bytes(), &fields), "{other}");
        }
        assert!(is_error(br#"{"error_code": "X", "traces": []}"#));
        assert!(!is_error(br#"{"traces": [{"tags": {"error_code": "X"}}]}"#));
    }
}
