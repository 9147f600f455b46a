//! Trace content is untrusted: it comes from models and from their users.
//!
//! On a terminal, control characters (colours, cursor movement, title changes), bidirectional overrides and invisible
//! characters are shown as escapes; what Unicode says about a character decides. So are messages, wherever they go. Pipes
//! and files get content as it is, except for the formula guard of CSV.

use std::borrow::Cow;
use std::fmt::Write;

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, PrependedConcatenationMark};
use icu_properties::{CodePointMapData, CodePointSetData};

/// The text with everything that could steer a terminal or hide text written as an escape; line breaks and tabs stay.
/// Colours of our own are put around the result, never before.
#[must_use]
pub fn for_terminal(text: &str) -> Cow<'_, str> {
    escaped(text, escape)
}

/// As [`for_terminal`], on one line: line breaks and tabs become blanks.
#[must_use]
pub fn for_terminal_line(text: &str) -> String {
    let one_line: String =
        text.chars().map(|character| if matches!(character, '\n' | '\r' | '\t') { ' ' } else { character }).collect();
    for_terminal(&one_line).into_owned()
}

/// As [`for_terminal`], of JSON text, which stays the same JSON.
#[must_use]
pub fn for_json(json: &str) -> Cow<'_, str> {
    escaped(json, |safe, character| {
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _ = write!(safe, "\\u{unit:04x}");
        }
    })
}

fn escaped(text: &str, escape: impl Fn(&mut String, char)) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b'\n' | b'\t' | b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    let mut shown = None;
    for character in text.chars() {
        if is_dangerous(character) && !completes(shown, character) {
            escape(&mut safe, character);
            shown = None;
        } else {
            safe.push(character);
            shown = Some(character);
        }
    }
    if safe == text { Cow::Borrowed(text) } else { Cow::Owned(safe) }
}

/// Whether a character steers a terminal or cannot be seen.
fn is_dangerous(character: char) -> bool {
    use GeneralCategory::{Control, Format, LineSeparator, ParagraphSeparator};

    if matches!(character, '\n' | '\t' | ' '..='~') {
        return false;
    }
    match CodePointMapData::<GeneralCategory>::new().get(character) {
        Control | LineSeparator | ParagraphSeparator => true,
        // These enclose digits, and are seen.
        Format => !CodePointSetData::new::<PrependedConcatenationMark>().contains(character),
        _ => BLANK.contains(&character) || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character),
    }
}

/// Characters that Unicode counts among symbols and letters and that fonts leave blank: the Braille pattern without dots, a
/// null notehead, and two blanks of Egyptian hieroglyphs.
const BLANK: [char; 4] = ['\u{2800}', '\u{1d159}', '\u{13441}', '\u{13442}'];

/// Whether a character that cannot be seen changes how the one shown before it looks, as in emoji, Indic scripts and Persian:
/// one selector behind a character, one joiner behind one that is not ASCII. Texts hidden in rows of them stay no secret.
fn completes(shown: Option<char>, character: char) -> bool {
    let is_selector = |character: char| ('\u{fe00}'..='\u{fe0f}').contains(&character);
    let is_joiner = |character: char| matches!(character, '\u{200c}' | '\u{200d}');
    shown.is_some_and(|shown| {
        let is_bare = !is_selector(shown) && !is_joiner(shown) && !shown.is_whitespace();
        is_selector(character) && is_bare || is_joiner(character) && !shown.is_ascii() && !is_joiner(shown)
    })
}

fn escape(safe: &mut String, character: char) {
    let _ = match character {
        '\r' => safe.write_str("\\r"),
        '\0'..='\u{ff}' => write!(safe, "\\x{:02x}", character as u32),
        _ => write!(safe, "\\u{{{:x}}}", character as u32),
    };
}

