//! Small drawings in one line: courses and bars.

const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const PARTS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/// Maximum characters of a course.
const WIDEST: usize = 32;
/// Characters of the longest bar.
const BAR: usize = 20;

/// Counts over the time between two ends, of which each is the start of a stretch of this length. Several stretches share a
/// character where there are many.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Places in a line.
pub fn spark(points: &[(i64, u64)], (first, last): (i64, i64), length_ms: i64) -> String {
    let stretches = (last.saturating_sub(first) / length_ms.max(1)) as usize + 1;
    let width = stretches.min(WIDEST);
    let mut sums = vec![0_u64; width];
    for (start, number) in points {
        let stretch = (start.saturating_sub(first) / length_ms.max(1)) as usize;
        sums[(stretch * width / stretches).min(width - 1)] += number;
    }
    let most = sums.iter().copied().max().unwrap_or(0);
    let level = |sum: u64| match sum {
        0 => ' ',
        sum => LEVELS[((sum * 8).div_ceil(most.max(1)) as usize).clamp(1, 8) - 1],
    };
    sums.into_iter().map(level).collect()
}

/// A bar for a number, where the largest one has a full bar.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Places in a line.
pub fn bar(number: f64, most: f64) -> String {
    if most <= 0.0 || number <= 0.0 {
        return String::new();
    }
    let eighths = ((number / most * (BAR * 8) as f64).round() as usize).max(1);
    let mut bar: String = std::iter::repeat_n('█', eighths / 8).collect();
    if !eighths.is_multiple_of(8) {
        bar.push(PARTS[eighths % 8 - 1]);
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn courses_and_bars_are_to_scale() {
        assert_eq!(spark(&[(0, 1), (10, 8), (30, 4)], (0, 30), 10), "▁█ ▄");
        let many: Vec<(i64, u64)> = (0..1000).map(|at| (at, 1)).collect();
        assert_eq!(spark(&many, (0, 999), 1).chars().count(), WIDEST);
        assert_eq!(spark(&[], (0, 0), 1), " ");
        assert_eq!((bar(8.0, 8.0).chars().count(), bar(0.0, 8.0)), (20, String::new()));
        assert_eq!((bar(0.001, 8.0), bar(1.0, 16.0)), ("▏".to_owned(), "█▎".to_owned()));
    }
}
