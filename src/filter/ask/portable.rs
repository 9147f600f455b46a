//! Which comparisons of texts come out the same on every database that `MLflow` supports.
//!
//! What is decided here is decided as `SQLite` decides it. Others differ where a letter outside of ASCII has another case or an
//! accent (ILIKE), where a backslash escapes (LIKE on `PostgreSQL` and `MySQL`), where characters are counted in bytes (`MySQL`
//! compares binary) and in the dialects of regular expressions (RLIKE: Python's `re`, POSIX, ICU or PCRE). It must not know
//! which database a server has.
//!
//! Invariant: what is said to be the same everywhere is; the reverse costs a question.

use crate::filter::meaning::typed::{Test, TextOperator};

/// The texts with which a test comes out the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::filter) enum Portable {
    Always,
    /// Texts of printable ASCII characters.
    WithPlainText,
    Never,
}

impl Portable {
    pub(in crate::filter) fn of(test: &Test) -> Self {
        match test {
            Test::Text(operator, pattern) => match operator {
                TextOperator::Equal | TextOperator::NotEqual => Self::Always,
                TextOperator::Like | TextOperator::NotLike => of_like(pattern),
                TextOperator::ILike | TextOperator::NotILike => of_ilike(pattern),
                TextOperator::RLike | TextOperator::NotRLike => of_regex(pattern),
            },
            _ => Self::Always,
        }
    }

