//! Which traces were already read, in little memory.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use crate::model::TraceId;

/// How many of the latest ids are kept at least; at most twice as many are.
const KEPT: usize = 400_000;

/// The latest trace ids, several hundred thousand of them; the usual ones (32 hex digits) take 16 bytes each.
///
/// A walk meets a trace again only where something changed near it, so ids that are long past are forgotten rather than
/// let memory grow.
#[derive(Debug, Default)]
pub struct SeenIds {
    latest: Ids,
    before: Ids,
    has_forgotten: bool,
}

#[derive(Debug, Default)]
struct Ids {
    numbers: HashSet<u128>,
    others: HashSet<TraceId>,
}

impl SeenIds {
    /// Adds an id; false if it was there.
    pub fn insert(&mut self, id: &TraceId) -> bool {
        if self.before.contains(id) {
            return false;
        }
        if self.latest.len() >= KEPT {
            self.has_forgotten |= self.before.len() > 0;
            self.before = std::mem::take(&mut self.latest);
        }
        self.latest.insert(id)
    }

    /// Whether an id was added.
    #[must_use]
    pub fn contains(&self, id: &TraceId) -> bool {
        self.latest.contains(id) || self.before.contains(id)
    }

    /// Whether it still knows every id that was added.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.has_forgotten
    }
}

impl Ids {
    fn insert(&mut self, id: &TraceId) -> bool {
        match number(id.as_str()) {
            Some(number) => self.numbers.insert(number),
            None => self.others.insert(id.clone()),
        }
    }

    fn contains(&self, id: &TraceId) -> bool {
        match number(id.as_str()) {
            Some(number) => self.numbers.contains(&number),
            None => self.others.contains(id),
        }
    }

    fn len(&self) -> usize {
        self.numbers.len() + self.others.len()
    }
}

/// What stands for an id where 16 bytes have to do: no two ids share it, but by a chance that nobody lives to see.
pub(super) fn identity(id: &str) -> u128 {
    number(id).unwrap_or_else(|| {
        let digest = Sha256::digest(id.as_bytes());
        digest.iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte))
    })
}

/// The number of a `tr-` id whose digits are lower-case hex, so that no two ids share one.
fn number(id: &str) -> Option<u128> {
    let digits = id.strip_prefix("tr-")?;
    let plain = digits.len() == 32 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if plain { u128::from_str_radix(digits, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_apart_whatever_their_form() {
        let mut seen = SeenIds::default();
        for id in [
            "tr-000000000000000000000000000000ab",
            "tr-000000000000000000000000000000AB",
            "000000000000000000000000000000ab",
            "tr-ab",
        ] {
            assert!(seen.insert(&TraceId::new(id)), "{id} is new");
            assert!(!seen.insert(&TraceId::new(id)), "{id} was seen");
        }
    }
}
