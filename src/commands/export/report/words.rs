//! Numbers in the words of an export.

use crate::output::count;

/// How many traces were missing when a proof was written down.
pub fn gap(proof: &serde_json::Value) -> Option<u64> {
    proof["counted"].as_u64()?.checked_sub(proof["read"].as_u64()?).filter(|gap| *gap > 0)
}

pub fn refers(number: u64) -> String {
    format!("{} {}", traces(number), if number == 1 { "refers" } else { "refer" })
}

pub fn traces(number: u64) -> String {
    format!("{} {}", count(number), if number == 1 { "trace" } else { "traces" })
}

pub fn parts(number: usize) -> String {
    format!("{} {}", count(number as u64), if number == 1 { "part" } else { "parts" })
}
