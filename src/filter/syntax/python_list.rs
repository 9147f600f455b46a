//! The values of an IN list: the part of Python's `ast.literal_eval` that can say a tuple of strings.
//!
//! The server hands the text between the parentheses to Python, so here and only here escapes are decoded, adjacent
//! strings are joined and `#` starts a comment.

use std::ops::Range;

/// A list that Python would not read as strings: where, and why.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::filter) struct ListError {
    pub span: Range<usize>,
    pub problem: ListProblem,
}

/// Why a list is refused.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::filter) enum ListProblem {
    /// `()`.
    Empty,
    /// A list in the list.
    Nested,
    /// A word without quotes.
    Word(String),
    /// A number.
    Number,
    /// A byte or format string.
    Prefix(String),
    /// A comma is missing or there are two.
    Comma,
    /// No closing quote, on the same line for plain quotes.
    Unclosed,
    /// A damaged `\x`, `\u`, `\U` or `\N`, or half a surrogate pair.
    Escape,
    /// Something else that no list of strings holds.
    Character(char),
}

/// One value of the literal: a string, or a tuple of strings.
enum Value {
    Text(String),
    Tuple(Vec<String>),
}

/// A parenthesis that is still open.
#[derive(Default)]
struct Group {
    values: Vec<Value>,
    comma: bool,
    /// Whether the last value stands directly before, so that only another string or a comma may follow.
    after_value: bool,
    /// Whether that value is a string literal, which adjacent literals are joined to.
    after_string: bool,
    start: usize,
}

