//! Words in the place of others: a filter where ids or files are, an id where a filter is.

use std::path::Path;

use crate::error::CliError;
use crate::filter::Filter;

/// What a program says that was built without OpenTelemetry's messages.
#[cfg(not(feature = "otlp"))]
pub fn without_otlp(what: &str) -> CliError {
    CliError::usage(format!("this program was built without OpenTelemetry, which {what} needs"))
        .hint("build it with the cargo feature otlp")
}

/// Words and signs that compare.
const OPERATORS: &[&str] = &["=", "==", "!=", "<>", "<", "<=", ">", ">=", "like", "ilike", "rlike", "in", "is", "not"];

/// Whether a word is evidently a filter: it reads as one, or something in it compares two others.
pub fn is_filter(word: &str) -> bool {
    Filter::parse_at(word, 0).is_ok_and(|filter| !filter.is_empty())
        || word.split_whitespace().skip(1).any(|part| OPERATORS.contains(&part.to_ascii_lowercase().as_str()))
}

/// Refuses a filter where a trace id is expected; `command` is what works with it, without the filter.
pub fn refuse_filter(word: &str, command: &str, does: &str) -> Result<(), CliError> {
    if !is_filter(word) {
        return Ok(());
    }
    // One that is wrong leads to no command that works.
    Filter::parse_at(word, 0)?;
    Err(CliError::usage(format!("expected trace ids, got the filter {word:?}; nothing was sent")).hint(format!(
        "`{} {}` {does}",
        command,
        for_shell(word)
    )))
}

/// Refuses a filter where a file is expected; `command` is what works with it, without the filter.
pub fn refuse_target(file: &Path, command: &str) -> Result<(), CliError> {
    let Some(word) = file.to_str().filter(|word| is_filter(word) && !file.exists()) else { return Ok(()) };
    Filter::parse_at(word, 0)?;
    Err(CliError::usage(format!("expected a file to write, got the filter {word:?}; nothing was sent"))
        .hint(format!("name the file first: `{command} {}`", for_shell(word))))
}

/// Refuses a filter where the id of one trace is expected, and ids from standard input, which may be many.
pub fn one_trace_id(word: &str) -> Result<&str, CliError> {
    refuse_filter(word, "mlflow-trace search -o ids", "finds the ids")?;
    if word == "-" {
        return Err(CliError::usage("expected a single trace id, but - means many; nothing was sent")
            .hint("use `xargs -n 1` to run a command once per id"));
    }
    Ok(word)
}

/// Whether a word looks like the id of a trace.
pub fn is_trace_id(word: &str) -> bool {
    let is_hex = word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    word.starts_with("tr-") || word.starts_with("trace:/") || is_hex
}

/// A word as a shell reads it: in double quotes where nothing in it means something between those.
pub fn for_shell(word: &str) -> String {
    if word.contains(['"', '$', '`', '\\', '!']) {
        format!("'{}'", word.replace('\'', "'\\''"))
    } else {
        format!("\"{word}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_told_from_ids_and_names_of_files() {
        for word in
            ["status = 'ERROR'", "status='ERROR'", "stauts = 'x'", "name LIKE 'a%'", "time > -24h", "tags.a is null"]
        {
            assert!(is_filter(word), "{word}");
        }
        for word in
            ["", "-", "tr-1", "0f1e", "my file.jsonl", "a=b", "in", "request of jane", "traces.jsonl", "s3://b/p"]
        {
            assert!(!is_filter(word), "{word}");
        }
    }

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(for_shell("status = 'OK'"), "\"status = 'OK'\"");
        assert_eq!(for_shell("tags.`a b` = 'it'"), "'tags.`a b` = '\\''it'\\'''");
    }
}
