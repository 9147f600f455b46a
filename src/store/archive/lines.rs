//! Cutting a stream of bytes into lines, in blocks, so that only one block is in memory and a large file can be read from
//! several places at once. It knows nothing of what lines hold.

use std::io::{self, Read};
use std::ops::{ControlFlow, Range};

/// How much is read at once: small enough to stay in a processor's cache between reading and looking.
pub(super) const BLOCK: usize = 512 * 1024;
/// A line that is longer is no trace.
const LONGEST: usize = 1 << 30;

/// A line of a stream.
pub(super) struct Line<'l> {
    /// Where it begins.
    pub(super) place: u64,
    /// Without its line break.
    pub(super) text: &'l [u8],
    /// Whether it has a line break. The last line may lack it.
    pub(super) is_ended: bool,
}

/// Reads until a buffer is full or the stream ends.
pub(super) fn fill(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Makes room for more of a text that fills the buffer.
pub(super) fn grow(buffer: &mut Vec<u8>) -> io::Result<()> {
    if buffer.len() >= LONGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a trace is longer than 1 GiB"));
    }
    buffer.resize(buffer.len() * 2, 0);
    Ok(())
}

/// Visits the lines that begin in a range of a stream.
///
/// The reader stands one byte before the range, or at its start if that is the start of the stream: whether a line begins
/// there is told by the byte before.
pub(super) fn for_each_line(
    reader: &mut dyn Read,
    range: Range<u64>,
    block: usize,
    visit: &mut dyn FnMut(Line) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut buffer = vec![0; block.max(1)];
    let (mut filled, mut base) = (0, range.start.saturating_sub(1));
    let mut is_within_line = range.start > 0;
    loop {
        let count = fill(reader, &mut buffer[filled..])?;
        filled += count;
        let is_end = filled < buffer.len();
        let mut at = 0;
        while let Some(length) = memchr::memchr(b'\n', &buffer[at..filled]) {
            let place = base + at as u64;
            if !std::mem::take(&mut is_within_line)
                && (place >= range.end
                    || visit(Line { place, text: &buffer[at..at + length], is_ended: true }).is_break())
            {
                return Ok(());
            }
            at += length + 1;
        }
        if is_end {
            if at < filled && !is_within_line && base + (at as u64) < range.end {
                let _ = visit(Line { place: base + at as u64, text: &buffer[at..filled], is_ended: false });
            }
            return Ok(());
        }
        if is_within_line {
            // What belongs to the range before is not kept.
            at = filled;
        }
        buffer.copy_within(at..filled, 0);
        filled -= at;
        base += at as u64;
        if base >= range.end && !is_within_line {
            return Ok(());
        }
        if filled == buffer.len() {
            grow(&mut buffer)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(text: &str, range: Range<u64>, block: usize) -> Vec<(u64, String)> {
        let mut found = Vec::new();
        let start = usize::try_from(range.start.saturating_sub(1)).unwrap().min(text.len());
        for_each_line(&mut &text.as_bytes()[start..], range, block, &mut |line| {
            found.push((line.place, String::from_utf8(line.text.to_vec()).unwrap()));
            let end = usize::try_from(line.place).unwrap() + line.text.len();
            assert_eq!(line.is_ended, text.as_bytes().get(end) == Some(&b'\n'));
            ControlFlow::Continue(())
        })
        .unwrap();
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn wherever_a_file_is_cut_its_lines_stay_the_same(text in "[ab\n]{0,40}", mut cuts in prop::collection::vec(0..45_u64, 0..5), block in 1..12_usize) {
            let mut place = 0;
            let mut expected = Vec::new();
            for line in text.split_inclusive('\n') {
                expected.push((place, line.trim_end_matches('\n').to_owned()));
                place += line.len() as u64;
            }
            cuts.push(0);
            cuts.push(u64::MAX);
            cuts.sort_unstable();
            let found: Vec<_> = cuts.windows(2).flat_map(|cut| lines(&text, cut[0]..cut[1], block)).collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_visit_can_be_the_last() {
        let mut seen = 0;
        for_each_line(&mut "a\nb\nc\n".as_bytes(), 0..u64::MAX, 4, &mut |_| {
            seen += 1;
            if seen == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .unwrap();
        assert_eq!(seen, 2);
    }
}