/// A CSV cell that a spreadsheet cannot take for a formula: cells that begin with `=`, `+`, `-` or `@`, whatever blanks are
/// before that, and cells that begin with a tab or a line break get a leading apostrophe. Plain numbers stay as they are.
#[must_use]
pub fn for_spreadsheet(cell: &str) -> Cow<'_, str> {
    let is_blank = |character: char| character.is_whitespace() || is_dangerous(character);
    let begins_formula = matches!(cell.chars().next(), Some('\t' | '\r' | '\n'))
        || cell.trim_start_matches(is_blank).starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if begins_formula && !is_number(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

fn is_number(cell: &str) -> bool {
    let is_of_numbers = |byte: u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
    cell.bytes().all(is_of_numbers) && cell.parse::<f64>().is_ok()
}

/// A cell as CSV has it: in quotes where it must be, and where it holds what else may stand between cells.
#[must_use]
pub fn quoted_cell(cell: &str) -> Cow<'_, str> {
    if cell.contains([',', ';', '|', '\t', '"', '\n', '\r']) {
        Cow::Owned(format!("\"{}\"", cell.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(cell)
    }
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
    fn what_cannot_be_seen_is_shown() {
        for hidden in [
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{1160}',
            '\u{17b4}',
            '\u{180b}',
            '\u{180e}',
            '\u{200b}',
            '\u{200e}',
            '\u{2028}',
            '\u{2029}',
            '\u{202e}',
            '\u{2060}',
            '\u{2065}',
            '\u{206f}',
            '\u{2800}',
            '\u{3164}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fff9}',
            '\u{fffa}',
            '\u{fffb}',
            '\u{1bca0}',
            '\u{1d159}',
            '\u{1d173}',
            '\u{e0001}',
            '\u{e0041}',
            '\u{e0100}',
            '\u{e01ef}',
            '\u{e0fff}',
        ] {
            let safe = for_terminal(&format!("é{hidden}b")).into_owned();
            assert!(!safe.contains(hidden) && safe.starts_with("é\\"), "{:x}: {safe}", hidden as u32);
        }
        assert_eq!(for_terminal("soft\u{ad}hyphen"), "soft\\xadhyphen");
    }

    #[test]
    fn what_shapes_the_character_before_it_stays_and_rows_of_it_do_not() {
        for whole in
            ["❤\u{fe0f}\u{200d}🔥", "1\u{fe0f}\u{20e3}", "👩\u{200d}👧", "می\u{200c}خواهم", "क्\u{200d}ष", "\u{600}12"]
        {
            assert_eq!(for_terminal(whole), whole);
        }
        assert_eq!(for_terminal("ad\u{200d}min"), "ad\\u{200d}min");
        assert_eq!(for_terminal("x\u{fe00}\u{fe01}"), "x\u{fe00}\\u{fe01}");
        assert_eq!(for_terminal("\u{fe00} \u{fe0f}"), "\\u{fe00} \\u{fe0f}");
        assert_eq!(for_terminal("é\u{200d}\u{200d}"), "é\u{200d}\\u{200d}");
    }

    #[test]
    fn json_stays_json() {
        let json = serde_json::json!({"message": "a\u{202e}\u{9b}\u{e0041}\u{7f}é"}).to_string();
        let safe = for_json(&json);
        assert!(safe.chars().all(|character| !is_dangerous(character)), "{safe}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&safe).unwrap(),
            serde_json::from_str::<serde_json::Value>(&json).unwrap()
        );
    }

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        assert_eq!(for_spreadsheet("=HYPERLINK(\"http://x\")"), "'=HYPERLINK(\"http://x\")");
        assert_eq!(for_spreadsheet("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(for_spreadsheet("  -2+3"), "'  -2+3");
        assert_eq!(for_spreadsheet("-5.5"), "-5.5");
        assert_eq!(for_spreadsheet("plain"), "plain");
        for formula in ["\n=1", "\r\n=1", "\t=1", "\u{a0}=1", "\u{feff}=1", "\u{b}@x", "-inf", "+nan", "＝1", "\nplain"]
        {
            assert_eq!(for_spreadsheet(formula), format!("'{formula}"));
        }
        for number in ["-1e5", "+3", "-.5"] {
            assert_eq!(for_spreadsheet(number), number);
        }
    }

    #[test]
    fn cells_are_quoted_wherever_a_spreadsheet_may_split_them() {
        assert_eq!(quoted_cell("a b"), "a b");
        for (cell, quoted) in
            [("a;b", "\"a;b\""), ("a,b", "\"a,b\""), ("a\tb", "\"a\tb\""), ("\"", "\"\"\"\""), ("\n", "\"\n\"")]
        {
            assert_eq!(quoted_cell(cell), quoted);
        }
    }
}
