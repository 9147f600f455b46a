//! `version`: which one this is, and whether there is a newer one if that is asked.

use serde_json::json;

use super::selection::SUMMARY_FORMATS;
use super::{CommandResult, Context};
use crate::cli::{OutputFormat, VersionArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::store::{RELEASES, newest_version};

const PRESENT: &str = env!("CARGO_PKG_VERSION");

pub async fn run(context: &mut Context<'_>, args: &VersionArgs) -> CommandResult {
    let format = context.output("version", SUMMARY_FORMATS)?;
    let newest = match &args.check {
        Some(url) => {
            let url = url.as_deref().unwrap_or(RELEASES);
            let asked = newest_version(url, &context.settings.http).await;
            Some(asked.map_err(|error| {
                CliError::new(Exit::Unreachable, error.to_string()).hint("name another page with --check=URL")
            })?)
        }
        None => None,
    };
    let is_newest = newest.as_deref().map(|newest| !is_newer(newest, PRESENT));
    if format == OutputFormat::Json {
        context.write_json(&json!({"version": PRESENT, "newest": newest, "is_newest": is_newest}))?;
    } else {
        writeln!(context.ui.output(), "mlflow-trace {PRESENT}")?;
        match (&newest, is_newest) {
            (Some(newest), Some(false)) => context.ui.status(&format!("Version {newest} is available.")),
            (Some(_), _) => context.ui.status("This is the newest version."),
            (None, _) => {}
        }
    }
    Ok(if is_newest == Some(false) { Exit::CheckFailed } else { Exit::Done })
}

/// Whether a version comes after another one. What follows the numbers makes it an earlier one, as in `1.0.0-rc.1` and `1.0.0rc1`.
fn is_newer(version: &str, than: &str) -> bool {
    let read = |version: &str| {
        let end = version.find(|one: char| !one.is_ascii_digit() && one != '.').unwrap_or(version.len());
        let (numbers, rest) = version.split_at(end);
        let mut numbers: Vec<u64> = numbers.split('.').map_while(|number| number.parse().ok()).collect();
        numbers.resize(3, 0);
        // What follows a plus is no part of the order.
        let rest = rest.split('+').next().unwrap_or_default().to_owned();
        (numbers, rest.is_empty(), rest)
    };
    read(version) > read(than)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_their_numbers() {
        for (newer, older) in [
            ("0.2.0", "0.1.9"),
            ("0.10.0", "0.9.0"),
            ("1.0.0", "1.0.0-rc.1"),
            ("1.0.0", "1.0.0rc1"),
            ("1.0.0-rc.2", "1.0.0-rc.1"),
            ("1.1", "1.0.5"),
        ] {
            assert!(is_newer(newer, older) && !is_newer(older, newer), "{newer} {older}");
        }
        assert!(!is_newer("1.0", "1.0.0") && !is_newer("1.0.0+build.5", "1.0.0"));
    }
}
