//! The command line for `MLflow` traces: search, read, tag, annotate, export and expire.
//!
//! Data flows one way:
//!
//! ```text
//! argv -> cli -> settings -> commands -+-> filter     text -> ast -> typed -> evaluator       pure
//!                                      +-> store      readers and writers of traces           async, I/O
//!                                      |     + http     transport, retry, signers
//!                                      |     + server   REST client of a tracking server
//!                                      |     + archive  files written by `export`, and the demo
//!                                      |     + database MLflow's own tables, read without a server
//!                                      +-> annotations rows of files -> feedback -> outcome   no server known
//!                                      +-> changes    a run: lock, plan, cap, ask, journal, do, look again, report
//!                                      +-> retention  policy, traces -> plan                  pure
//!                                      +-> export     traces -> files that are whole or not there
//!                                      +-> output     traces -> sinks                         sync, I/O
//!                        model  <- used by all of them, uses none of them
//! ```
//!
//! [`cli`] says what can be typed, [`settings`] what it means together with the environment, [`commands`] tie the rooms
//! together, one file per command. [`error`] is the one place that knows every error, its hint and its exit code.
//! The binary only collects the process's arguments, environment and streams and calls [`run`].

pub mod analysis;
pub mod annotations;
#[cfg(feature = "object-store")]
mod bucket;
pub mod changes;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod error;
pub mod exit;
pub mod export;
pub mod files;
pub mod filter;
pub mod interrupt;
mod mcp;
pub mod model;
pub mod output;
pub mod progress;
pub mod retention;
pub mod settings;
pub mod store;
mod tls;
pub mod ui;

use std::ffi::OsString;
use std::io::Write;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use clap::error::ErrorKind;
use cli::usage::{UsageError, output_of};
use cli::{Cli, ColorChoice, GlobalArgs, OutputFormat};
use clock::Clock;
use error::CliError;
use exit::Exit;
use interrupt::Interrupt;
use settings::env::Environment;
use settings::{Settings, SettingsError};
use ui::{Streams, Ui, Verbosity};

/// Answers a shell that asks, through the environment of the process, what a command line can go on with. False if none does.
#[must_use]
pub fn complete(arguments: impl IntoIterator<Item = OsString>, environment: &Environment) -> bool {
    environment.get(settings::env::COMPLETE).is_some()
        && commands::complete::complete(arguments.into_iter().collect(), environment)
}

/// Runs one command line and says how it ended. Nothing but these arguments is read from the process, so it can be called
/// again.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    environment: &Environment,
    mut streams: Streams,
    clock: Clock,
) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    match Cli::read(arguments.clone()) {
        Ok(cli) => match mcp::is_asked(&cli.command) {
            Some(may_annotate) => serve_agents(may_annotate, cli.global, environment.clone(), streams, clock),
            None => run_parsed(cli, environment, streams, clock),
        },
        Err(error) if error.use_stderr() => {
            refuse(&without_secrets(error), &arguments, Ui::new(streams, Verbosity::default(), clock))
        }
        // A closed standard output is no failure.
        Err(error) => {
            let text = error.render().to_string();
            let _ = streams.output.write_all(text.as_bytes()).and_then(|()| streams.output.flush());
            Exit::Done
        }
    }
}

/// Serves agents until the input ends or somebody asks for the end; a tool that is at work may finish.
fn serve_agents(
    may_annotate: bool,
    global: GlobalArgs,
    environment: Environment,
    mut streams: Streams,
    clock: Clock,
) -> Exit {
    let interrupt = Interrupt::default();
    let (ended, end) = mpsc::channel();
    let (listening, signalled) = (interrupt.clone(), ended.clone());
    std::thread::spawn(move || {
        if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
            runtime.block_on(listening.wait());
            let _ = signalled.send(Exit::Interrupted);
        }
    });
    // Left behind when it waits for input.
    std::thread::spawn(move || {
        let begun = Instant::now();
        let tool = |cli, streams| {
            let _finishing = interrupt.finish_first();
            let passed = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
            run_parsed(cli, &environment, streams, clock.later(passed))
        };
        let exit = mcp::serve(may_annotate, &global, &mut *streams.input, &mut *streams.output, &tool, &interrupt);
        let _ = ended.send(exit);
    });
    end.recv().unwrap_or(Exit::Unexpected)
}

fn run_parsed(mut cli: Cli, environment: &Environment, streams: Streams, clock: Clock) -> Exit {
    let verbosity = verbosity(&cli, environment, &streams);
    let error_stream = streams.error.clone();
    let mut ui = Ui::new(streams, verbosity, clock);
    if let Err(error) = shape_output(&mut cli.global, &mut ui) {
        error.show(&mut ui, cli.global.output);
        return error.exit;
    }
    if cli.makes_a_profile() {
        // Nothing of another profile goes to a server that is new.
        cli.global.profile = Some(settings::profile::NONE.to_owned());
    }
    let mut settings = Settings::resolve(&cli.global, environment);
    if let Ok(settings) = &mut settings {
        settings.http.enter_namespace();
    }
    let (ended, end) = mpsc::channel();
    // A thread of its own can be left behind when it waits for something that no signal ends.
    let thread = std::thread::Builder::new().stack_size(STACK);
    match thread.spawn(move || run_to_its_end(cli, settings, ui, &ended)) {
        // Nothing comes where even the report on a failure failed.
        Ok(_) => end.recv().unwrap_or(Exit::Unexpected),
        Err(error) => {
            error_stream.write(&format!("error: cannot begin: {error}\n"));
            Exit::Unexpected
        }
    }
}

