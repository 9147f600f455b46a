//! Texts within a width.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Lines of a text, and how many more there are.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub lines: Vec<String>,
    pub rest: usize,
}

/// A text within a width: lines break between words where that is possible. `most` lines are kept.
pub(super) fn wrapped(text: &str, width: usize, most: usize) -> Block {
    let width = width.max(10);
    let mut lines = Vec::new();
    for line in text.trim_end().split('\n') {
        push_wrapped(&mut lines, &line.replace('\t', "    "), width);
    }
    // One line more is no longer than saying so.
    let kept = if lines.len() <= most.saturating_add(1) { lines.len() } else { most };
    let rest = lines.len() - kept;
    lines.truncate(kept);
    Block { lines, rest }
}

fn push_wrapped(lines: &mut Vec<String>, line: &str, width: usize) {
    let mut current = String::new();
    let mut used = 0;
    for word in line.split_inclusive(' ') {
        let wide = word.trim_end().width();
        if used > 0 && used + wide > width {
            lines.push(std::mem::take(&mut current).trim_end().to_owned());
            used = 0;
        }
        for character in word.chars() {
            let wide = character.width().unwrap_or(0);
            if used + wide > width && character != ' ' {
                lines.push(std::mem::take(&mut current));
                used = 0;
            }
            current.push(character);
            used += wide;
        }
    }
    lines.push(current.trim_end().to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_within_long_ones() {
        let lines = |text: &str| wrapped(text, 10, 100).lines;
        assert_eq!(lines("one two three four"), ["one two", "three four"]);
        assert_eq!(lines("abcdefghijklmno"), ["abcdefghij", "klmno"]);
        assert_eq!(lines("日本語日本語"), ["日本語日本", "語"]);
        assert_eq!(lines("a\n\n  b"), ["a", "", "  b"]);
        assert_eq!(lines(""), [""]);
    }

    #[test]
    fn what_is_left_out_is_counted() {
        assert_eq!(wrapped("a\nb\nc\nd", 10, 2), Block { lines: vec!["a".into(), "b".into()], rest: 2 });
        assert_eq!(wrapped("a\nb\nc", 10, 2).rest, 0);
    }
}
