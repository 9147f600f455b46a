//! What a policy says, in one way: the text of which its hash is taken.
//!
//! Spacing, comments, the order of keys, rules, experiments and keepers, and how an age was spelled make no difference; the
//! moment at which it was read makes none either.

use sha2::{Digest, Sha256};

use super::{Count, RetentionPolicy, Rule};
use crate::model::hex;

impl RetentionPolicy {
    /// SHA-256 of the normal form, in hex.
    #[must_use]
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(self.normal_form()))
    }

    fn normal_form(&self) -> String {
        let mut rules: Vec<String> = self.rules.iter().map(rule).collect();
        rules.sort_unstable();
        let cap = |cap: Option<u64>| cap.map_or_else(|| "-".to_owned(), |cap| cap.to_string());
        let (most, percent) = (cap(self.caps.max_delete), cap(self.caps.max_delete_percent));
        format!("retention 1\nmax_delete {most}\nmax_delete_percent {percent}\n{}", rules.concat())
    }
}

fn rule(rule: &Rule) -> String {
    let sorted = |mut parts: Vec<String>| {
        parts.sort_unstable();
        format!("{parts:?}")
    };
    let counts: Vec<String> =
        Count::ALL.iter().zip(rule.counts).map(|(count, number)| format!("{} {number}\n", count.key())).collect();
    // What older versions did is said as they said it.
    let artifacts = if rule.deletes_artifacts { "artifacts delete\n" } else { "" };
    format!(
        "rule {:?}\nexperiments {}\nfilter {:?}\nmin_age {}\nkeep_within {:?}\n{}group_by {:?}\nkeep_if {}\nallow_empty {}\narchive_to {:?}\n{artifacts}",
        rule.name,
        sorted(rule.experiments.iter().map(ToString::to_string).collect()),
        rule.filter.canonical(),
        rule.min_age_ms,
        rule.keep_within_ms,
        counts.concat(),
        rule.group_names(),
        sorted(rule.keep_if.iter().map(crate::filter::Filter::canonical).collect()),
        rule.allow_empty,
        rule.archive_to,
    )
}
