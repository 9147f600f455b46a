//! RLIKE: Python's `re.search`, translated for the `fancy-regex` crate.
//!
//! A pattern is read as Python 3.11's `re._parser` reads it and written anew, every construct spelled so that it means
//! the same there: `$` also stands before a final newline, `\Z` is the end, `\w \d \s` and `\b` know Python's Unicode,
//! `\z`, `\p{..}` and `[[:alpha:]]` are not what they are elsewhere. A pattern that Python refuses matches nothing.
//!
//! It must not know filters or traces. Not translated, and so of unknown result: `\N{NAME}` and nesting deeper than
//! [`MAX_DEPTH`].

mod escapes;
mod groups;

use std::collections::HashMap;
use std::fmt::Write;

use super::truth::Truth;

/// Deeper groups are refused; `fancy-regex` reads patterns recursively.
const MAX_DEPTH: usize = 60;
/// Steps after which a search is given up.
const BACKTRACK_LIMIT: usize = 1_000_000;
/// Python's `MAXREPEAT`.
const MAX_REPEAT: u64 = 4_294_967_295;
/// Wide enough to stand for any width in look-behind, which must be fixed.
const UNBOUNDED: u64 = u64::MAX;

/// A compiled pattern, or why there is none.
#[derive(Debug)]
pub(in crate::filter) struct PythonRegex(Result<fancy_regex::Regex, Problem>);

/// Why a pattern cannot be compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::filter) enum Problem {
    /// Python refuses it, and so a server finds nothing.
    Refused(Refusal),
    /// Python may take it, but it cannot be run here.
    Unsupported(Refusal),
}

impl PythonRegex {
    pub(in crate::filter) fn new(pattern: &str) -> Self {
        Self(compile(pattern))
    }

    /// Whether the pattern is found anywhere; open if that cannot be found out.
    pub(in crate::filter) fn is_found_in(&self, text: &str) -> Truth {
        match &self.0 {
            Ok(regex) => regex.is_match(text).map_or(Truth::OPEN, Truth::from),
            Err(Problem::Refused(_)) => Truth::FALSE,
            Err(Problem::Unsupported(_)) => Truth::OPEN,
        }
    }
}

/// Why a pattern cannot be compiled, if so.
pub(in crate::filter) fn problem(pattern: &str) -> Option<Problem> {
    compile(pattern).err()
}

/// Whether only a server can tell what a pattern finds.
pub(in crate::filter) fn is_unsupported(pattern: &str) -> bool {
    matches!(problem(pattern), Some(Problem::Unsupported(_)))
}

/// Whether Python refuses a pattern, so that it finds nothing.
pub(in crate::filter) fn is_refused(pattern: &str) -> bool {
    matches!(problem(pattern), Some(Problem::Refused(_)))
}

/// A pattern that can be run here, in the spelling in which it is run.
pub(in crate::filter) fn translated(pattern: &str) -> Result<String, Problem> {
    compile(pattern)?;
    translate(pattern).map_err(Problem::Refused)
}

fn compile(pattern: &str) -> Result<fancy_regex::Regex, Problem> {
    let translated = translate(pattern).map_err(|reason| match reason {
        TOO_DEEP | NAMED_CHARACTER => Problem::Unsupported(reason),
        reason => Problem::Refused(reason),
    })?;
    let builder = fancy_regex::RegexBuilder::new(&translated).backtrack_limit(BACKTRACK_LIMIT).build();
    builder.map_err(|_| Problem::Unsupported("it is too large or too intricate"))
}

const TOO_DEEP: Refusal = "nested too deeply";
const NAMED_CHARACTER: Refusal = r"\N{...} is not supported";

/// Why Python refuses a pattern.
pub(in crate::filter) type Refusal = &'static str;

/// The pattern as `fancy-regex` spells it.
fn translate(pattern: &str) -> Result<String, Refusal> {
    let mut translator = Translator {
        source: pattern.chars().collect(),
        position: 0,
        flags: Flags::default(),
        groups: vec![None],
        names: HashMap::new(),
        referred: 0,
    };
    let whole = translator.alternatives(0)?;
    if translator.peek().is_some() {
        return Err("unbalanced parenthesis");
    }
    if translator.referred >= translator.groups.len() {
        return Err("invalid group reference");
    }
    Ok(whole.text)
}

