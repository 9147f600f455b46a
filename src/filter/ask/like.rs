//! LIKE and ILIKE as `SQLite` has them: `%` is any text, `_` is one character, nothing escapes them, the whole value must
//! match, and only ASCII letters have a case that can be ignored. Patterns and texts end at a NUL.

use super::truth::Truth;

/// A compiled pattern.
#[derive(Debug)]
pub(in crate::filter) struct LikePattern {
    /// What stands between the percent signs.
    segments: Vec<Segment>,
    ignore_case: bool,
}

#[derive(Debug)]
struct Segment {
    text: String,
    length: usize,
    has_wildcard: bool,
}

impl LikePattern {
    pub(in crate::filter) fn new(pattern: &str, ignore_case: bool) -> Self {
        let pattern = until_nul(pattern);
        let pattern = if ignore_case { pattern.to_ascii_lowercase() } else { pattern.to_owned() };
        let segment = |text: &str| Segment {
            text: text.to_owned(),
            length: text.chars().count(),
            has_wildcard: text.contains('_'),
        };
        Self { segments: pattern.split('%').map(segment).collect(), ignore_case }
    }

    pub(in crate::filter) fn matches(&self, text: &str) -> bool {
        let text = until_nul(text);
        if self.ignore_case { self.matches_whole(&text.to_ascii_lowercase()) } else { self.matches_whole(text) }
    }

    /// Whether a text matches of which only the beginning is known.
    pub(in crate::filter) fn matches_beginning(&self, text: &str) -> Truth {
        let is_open_ended = self.segments.len() > 1 && self.segments.last().is_some_and(|last| last.text.is_empty());
        let text = if self.ignore_case { text.to_ascii_lowercase() } else { text.to_owned() };
        let fits =
            |first: &Segment| first.text.chars().zip(text.chars()).all(|(here, there)| here == '_' || here == there);
        if is_open_ended && self.matches(&text) {
            Truth::TRUE
        } else if self.segments.first().is_some_and(fits) {
            Truth::OPEN
        } else {
            Truth::FALSE
        }
    }

    /// The first segment starts the text and the last one ends it; each of the others may be taken where it first occurs.
    fn matches_whole(&self, text: &str) -> bool {
        let Some((first, others)) = self.segments.split_first() else { return false };
        let Some(mut rest) = first.after_prefix(text) else { return false };
        let Some((last, middle)) = others.split_last() else { return rest.is_empty() };
        for segment in middle {
            match segment.after_first(rest) {
                Some(after) => rest = after,
                None => return false,
            }
        }
        last.is_suffix(rest)
    }
}

fn until_nul(text: &str) -> &str {
    text.split_once('\0').map_or(text, |(before, _)| before)
}

impl Segment {
    /// What follows if the text starts with this.
    fn after_prefix<'t>(&self, text: &'t str) -> Option<&'t str> {
        if !self.has_wildcard {
            return text.strip_prefix(self.text.as_str());
        }
        let mut characters = text.chars();
        for expected in self.text.chars() {
            let found = characters.next()?;
            if expected != '_' && expected != found {
                return None;
            }
        }
        Some(characters.as_str())
    }

    /// What follows the first place where this occurs.
    fn after_first<'t>(&self, text: &'t str) -> Option<&'t str> {
        if !self.has_wildcard {
            return text.find(&self.text).map(|at| &text[at + self.text.len()..]);
        }
        let mut rest = text;
        loop {
            if let Some(after) = self.after_prefix(rest) {
                return Some(after);
            }
            let mut characters = rest.chars();
            characters.next()?;
            rest = characters.as_str();
        }
    }

    fn is_suffix(&self, text: &str) -> bool {
        if !self.has_wildcard {
            return text.ends_with(&self.text);
        }
        let start = text.char_indices().rev().nth(self.length - 1).map(|(at, _)| at);
        start.is_some_and(|start| self.after_prefix(&text[start..]).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_sqlite() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("%", "", true),
            ("%%", "a\nb", true),
            ("a%", "abc", true),
            ("%c", "abc", true),
            ("a%a", "a", false),
            ("%b%", "abc", true),
            ("a_c", "aéc", true),
            ("a_c", "ac", false),
            ("_", "日", true),
            ("%_", "", false),
            ("_%_", "a", false),
            ("%a_", "xxab", true),
            ("%a_c%d", "aacabcd", true),
            ("%ab%ab%", "ab", false),
            ("100\\%", "100%", false),
            ("100\\%", "100\\x", true),
            ("A%", "abc", false),
            ("[a]", "a", false),
        ] {
            assert_eq!(LikePattern::new(pattern, false).matches(text), expected, "{pattern:?} {text:?}");
        }
    }

    #[test]
    fn of_a_beginning_only_what_nothing_behind_it_changes_is_known() {
        for (pattern, expected) in [
            ("%", Truth::TRUE),
            ("ab%", Truth::TRUE),
            ("%b%", Truth::TRUE),
            ("A%", Truth::FALSE),
            ("x%", Truth::FALSE),
            ("", Truth::OPEN),
            ("%x%", Truth::OPEN),
            ("%b", Truth::OPEN),
            ("abc_e", Truth::OPEN),
            ("abd_e", Truth::FALSE),
            ("abcdef", Truth::OPEN),
        ] {
            assert_eq!(LikePattern::new(pattern, false).matches_beginning("abc"), expected, "{pattern:?}");
        }
        assert_eq!(LikePattern::new("A%", true).matches_beginning("abc"), Truth::TRUE);
    }

    #[test]
    fn nothing_after_a_nul_counts() {
        for ignore_case in [false, true] {
            assert!(LikePattern::new("%\0x", ignore_case).matches("abc"));
            assert!(LikePattern::new("a_c", ignore_case).matches("abc\0d"));
            assert!(!LikePattern::new("%d", ignore_case).matches("abc\0d"));
        }
    }

    #[test]
    fn only_ascii_letters_lose_their_case() {
        assert!(LikePattern::new("CHAT%", true).matches("chat é"));
        assert!(!LikePattern::new("É", true).matches("é"));
    }
}
