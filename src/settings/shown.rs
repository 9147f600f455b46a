//! What is set, for people: each value with where it comes from, and no secrets.

use super::env::{self, Environment, InForce, Told};
use super::layers::{Layers, Origin};
use super::profile::Profile;
use super::{Settings, connection};
use crate::model::{MASK, masked};

/// A setting as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// As in a profile, where a profile has it.
    pub key: &'static str,
    /// Nothing if it is not set.
    pub value: Option<String>,
    /// Where it comes from.
    pub from: Origin,
}

/// Everything that is set, in the order of a profile.
pub fn all(settings: &Settings, layers: &Layers<'_>, profile: Option<&Profile>, uri_from: Origin) -> Vec<Shown> {
    let Layers { flags, environment, .. } = layers;
    let mut all = Vec::new();
    let mut add = |key, value: Option<String>, from| {
        let from = if value.is_some() { from } else { Origin::Default };
        all.push(Shown { key, value, from });
    };
    add("tracking_uri", settings.tracking_uri.as_ref().ok().map(|uri| masked(&uri.to_string()).into_owned()), uri_from);
    for (value, from) in experiments(layers) {
        add("experiment", Some(value), from);
    }
    for (value, from) in headers(layers) {
        add("header", Some(value), from);
    }
    let path = |(path, from): (std::path::PathBuf, Origin)| (Some(path.display().to_string()), from);
    let nothing = (None, Origin::Default);
    let (ca, from) = connection::server_certificates(layers).map_or(nothing.clone(), path);
    add("ca", ca, from);
    let (certificate, from) = connection::client_certificate(layers).map_or(nothing, path);
    add("client_certificate", certificate, from);
    let workspace = layers.text(env::WORKSPACE, |profile| profile.workspace.as_deref());
    let (workspace, from) = workspace.map_or((None, Origin::Default), |(text, from)| (Some(text.to_owned()), from));
    add("workspace", workspace, from);
    let timeout = format!("{} s", settings.http.timeout.as_secs_f64());
    add("timeout", Some(timeout), of_one(flags.timeout.map(|_| "--timeout"), environment, env::REQUEST_TIMEOUT));
    of_environment(environment, &mut all);
    of_profile(settings, profile, &mut all);
    all
}

fn of_one(flag: Option<&'static str>, environment: &Environment, variable: env::Variable) -> Origin {
    let by_variable = environment.get(variable).map(|_| Origin::Variable(variable.name.to_owned()));
    flag.map(Origin::Flag).or(by_variable).unwrap_or(Origin::Default)
}

fn experiments(layers: &Layers<'_>) -> Vec<(String, Origin)> {
    let Layers { flags, environment, of_server } = layers;
    if !flags.experiments.is_empty() {
        return flags.experiments.iter().map(|name| (name.clone(), Origin::Flag("--experiment"))).collect();
    }
    let named = |variable: env::Variable| {
        let value = environment.get(variable)?;
        Some((value.to_owned(), Origin::Variable(variable.name.to_owned())))
    };
    let by_variables: Vec<_> = [env::EXPERIMENT_NAME, env::EXPERIMENT_ID].into_iter().filter_map(named).collect();
    let by_profile = of_server.iter().flat_map(|profile| {
        profile.experiments.iter().map(|name| (name.clone(), Origin::Profile(profile.name.clone())))
    });
    if by_variables.is_empty() { by_profile.collect() } else { by_variables }
}

/// Headers by name; a value may be a secret.
fn headers(layers: &Layers<'_>) -> Vec<(String, Origin)> {
    let hidden = |name: &str| format!("{name}: {MASK}");
    let by_flag = layers.flags.connection.headers.iter();
    let by_flag = by_flag.map(|header| (hidden(&header.name), Origin::Flag("--header")));
    let by_profile = layers.of_server.iter().flat_map(|profile| {
        profile.headers.iter().map(|(name, _)| (hidden(name), Origin::Profile(profile.name.clone())))
    });
    by_flag.chain(by_profile).collect()
}

/// Proxies, and whatever else only the environment says about how servers are reached.
fn of_environment(environment: &Environment, all: &mut Vec<Shown>) {
    let is_shown_above =
        [env::WORKSPACE.name, env::SERVER_CERT_PATH.name, env::CLIENT_CERT_PATH.name, env::REQUEST_TIMEOUT.name];
    let is_own = |name: &str| name.starts_with("MLFLOW_") || name.to_ascii_uppercase().ends_with("_PROXY");
    let others = environment.in_force().into_iter();
    let others = others.filter(|InForce { name, .. }| is_own(name) && !is_shown_above.contains(&name.as_str()));
    all.extend(others.map(|InForce { name, value }| {
        let value = match value {
            Told::Plain(value) | Told::File(value) => value,
            Told::Secret => MASK.to_owned(),
        };
        Shown { key: "environment", value: Some(value), from: Origin::Variable(name) }
    }));
}

/// What only a profile says.
fn of_profile(settings: &Settings, profile: Option<&Profile>, all: &mut Vec<Shown>) {
    let from = profile.map_or(Origin::Default, |profile| Origin::Profile(profile.name.clone()));
    let yes = |is_so: bool| if is_so { "true" } else { "false" }.to_owned();
    let is = |of: fn(&Profile) -> bool| profile.is_some_and(of);
    let deletes = if is(|profile| profile.plan_only) { "plan-only" } else { "allowed" };
    let mut add = |key, value: Option<String>, is_set: bool| {
        all.push(Shown { key, value, from: if is_set { from.clone() } else { Origin::Default } });
    };
    let read_only = is(|profile| profile.read_only);
    add("read_only", Some(yes(read_only)), read_only);
    add("deletes", Some(deletes.to_owned()), deletes == "plan-only");
    let most = settings.max_delete(None);
    add("max_delete", most.map(|most| most.to_string()), most.is_some());
    let since = profile.and_then(|profile| profile.default_since.as_ref()).map(|(written, _)| written.clone());
    let is_set = since.is_some();
    add("default_since", since, is_set);
    let writes = is(|profile| profile.allow_database_writes);
    add("allow_database_writes", Some(yes(writes)), writes);
    let columns = profile.and_then(|profile| profile.columns.clone());
    let is_set = columns.is_some();
    add("columns", columns, is_set);
}