#[derive(Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools)] // They are independent, as Python's flags are.
struct Flags {
    ignore_case: bool,
    multi_line: bool,
    dot_all: bool,
    verbose: bool,
    ascii: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Atom,
    /// A position; cannot be repeated.
    Anchor,
    /// A repetition; cannot be repeated again.
    Repeat,
}

/// A translated part and how many characters it can match.
struct Piece {
    text: String,
    kind: Kind,
    shortest: u64,
    longest: u64,
}

impl Piece {
    fn new(text: impl Into<String>, kind: Kind, width: u64) -> Self {
        Self { text: text.into(), kind, shortest: width, longest: width }
    }

    fn character(text: impl Into<String>) -> Self {
        Self::new(text, Kind::Atom, 1)
    }

    fn concat(pieces: Vec<Self>) -> Self {
        let mut whole = Self::new("", Kind::Atom, 0);
        for piece in pieces {
            whole.text.push_str(&piece.text);
            whole.shortest = whole.shortest.saturating_add(piece.shortest);
            whole.longest = whole.longest.saturating_add(piece.longest);
        }
        whole
    }

    fn wrapped(mut self, open: &str) -> Self {
        self.text = format!("{open}{})", self.text);
        self.kind = Kind::Atom;
        self
    }
}

/// A member of a set: one character, or a class of them, already spelled.
enum Member {
    Character(u32),
    Class(String),
}

struct Translator {
    source: Vec<char>,
    position: usize,
    flags: Flags,
    /// Width of every group; none while it is open. Group 0 is the whole pattern.
    groups: Vec<Option<(u64, u64)>>,
    names: HashMap<String, usize>,
    /// The largest group that a condition refers to; it may be defined later.
    referred: usize,
}

impl Translator {
    fn peek(&self) -> Option<char> {
        self.source.get(self.position).copied()
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek();
        self.position += usize::from(character.is_some());
        character
    }

    fn eat(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        self.position += usize::from(found);
        found
    }

    fn until(&mut self, end: char) -> Result<String, Refusal> {
        let mut text = String::new();
        loop {
            match self.next() {
                None => return Err("missing terminator"),
                Some(character) if character == end => return Ok(text),
                Some(character) => text.push(character),
            }
        }
    }

    /// `a|b|c` up to a closing parenthesis or the end.
    fn alternatives(&mut self, depth: usize) -> Result<Piece, Refusal> {
        if depth > MAX_DEPTH {
            return Err(TOO_DEEP);
        }
        let mut whole = self.sequence(depth, depth == 0)?;
        while self.eat('|') {
            let other = self.sequence(depth, false)?;
            let _ = write!(whole.text, "|{}", other.text);
            whole.shortest = whole.shortest.min(other.shortest);
            whole.longest = whole.longest.max(other.longest);
        }
        Ok(whole)
    }

    fn sequence(&mut self, depth: usize, is_first: bool) -> Result<Piece, Refusal> {
        let mut pieces: Vec<Piece> = Vec::new();
        while let Some(character) = self.peek() {
            if matches!(character, '|' | ')') {
                break;
            }
            self.position += 1;
            if self.flags.verbose && self.skip_verbose(character) {
                continue;
            }
            let piece = match character {
                '\\' => self.escape()?,
                '[' => self.set()?,
                '*' | '+' | '?' => {
                    let range = match character {
                        '*' => (0, MAX_REPEAT),
                        '+' => (1, MAX_REPEAT),
                        _ => (0, 1),
                    };
                    let repeated = pieces.pop();
                    self.repeat(repeated, range)?
                }
                '{' => match self.counts()? {
                    Some(range) => {
                        let repeated = pieces.pop();
                        self.repeat(repeated, range)?
                    }
                    None => self.literal('{'),
                },
                '.' => Piece::character(if self.flags.dot_all { "(?s:.)" } else { r"[^\n]" }),
                '^' => Piece::new(if self.flags.multi_line { "(?m:^)" } else { r"\A" }, Kind::Anchor, 0),
                '$' => Piece::new(if self.flags.multi_line { "(?m:$)" } else { r"(?=\n?\z)" }, Kind::Anchor, 0),
                '(' => match self.group(depth, is_first && pieces.is_empty())? {
                    Some(piece) => piece,
                    None => continue,
                },
                other => self.literal(other),
            };
            pieces.push(piece);
        }
        Ok(Piece::concat(pieces))
    }

