//! What is odd about a filter, shown to whoever gave it.

use crate::commands::Context;
use crate::error::CliError;
use crate::filter::{Filter, Lint, LintLevel};

pub fn show_lints(context: &mut Context<'_>, filter: &Filter, strict: bool) -> Result<(), CliError> {
    // Advice is for those who ask: `filter check` shows it.
    let lints: Vec<_> = filter.lints().into_iter().filter(|lint| lint.level == LintLevel::Warning).collect();
    if let (true, Some(first)) = (strict, lints.first()) {
        let error = CliError::usage(format!("{} (--strict)", first.message));
        return Err(match &first.hint {
            Some(hint) => error.hint(hint),
            None => error,
        });
    }
    for lint in &lints {
        show_lint(context, lint);
    }
    Ok(())
}

/// Shows what is odd about a filter and how to put it right.
pub fn show_lint(context: &mut Context<'_>, lint: &Lint) {
    match lint.level {
        LintLevel::Warning => context.ui.warning(&lint.message),
        LintLevel::Advice => context.ui.labelled("advice:", "34;1", &lint.message),
    }
    if let Some(hint) = &lint.hint {
        context.ui.labelled("hint:", "36;1", hint);
    }
}
