//! `open`: the page of a trace in the user interface of its server.

use std::process::Command;

use serde_json::json;

use super::selection::SUMMARY_FORMATS;
use super::{CommandResult, Context, trace_ids, words};
use crate::cli::{OpenArgs, OutputFormat};
use crate::error::CliError;
use crate::exit::Exit;
use crate::store::StoreError;

pub async fn run(context: &mut Context<'_>, args: OpenArgs) -> CommandResult {
    let format = context.output("open", SUMMARY_FORMATS)?;
    words::one_trace_id(&args.trace_id)?;
    let address = context.settings.tracking_uri.as_ref().map_err(|error| CliError::from(error.clone()))?;
    if !address.has_pages() {
        let why = if address.is_server() {
            "shows its user interface only after a login of its own"
        } else {
            "has no user interface"
        };
        return Err(CliError::usage(format!("{address} {why}, so its traces have no page"))
            .hint(format!("`mlflow-trace get {}` shows the trace here", words::for_shell(&args.trace_id))));
    }
    let store = context.store()?;
    let id = trace_ids::one(context, &store, &args.trace_id).await?;
    let info = store.infos(std::slice::from_ref(&id)).await?.one().map_err(StoreError::from)?;
    let unknown = || CliError::from(StoreError::UnknownTraces(vec![id.clone()])).of_reading();
    let info = info.ok_or_else(|| trace_ids::not_begun(context, unknown()))?;
    let workspace = context.settings.http.workspace.as_deref();
    let page = info.experiment_id().and_then(|experiment| address.page_of(&experiment, &info.trace_id, workspace));
    let page = page.ok_or_else(|| {
        CliError::new(Exit::Refused, format!("trace {id} is in no experiment, so its page is not known"))
            .hint(format!("`mlflow-trace get {id}` shows the trace here"))
    })?;
    if format == OutputFormat::Json {
        context.write_json(&json!({"trace_id": info.trace_id, "url": page}))?;
    } else {
        writeln!(context.ui.output(), "{page}")?;
    }
    context.ui.flush()?;
    if args.browser {
        open(context.settings.browser.as_deref(), &page)?;
    }
    Ok(Exit::Done)
}

/// What opens pages: the commands of the user, separated by colons, before those of the system.
fn commands(chosen: Option<&str>) -> Vec<Vec<String>> {
    let usual: &[&[&str]] = if cfg!(windows) {
        &[&["rundll32", "url.dll,FileProtocolHandler"]]
    } else if cfg!(target_os = "macos") {
        &[&["open"]]
    } else {
        &[&["xdg-open"], &["wslview"]]
    };
    let usual = usual.iter().map(|words| words.iter().map(|word| (*word).to_owned()).collect());
    let chosen = chosen.into_iter().flat_map(|chosen| chosen.split(if cfg!(windows) { ';' } else { ':' }));
    let chosen = chosen.map(|command| command.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    chosen.chain(usual).filter(|words| !words.is_empty()).collect()
}

/// Opens a page with the first command that can; `%s` in it stands for the page.
fn open(chosen: Option<&str>, page: &str) -> Result<(), CliError> {
    let mut problems = Vec::new();
    for words in commands(chosen) {
        let (program, arguments) = (&words[0], &words[1..]);
        let mut command = Command::new(program);
        command.args(arguments.iter().map(|word| word.replace("%s", page)));
        if !arguments.iter().any(|word| word.contains("%s")) {
            command.arg(page);
        }
        match command.status() {
            Ok(status) if status.success() => return Ok(()),
            Ok(status) => problems.push(format!("{program} failed ({status})")),
            Err(error) => problems.push(format!("{program}: {error}")),
        }
    }
    Err(CliError::new(Exit::Refused, format!("cannot open a browser: {}", problems.join("; ")))
        .hint("open the address above yourself, or set BROWSER to a command that opens pages"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_is_asked_before_the_system() {
        let all = commands(Some("lynx -nopause %s:firefox::"));
        assert_eq!(all[0], ["lynx", "-nopause", "%s"]);
        assert_eq!(all[1], ["firefox"]);
        assert!(all.len() > 2 && all.iter().all(|words| !words.is_empty()));
        assert_eq!(commands(None), commands(Some("")));
    }

    #[cfg(unix)]
    #[test]
    fn the_first_command_that_works_has_the_page() {
        let page = "http://localhost:5000/#/experiments/1/traces?selectedEvaluationId=tr-1";
        assert!(open(Some("no-such-browser-here:false %s:test -n %s"), page).is_ok());
    }
}
