//! What changes only how things look: the pager, the browser, and which characters a terminal can show.

use std::path::Path;

use super::env::{self, Environment};

/// What shows long output if nobody says otherwise: nothing of it is shown that fits the screen, colours are, and it stays.
const LESS: &str = "less";
const LESS_OPTIONS: &str = "-FRX";

/// The command that shows long output, word by word; nothing if there is to be none.
#[must_use]
pub fn pager(environment: &Environment, is_refused: bool) -> Option<Vec<String>> {
    if is_refused || environment.get(env::TERM) == Some("dumb") {
        return None;
    }
    let chosen = [env::TRACE_PAGER, env::PAGER].into_iter().find_map(|variable| environment.get(variable));
    let mut words: Vec<String> = chosen.unwrap_or(LESS).split_whitespace().map(str::to_owned).collect();
    let program = Path::new(words.first()?).file_stem()?;
    if program == "cat" {
        return None;
    }
    if program == LESS && environment.get(env::LESS).is_none() {
        words.push(LESS_OPTIONS.to_owned());
    }
    Some(words)
}

/// Whether the locale has only ASCII characters for certain. Nothing set says nothing.
#[must_use]
pub fn is_ascii(environment: &Environment) -> bool {
    let locale = [env::LC_ALL, env::LC_CTYPE, env::LANG].into_iter().find_map(|variable| environment.get(variable));
    locale.is_some_and(|locale| {
        let lower = locale.to_ascii_lowercase();
        !lower.contains("utf-8") && !lower.contains("utf8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(variables: &[(&str, &str)]) -> Option<String> {
        Some(pager(&variables.iter().copied().collect(), false)?.join(" "))
    }

    #[test]
    fn the_pager_is_that_of_the_program_then_that_of_the_user_then_less() {
        assert_eq!(words(&[]).as_deref(), Some("less -FRX"));
        assert_eq!(words(&[("PAGER", "less -S")]).as_deref(), Some("less -S -FRX"));
        assert_eq!(words(&[("PAGER", "/usr/bin/less"), ("LESS", "-R")]).as_deref(), Some("/usr/bin/less"));
        assert_eq!(words(&[("PAGER", "more"), ("MLFLOW_TRACE_PAGER", "most -w")]).as_deref(), Some("most -w"));
        assert_eq!(words(&[("PAGER", "more"), ("MLFLOW_TRACE_PAGER", "")]).as_deref(), Some("more"));
    }

    #[test]
    fn there_can_be_no_pager() {
        for variables in
            [&[("PAGER", "cat")], &[("MLFLOW_TRACE_PAGER", "/bin/cat")], &[("TERM", "dumb")], &[("PAGER", "  ")]]
        {
            assert_eq!(words(variables), None, "{variables:?}");
        }
        assert_eq!(pager(&Environment::default(), true), None);
    }

    #[test]
    fn a_locale_without_utf_8_has_only_ascii() {
        let is = |variables: &[(&str, &str)]| is_ascii(&variables.iter().copied().collect());
        for variables in
            [&[("LANG", "C")][..], &[("LC_ALL", "POSIX"), ("LANG", "de_DE.UTF-8")], &[("LC_CTYPE", "de_DE.ISO-8859-1")]]
        {
            assert!(is(variables), "{variables:?}");
        }
        for variables in [&[][..], &[("LANG", "C.UTF-8")], &[("LC_ALL", "en_US.utf8"), ("LANG", "C")], &[("LANG", "")]]
        {
            assert!(!is(variables), "{variables:?}");
        }
    }
}
