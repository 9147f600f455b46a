//! How far two reviewers agree: on how many traces they say the same, and how much of that is more than chance.

use std::collections::BTreeMap;

/// The agreement of two reviewers on the traces that both judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// Traces that both judged.
    pub traces: u64,
    /// Those about which they say the same.
    pub equal: u64,
    /// Cohen's kappa: 1 is full agreement, 0 what chance alone would give. Nothing where both always say one and the same.
    pub kappa: Option<f64>,
}

/// Compares what two reviewers say, a pair of answers for each trace. Nothing without any.
#[must_use]
#[allow(clippy::cast_precision_loss)] // Far below 2^53.
pub fn agreement(pairs: &[(String, String)]) -> Option<Agreement> {
    if pairs.is_empty() {
        return None;
    }
    let number = pairs.len() as f64;
    let equal = pairs.iter().filter(|(one, other)| one == other).count();
    let mut shares: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for (one, other) in pairs {
        shares.entry(one).or_default().0 += 1.0 / number;
        shares.entry(other).or_default().1 += 1.0 / number;
    }
    let by_chance: f64 = shares.values().map(|(one, other)| one * other).sum();
    let is_all_alike = shares.len() == 1;
    let kappa = (!is_all_alike).then(|| (equal as f64 / number - by_chance) / (1.0 - by_chance));
    Some(Agreement { traces: pairs.len() as u64, equal: equal as u64, kappa })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(table: &[(&str, &str, usize)]) -> Vec<(String, String)> {
        let rows = table
            .iter()
            .flat_map(|(one, other, times)| std::iter::repeat_n(((*one).to_owned(), (*other).to_owned()), *times));
        rows.collect()
    }

    /// `sklearn.metrics.cohen_kappa_score` 1.9 of the same tables.
    #[test]
    fn kappa_is_that_of_scikit_learn() {
        let kappa = |table: &[_]| agreement(&pairs(table)).unwrap().kappa.unwrap();
        assert!((kappa(&[("y", "y", 20), ("y", "n", 5), ("n", "y", 10), ("n", "n", 15)]) - 0.4).abs() < 1e-12);
        assert!(
            (kappa(&[("a", "a", 3), ("a", "b", 1), ("b", "b", 2), ("c", "a", 2), ("c", "c", 4)])
                - 0.617_021_276_595_744_7)
                .abs()
                < 1e-12
        );
        assert!((kappa(&[("y", "n", 4), ("n", "y", 4)]) + 1.0).abs() < 1e-12);
    }

    #[test]
    fn there_is_no_kappa_where_nobody_ever_says_anything_else() {
        let all = agreement(&pairs(&[("y", "y", 3)])).unwrap();
        assert_eq!(all, Agreement { traces: 3, equal: 3, kappa: None });
        assert_eq!(agreement(&[]), None);
    }
}