    /// Skips blanks and comments of verbose patterns; whether there was one.
    fn skip_verbose(&mut self, character: char) -> bool {
        if character == '#' {
            while self.next().is_some_and(|character| character != '\n') {}
            return true;
        }
        matches!(character, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
    }

    fn literal(&self, character: char) -> Piece {
        self.literal_code(u32::from(character))
    }

    fn literal_code(&self, code: u32) -> Piece {
        let Some(character) = char::from_u32(code) else { return Piece::character(r"[^\s\S]") };
        let plain = if character.is_alphanumeric() { character.to_string() } else { format!(r"\x{{{code:x}}}") };
        if !self.flags.ignore_case || (self.flags.ascii && !character.is_ascii()) {
            return Piece::character(plain);
        }
        if !self.flags.ascii {
            return Piece::character(format!("(?i:{plain})"));
        }
        let (lower, upper) = (character.to_ascii_lowercase(), character.to_ascii_uppercase());
        Piece::character(if lower == upper { plain } else { format!("[{lower}{upper}]") })
    }

    /// `{2}`, `{2,}`, `{,3}`, `{2,3}` after the brace; anything else leaves the brace a literal.
    fn counts(&mut self) -> Result<Option<(u64, u64)>, Refusal> {
        let start = self.position;
        if self.peek() == Some('}') {
            return Ok(None);
        }
        let low = self.digits();
        let high = if self.eat(',') { self.digits() } else { low.clone() };
        if !self.eat('}') {
            self.position = start;
            return Ok(None);
        }
        let number = |digits: &str, default| if digits.is_empty() { Ok(default) } else { digits.parse::<u64>() };
        let overflow = "the repetition number is too large";
        let (low, high) = (number(&low, 0).map_err(|_| overflow)?, number(&high, MAX_REPEAT).map_err(|_| overflow)?);
        if low >= MAX_REPEAT {
            return Err(overflow);
        }
        if high < low {
            return Err("min repeat greater than max repeat");
        }
        Ok(Some((low, high)))
    }

    fn digits(&mut self) -> String {
        let mut digits = String::new();
        while let Some(digit) = self.peek().filter(char::is_ascii_digit) {
            digits.push(digit);
            self.position += 1;
        }
        digits
    }

    fn repeat(&mut self, piece: Option<Piece>, (low, high): (u64, u64)) -> Result<Piece, Refusal> {
        let piece = match piece {
            None | Some(Piece { kind: Kind::Anchor, .. }) => return Err("nothing to repeat"),
            Some(Piece { kind: Kind::Repeat, .. }) => return Err("multiple repeat"),
            Some(piece) => piece,
        };
        let counts = match (low, high) {
            (0, MAX_REPEAT) => "*".to_owned(),
            (1, MAX_REPEAT) => "+".to_owned(),
            (0, 1) => "?".to_owned(),
            (low, MAX_REPEAT) => format!("{{{low},}}"),
            (low, high) => format!("{{{low},{high}}}"),
        };
        let text = if piece.longest == 0 {
            // Repeating a position changes nothing, and fancy-regex refuses to.
            self.position += usize::from(matches!(self.peek(), Some('?' | '+')));
            format!("(?:{}{})", piece.text, if low == 0 { "|" } else { "" })
        } else if self.eat('?') {
            format!("(?:{}){counts}?", piece.text)
        } else if self.eat('+') {
            format!("(?>(?:{}){counts})", piece.text)
        } else {
            format!("(?:{}){counts}", piece.text)
        };
        let longest =
            if high == MAX_REPEAT && piece.longest > 0 { UNBOUNDED } else { piece.longest.saturating_mul(high) };
        Ok(Piece { text, kind: Kind::Repeat, shortest: piece.shortest.saturating_mul(low), longest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, text: &str) -> bool {
        PythonRegex::new(pattern).is_found_in(text) == Truth::TRUE
    }

    /// Each expectation is what Python 3.11's `re.search` says.
    #[test]
    fn patterns_mean_what_they_mean_in_python() {
        for (pattern, text, expected) in [
            ("pipeline$", "rag_pipeline\n", true),
            ("pipeline$", "rag_pipeline\n\n", false),
            (r"pipeline\Z", "rag_pipeline\n", false),
            ("(?m)^b$", "a\nb\nc", true),
            ("a.b", "a\nb", false),
            ("(?s)a.b", "a\nb", true),
            (r"(?P<x>a)(?P=x)", "aa", true),
            (r"(a)\1", "ab", false),
            (r"(?i)CAFÉ", "café", true),
            (r"(?i:A)b", "aB", false),
            (r"(?a)\w", "é", false),
            (r"\d", "５", true),
            (r"^\w$", "\u{301}", false),
            (r"\bchat\b", "a chat.", true),
            (r"\B", "", false),
            (r"\x41\u0042\103", "ABC", true),
            ("[[:alpha:]]", "x", false),
            ("[[:alpha:]]", "a]", true),
            ("[]a]", "]", true),
            ("[^]a]", "]", false),
            ("[a-]", "-", true),
            (r"[\w-]+", "é-1", true),
            (r"[^\W]", "é", true),
            ("a{,2}b", "b", true),
            ("a{x}", "a{x}", true),
            ("a{}", "a{}", true),
            ("a++a", "aaa", false),
            ("(?>a*)a", "aaa", false),
            ("(?<=rag.)pipeline", "rag_pipeline", true),
            ("^(?!chat)", "chat", false),
            ("(?x) a b # c", "ab", true),
            ("(?#x)a", "a", true),
            (r"(a)?(?(1)b|c)$", "ab", true),
            (r"(a)?(?(1)b|c)$", "xc", true),
            ("", "", true),
            ("^$", "", true),
            ("(?:)*", "", true),
            (r"\/\-\é", "/-é", true),
            ("(?i)(?m)^A", "b\na", true),
            ("(?i)[^a]", "A", false),
        ] {
            assert_eq!(found(pattern, text), expected, "{pattern:?} in {text:?}: {:?}", translate(pattern));
        }
    }

    #[test]
    fn what_python_refuses_matches_nothing() {
        for pattern in [
            "[",
            "*",
            "a**",
            "^*",
            r"\b+",
            "a{2,1}",
            r"\p{L}",
            r"\z",
            "(",
            ")",
            "(?",
            "(?z)",
            "a(?i)b",
            r"\1",
            r"(\1)",
            "(?<=a*)b",
            "(?P<1>a)",
            "(?P<a>x)(?P<a>y)",
            "(?P=a)",
            "[z-a]",
            r"[\d-a]",
            "(?<n>a)",
            r"\400",
            "a\\",
            "(?L)a",
            "(?au)a",
            "(?-i)a",
            "(?(1)a)",
            r"\x4",
            "(?P>a)",
            "a{99999999999}",
            "(?#",
        ] {
            assert!(translate(pattern).is_err(), "{pattern}: {:?}", translate(pattern));
            assert!(!found(pattern, pattern), "{pattern}");
        }
    }

    #[test]
    fn a_search_that_takes_too_long_is_unknown() {
        let regex = PythonRegex::new(r"^(a|aa)+\1$(?!x)");
        assert_eq!(regex.is_found_in(&"a".repeat(60)), Truth::from(true));
        assert_eq!(PythonRegex::new(r"^((a|aa)+)\1b$").is_found_in(&"a".repeat(80)), Truth::OPEN);
    }

    #[test]
    fn what_cannot_be_run_here_is_unknown() {
        let deep = format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000));
        for pattern in [deep.as_str(), r"\N{BULLET}", "(?:(?:a{1000}){1000}){1000}"] {
            assert_eq!(PythonRegex::new(pattern).is_found_in("a"), Truth::OPEN, "{}", &pattern[..9]);
        }
    }
}
