//! How wide the columns of a table are, and how much of an id stands in it.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What stands between two columns.
pub(super) const GAP: u16 = 2;
/// Characters of an id that are always shown.
const SHORTEST_ID: usize = 12;
/// Short texts, such as names, are not made wider than this before long ones have their share.
const SHORT_TEXT: usize = 24;

/// The minimum and the natural width of a column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    /// Narrower it is not worth its place.
    pub least: usize,
    /// With room for all of it.
    pub natural: usize,
    /// Whether it is wide only after all others are.
    pub is_long: bool,
}

/// The widths of columns in a line of this many characters; `None` if they do not fit.
pub(super) fn widths(columns: &[Extent], room: usize) -> Option<Vec<usize>> {
    let mut widths: Vec<usize> = columns.iter().map(|column| column.least).collect();
    let gaps = usize::from(GAP) * columns.len().saturating_sub(1);
    let mut left = room.checked_sub(widths.iter().sum::<usize>() + gaps)?;
    for (width, column) in widths.iter_mut().zip(columns).filter(|(_, column)| !column.is_long) {
        let more = column.natural.min(SHORT_TEXT).saturating_sub(*width).min(left);
        *width += more;
        left -= more;
    }
    // Those that want little more first: what they leave is for the others.
    let mut wanting: Vec<usize> = (0..columns.len()).collect();
    wanting.sort_by_key(|at| columns[*at].natural.saturating_sub(widths[*at]));
    for (done, at) in wanting.iter().enumerate() {
        let more = columns[*at].natural.saturating_sub(widths[*at]).min(left / (wanting.len() - done));
        widths[*at] += more;
        left -= more;
    }
    Some(widths)
}

/// A text that takes no more room than this, cut with a mark.
pub(super) fn cut(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let (mut kept, mut taken) = (String::new(), 1);
    for character in text.chars() {
        taken += character.width().unwrap_or(0);
        if taken > room {
            break;
        }
        kept.push(character);
    }
    format!("{}…", kept.trim_end())
}

/// How many characters of ids tell them apart. Ids with a slash are names of places and are shown whole.
pub(super) fn telling_length(ids: &[&str]) -> usize {
    if ids.iter().any(|id| id.contains('/')) {
        return usize::MAX;
    }
    let mut sorted = ids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let pairs = sorted.iter().zip(sorted.iter().skip(1));
    let common = |(a, b): (&&str, &&str)| a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    pairs.map(common).max().map_or(SHORTEST_ID, |common| SHORTEST_ID.max(common + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extent(least: usize, natural: usize, is_long: bool) -> Extent {
        Extent { least, natural, is_long }
    }

    #[test]
    fn long_texts_share_what_short_ones_leave() {
        let columns = [extent(5, 5, false), extent(10, 14, false), extent(12, 90, true), extent(12, 90, true)];
        assert_eq!(widths(&columns, 100), Some(vec![5, 14, 37, 38]));
        assert_eq!(widths(&columns, 45), Some(vec![5, 10, 12, 12]));
        assert_eq!(widths(&columns, 44), None);
        assert_eq!(widths(&columns, 300), Some(vec![5, 14, 90, 90]), "nothing is wider than it needs to be");
        assert_eq!(widths(&[], 0), Some(vec![]));
    }

    #[test]
    fn no_line_is_wider_than_its_room() {
        for room in 0..200 {
            let columns = [extent(8, 40, false), extent(12, 80, true), extent(3, 3, false), extent(1, 30, true)];
            let Some(widths) = widths(&columns, room) else { continue };
            assert!(widths.iter().sum::<usize>() + 3 * usize::from(GAP) <= room, "{room}: {widths:?}");
        }
    }

    #[test]
    fn texts_are_cut_to_the_room_they_take() {
        assert_eq!(cut("Please call me", 14), "Please call me");
        assert_eq!(cut("Please call me", 13), "Please call…");
        assert_eq!(cut("Please call me", 9), "Please c…");
        assert_eq!(cut("日本語の質問", 7), "日本語…");
        assert_eq!(cut("日本語の質問", 6), "日本…");
    }

    #[test]
    fn as_much_of_an_id_is_shown_as_tells_it_from_the_others() {
        let (one, other) = ("tr-8c9da0e91080e465367d509b505b35da", "tr-8c9da0e91080e465367d509b505b35db");
        assert_eq!(telling_length(&[one]), 12);
        assert_eq!(telling_length(&[one, one]), 12);
        assert_eq!(telling_length(&[one, other]), 35);
        assert_eq!(telling_length(&[one, "tr-8c9da0e91081", "tr-0"]), 15);
        assert_eq!(telling_length(&["tr-1", "tr-12"]), 12);
        assert_eq!(telling_length(&[]), 12);
        assert_eq!(telling_length(&["trace:/main.agents/8c9da0e9"]), usize::MAX);
    }
}