/// Has what is written shaped by `--jq` or `--template`.
fn shape_output(global: &mut GlobalArgs, ui: &mut Ui) -> Result<(), CliError> {
    let (flag, language) = match (&global.jq, &global.template) {
        (None, None) => return Ok(()),
        (Some(_), _) => ("--jq", "https://jqlang.org/manual"),
        (None, Some(_)) => ("--template", "https://jinja.palletsprojects.com/templates"),
    };
    let format = *global.output.get_or_insert(OutputFormat::Json);
    if !matches!(format, OutputFormat::Json | OutputFormat::Jsonl) {
        return Err(
            CliError::usage(format!("{flag} needs JSON, not -o {}", format.as_str())).hint("use -o json or jsonl")
        );
    }
    let filtered = global.jq.as_deref().map_or(Ok(()), |filter| ui.filter(filter));
    let shaped = filtered.and_then(|()| global.template.as_deref().map_or(Ok(()), |template| ui.fill_in(template)));
    shaped.map_err(|error| CliError::usage(error.to_string()).hint(format!("the language: {language}")))
}

/// As much as the first thread of a program has, as a rule.
const STACK: usize = 8 << 20;

/// How often to look whether a pager has ended.
const GLANCE: Duration = Duration::from_millis(50);

fn run_to_its_end(cli: Cli, settings: Result<Settings, SettingsError>, mut ui: Ui, ended: &mpsc::Sender<Exit>) {
    let output = cli.global.output;
    let result = settings.map_err(CliError::from).and_then(|settings| run_command(cli, &settings, &mut ui, ended));
    let result = result.and_then(|exit| ui.flush().map(|()| exit).map_err(CliError::from));
    let exit = match result {
        Ok(exit) => exit,
        Err(error) if error.is_closed_output => {
            // A pager that was left early has ended, and what else there is to say was held back.
            let _ = ui.flush();
            Exit::Done
        }
        Err(error) => {
            // What was already written stays before the error when both go to one place.
            let _ = ui.flush();
            error.show(&mut ui, output);
            error.exit
        }
    };
    // Whoever waited for it may have left.
    let _ = ended.send(exit);
}

fn run_command(cli: Cli, settings: &Settings, ui: &mut Ui, ended: &mpsc::Sender<Exit>) -> Result<Exit, CliError> {
    // The second thread talks to the server while the first one writes.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let interrupt = Interrupt::default();
    let (insisting, ended, report, paging) = (interrupt.clone(), ended.clone(), ui.reporter(), ui.paging());
    runtime.spawn(async move {
        insisting.insist().await;
        // Whoever reads ends the pager; without this program it would have lost its terminal.
        while paging.load(Ordering::SeqCst) {
            tokio::time::sleep(GLANCE).await;
        }
        report("Interrupted.");
        let _ = ended.send(Exit::Interrupted);
    });
    runtime.block_on(async {
        let finished = {
            let context = commands::Context::new(ui, settings, &interrupt);
            tokio::select! {
                biased;
                () = interrupt.wait() => None,
                result = commands::caught(commands::run(cli.command, context)) => Some(result),
            }
        };
        finished.unwrap_or_else(|| {
            ui.status("Interrupted.");
            Ok(Exit::Interrupted)
        })
    })
}

fn verbosity(cli: &Cli, environment: &Environment, streams: &Streams) -> Verbosity {
    let global = &cli.global;
    let quiet = global.quiet || cli.is_unattended();
    let color = if cli.is_unattended() { ColorChoice::Never } else { global.color };
    Verbosity {
        quiet,
        verbose: global.verbose,
        progress: streams.terminals.error && !global.no_progress && !quiet,
        color_output: settings::use_color(color, streams.terminals.output, environment),
        color_error: settings::use_color(color, streams.terminals.error, environment),
    }
}

/// Of flags that take secrets, what was typed is not shown.
fn without_secrets(mut error: clap::Error) -> clap::Error {
    use clap::error::{ContextKind, ContextValue};

    let flag = error.get(ContextKind::InvalidArg).map(ToString::to_string).unwrap_or_default();
    if ["--header", "--otlp-header", "--heartbeat-url", "--tracking-uri"].iter().any(|secret| flag.contains(secret)) {
        error.insert(ContextKind::InvalidValue, ContextValue::String(model::MASK.to_owned()));
    }
    error
}

/// Says what is wrong with a command line. Without any command the help says more than an error.
fn refuse(error: &clap::Error, arguments: &[OsString], mut ui: Ui) -> Exit {
    let output = output_of(arguments);
    let is_json = matches!(output, Some(OutputFormat::Json | OutputFormat::Jsonl));
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand && !is_json {
        ui.line(&error.render().to_string());
    } else {
        CliError::from(UsageError::new(error, arguments)).show(&mut ui, output);
    }
    Exit::Usage
}
