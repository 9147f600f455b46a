//! RLIKE: Python's `re.search`, translated for the `fancy-regex` crate.
//!
//! A pattern is read as Python 3.11's `re._parser` reads it and written anew, every construct spelled so that it means
//! the same there: `$` also stands before a final newline, `\Z` is the end, `\w \d \s` and `\b` know Python's Unicode,
//! `\z`, `\p{..}` and `[[:alpha:]]` are not what they are elsewhere. A pattern that Python refuses matches nothing.
//!
//! It must not know filters or traces. Not translated, and so matching nothing: `\N{NAME}` and nesting deeper than
//! [`MAX_DEPTH`].

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

const WORD: &str = r"\p{L}\p{N}_";
const ASCII_WORD: &str = "a-zA-Z0-9_";
const SPACE: &str = r"\t-\r\x1c-\x20\x85\xa0\u{1680}\u{2000}-\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}";
const ASCII_SPACE: &str = r"\t-\r\x20";

/// A compiled pattern; none inside if Python refuses it.
#[derive(Debug)]
pub(super) struct PythonRegex(Option<fancy_regex::Regex>);

impl PythonRegex {
    pub(super) fn new(pattern: &str) -> Self {
        let translated = translate(pattern).ok();
        Self(
            translated
                .and_then(|text| fancy_regex::RegexBuilder::new(&text).backtrack_limit(BACKTRACK_LIMIT).build().ok()),
        )
    }

    /// Whether the pattern is found anywhere; unknown if the search was given up.
    pub(super) fn is_found_in(&self, text: &str) -> Truth {
        match &self.0 {
            None => Truth::False,
            Some(regex) => regex.is_match(text).map_or(Truth::Unknown, Truth::from),
        }
    }
}

/// Why Python refuses a pattern.
pub(super) type Refusal = &'static str;

