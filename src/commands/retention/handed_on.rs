//! What a scheduled run is given of what holds here: variables, words of the command line, and the names of secrets.

use std::path::Path;

use crate::cli::RetentionScheduleArgs;
use crate::commands::Context;
use crate::error::CliError;
use crate::settings::env::{
    CLIENT_CERT_PATH, InForce, PASSWORD, SERVER_CERT_PATH, TOKEN, Told, USERNAME, Variable, WORKSPACE,
};
use crate::settings::{ExperimentRef, Origin, Settings, Shown};
use crate::store::{Credentials, Given, Login, NamedFile, OfProfile};

/// A path as it is from everywhere.
pub fn absolute(path: &Path) -> std::io::Result<String> {
    std::path::absolute(path).map(|path| path.display().to_string())
}

/// Names and values.
pub type SetVariables = Vec<(String, String)>;

/// What holds for this run, from the environment, the URL and the profile.
#[derive(Default)]
pub struct HandedOn {
    pub variables: SetVariables,
    /// Variables that name files.
    pub files: SetVariables,
    /// Names of variables that are secrets.
    pub secrets: Vec<String>,
}

/// The variables that hold for this run.
pub fn in_force(context: &Context<'_>) -> Result<HandedOn, CliError> {
    let settings = context.settings;
    let HandedOn { mut variables, mut files, mut secrets } = HandedOn::default();
    for InForce { name, value } in settings.in_force.iter().cloned() {
        match value {
            Told::Plain(value) => variables.push((name, value)),
            Told::File(path) => files.push((name, absolute(Path::new(&path))?)),
            Told::Secret => secrets.push(name),
        }
    }
    let file = |file: &Option<NamedFile>| file.as_ref().map(|file| absolute(&file.path)).transpose();
    let of_profile = [
        (SERVER_CERT_PATH, file(&settings.http.server_certificates)?),
        (CLIENT_CERT_PATH, file(&settings.http.client_certificate)?),
    ];
    for (name, value) in of_profile.into_iter().filter_map(|(variable, value)| Some((variable.name, value?))) {
        // Those of the environment are there already, also under the names of other programs.
        if !files.iter().any(|(_, known)| *known == value) {
            files.push((name.to_owned(), value));
        }
    }
    let workspace = settings.http.workspace.clone().filter(|_| !settings.http.login.is_namespaced());
    if let Some(workspace) = workspace.filter(|_| !variables.iter().any(|(name, _)| name == WORKSPACE.name)) {
        variables.push((WORKSPACE.name.to_owned(), workspace));
    }
    secrets.extend(login_secrets(&settings.http.login).iter().map(|variable| variable.name.to_owned()));
    secrets.sort_unstable();
    secrets.dedup();
    Ok(HandedOn { variables, files, secrets })
}

/// The variables that take the place of secrets in the URL or in the profile.
fn login_secrets(login: &Login) -> &'static [Variable] {
    let of_profile = login.of_profile.as_ref();
    match of_profile {
        _ if login.of_uri.is_some() => &[USERNAME, PASSWORD],
        Some(OfProfile::Username { .. }) => &[USERNAME, PASSWORD],
        Some(OfProfile::Given(given)) => match given.credentials {
            Credentials::Basic { .. } => &[USERNAME, PASSWORD],
            Credentials::Bearer(_) => &[TOKEN],
            _ => &[],
        },
        None => &[],
    }
}

/// Where the token comes from, if it is not a secret itself: of the command line, else of the profile. A file, or words for a
/// command.
pub fn token_source(login: &Login) -> Result<(Option<String>, Vec<String>), CliError> {
    let of_profile = login.of_profile.as_ref().filter(|_| !login.is_of_environment());
    let given = login.typed.as_ref().or(match of_profile {
        Some(OfProfile::Given(given)) => Some(given),
        _ => None,
    });
    Ok(match given.map(|given| &given.credentials) {
        Some(Credentials::TokenFile(path)) => (Some(absolute(path)?), Vec::new()),
        Some(Credentials::TokenCommand(line)) => (None, vec!["--token-command".to_owned(), line.clone()]),
        _ => (None, Vec::new()),
    })
}

/// Headers may be secrets, and there is no variable for them.
pub fn tell_of_headers(context: &mut Context<'_>) {
    let http = &context.settings.http;
    let mut names: Vec<&str> = http.headers.iter().map(|(name, _)| name.as_str()).collect();
    let is_header = |given: &Given| matches!(given.credentials, Credentials::Header(_));
    let of_profile = |given: &OfProfile| matches!(given, OfProfile::Given(given) if is_header(given));
    if http.login.typed.as_ref().is_some_and(is_header) || http.login.of_profile.as_ref().is_some_and(of_profile) {
        names.push("Authorization");
    }
    if names.is_empty() {
        return;
    }
    let names = names.join(", ");
    context.ui.warning(&format!(
        "headers are left out, as they may be secrets ({names}): put them into a profile of the user who runs the job"
    ));
}

/// The words of the command line that are handed on: experiments, limits, what is vouched for.
pub fn words(context: &Context<'_>, args: &RetentionScheduleArgs) -> Vec<String> {
    let experiments = context.settings.experiments.iter().filter_map(|named| match named {
        ExperimentRef::NameOrId(word) => Some(("--experiment", word.clone())),
        // A policy is not narrowed by the environment.
        ExperimentRef::Name(_) | ExperimentRef::Id(_) | ExperimentRef::OfProfile(_) => None,
    });
    let limits = [
        ("--max-delete", args.max_delete.or(context.settings.max_delete(None)).map(|most| most.to_string())),
        ("--timeout", typed_timeout(context.settings)),
        ("--sleep-between", args.pace.sleep_between.map(|pause| pause.to_string())),
        ("--max-time", args.pace.max_time.map(|most| most.to_string())),
        ("--artifacts", args.artifacts.deletes().map(|deletes| if deletes { "delete" } else { "keep" }.to_owned())),
        ("--lock-wait", args.lock.lock_wait.map(|most| most.to_string())),
    ];
    let limits = limits.into_iter().filter_map(|(flag, value)| Some((flag, value?)));
    let trusted =
        [("--allow-unmatched-keep", args.trust.allow_unmatched_keep), ("--trust-clock", args.trust.clock.trust_clock)];
    let trusted = trusted.into_iter().filter(|(_, is_trusted)| *is_trusted).map(|(flag, _)| flag.to_owned());
    experiments.chain(limits).flat_map(|(flag, value)| [flag.to_owned(), value]).chain(trusted).collect()
}

/// The time that a flag gives each request.
fn typed_timeout(settings: &Settings) -> Option<String> {
    let is_typed = |shown: &&Shown| shown.key == "timeout" && matches!(shown.from, Origin::Flag(_));
    settings.shown.iter().find(is_typed).map(|_| format!("{}ms", settings.http.timeout.as_millis()))
}
