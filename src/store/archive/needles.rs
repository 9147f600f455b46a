//! Looking for texts in JSON that is not parsed: a line without them cannot match.

use memchr::memmem::{self, Finder};

/// Texts to look for, prepared once.
pub(super) struct Needles {
    groups: Vec<Vec<Finder<'static>>>,
    /// Some writers escape slashes.
    has_slash: bool,
}

impl Needles {
    /// Of each group at least one must be there.
    pub(super) fn new(groups: &[Vec<String>]) -> Self {
        let finder = |text: &String| Finder::new(text.as_bytes()).into_owned();
        let has_slash = groups.iter().flatten().any(|text| text.contains('/'));
        Self { groups: groups.iter().map(|texts| texts.iter().map(finder).collect()).collect(), has_slash }
    }

    /// Whether a line may match. What escapes printable ASCII by number may hide anything.
    pub(super) fn may_match(&self, line: &[u8]) -> bool {
        let is_there = |texts: &Vec<Finder>| texts.iter().any(|text| text.find(line).is_some());
        self.groups.iter().all(is_there)
            || escapes_ascii(line)
            || (self.has_slash && memmem::find(line, b"\\/").is_some())
    }
}

/// Whether a line holds `\u0020` to `\u007f`. No usual writer of JSON does.
fn escapes_ascii(line: &[u8]) -> bool {
    memmem::find_iter(line, b"\\u00").any(|at| matches!(line.get(at + 4), Some(b'2'..=b'7')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_without_the_texts_are_left_out_unless_they_may_hide_them() {
        let needles = Needles::new(&[vec!["\"a\"".into(), "\"b\"".into()], vec!["key".into()]]);
        for (line, expected) in [
            (r#"{"key": "a"}"#, true),
            (r#"{"key": "b"}"#, true),
            (r#"{"key": "c"}"#, false),
            (r#"{"a": 1}"#, false),
            (r#"{"k\u0065y": "a"}"#, true),
            (r#"{"x": "\u00e9\u0001 \u2062"}"#, false),
            (r#"{"x": "\u00"#, false),
        ] {
            assert_eq!(needles.may_match(line.as_bytes()), expected, "{line}");
        }
        assert!(Needles::new(&[]).may_match(b"{}"));
        let path = Needles::new(&[vec!["a/b".into()]]);
        assert!(path.may_match(br#""a\/b""#) && !path.may_match(b"\"a-b\""));
    }
}
