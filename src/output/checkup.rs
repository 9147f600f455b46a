//! What looking a store over found: a verdict and a line for each check.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::sanitize;

/// One check.
#[derive(Clone, Debug)]
pub struct CheckRow {
    /// What was looked at.
    pub check: &'static str,
    /// `ok`, `note`, `failed` or `not tried`.
    pub state: &'static str,
    /// What was found.
    pub detail: String,
    /// What would help, one sentence each.
    pub advice: Vec<String>,
    /// How long it took.
    pub took_ms: Option<u128>,
}

/// For people: the verdict, the checks, and what would help.
pub fn write_checkup(writer: &mut dyn Write, verdict: &str, rows: &[CheckRow]) -> io::Result<()> {
    writeln!(writer, "{}\n", sanitize::for_terminal_line(verdict))?;
    let widest = rows.iter().map(|row| row.check.len()).max().unwrap_or(0);
    for row in rows {
        let took = row.took_ms.map_or_else(String::new, |ms| format!(" ({ms} ms)"));
        let detail = sanitize::for_terminal_line(&row.detail);
        writeln!(writer, "{:<widest$}  {:<9}  {detail}{took}", row.check, row.state)?;
    }
    let advice: Vec<(&str, &String)> =
        rows.iter().flat_map(|row| row.advice.iter().map(|advice| (row.check, advice))).collect();
    if !advice.is_empty() {
        writeln!(writer)?;
    }
    advice.iter().try_for_each(|(check, advice)| writeln!(writer, "{check}: {}", sanitize::for_terminal_line(advice)))
}

/// The same for machines.
#[must_use]
pub fn checkup_json(verdict: &str, exit: u8, rows: &[CheckRow]) -> Value {
    let row = |row: &CheckRow| {
        json!({
            "check": row.check, "state": row.state, "detail": row.detail, "advice": row.advice,
            "took_ms": row.took_ms.and_then(|ms| u64::try_from(ms).ok()),
        })
    };
    json!({"verdict": verdict, "exit": exit, "checks": rows.iter().map(row).collect::<Vec<_>>()})
}
