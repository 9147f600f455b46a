//! How spreadsheets write CSV: what stands between cells, what between the digits of a number, and which row is which.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

/// What stands between cells, the usual one first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What stands before the decimals of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Decimal {
    /// `0.8`, as programs write it.
    #[default]
    Point,
    /// `0,8`, as much of the world writes it.
    Comma,
}

impl Decimal {
    /// A number as programs write it. Fails where the text could mean something else.
    pub fn plain(self, text: &str) -> Result<String, String> {
        match self {
            Self::Point if is_with_comma(text) => {
                Err(format!("{text:?} is not a number; for a decimal comma, add --decimal ,"))
            }
            Self::Comma if text.contains('.') => {
                Err(format!("{text:?} has a decimal point, but --decimal , expects a comma"))
            }
            Self::Point => Ok(text.to_owned()),
            Self::Comma => Ok(text.replacen(',', ".", 1)),
        }
    }

    /// A number as a spreadsheet shows it.
    #[must_use]
    pub fn shown(self, number: &str) -> String {
        match self {
            Self::Point => number.to_owned(),
            Self::Comma => number.replacen('.', ",", 1),
        }
    }
}

/// Whether it would be a number if its only comma were a point.
fn is_with_comma(text: &str) -> bool {
    let text = text.trim();
    text.matches(',').count() == 1 && !text.contains('.') && text.replacen(',', ".", 1).parse::<f64>().is_ok()
}

/// Looks at the beginning of a file: says what stands between its cells and takes away what is no row, a byte order mark and
/// a line `sep=;`. Of several the one counts with which `known` knows the most columns of the header.
pub fn begin(file: &mut impl BufRead, given: Option<u8>, known: impl Fn(&str) -> bool) -> io::Result<u8> {
    let start = file.fill_buf()?;
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
        let message = "it is UTF-16; save it as CSV in UTF-8";
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    let mark = if start.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let text = start.get(mark..).unwrap_or_default();
    let first = text.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(first);
    let separator = line.trim_end_matches(['\r', '\n']).trim_matches('"').strip_prefix("sep=").map(str::as_bytes);
    if let Some([separator]) = separator {
        let (separator, length) = (*separator, first.len());
        file.consume(mark + length);
        return Ok(given.unwrap_or(separator));
    }
    let delimiter = given.unwrap_or_else(|| likeliest(&line, known));
    file.consume(mark);
    Ok(delimiter)
}

fn likeliest(header: &str, known: impl Fn(&str) -> bool) -> u8 {
    let fits = |delimiter: u8| {
        let cells = cells(header.trim_end_matches(['\r', '\n']), delimiter);
        (cells.iter().filter(|cell| known(cell.trim())).count(), cells.len())
    };
    // The last one of several maxima is taken.
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| fits(*delimiter)).unwrap_or(b',')
}

/// The cells of a header, roughly: what is in quotes is one of them.
fn cells(header: &str, delimiter: u8) -> Vec<String> {
    let (mut cells, mut is_quoted) = (vec![String::new()], false);
    for character in header.chars() {
        match (character, cells.last_mut()) {
            ('"', _) => is_quoted = !is_quoted,
            (character, _) if character == char::from(delimiter) && !is_quoted => cells.push(String::new()),
            (character, Some(cell)) => cell.push(character),
            (_, None) => {}
        }
    }
    cells
}

/// The rows, as spreadsheets number them, in which records begin that were read and not yet asked for.
#[derive(Clone, Default)]
pub struct Starts(Rc<RefCell<VecDeque<u64>>>);

impl Starts {
    /// The row of the next record.
    pub fn next(&self) -> Option<u64> {
        self.0.borrow_mut().pop_front()
    }
}

/// Numbers rows while they are read: a row with line breaks in its cells is one, and an empty line is one, too.
pub struct Numbered<R> {
    inner: R,
    delimiter: u8,
    state: State,
    row: u64,
    starts: Starts,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Record,
    /// Behind a carriage return, to which a line feed belongs.
    Return,
    Cell,
    Plain,
    Quoted,
    /// Behind a quote that ends the cell unless another one follows.
    Quote,
}

