//! Where completions come from: the newest traces, the journals, the settings.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;

use clap::{CommandFactory, FromArgMatches};

use crate::changes::journals;
use crate::cli::{Cli, GlobalArgs};
use crate::clock::Clock;
use crate::commands::{Context, selection};
use crate::error::CliError;
use crate::filter::{Filter, OrderBy};
use crate::interrupt::Interrupt;
use crate::model::{Assessment, TraceInfo};
use crate::settings::Settings;
use crate::settings::env::Environment;
use crate::ui::{ErrorStream, Streams, Terminals, Ui, Verbosity};

/// How many of the newest traces are read.
const TRACES: u64 = 100;

/// The command line as far as it is typed, and the environment.
pub struct KnownValues {
    words: Vec<OsString>,
    environment: Environment,
}

impl KnownValues {
    /// Of what a shell passes on: the words stand behind `--`.
    pub fn new(arguments: &[OsString], environment: &Environment) -> Self {
        let words = arguments.iter().skip_while(|word| *word != "--").skip(1).cloned().collect();
        Self { words, environment: environment.clone() }
    }

    pub fn experiments(&self) -> Vec<String> {
        let found = self.ask(async |context| {
            let store = context.store()?;
            Ok(store.experiments(false).await?.into_iter().map(|experiment| experiment.name).collect())
        });
        harmless(found.unwrap_or_default())
    }

    pub fn profiles(&self) -> Vec<String> {
        self.settings()
            .map(|settings| settings.config.profiles.into_iter().map(|profile| profile.name).collect())
            .unwrap_or_default()
    }

    /// Runs that can be looked at or undone, the newest first.
    pub fn runs(&self) -> Vec<String> {
        let listed = self.ask(async |context| Ok(journals::list(context)?));
        listed.unwrap_or_default().into_iter().rev().map(|run| run.run_id).collect()
    }

    /// What the newest traces have, each once.
    pub fn distinct(&self, value: &dyn Fn(&TraceInfo) -> Option<String>) -> Vec<String> {
        let mut seen = BTreeSet::new();
        harmless(self.infos().iter().filter_map(value).filter(|value| seen.insert(value.clone())).collect())
    }

    /// Tags or metadata of the newest traces.
    pub fn pairs(&self, is_metadata: bool) -> BTreeSet<(String, String)> {
        let harmless = |(key, value): &(String, String)| is_harmless(key) && is_harmless(value);
        self.entries(is_metadata).filter(harmless).collect()
    }

    pub fn keys(&self, is_metadata: bool) -> Vec<String> {
        let keys: BTreeSet<String> = self.entries(is_metadata).map(|(key, _)| key).collect();
        harmless(keys.into_iter().collect())
    }

    fn entries(&self, is_metadata: bool) -> impl Iterator<Item = (String, String)> {
        self.infos().into_iter().flat_map(move |info| if is_metadata { info.metadata } else { info.tags })
    }

    /// Names of assessments, each with an ending.
    pub fn assessments(&self, ending: &str) -> Vec<String> {
        let infos = self.infos();
        let names: BTreeSet<&str> = infos.iter().flat_map(|info| &info.assessments).map(Assessment::name).collect();
        harmless(names.into_iter().map(|name| format!("{name}{ending}")).collect())
    }

    /// The newest traces of the experiment.
    pub fn infos(&self) -> Vec<TraceInfo> {
        let found = self.ask(async |context| {
            let store = context.store()?;
            let experiments = selection::experiments(context, &store, false).await?;
            let query = selection::query(&experiments, Filter::parse("")?, OrderBy::default());
            let mut walk = store.search(&query, Some(TRACES))?;
            walk.leave_out_spans();
            let page = walk.next_page().await?.unwrap_or_default();
            Ok(page.into_iter().map(|trace| trace.info).collect())
        });
        found.unwrap_or_default()
    }

    fn settings(&self) -> Option<Settings> {
        let matches = Cli::command().ignore_errors(true).try_get_matches_from(&self.words).ok()?;
        let global = GlobalArgs::from_arg_matches(&matches).ok()?;
        Settings::resolve(&global, &self.environment).ok()
    }

    fn ask<T>(&self, question: impl AsyncFnOnce(&mut Context<'_>) -> Result<T, CliError>) -> Option<T> {
        let settings = self.settings()?;
        if settings.http.login.runs_a_command() {
            return None;
        }
        let streams = Streams {
            input: Box::new(io::empty()),
            output: Box::new(io::sink()),
            error: ErrorStream::new(io::sink()),
            terminals: Terminals::default(),
        };
        let mut ui = Ui::new(streams, Verbosity::default(), Clock::system());
        let (runtime, interrupt) =
            (tokio::runtime::Builder::new_current_thread().enable_all().build(), Interrupt::default());
        let mut context = Context::new(&mut ui, &settings, &interrupt);
        runtime.ok()?.block_on(question(&mut context)).ok()
    }
}

/// Those that no shell acts on: what traces hold is written by others, and lands on the command line.
fn harmless(texts: Vec<String>) -> Vec<String> {
    texts.into_iter().filter(|text| is_harmless(text)).collect()
}

pub fn is_harmless(text: &str) -> bool {
    !text.chars().any(|one| one.is_control() || "$`\\!\"';|&<>(){}[]*?~^".contains(one))
}
