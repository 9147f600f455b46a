//! What may be deleted.

use crate::filter::{Filter, FilterError};

/// Which traces a deletion selects, and which of those it keeps.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The moment of which times such as `-24h` in the filters count, in epoch milliseconds.
    pub now_ms: i64,
    /// Only traces that started at this moment or before, in epoch milliseconds.
    pub cutoff_ms: Option<i64>,
    /// Only traces that match.
    pub filter: Option<Filter>,
    /// Never traces that match one of these.
    pub keep_if: Vec<Filter>,
}

impl Policy {
    /// What selects: the cut-off and the filter.
    pub fn selection(&self) -> Result<Filter, FilterError> {
        self.with_cutoff(self.filter.as_ref())
    }

    /// What keeps, one filter for each rule, each within the cut-off.
    pub fn keepers(&self) -> Result<Vec<Filter>, FilterError> {
        self.keep_if.iter().map(|filter| self.with_cutoff(Some(filter))).collect()
    }

    fn with_cutoff(&self, filter: Option<&Filter>) -> Result<Filter, FilterError> {
        let everything = Filter::parse("")?;
        let filter = filter.unwrap_or(&everything);
        Filter::parse_at(&filter.text_until(self.cutoff_ms), self.now_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selection_and_keepers_stay_within_the_cutoff() {
        let filter = |text: &str| Filter::parse(text).unwrap();
        let policy = Policy {
            now_ms: 9,
            cutoff_ms: Some(5),
            filter: Some(filter("status = 'OK'")),
            keep_if: vec![filter("tags.keep = 'true'")],
        };
        assert_eq!(policy.selection().unwrap().text(), "timestamp_ms <= 5 AND status = 'OK'");
        assert_eq!(policy.keepers().unwrap()[0].text(), "timestamp_ms <= 5 AND tags.keep = 'true'");
        assert_eq!(Policy::default().selection().unwrap().text(), "");
    }
}
