//! Cutting a JSON text into the objects and texts it holds: one alone, several in an array or one after the other, on any
//! number of lines. Only one of them is in memory. It knows nothing of what they hold.

use std::io::Read;
use std::ops::ControlFlow;

use super::lines::{BLOCK, fill, grow};
use super::part::Damage;

/// Where a reader of JSON text is.
#[derive(Default)]
struct Cutter {
    /// Braces and brackets that are open within the object.
    depth: usize,
    in_string: bool,
    is_escaped: bool,
    /// Whether an array around the objects was opened, and closed.
    array: Option<bool>,
    found: bool,
}

/// What a byte does.
enum Step {
    Begins,
    Ends,
    Goes,
    Unexpected,
}

impl Cutter {
    fn step(&mut self, byte: u8) -> Step {
        if self.in_string {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => {
                    self.in_string = false;
                    // A text that stands for itself.
                    if self.depth == 0 {
                        return Step::Ends;
                    }
                }
                _ => {}
            }
            return Step::Goes;
        }
        match byte {
            b'{' | b'[' if self.depth > 0 => self.depth += 1,
            b'{' if self.array != Some(false) => {
                (self.depth, self.found) = (1, true);
                return Step::Begins;
            }
            b'[' if self.array.is_none() && !self.found => self.array = Some(true),
            b'}' | b']' if self.depth > 0 => {
                self.depth -= 1;
                if self.depth == 0 {
                    return Step::Ends;
                }
            }
            b']' if self.array == Some(true) => self.array = Some(false),
            b'"' if self.depth > 0 => self.in_string = true,
            b'"' if self.array != Some(false) => {
                (self.in_string, self.found) = (true, true);
                return Step::Begins;
            }
            _ if self.depth > 0 => {}
            b',' if self.array == Some(true) => {}
            // Space, or a byte order mark.
            b' ' | b'\t' | b'\r' | b'\n' | 0xef | 0xbb | 0xbf => {}
            _ => return Step::Unexpected,
        }
        Step::Goes
    }

    /// What is wrong with a text that ends here.
    fn end(&self, begun: Option<u64>) -> Result<(), Damage> {
        let reason = match (self.depth, self.array) {
            _ if self.in_string => "it ends in the middle of a trace",
            (0, Some(true)) => "it ends before its array does",
            (0, _) => return Ok(()),
            _ => "it ends in the middle of a trace",
        };
        Err(Damage { place: begun, reason: reason.to_owned() })
    }
}

/// Visits the objects of a stream, each with the place where it begins.
pub(super) fn for_each_document(
    reader: &mut dyn Read,
    block: usize,
    visit: &mut dyn FnMut(u64, &[u8]) -> ControlFlow<()>,
) -> Result<(), Damage> {
    let mut cutter = Cutter::default();
    let mut buffer = vec![0; block.max(1)];
    let (mut filled, mut base) = (0, 0);
    // Where the object begins within the buffer.
    let mut begun = None;
    loop {
        let count = fill(reader, &mut buffer[filled..])?;
        for at in filled..filled + count {
            match cutter.step(buffer[at]) {
                Step::Begins => begun = Some(at),
                Step::Ends => {
                    let start = begun.take().unwrap_or(at);
                    if visit(base + start as u64, &buffer[start..=at]).is_break() {
                        return Ok(());
                    }
                }
                Step::Goes => {}
                Step::Unexpected => {
                    let reason = "expected a trace, an object in braces".to_owned();
                    return Err(Damage { place: Some(base + at as u64), reason });
                }
            }
        }
        filled += count;
        if filled < buffer.len() {
            return cutter.end(begun.map(|start| base + start as u64));
        }
        let start = begun.unwrap_or(filled);
        buffer.copy_within(start..filled, 0);
        filled -= start;
        base += start as u64;
        begun = begun.map(|_| 0);
        if filled == buffer.len() {
            grow(&mut buffer)?;
        }
    }
}

/// As [`for_each_document`], in blocks of the usual size.
pub(super) fn for_each(
    reader: &mut dyn Read,
    visit: &mut dyn FnMut(u64, &[u8]) -> ControlFlow<()>,
) -> Result<(), Damage> {
    for_each_document(reader, BLOCK, visit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(text: &str, block: usize) -> Result<Vec<(u64, String)>, String> {
        let mut found = Vec::new();
        let read = for_each_document(&mut text.as_bytes(), block, &mut |place, document| {
            found.push((place, String::from_utf8(document.to_vec()).unwrap()));
            ControlFlow::Continue(())
        });
        read.map(|()| found).map_err(|damage| format!("{:?}: {}", damage.place, damage.reason))
    }

    #[test]
    fn objects_are_found_in_every_arrangement() {
        let object = r#"{"a": [{"b": "}]\"{\\"}], "c": {}}"#;
        let place = |text: &str, number: usize| {
            let (at, _) = text.match_indices(object).nth(number).unwrap();
            (at as u64, object.to_owned())
        };
        for text in [
            object.to_owned(),
            format!("[{object},\n{object}]\n"),
            format!(" [ {object} , {object} , {object} ] "),
            format!("{object}\n{object}\n"),
        ] {
            let count = text.matches(object).count();
            let expected: Vec<_> = (0..count).map(|number| place(&text, number)).collect();
            for block in 1..text.len() + 2 {
                assert_eq!(documents(&text, block).unwrap(), expected, "{text} {block}");
            }
        }
        let texts = r#"["a\"]", "b"]"#;
        assert_eq!(documents(texts, 4).unwrap(), [(1, r#""a\"]""#.to_owned()), (9, "\"b\"".to_owned())]);
        assert_eq!(documents("\u{feff}{}", 4).unwrap(), [(3, "{}".to_owned())]);
        for empty in ["", " \n", "[]", " [ ] "] {
            assert_eq!(documents(empty, 3).unwrap(), []);
        }
    }

    #[test]
    fn what_is_cut_or_foreign_is_damage() {
        for (text, expected) in [
            ("[{}, {\"a\": ", "Some(5): it ends in the middle of a trace"),
            ("{\"a", "Some(0): it ends in the middle of a trace"),
            ("\"a", "Some(0): it ends in the middle of a trace"),
            ("[{}", "None: it ends before its array does"),
            ("[{}, 1]", "Some(5): expected a trace, an object in braces"),
            ("id,name", "Some(0): expected a trace, an object in braces"),
            ("{} [{}]", "Some(3): expected a trace, an object in braces"),
            ("[{}] {}", "Some(5): expected a trace, an object in braces"),
        ] {
            for block in 1..12 {
                assert_eq!(documents(text, block).unwrap_err(), expected, "{text} {block}");
            }
        }
    }
}
