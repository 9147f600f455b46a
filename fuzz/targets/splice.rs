//! Pieces of recorded filters in any order: each pair of bytes chooses a piece, so that most inputs come near to filters.

#![no_main]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

/// Words of the language as it is, as it is elsewhere and as it may become.
const WORDS: &[&str] = &[
    " AND ",
    " OR ",
    " NOT ",
    "NOT ",
    "(",
    ")",
    " IN ",
    " NOT IN ",
    " LIKE ",
    " ILIKE ",
    " RLIKE ",
    " IS NULL",
    " IS NOT NULL",
    " = ",
    " != ",
    " >= ",
    " < ",
    "tags.",
    "metadata.",
    "span.",
    "span(",
    "feedback.",
    "trace.",
    "`",
    "'",
    "\"",
    "\\",
    ", ",
    " ",
    "\n",
    "-24h",
    "'2026-11-01'",
    "''",
    "5",
    "٣",
    "1e400",
    "('a', 'b')",
    "('",
    "')",
];

/// Words, whole filters, and what stands between the blanks of filters.
static PIECES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let filters = holds::recorded();
    let tokens = filters.iter().flat_map(|filter| filter.split_inclusive(' ')).filter(|token| token.len() <= 40);
    let short = filters.iter().filter(|filter| filter.len() <= 60);
    let pieces: BTreeSet<String> = tokens.chain(short.map(String::as_str)).map(str::to_owned).collect();
    WORDS.iter().map(|word| (*word).to_owned()).chain(pieces).collect()
});

fn piece(pair: &[u8]) -> &'static str {
    let number = pair.iter().fold(0_usize, |number, byte| number << 8 | usize::from(*byte));
    // Words make up the first half, as filters are mostly made of them.
    let position = if number & 1 == 0 { (number >> 1) % WORDS.len() } else { (number >> 1) % PIECES.len() };
    &PIECES[position]
}

fuzz_target!(
    init: holds::seed((0..=u8::MAX).map(|seed| (1..16).map(|step: u8| seed.wrapping_mul(step | 1)).collect())),
    |bytes: &[u8]| {
        let text: String = bytes.chunks(2).take(40).map(piece).collect();
        holds::of_text(&text);
    }
);