/// The pattern as `fancy-regex` spells it.
pub(super) fn translate(pattern: &str) -> Result<String, Refusal> {
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
            return Err("nested too deeply");
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

    fn escape(&mut self) -> Result<Piece, Refusal> {
        let Some(letter) = self.next() else { return Err("bad escape (end of pattern)") };
        let word = self.word();
        Ok(match letter {
            'A' => Piece::new(r"\A", Kind::Anchor, 0),
            'Z' => Piece::new(r"\z", Kind::Anchor, 0),
            'b' => Piece::new(format!("(?:(?<=[{word}])(?![{word}])|(?<![{word}])(?=[{word}]))"), Kind::Anchor, 0),
            // Until 3.14, \B did not match the empty text.
            'B' => {
                Piece::new(format!(r"(?:(?<=[{word}])(?=[{word}])|(?!\A\z)(?<![{word}])(?![{word}]))"), Kind::Anchor, 0)
            }
            '0' => {
                let code = self.octal(0, 2);
                self.literal_code(code)
            }
            '1'..='9' => self.back_reference(letter)?,
            _ => match self.shared_escape(letter)? {
                Member::Character(code) => self.literal_code(code),
                Member::Class(class) => Piece::character(class),
            },
        })
    }

    fn word(&self) -> &'static str {
        if self.flags.ascii { ASCII_WORD } else { WORD }
    }

    /// The escapes that mean the same inside and outside of a set.
    fn shared_escape(&mut self, letter: char) -> Result<Member, Refusal> {
        let digit = if self.flags.ascii { "0-9" } else { r"\p{Nd}" };
        let space = if self.flags.ascii { ASCII_SPACE } else { SPACE };
        let class = |inside: &str| Ok(Member::Class(format!("[{inside}]")));
        let character = |code| Ok(Member::Character(code));
        match letter {
            'd' => class(digit),
            'D' => class(&format!("^{digit}")),
            's' => class(space),
            'S' => class(&format!("^{space}")),
            'w' => class(self.word()),
            'W' => class(&format!("^{}", self.word())),
            'a' => character(7),
            'f' => character(12),
            'n' => character(10),
            'r' => character(13),
            't' => character(9),
            'v' => character(11),
            'x' => character(self.hexadecimal(2)?),
            'u' => character(self.hexadecimal(4)?),
            'U' => match self.hexadecimal(8)? {
                code if code <= 0x10_ffff => character(code),
                _ => Err("bad escape"),
            },
            letter if letter.is_ascii_alphabetic() => Err("bad escape"),
            other => character(u32::from(other)),
        }
    }

    fn hexadecimal(&mut self, length: usize) -> Result<u32, Refusal> {
        let digits: String = self.source.iter().skip(self.position).take(length).collect();
        if digits.len() != length || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err("incomplete escape");
        }
        self.position += length;
        u32::from_str_radix(&digits, 16).map_err(|_| "bad escape")
    }

    /// Up to `most` octal digits, after those that make up `code`.
    fn octal(&mut self, mut code: u32, most: usize) -> u32 {
        for _ in 0..most {
            let Some(digit) = self.peek().and_then(|digit| digit.to_digit(8)) else { break };
            code = code * 8 + digit;
            self.position += 1;
        }
        code
    }

    /// `\1` to `\99`, or three octal digits.
    fn back_reference(&mut self, first: char) -> Result<Piece, Refusal> {
        let digit_at =
            |this: &Self, offset: usize| this.source.get(this.position + offset).and_then(|c| c.to_digit(10));
        let mut group = first.to_digit(10).unwrap_or(0);
        if let Some(second) = digit_at(self, 0) {
            if let (Some(third), true) = (digit_at(self, 1), group < 8 && second < 8)
                && third < 8
            {
                self.position += 2;
                let code = group * 64 + second * 8 + third;
                return if code > 0o377 { Err("octal escape outside of range") } else { Ok(self.literal_code(code)) };
            }
            self.position += 1;
            group = group * 10 + second;
        }
        self.reference(group as usize)
    }

    fn reference(&self, group: usize) -> Result<Piece, Refusal> {
        match self.groups.get(group) {
            None => Err("invalid group reference"),
            Some(None) => Err("cannot refer to an open group"),
            Some(Some((shortest, longest))) => {
                let flag = if self.flags.ignore_case { "?i:" } else { "?:" };
                let text = format!(r"({flag}\{group})");
                Ok(Piece { text, kind: Kind::Atom, shortest: *shortest, longest: *longest })
            }
        }
    }

    /// `[...]` after the bracket.
    fn set(&mut self) -> Result<Piece, Refusal> {
        const UNTERMINATED: Refusal = "unterminated character set";
        let mut text = String::from(if self.eat('^') { "[^" } else { "[" });
        let start = self.position;
        loop {
            let first = match self.next().ok_or(UNTERMINATED)? {
                ']' if self.position > start + 1 => break,
                character => self.member(character)?,
            };
            if !self.eat('-') {
                push_member(&mut text, &first);
                continue;
            }
            let last = match self.next().ok_or(UNTERMINATED)? {
                ']' => {
                    push_member(&mut text, &first);
                    text.push_str(r"\-");
                    break;
                }
                character => self.member(character)?,
            };
            match (first, last) {
                (Member::Character(low), Member::Character(high)) if low <= high => push_range(&mut text, low, high),
                _ => return Err("bad character range"),
            }
        }
        text.push(']');
        Ok(Piece::character(if self.flags.ignore_case { format!("(?i:{text})") } else { text }))
    }

    fn member(&mut self, character: char) -> Result<Member, Refusal> {
        if character != '\\' {
            return Ok(Member::Character(u32::from(character)));
        }
        match self.next().ok_or("unterminated character set")? {
            'b' => Ok(Member::Character(8)),
            digit @ '0'..='7' => match self.octal(digit.to_digit(8).unwrap_or(0), 2) {
                code @ 0..=0o377 => Ok(Member::Character(code)),
                _ => Err("octal escape outside of range"),
            },
            '8' | '9' => Err("bad escape"),
            letter => self.shared_escape(letter),
        }
    }

    /// A group after its parenthesis; nothing for comments and global flags.
    fn group(&mut self, depth: usize, may_set_flags: bool) -> Result<Option<Piece>, Refusal> {
        if !self.eat('?') {
            return self.capture(depth, None).map(Some);
        }
        match self.next().ok_or("unexpected end of pattern")? {
            'P' if self.eat('<') => {
                let name = self.until('>')?;
                if !is_identifier(&name) || self.names.contains_key(&name) {
                    return Err("bad or repeated group name");
                }
                self.capture(depth, Some(name)).map(Some)
            }
            'P' if self.eat('=') => {
                let name = self.until(')')?;
                let group = self.names.get(&name).copied().ok_or("unknown group name")?;
                self.reference(group).map(Some)
            }
            ':' => self.rest_of_group(depth, "(?:").map(Some),
            '>' => self.rest_of_group(depth, "(?>").map(Some),
            '#' => self.until(')').map(|_| None),
            '=' => self.look(depth, "(?=").map(Some),
            '!' => self.look(depth, "(?!").map(Some),
            '<' => match self.next() {
                Some('=') => self.look_behind(depth, "(?<=").map(Some),
                Some('!') => self.look_behind(depth, "(?<!").map(Some),
                _ => Err("unknown extension"),
            },
            '(' => self.conditional(depth).map(Some),
            letter => self.inline_flags(depth, letter, may_set_flags),
        }
    }

    fn rest_of_group(&mut self, depth: usize, open: &str) -> Result<Piece, Refusal> {
        let flags = self.flags;
        let inner = self.alternatives(depth + 1);
        self.flags = flags;
        if !self.eat(')') {
            return inner.and(Err("missing ), unterminated subpattern"));
        }
        Ok(inner?.wrapped(open))
    }

    fn capture(&mut self, depth: usize, name: Option<String>) -> Result<Piece, Refusal> {
        let number = self.groups.len();
        self.groups.push(None);
        if let Some(name) = name {
            self.names.insert(name, number);
        }
        let piece = self.rest_of_group(depth, "(")?;
        self.groups[number] = Some((piece.shortest, piece.longest));
        Ok(piece)
    }

    fn look(&mut self, depth: usize, open: &str) -> Result<Piece, Refusal> {
        let inner = self.rest_of_group(depth, open)?;
        Ok(Piece::new(inner.text, Kind::Atom, 0))
    }

    fn look_behind(&mut self, depth: usize, open: &str) -> Result<Piece, Refusal> {
        let inner = self.rest_of_group(depth, open)?;
        if inner.shortest != inner.longest {
            return Err("look-behind requires fixed-width pattern");
        }
        Ok(Piece::new(inner.text, Kind::Atom, 0))
    }

    /// `(?(1)yes|no)` after the second parenthesis.
    fn conditional(&mut self, depth: usize) -> Result<Piece, Refusal> {
        let name = self.until(')')?;
        let group = match self.names.get(&name) {
            Some(group) => *group,
            None => name.parse().map_err(|_| "unknown group name")?,
        };
        if group == 0 || name.starts_with('+') {
            return Err("bad group number");
        }
        self.referred = self.referred.max(group);
        let yes = self.sequence(depth + 1, false)?;
        let no = if self.eat('|') { self.sequence(depth + 1, false)? } else { Piece::new("", Kind::Atom, 0) };
        if !self.eat(')') {
            return Err("conditional backref with more than two branches");
        }
        let text = format!("(?({group}){}|{})", yes.text, no.text);
        let (shortest, longest) = (yes.shortest.min(no.shortest), yes.longest.max(no.longest));
        Ok(Piece { text, kind: Kind::Atom, shortest, longest })
    }

    /// `(?i)`, `(?i:...)`, `(?-i:...)` after the first letter or the minus sign.
    fn inline_flags(&mut self, depth: usize, first: char, may_set_flags: bool) -> Result<Option<Piece>, Refusal> {
        const BAD: Refusal = "bad inline flags";
        let before = self.flags;
        let (mut negative, mut letter, mut changed, mut unicode) = (false, first, 0, false);
        let closing = loop {
            match letter {
                ':' if changed > 0 => break ':',
                ')' if changed > 0 && !negative => break ')',
                '-' if !negative => (negative, changed) = (true, 0),
                'i' => self.flags.ignore_case = !negative,
                'm' => self.flags.multi_line = !negative,
                's' => self.flags.dot_all = !negative,
                'x' => self.flags.verbose = !negative,
                'a' if !negative && !unicode => self.flags.ascii = true,
                'u' if !negative && !(self.flags.ascii && !before.ascii) => (self.flags.ascii, unicode) = (false, true),
                _ => return Err(BAD),
            }
            changed += usize::from(letter != '-');
            letter = self.next().ok_or("missing -, : or )")?;
        };
        if closing == ')' {
            return if may_set_flags { Ok(None) } else { Err("global flags not at the start of the expression") };
        }
        let inside = self.flags;
        self.flags = inside;
        let piece = self.rest_of_group(depth, "(?:");
        self.flags = before;
        piece.map(Some)
    }
}

fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first == '_' || first.is_alphabetic())
        && characters.all(|character| character == '_' || character.is_alphanumeric())
}

fn push_member(text: &mut String, member: &Member) {
    match member {
        Member::Character(code) => push_range(text, *code, *code),
        Member::Class(class) => text.push_str(class),
    }
}

/// Writes a range of code points; surrogates, which no text holds, are left out.
fn push_range(text: &mut String, low: u32, high: u32) {
    for (low, high) in [(low, high.min(0xd7ff)), (low.max(0xe000), high)] {
        if low <= high {
            let _ = write!(text, r"\x{{{low:x}}}-\x{{{high:x}}}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, text: &str) -> bool {
        PythonRegex::new(pattern).is_found_in(text) == Truth::True
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
        assert_eq!(PythonRegex::new(r"^((a|aa)+)\1b$").is_found_in(&"a".repeat(80)), Truth::Unknown);
    }

    #[test]
    fn deep_nesting_is_refused() {
        assert!(translate(&format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000))).is_err());
    }
}
