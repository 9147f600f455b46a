//! What may be deleted.

use crate::filter::Filter;

/// Which traces a deletion selects, and which of those it keeps.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Only traces that started at this moment or before, in epoch milliseconds.
    pub cutoff_ms: Option<i64>,
    /// Only traces that match.
    pub filter: Option<Filter>,
    /// Never traces that match one of these.
    pub keep_if: Vec<Filter>,
}

impl Policy {
    /// What selects, in the server's language: the cut-off and the filter, joined with AND.
    #[must_use]
    pub fn selection(&self) -> String {
        self.with_cutoff(self.filter.as_ref())
    }

    /// What keeps, one filter for each rule, each within the cut-off.
    #[must_use]
    pub fn keepers(&self) -> Vec<String> {
        self.keep_if.iter().map(|filter| self.with_cutoff(Some(filter))).collect()
    }

    /// The keepers alone, as a re-check by ids needs them.
    #[must_use]
    pub fn keep_texts(&self) -> Vec<String> {
        self.keep_if.iter().map(|filter| filter.text().to_owned()).collect()
    }

    fn with_cutoff(&self, filter: Option<&Filter>) -> String {
        let cutoff = self.cutoff_ms.map(|ms| format!("timestamp_ms <= {ms}"));
        let filter = filter.map(|filter| filter.text().to_owned()).filter(|text| !text.is_empty());
        cutoff.into_iter().chain(filter).collect::<Vec<_>>().join(" AND ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selection_and_keepers_stay_within_the_cutoff() {
        let filter = |text: &str| Filter::parse(text).unwrap();
        let policy = Policy {
            cutoff_ms: Some(5),
            filter: Some(filter("status = 'OK'")),
            keep_if: vec![filter("tags.keep = 'true'")],
        };
        assert_eq!(policy.selection(), "timestamp_ms <= 5 AND status = 'OK'");
        assert_eq!(policy.keepers(), ["timestamp_ms <= 5 AND tags.keep = 'true'"]);
        assert_eq!(Policy::default().selection(), "");
    }
}
