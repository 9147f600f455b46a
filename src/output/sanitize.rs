//! Trace content is untrusted: it comes from models and from their users.
//!
//! On a terminal, control characters (colours, cursor movement, title changes), bidirectional overrides and invisible
//! characters are shown as escapes. Pipes and files get content as it is, except for the formula guard of CSV.

use std::borrow::Cow;
use std::fmt::Write;

/// The text with everything that could steer a terminal or hide text written as an escape; line breaks and tabs stay.
/// Colours of our own are put around the result, never before.
#[must_use]
pub fn for_terminal(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_dangerous) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_dangerous(character) {
            escape(&mut safe, character);
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

/// As [`for_terminal`], on one line: line breaks and tabs become blanks.
#[must_use]
pub fn for_terminal_line(text: &str) -> String {
    let one_line: String =
        text.chars().map(|character| if matches!(character, '\n' | '\r' | '\t') { ' ' } else { character }).collect();
    for_terminal(&one_line).into_owned()
}

fn is_dangerous(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        // C0 and C1 controls, delete.
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        // Bidirectional marks, embeddings, overrides and isolates; zero-width and other invisible characters.
        '\u{61c}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => true,
        // Tags, which can carry invisible text.
        '\u{e0000}'..='\u{e007f}' => true,
        _ => false,
    }
}

fn escape(safe: &mut String, character: char) {
    let _ = match character {
        '\r' => safe.write_str("\\r"),
        '\0'..='\u{ff}' => write!(safe, "\\x{:02x}", character as u32),
        _ => write!(safe, "\\u{{{:x}}}", character as u32),
    };
}

/// A CSV cell that a spreadsheet cannot take for a formula: cells that begin with `=`, `+`, `-`, `@`, tab or carriage
/// return get a leading apostrophe. Plain numbers stay as they are.
#[must_use]
pub fn for_spreadsheet(cell: &str) -> Cow<'_, str> {
    let begins_formula = matches!(
        cell.trim_start_matches(' ').chars().next(),
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠')
    );
    if begins_formula && cell.parse::<f64>().is_err() { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_gets_through() {
        assert_eq!(for_terminal("plain é 🗼\n\tx"), "plain é 🗼\n\tx");
        assert_eq!(for_terminal("\u{1b}[31mred\u{7}"), "\\x1b[31mred\\x07");
        assert_eq!(for_terminal("a\u{202e}b\u{9b}c"), "a\\u{202e}b\\x9bc");
        assert_eq!(for_terminal_line("a\r\nb\tc"), "a  b c");
    }

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        assert_eq!(for_spreadsheet("=HYPERLINK(\"http://x\")"), "'=HYPERLINK(\"http://x\")");
        assert_eq!(for_spreadsheet("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(for_spreadsheet("  -2+3"), "'  -2+3");
        assert_eq!(for_spreadsheet("-5.5"), "-5.5");
        assert_eq!(for_spreadsheet("plain"), "plain");
    }
}
