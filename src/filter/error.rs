//! A filter that cannot be used: what is wrong with it, where, and how to put it right.
//!
//! The renderer shows the line of the filter with the place underlined. It must not know why something is wrong; that is
//! said by whoever makes the error.

use std::fmt::{self, Write};
use std::ops::Range;

use unicode_width::UnicodeWidthChar;

/// Widest part of a line that is shown; longer lines are cut on either side of the mistake.
const SHOWN_WIDTH: usize = 100;

/// What sort of mistake it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterErrorKind {
    /// It is not in the language.
    Syntax,
    /// There is no such field.
    Name,
    /// The field cannot be compared that way.
    Operator,
    /// The field cannot be compared with that value.
    Value,
    /// It is more than a server can take.
    Limit,
}

/// A filter, or an `--order-by` clause, that cannot be used. [`Display`](fmt::Display) shows all of it; see
/// [`FilterError::render`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    kind: FilterErrorKind,
    message: String,
    hints: Vec<String>,
    span: Range<usize>,
    text: String,
}

impl FilterError {
    pub(super) fn new(
        kind: FilterErrorKind,
        text: &str,
        span: impl Into<Range<usize>>,
        message: impl Into<String>,
    ) -> Self {
        let span = span.into();
        let start = boundary_at_or_before(text, span.start);
        let end = boundary_at_or_before(text, span.end).max(start);
        Self { kind, message: one_line(&message.into()), hints: Vec::new(), span: start..end, text: text.to_owned() }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(one_line(&hint.into()));
        self
    }

    pub(super) fn hints_from(mut self, hints: impl IntoIterator<Item = String>) -> Self {
        self.hints.extend(hints.into_iter().map(|hint| one_line(&hint)));
        self
    }

    /// What sort of mistake it is.
    #[must_use]
    pub fn kind(&self) -> FilterErrorKind {
        self.kind
    }

    /// What is wrong, in one line.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// How to put it right, one sentence each, most likely first.
    #[must_use]
    pub fn hints(&self) -> &[String] {
        &self.hints
    }

    /// The bytes of [`FilterError::text`] that are wrong; empty when something is missing there.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The filter as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Message, the line of the filter with the place underlined, and hints.
    #[must_use]
    pub fn render(&self) -> String {
        let mut out = self.excerpt();
        for hint in &self.hints {
            let _ = write!(out, "\nhint: {hint}");
        }
        out
    }

    /// Message and the line of the filter with the place underlined, without the hints.
    #[must_use]
    pub fn excerpt(&self) -> String {
        let mut out = format!("{}\n{}", self.message, excerpt(&self.text, &self.span));
        out.truncate(out.trim_end().len());
        out
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.render())
    }
}

impl std::error::Error for FilterError {}

fn boundary_at_or_before(text: &str, mut position: usize) -> usize {
    position = position.min(text.len());
    while !text.is_char_boundary(position) {
        position -= 1;
    }
    position
}

/// The line that a span starts in and a line that underlines it; nothing for an empty text.
fn excerpt(text: &str, span: &Range<usize>) -> String {
    if text.trim().is_empty() {
        return String::new();
    }
    let line_start = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[span.start..].find('\n').map_or(text.len(), |newline| span.start + newline);
    let line = &text[line_start..line_end];
    let (from, to) = (span.start - line_start, span.end.min(line_end) - line_start);

    let (lead, before) = tail(&line[..from], SHOWN_WIDTH / 2);
    let (marked, cut) = head(&line[from..to], SHOWN_WIDTH / 2);
    let (after, rest_cut) = if cut { (String::new(), true) } else { head(&line[to..], SHOWN_WIDTH / 2) };
    let number = if text.contains('\n') {
        format!("line {}: ", text[..line_start].matches('\n').count() + 1)
    } else {
        String::new()
    };
    let indent = width(&number) + width(lead) + width(&before);
    let dots = if rest_cut { "…" } else { "" };
    let underline = "^".repeat(width(&marked).max(1));
    format!("  {number}{lead}{before}{marked}{after}{dots}\n  {:indent$}{underline}\n", "")
}

/// A text that may quote a filter, fit to be shown in a line.
pub(super) fn one_line(text: &str) -> String {
    const LONGEST: usize = 300;
    let mut line: String = text.chars().take(LONGEST).map(|c| if c == '\n' { ' ' } else { printable(c) }).collect();
    if text.chars().nth(LONGEST).is_some() {
        line.push('…');
    }
    line
}

/// As a terminal may see it: no control, format or direction characters, tabs as one blank.
fn printable(character: char) -> char {
    match character {
        '\t' => ' ',
        '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => '\u{fffd}',
        control if control.is_control() => '\u{fffd}',
        other => other,
    }
}

fn width(text: &str) -> usize {
    text.chars().map(|character| character.width().unwrap_or(0)).sum()
}

fn head(text: &str, limit: usize) -> (String, bool) {
    let (mut out, mut used) = (String::new(), 0);
    for character in text.chars().map(printable) {
        used += character.width().unwrap_or(0);
        if used > limit {
            return (out, true);
        }
        out.push(character);
    }
    (out, false)
}

fn tail(text: &str, limit: usize) -> (&'static str, String) {
    let (mut reversed, mut used, mut lead) = (Vec::new(), 0, "");
    for character in text.chars().rev().map(printable) {
        used += character.width().unwrap_or(0);
        if used > limit {
            lead = "…";
            break;
        }
        reversed.push(character);
    }
    (lead, reversed.into_iter().rev().collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn rendered(text: &str, span: Range<usize>) -> String {
        FilterError::new(FilterErrorKind::Syntax, text, span, "wrong").render()
    }

    #[test]
    fn the_place_is_underlined() {
        assert_eq!(rendered("a = b", 4..5), "wrong\n  a = b\n      ^");
        assert_eq!(rendered("a =", 3..3), "wrong\n  a =\n     ^");
        assert_eq!(rendered("", 0..0), "wrong");
    }

    #[test]
    fn wide_characters_take_two_columns_and_tabs_one() {
        assert_eq!(rendered("日本\tx", 7..8), "wrong\n  日本 x\n       ^");
        assert_eq!(rendered("a 日本", 2..8), "wrong\n  a 日本\n    ^^^^");
    }

    #[test]
    fn the_line_is_named_when_there_are_several() {
        assert_eq!(rendered("a = 1\nb = c\nd", 10..13), "wrong\n  line 2: b = c\n              ^");
    }

    #[test]
    fn long_lines_are_cut_around_the_mistake() {
        let text = format!("{}!{}", "a".repeat(500), "b".repeat(500));
        let shown = rendered(&text, 500..501);
        assert!(shown.lines().all(|line| line.chars().count() < 110), "{shown}");
        let (line, mark) = (shown.lines().nth(1).unwrap(), shown.lines().nth(2).unwrap());
        assert_eq!(line.chars().nth(mark.chars().count() - 1), Some('!'));
    }

    #[test]
    fn control_and_direction_characters_never_reach_a_terminal() {
        let shown = rendered("a\u{1b}[31m\u{202e}b", 0..1);
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'));
    }

    #[test]
    fn spans_inside_a_character_are_moved() {
        assert_eq!(rendered("é", 1..9), "wrong\n  é\n  ^");
    }
}