/// Reads `('a', "b")`, parentheses included.
pub(in crate::filter) fn read(text: &str) -> Result<Vec<String>, ListError> {
    if let Some(at) = text.find('\0') {
        // Python reads no source that holds one, not even in a string.
        return Err(ListError { span: at..at + 1, problem: ListProblem::Character('\0') });
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut position = 0;
    while let Some(character) = text[position..].chars().next() {
        let start = position;
        let fail = |problem| Err(ListError { span: start..start + character.len_utf8(), problem });
        position += character.len_utf8();
        match character {
            ' ' | '\t' | '\x0c' | '\n' | '\r' => {}
            '\\' if text[position..].starts_with(['\n', '\r']) => {}
            '#' => position += text[position..].find(['\n', '\r']).unwrap_or(text.len() - position),
            '(' => {
                if groups.last().is_some_and(|group| group.after_value) {
                    return fail(ListProblem::Comma);
                }
                groups.push(Group { start, ..Group::default() });
            }
            ')' => {
                let Some(group) = groups.pop() else { return fail(ListProblem::Character(')')) };
                let value = group.close(position)?;
                match groups.last_mut() {
                    Some(outer) => outer.push(value, start, false)?,
                    None if position == text.len() => return finish(value, text.len()),
                    None => return fail(ListProblem::Character(')')),
                }
            }
            ',' => match groups.last_mut() {
                Some(group) if group.after_value => {
                    (group.comma, group.after_value, group.after_string) = (true, false, false);
                }
                _ => return fail(ListProblem::Comma),
            },
            _ => {
                let (value, end) = item(text, start)?;
                position = end;
                match groups.last_mut() {
                    Some(group) => group.push(Value::Text(value), start, true)?,
                    None => return fail(ListProblem::Character(character)),
                }
            }
        }
    }
    Err(ListError { span: text.len()..text.len(), problem: ListProblem::Unclosed })
}

impl Group {
    fn push(&mut self, value: Value, at: usize, is_string: bool) -> Result<(), ListError> {
        if self.after_value {
            match (self.values.last_mut(), value) {
                (Some(Value::Text(last)), Value::Text(more)) if self.after_string && is_string => last.push_str(&more),
                _ => return Err(ListError { span: at..at + 1, problem: ListProblem::Comma }),
            }
        } else {
            self.values.push(value);
        }
        (self.after_value, self.after_string) = (true, is_string);
        Ok(())
    }

    /// What a closed parenthesis says: the value itself without a comma, a tuple with one.
    fn close(mut self, end: usize) -> Result<Value, ListError> {
        let span = self.start..end;
        if !self.comma {
            return match (self.values.pop(), self.values.is_empty()) {
                (Some(only), true) => Ok(only),
                _ => Err(ListError { span, problem: ListProblem::Empty }),
            };
        }
        let texts = self.values.into_iter().map(|value| match value {
            Value::Text(text) => Ok(text),
            Value::Tuple(_) => Err(ListError { span: span.clone(), problem: ListProblem::Nested }),
        });
        texts.collect::<Result<_, _>>().map(Value::Tuple)
    }
}

fn finish(value: Value, end: usize) -> Result<Vec<String>, ListError> {
    match value {
        Value::Text(text) => Ok(vec![text]),
        Value::Tuple(texts) if texts.is_empty() => Err(ListError { span: 0..end, problem: ListProblem::Empty }),
        Value::Tuple(texts) => Ok(texts),
    }
}

/// A string literal with its prefix, and where it ends.
fn item(text: &str, start: usize) -> Result<(String, usize), ListError> {
    let rest = &text[start..];
    let word_length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let (word, after) = rest.split_at(word_length);
    let fail = |length: usize, problem| Err(ListError { span: start..start + length, problem });
    let Some(quote @ ('\'' | '"')) = after.chars().next() else {
        return match rest.chars().next() {
            Some('0'..='9' | '-' | '+' | '.') => fail(word_length.max(1), ListProblem::Number),
            Some(character) if word.is_empty() => fail(character.len_utf8(), ListProblem::Character(character)),
            _ => fail(word_length, ListProblem::Word(word.to_owned())),
        };
    };
    let raw = match word {
        "" | "u" | "U" => false,
        "r" | "R" => true,
        _ => return fail(word_length, ListProblem::Prefix(word.to_owned())),
    };
    let body = start + word_length;
    let quotes = if text[body..].starts_with(&quote.to_string().repeat(3)) { 3 } else { 1 };
    string_body(text, body + quotes, quote, quotes, raw)
}

/// The rest of a string literal after its opening quotes.
fn string_body(text: &str, start: usize, quote: char, quotes: usize, raw: bool) -> Result<(String, usize), ListError> {
    let closing = quote.to_string().repeat(quotes);
    let mut out = String::new();
    let mut position = start;
    loop {
        let rest = &text[position..];
        if rest.starts_with(&closing) {
            return Ok((out, position + closing.len()));
        }
        let unclosed = ListError { span: start - quotes..position, problem: ListProblem::Unclosed };
        let Some(character) = rest.chars().next() else { return Err(unclosed) };
        match character {
            '\n' | '\r' if quotes == 1 => return Err(unclosed),
            '\r' => {
                out.push('\n');
                position += if rest.starts_with("\r\n") { 2 } else { 1 };
            }
            '\\' if raw => {
                out.push('\\');
                position += 1;
                // In a raw string too, what follows a backslash cannot end it.
                if let Some(next) = text[position..].chars().next() {
                    let length = if text[position..].starts_with("\r\n") { 2 } else { next.len_utf8() };
                    out.push(if next == '\r' { '\n' } else { next });
                    position += length;
                }
            }
            '\\' => position = escape(text, position, &mut out)?,
            _ => {
                out.push(character);
                position += character.len_utf8();
            }
        }
    }
}

/// Decodes the escape at `start` into `out`; where it ends.
fn escape(text: &str, start: usize, out: &mut String) -> Result<usize, ListError> {
    let rest = &text[start + 1..];
    let fail = |length: usize| {
        let end = (start + length).min(text.len());
        ListError { span: start..end, problem: ListProblem::Escape }
    };
    let Some(letter) = rest.chars().next() else { return Err(fail(1)) };
    let after = start + 1 + letter.len_utf8();
    let simple = match letter {
        '\n' => return Ok(after),
        '\r' => return Ok(if rest.starts_with("\r\n") { after + 1 } else { after }),
        '\\' | '\'' | '"' => letter,
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        '0'..='7' => {
            let length = rest.bytes().take(3).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
            let code = u32::from_str_radix(&rest[..length], 8).ok().and_then(char::from_u32);
            out.push(code.ok_or_else(|| fail(length + 1))?);
            return Ok(start + 1 + length);
        }
        'x' | 'u' | 'U' => {
            let length = match letter {
                'x' => 2,
                'u' => 4,
                _ => 8,
            };
            let digits = rest.get(1..=length).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
            let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
            out.push(code.ok_or_else(|| fail(2))?);
            return Ok(after + length);
        }
        'N' => return Err(fail(2)),
        other => {
            out.push('\\');
            other
        }
    };
    out.push(simple);
    Ok(after)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Each expectation is what Python 3.11's `ast.literal_eval` says.
    #[test]
    fn strings_are_read_as_python_reads_them() {
        for (text, expected) in [
            ("('a', \"b\")", vec!["a", "b"]),
            ("('a')", vec!["a"]),
            ("((('a')))", vec!["a"]),
            ("(('a', 'b',))", vec!["a", "b"]),
            ("('a' \"b\" 'c', 'd')", vec!["abc", "d"]),
            (r"(r'\n', u'\n', '\q', '\u004f\x4b\101')", vec!["\\n", "\n", "\\q", "OKA"]),
            ("('''a'b\r\nc''', \"\"\"\"x\"\"\")", vec!["a'b\nc", "\"x"]),
            ("('a' # it, 'b'\n, 'c')", vec!["a", "c"]),
            ("(\\\n'a')", vec!["a"]),
            ("('a\\\nb')", vec!["ab"]),
            (r"(r'\'')", vec![r"\'"]),
            ("('')", vec![""]),
        ] {
            assert_eq!(read(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_list_of_strings_is_refused() {
        use ListProblem::{Comma, Empty, Escape, Nested, Number, Prefix, Unclosed, Word};
        for (text, problem) in [
            ("()", Empty),
            ("(())", Empty),
            ("('a',,'b')", Comma),
            ("(,)", Comma),
            ("(('a') 'b')", Comma),
            ("('a' ('b'))", Comma),
            ("(('a', 'b'), 'c')", Nested),
            ("(OK)", Word("OK".into())),
            ("('a' or 'b')", Word("or".into())),
            ("(1)", Number),
            ("(-1.5)", Number),
            ("(b'a')", Prefix("b".into())),
            ("(f'a')", Prefix("f".into())),
            (r"('\x4')", Escape),
            (r"('\ud800')", Escape),
            (r"('\N{BULLET}')", Escape),
            ("('a\n')", Unclosed),
            ("('a')('b')", ListProblem::Character(')')),
            ("['a']", ListProblem::Character('[')),
            ("('a'\u{a0})", ListProblem::Character('\u{a0}')),
            ("('a\0')", ListProblem::Character('\0')),
        ] {
            assert_eq!(read(text).map_err(|error| error.problem), Err(problem), "{text}");
        }
    }
}