impl<R> Numbered<R> {
    /// Tells `starts` of every record.
    pub fn new(inner: R, delimiter: u8, starts: Starts) -> Self {
        Self { inner, delimiter, state: State::Record, row: 1, starts }
    }

    fn see(&mut self, byte: u8) {
        self.state = match (self.state, byte) {
            (State::Return, b'\n') => State::Record,
            (State::Quoted, b'"') => State::Quote,
            (State::Quoted, _) | (State::Quote, b'"') => State::Quoted,
            (_, b'\n' | b'\r') => {
                self.row += 1;
                if byte == b'\r' { State::Return } else { State::Record }
            }
            (before, byte) => {
                if matches!(before, State::Record | State::Return) {
                    self.starts.0.borrow_mut().push_back(self.row);
                }
                match byte {
                    b'"' if !matches!(before, State::Plain | State::Quote) => State::Quoted,
                    byte if byte == self.delimiter => State::Cell,
                    _ => State::Plain,
                }
            }
        };
    }
}

impl<R: Read> Read for Numbered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        buffer.iter().take(read).for_each(|byte| self.see(*byte));
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delimiter(text: &str, given: Option<u8>) -> (char, String) {
        let mut file = text.as_bytes();
        let known = |name: &str| ["trace_id", "name", "value"].contains(&name);
        let delimiter = begin(&mut file, given, known).unwrap();
        (char::from(delimiter), String::from_utf8(file.to_vec()).unwrap())
    }

    #[test]
    fn what_stands_between_cells_is_recognised() {
        for (text, expected) in [
            ("trace_id,name,value\n", ','),
            ("trace_id;name;value\r\n", ';'),
            ("trace_id\tname\tvalue", '\t'),
            ("trace_id|name|value", '|'),
            ("\"trace_id\";\"a, b, c, d, e\";\"value\"\n", ';'),
            ("trace_id;what, if; anything, was, said;value\n", ';'),
            ("trace_id\n1;2;3", ','),
            ("", ','),
        ] {
            assert_eq!(delimiter(text, None), (expected, text.to_owned()));
        }
        assert_eq!(delimiter("trace_id;name", Some(b',')).0, ',');
        assert_eq!(delimiter("\u{feff}sep=;\r\ntrace_id,x\n", None), (';', "trace_id,x\n".to_owned()));
        assert_eq!(delimiter("\u{feff}trace_id;name", None), (';', "trace_id;name".to_owned()));
        assert!(begin(&mut &b"\xff\xfet\0"[..], None, |_| true).unwrap_err().to_string().contains("UTF-16"));
    }

    #[test]
    fn numbers_are_read_as_they_are_written_and_never_guessed() {
        assert_eq!(Decimal::Point.plain("0.8"), Ok("0.8".into()));
        assert_eq!(Decimal::Comma.plain("-0,8"), Ok("-0.8".into()));
        assert_eq!(Decimal::Comma.plain("8"), Ok("8".into()));
        assert!(Decimal::Point.plain("0,8").unwrap_err().contains("--decimal ,"));
        for text in ["1.234", "1.234,5"] {
            assert!(Decimal::Comma.plain(text).is_err(), "{text}");
        }
        for number in ["-0.8", "1e-7", "12"] {
            assert_eq!(Decimal::Comma.plain(&Decimal::Comma.shown(number)).unwrap(), number);
        }
    }

    /// The rows at which records begin.
    fn starts(text: &str) -> Vec<u64> {
        let starts = Starts::default();
        io::copy(&mut Numbered::new(text.as_bytes(), b';', starts.clone()), &mut io::sink()).unwrap();
        std::iter::from_fn(|| starts.next()).collect()
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_does() {
        assert_eq!(starts("a;b\n1;2\n3;4"), [1, 2, 3]);
        assert_eq!(starts("a;b\r\n\"1\r\nx\";\"\"\"\n\"\r\n3;4\r\n"), [1, 2, 3]);
        assert_eq!(starts("a;b\n\n\n1;2\n\r\n3;4\n"), [1, 4, 6], "empty lines are rows");
        assert_eq!(starts("a;b\n5\" pipe;\"x\n3;4\"\ny;z\n"), [1, 2, 3], "a quote within a cell is none");
        assert_eq!(starts("a;b\rc;d\re;f"), [1, 2, 3]);
    }
}
