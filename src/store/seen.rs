//! Which traces were already read, in little memory.

use std::collections::HashSet;

use crate::model::TraceId;

/// A set of trace ids; the usual ones (32 hex digits) take 16 bytes each.
#[derive(Debug, Default)]
pub struct SeenIds {
    numbers: HashSet<u128>,
    others: HashSet<TraceId>,
}

impl SeenIds {
    /// Adds an id; false if it was there.
    pub fn insert(&mut self, id: &TraceId) -> bool {
        match number(id.as_str()) {
            Some(number) => self.numbers.insert(number),
            None => self.others.insert(id.clone()),
        }
    }
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
