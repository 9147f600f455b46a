//! Escapes, back references and character sets of Python patterns.

use std::fmt::Write;

use super::{Kind, Member, NAMED_CHARACTER, Piece, Refusal, Translator};

const WORD: &str = r"\p{L}\p{N}_";
const ASCII_WORD: &str = "a-zA-Z0-9_";
const SPACE: &str = r"\t-\r\x1c-\x20\x85\xa0\u{1680}\u{2000}-\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}";
const ASCII_SPACE: &str = r"\t-\r\x20";

impl Translator {
    pub(super) fn escape(&mut self) -> Result<Piece, Refusal> {
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

    pub(super) fn word(&self) -> &'static str {
        if self.flags.ascii { ASCII_WORD } else { WORD }
    }

    /// The escapes that mean the same inside and outside of a set.
    pub(super) fn shared_escape(&mut self, letter: char) -> Result<Member, Refusal> {
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
            'N' => Err(NAMED_CHARACTER),
            letter if letter.is_ascii_alphabetic() => Err("bad escape"),
            other => character(u32::from(other)),
        }
    }

    pub(super) fn hexadecimal(&mut self, length: usize) -> Result<u32, Refusal> {
        let digits: String = self.source.iter().skip(self.position).take(length).collect();
        if digits.len() != length || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err("incomplete escape");
        }
        self.position += length;
        u32::from_str_radix(&digits, 16).map_err(|_| "bad escape")
    }

    /// Up to `most` octal digits, after those that make up `code`.
    pub(super) fn octal(&mut self, mut code: u32, most: usize) -> u32 {
        for _ in 0..most {
            let Some(digit) = self.peek().and_then(|digit| digit.to_digit(8)) else { break };
            code = code * 8 + digit;
            self.position += 1;
        }
        code
    }

    /// `\1` to `\99`, or three octal digits.
    pub(super) fn back_reference(&mut self, first: char) -> Result<Piece, Refusal> {
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

    pub(super) fn reference(&self, group: usize) -> Result<Piece, Refusal> {
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
    pub(super) fn set(&mut self) -> Result<Piece, Refusal> {
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

    pub(super) fn member(&mut self, character: char) -> Result<Member, Refusal> {
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