    /// Whether it comes out the same everywhere with this text.
    pub(in crate::filter) fn holds_with(self, text: &str) -> bool {
        match self {
            Self::Always => true,
            Self::WithPlainText => is_plain(text),
            Self::Never => false,
        }
    }
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

fn of_like(pattern: &str) -> Portable {
    match pattern {
        _ if pattern.contains('\\') => Portable::Never,
        _ if pattern.contains('_') => Portable::WithPlainText,
        _ => Portable::Always,
    }
}

fn of_ilike(pattern: &str) -> Portable {
    if pattern.contains('\\') || !is_plain(pattern) { Portable::Never } else { Portable::WithPlainText }
}

/// Literals, `. ^ $ |`, groups, quantifiers, simple classes, `\d \w \s` and escaped punctuation mean the same in all dialects.
fn of_regex(pattern: &str) -> Portable {
    let mut rest = Reader { bytes: pattern.as_bytes(), at: 0 };
    let is_common = is_plain(pattern) && rest.alternatives() && rest.at == pattern.len();
    if is_common { Portable::WithPlainText } else { Portable::Never }
}

/// What follows in a pattern. Everything answers whether it was read, and read to mean one thing.
struct Reader<'p> {
    bytes: &'p [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, wanted: &str) -> bool {
        let is_there = self.bytes[self.at..].starts_with(wanted.as_bytes());
        self.at += if is_there { wanted.len() } else { 0 };
        is_there
    }

    /// One or more, none of them empty.
    fn alternatives(&mut self) -> bool {
        loop {
            if !self.sequence() {
                return false;
            }
            if !self.take("|") {
                return true;
            }
        }
    }

    fn sequence(&mut self) -> bool {
        let mut count = 0;
        while let Some(next) = self.peek().filter(|next| !b"|)".contains(next)) {
            let is_read = match next {
                b'^' | b'$' => self.take(if next == b'^' { "^" } else { "$" }) && !self.is_at_quantifier(),
                _ => self.atom(next) && self.quantifier(),
            };
            if !is_read {
                return false;
            }
            count += 1;
        }
        count > 0
    }

    fn atom(&mut self, next: u8) -> bool {
        self.at += 1;
        match next {
            b'(' => (!self.take("?") || self.take(":")) && self.alternatives() && self.take(")"),
            b'[' => self.class(),
            b'\\' => self.escape(),
            b'*' | b'+' | b'?' | b'{' | b'}' | b']' => false,
            _ => true,
        }
    }

    fn escape(&mut self) -> bool {
        let escaped = self.peek();
        self.at += 1;
        escaped.is_some_and(|byte| byte.is_ascii_punctuation() || b"dwsDWS".contains(&byte))
    }

    /// A class without classes and sets within: letters, digits, ranges of them, blanks and escapes.
    fn class(&mut self) -> bool {
        self.take("^");
        let start = self.at;
        while let Some(next) = self.peek() {
            self.at += 1;
            match next {
                b']' => return self.at > start + 1,
                b'\\' if self.escape() => {}
                b'-' | b'_' | b'.' | b',' | b':' | b'/' | b' ' if self.bytes.get(self.at) != Some(&next) => {}
                byte if byte.is_ascii_alphanumeric() => {}
                _ => return false,
            }
        }
        false
    }

    fn is_at_quantifier(&self) -> bool {
        self.peek().is_some_and(|next| b"*+?{".contains(&next))
    }

    /// `* + ? {n} {n,} {n,m}`, none of them twice; a lazy one finds the same.
    fn quantifier(&mut self) -> bool {
        if !self.is_at_quantifier() {
            return true;
        }
        let is_counted = self.take("{");
        if is_counted {
            let digits = |reader: &mut Self| {
                let start = reader.at;
                while reader.peek().is_some_and(|next| next.is_ascii_digit()) {
                    reader.at += 1;
                }
                // More than 255 is more than PostgreSQL takes.
                (1..=2).contains(&(reader.at - start))
            };
            let has_least = digits(self);
            let has_most = !self.take(",") || self.peek() == Some(b'}') || digits(self);
            if !has_least || !has_most || !self.take("}") {
                return false;
            }
        } else {
            self.at += 1;
        }
        !self.is_at_quantifier()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portable(operator: TextOperator, pattern: &str) -> Portable {
        Portable::of(&Test::Text(operator, pattern.to_owned()))
    }

    #[test]
    fn equal_texts_are_equal_everywhere() {
        assert!(portable(TextOperator::Equal, "é\\_").holds_with("É"));
    }

    #[test]
    fn patterns_differ_by_backslashes_and_by_what_is_a_character() {
        let like = |pattern| portable(TextOperator::Like, pattern);
        assert!(like("%é%").holds_with("日本"));
        assert!(like("a_c").holds_with("abc") && !like("a_c").holds_with("aéc"));
        assert!(!like("100\\%").holds_with("100%"));
        let in_any_case = |pattern| portable(TextOperator::NotILike, pattern);
        assert!(in_any_case("cafe%").holds_with("CAFE au lait") && !in_any_case("cafe%").holds_with("Café"));
        assert!(!in_any_case("É%").holds_with("abc"));
    }

    #[test]
    fn what_all_dialects_of_regular_expressions_share_is_known() {
        for common in [
            "^(prod|staging)$",
            "gpt-4o",
            "a.*b",
            r"v\d+\.\d+",
            "[A-Za-z0-9_.-]+@x",
            "(?:ab)+c?",
            "a{2,3}b{4}c{1,}",
            "[^ab]",
            "error: .+",
            "a/b",
            r"\w+\s\S",
        ] {
            assert_eq!(portable(TextOperator::RLike, common), Portable::WithPlainText, "{common}");
        }
        for own in [
            "",
            "(|a)",
            "a||b",
            "a|",
            "a++",
            "a*?",
            "a**",
            "^*",
            "(?i)a",
            "(?=a)",
            r"\bword",
            r"(a)\1",
            r"\Z",
            "[[:alpha:]]",
            "[a&&b]",
            "[",
            "a{",
            "a{300}",
            "a{,3}",
            ")",
            "(",
            r"\",
            "é",
            "[]a]",
            "[a--b]",
            r"\p{L}",
            "a{1}{2}",
            "***=a",
        ] {
            assert_eq!(portable(TextOperator::RLike, own), Portable::Never, "{own}");
        }
        assert!(!portable(TextOperator::RLike, "a.c").holds_with("a\nc"));
    }
}
