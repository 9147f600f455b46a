//! The manual: its generated pages are up to date, and its links lead somewhere. `MLFLOW_TRACE_UPDATE=1` writes the
//! generated pages anew.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Arg, Command, CommandFactory};
use mlflow_trace::cli::Cli;
use mlflow_trace::commands::reference;
use mlflow_trace::settings::env;

const NOTE: &str = "<!-- Generated: MLFLOW_TRACE_UPDATE=1 cargo test --test house generated -->\n\n";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src")
}

#[track_caller]
fn is_generated(page: &str, text: &str) {
    let path = folder().join("reference").join(page);
    let text = format!("{NOTE}{}\n", text.trim_end());
    if std::env::var_os("MLFLOW_TRACE_UPDATE").is_some() {
        fs::write(&path, text).unwrap();
        return;
    }
    let present = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        present == text,
        "{} is out of date: run this test with MLFLOW_TRACE_UPDATE=1 and read the diff",
        path.display()
    );
}

#[test]
fn the_manual_has_the_filter_language() {
    is_generated("filters.md", &format!("# Filter language\n\n{}", reference::markdown().replace("\n### ", "\n## ")));
}

#[test]
fn the_manual_has_every_environment_variable() {
    let mut text = "# Environment variables\n\n| variable | what it does |\n|---|---|\n".to_owned();
    for variable in env::ALL {
        writeln!(text, "| `{}` | {} |", variable.name, variable.about.replace('|', "\\|")).unwrap();
    }
    is_generated("environment.md", &text);
}

fn argument(text: &mut String, argument: &Arg) {
    let value = argument.get_value_names().map(|names| names.join(" ")).unwrap_or_default();
    let value = if argument.get_action().takes_values() { value } else { String::new() };
    let label = match (argument.get_short(), argument.get_long()) {
        (Some(short), Some(long)) => format!("-{short}, --{long} {value}"),
        (None, Some(long)) => format!("--{long} {value}"),
        _ => value,
    };
    let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let default: Vec<_> = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    let shows_default = argument.get_action().takes_values() && !default.is_empty();
    let default = if shows_default { format!(" [default: {}]", default.join(", ")) } else { String::new() };
    writeln!(text, "- `{}`: {}{default}", label.trim(), help.replace('<', "\\<")).unwrap();
}

fn command(text: &mut String, name: &str, command: &Command) {
    let subcommands: Vec<&Command> = command.get_subcommands().collect();
    for inner in &subcommands {
        self::command(text, &format!("{name} {}", inner.get_name()), inner);
    }
    if !subcommands.is_empty() {
        return;
    }
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    writeln!(text, "\n## {name}\n\n{about}.\n").unwrap();
    let own = |argument: &&Arg| !argument.is_global_set() && argument.get_id() != "help" && !argument.is_hide_set();
    command.get_arguments().filter(own).for_each(|own| argument(text, own));
    if let Some(after) = command.get_after_help() {
        writeln!(text, "\n```text\n{after}\n```").unwrap();
    }
}

#[test]
fn the_manual_has_every_command() {
    let mut root = Cli::command();
    root.build();
    let mut text = "# Commands\n\n## Global options\n\n".to_owned();
    root.get_arguments().filter(|own| own.is_global_set()).for_each(|own| argument(&mut text, own));
    for inner in root.get_subcommands() {
        command(&mut text, inner.get_name(), inner);
    }
    is_generated("commands.md", &text);
}

/// Every page, with its text.
fn pages() -> Vec<(PathBuf, String)> {
    let mut names = vec![folder().parent().unwrap().with_file_name("README.md")];
    for folder in [folder(), folder().join("reference")] {
        names.extend(fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()));
    }
    names.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// The targets of the links of a text that stay in the repository.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://") && target.contains(".md"))
}

#[test]
fn links_of_the_manual_lead_to_pages_and_headings() {
    for (path, text) in pages() {
        for link in links(&text) {
            let (page, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = path.with_file_name("").join(page);
            let text = fs::read_to_string(&target).unwrap_or_else(|_| panic!("{}: {link}", path.display()));
            let anchors = text.lines().filter(|line| line.starts_with('#')).map(|line| {
                let plain: String = line.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-')).collect();
                plain.trim().to_lowercase().replace(' ', "-")
            });
            assert!(
                heading.is_empty() || anchors.into_iter().any(|anchor| anchor == heading),
                "{}: {link}",
                path.display()
            );
        }
    }
}

#[test]
fn the_summary_lists_every_page() {
    let summary = fs::read_to_string(folder().join("SUMMARY.md")).unwrap();
    for (path, _) in pages() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_page = path.extension().is_some_and(|ending| ending == "md")
            && !matches!(name.as_str(), "SUMMARY.md" | "README.md");
        assert!(!is_page || summary.contains(&format!("{name})")), "{name}");
    }
}
