//! `config init`: a new profile, from flags or from a conversation.

use std::path::{Path, PathBuf};

use super::login::{NewLogin, login, with_login};
use crate::cli::{ConfigInitArgs, OutputFormat};
use crate::commands::{CommandResult, Context, selection};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::without_userinfo;
use crate::settings::profile::{Config, NewProfile, is_profile_name, with_default, with_profile};
use crate::settings::{ExperimentRef, Origin, Settings, read_uri};
use crate::store::{Address, Credentials, Given, HttpSettings, NamedFile};

pub async fn run(context: &mut Context<'_>, args: &ConfigInitArgs) -> CommandResult {
    context.output("config init", &[OutputFormat::Table])?;
    let config = super::config(context)?;
    let path = super::file(&config)?;
    let name = name(context, args, &config)?;
    let (uri, address, of_uri) = server(context)?;
    let login = if address.is_server() { login(context, args, of_uri)? } else { NewLogin::Nobody };
    let mut settings = context.settings.clone();
    settings.tracking_uri = Ok(address.clone());
    settings.config = Config::default();
    settings.notices.clear();
    reach(&mut settings.http, args, &login);
    if !args.no_test {
        test(context, &mut settings).await?;
    }
    let experiments: Vec<String> = settings.experiments.iter().map(|named| named.word().to_owned()).collect();
    let profile = NewProfile::new(&name).text("tracking_uri", Some(&uri)).texts("experiment", &experiments);
    let profile = with_limits(args, with_login(profile, &login, (&path, &name))?)?;
    let text = if config.is_there { super::read(&path)? } else { String::new() };
    let is_default = args.make_default || config.profiles.is_empty();
    let text = with_profile(&text, &profile);
    let text = if is_default { with_default(&text, &name) } else { text };
    super::write(&path, &text, is_default.then_some(&name))?;
    tell(context, &name, &path, is_default);
    Ok(Exit::Done)
}

fn tell(context: &mut Context<'_>, name: &str, path: &Path, is_default: bool) {
    context.ui.status(&format!("Wrote the profile {name:?} to {}.", path.display()));
    context.ui.status(&if is_default {
        "It is the default: commands use it unless they name another.".to_owned()
    } else {
        format!("Use it with --profile {name}, or always with `mlflow-trace config use {name}`.")
    });
}

fn name(context: &mut Context<'_>, args: &ConfigInitArgs, config: &Config) -> Result<String, CliError> {
    let name = match args.name.clone() {
        Some(name) => name,
        None => context.ui.ask("Name of the profile", Some("default")).unwrap_or_else(|| "default".to_owned()),
    };
    if !is_profile_name(&name) {
        return Err(CliError::usage(format!("{name:?} is no name for a profile"))
            .hint("use letters, digits, - and _, such as prod"));
    }
    if config.profiles.iter().any(|profile| profile.name == name) {
        return Err(CliError::usage(format!("the profile {name:?} already exists in {}", config.shown_path()))
            .hint("change it there with an editor, or choose another name"));
    }
    Ok(name)
}

/// The tracking URI without credentials, what is there, and the credentials that it held.
fn server(context: &mut Context<'_>) -> Result<(String, Address, Option<Credentials>), CliError> {
    let given = context.settings.uri.clone().filter(|(_, from)| !matches!(from, Origin::Profile(_) | Origin::Default));
    let uri = match given {
        Some((uri, _)) => uri.expose().to_owned(),
        None => context.ui.ask("Tracking URI", Some("http://localhost:5000")).ok_or_else(|| {
            CliError::usage("no tracking URI for the profile").hint("give it with --tracking-uri http://HOST:PORT")
        })?,
    };
    let (address, credentials) = read_uri(&uri)?;
    let uri = if credentials.is_some() { without_userinfo(uri.trim()) } else { uri.trim().to_owned() };
    Ok((uri, address, credentials))
}

/// How the server is reached when the profile is used.
fn reach(http: &mut HttpSettings, args: &ConfigInitArgs, login: &NewLogin) {
    let typed = login.credentials().map(|credentials| Given::new(credentials, "config init"));
    http.login.typed = typed.or(http.login.typed.take());
    let file = |path: &PathBuf, from: &str| NamedFile { path: path.clone(), from: from.to_owned() };
    if let Some(path) = &args.ca {
        http.server_certificates = Some(file(path, "--ca"));
    }
    if let Some(path) = &args.client_certificate {
        http.client_certificate = Some(file(path, "--client-certificate"));
    }
    if let Some(workspace) = &args.workspace {
        http.workspace = Some(workspace.clone());
    }
}

/// Connects as the profile will, finds the experiments, and lets one be chosen.
async fn test(context: &mut Context<'_>, settings: &mut Settings) -> Result<(), CliError> {
    let interrupt = context.interrupt;
    let unwritten = |error: CliError| error.hint("nothing was written; --no-test writes the profile all the same");
    let names = {
        let part = context.part(settings, interrupt);
        let store = part.store().map_err(unwritten)?;
        if settings.experiments.is_empty() {
            let all = store.experiments(false).await.map_err(|error| unwritten(error.into()))?;
            all.into_iter().map(|experiment| experiment.name).collect()
        } else {
            selection::named_experiments(&part, &store).await.map_err(|error| unwritten(error.into()))?;
            Vec::new()
        }
    };
    let place = settings.tracking_uri.as_ref().map(ToString::to_string).unwrap_or_default();
    context.ui.status(&format!("Connected to {place}."));
    settings.experiments.extend(chosen(context, &names));
    Ok(())
}

/// Maximum experiments that are offered.
const OFFERED: usize = 30;

fn chosen(context: &mut Context<'_>, names: &[String]) -> Option<ExperimentRef> {
    let offered = ["none"].into_iter().chain(names.iter().map(String::as_str).take(OFFERED));
    let offered: Vec<&str> = offered.collect();
    let chosen = context.ui.choose("Experiment to use unless another is named", &offered)?;
    let name = names.get(chosen.checked_sub(1)?)?;
    Some(ExperimentRef::NameOrId(name.clone()))
}

/// With certificates and what is forbidden.
fn with_limits(args: &ConfigInitArgs, profile: NewProfile) -> Result<NewProfile, CliError> {
    let absolute = |path: &Option<PathBuf>| -> Result<Option<String>, CliError> {
        let path = path.as_deref().map(std::path::absolute).transpose()?;
        Ok(path.map(|path| path.display().to_string()))
    };
    Ok(profile
        .text("ca", absolute(&args.ca)?.as_deref())
        .text("client_certificate", absolute(&args.client_certificate)?.as_deref())
        .text("workspace", args.workspace.as_deref())
        .switch("read_only", args.read_only)
        .text("deletes", args.plan_only.then_some("plan-only"))
        .number("max_delete", args.max_delete)
        .text("default_since", args.default_since.as_ref().map(|since| since.0.as_str())))
}
