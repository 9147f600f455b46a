//! Who may import whom.

use crate::source::Path;
use crate::{Breach, File, assert_none, files};

/// What the rooms may use of the crate besides themselves; `None` is everything.
const ROOMS: &[(&str, Option<&[&str]>)] = &[
    ("model", Some(&[])),
    ("filter", Some(&["model"])),
    ("retention", Some(&["model", "filter"])),
    ("analysis", Some(&["model", "filter"])),
    // A run talks to a person while it goes on: the terminal, its words and its format are below it.
    (
        "changes",
        Some(&[
            "model",
            "filter",
            "retention",
            "annotations",
            "store",
            "export",
            "files",
            "interrupt",
            "progress",
            "clock",
            "exit",
            "ui",
            "output",
            "cli::OutputFormat",
            "cli::FormatError",
        ]),
    ),
    ("export", Some(&["model", "filter", "files", "bucket"])),
    ("files", Some(&[])),
    // A value in a cell is read as `--value` is, cells get the guard of all CSV, and numbers are written as everywhere.
    (
        "annotations",
        Some(&["model", "settings::read_value", "cli::ValueType", "output::sanitize", "output::count_rows", "files"]),
    ),
    ("store", Some(&["model", "filter", "tls", "bucket"])),
    // The clock, because people are shown local time.
    ("output", Some(&["model", "analysis", "retention", "export", "clock"])),
    ("cli", Some(&["model::DAY_MS", "model::FORMATS", "model::ExportFormat", "model::nearest"])),
    // Of stores what says where they are and how to reach them.
    (
        "settings",
        Some(&[
            "cli",
            "model",
            "filter",
            "retention",
            "store::Address",
            "store::AwsLogin",
            "store::AwsRole",
            "store::AzurePrincipal",
            "store::AzureProof",
            "store::Cluster",
            "store::Credentials",
            "store::DatabricksLogin",
            "store::DatabricksWay",
            "store::Given",
            "store::HttpSettings",
            "store::IdToken",
            "store::Login",
            "store::NamedFile",
            "store::OfProfile",
            "store::OtlpSettings",
            "store::Protection",
            "store::Proxies",
            "store::Proxy",
            "store::RetrySettings",
            "store::Secret",
            "store::Warehouse",
            "store::Workspace",
        ]),
    ),
    ("ui", Some(&["clock", "model::masked", "output::sanitize", "store::Event", "store::Listener"])),
    ("progress", Some(&[])),
    ("tls", Some(&[])),
    ("bucket", Some(&["tls"])),
    ("clock", Some(&["model"])),
    ("interrupt", Some(&[])),
    ("exit", Some(&[])),
    ("mcp", Some(&["cli", "exit", "interrupt", "ui"])),
    ("commands", None),
    ("error", None),
];

/// The folders of stores, and which others each may use: stores do not know each other, and what they talk over knows none.
const STORES: &[(&str, &[&str])] = &[
    ("archive", &[]),
    ("database", &[]),
    ("databricks", &["http"]),
    ("http", &[]),
    ("mlruns", &[]),
    ("server", &["http"]),
];

/// Where Parquet files are written and read.
const PARQUET: &[&str] = &["src/output/parquet/", "src/store/parquet.rs"];

/// Heavy crates and the places that may name them.
const HOMES: &[(&str, &[&str])] = &[
    ("ratatui", &["src/ui/screen.rs"]),
    ("resvg", &["src/output/png.rs"]),
    ("minijinja", &["src/ui/template.rs"]),
    ("jaq_core", &["src/ui/jq.rs"]),
    ("jaq_json", &["src/ui/jq.rs"]),
    ("jaq_std", &["src/ui/jq.rs"]),
    ("reqwest", &["src/store/http/"]),
    // It tells what went wrong with TLS, and is chosen as the cryptography of all connections.
    ("rustls", &["src/store/http/", "src/tls.rs"]),
    ("rustls_platform_verifier", &["src/store/http/tls/trust.rs", "src/tls.rs"]),
    ("aws_sigv4", &["src/store/http/sign/aws/"]),
    ("reqsign_core", &["src/store/http/sign/aws/"]),
    ("reqsign_aws_core", &["src/store/http/sign/aws/"]),
    ("yaml_rust2", &["src/store/http/sign/kubernetes.rs", "src/store/mlruns/yaml.rs"]),
    ("pest", &["src/filter/syntax/parse.rs", "src/filter/error.rs"]),
    ("pest_derive", &["src/filter/syntax/parse.rs"]),
    // The library parses the command line and shows what clap says of it.
    (
        "clap",
        &[
            "src/cli/",
            "src/commands/complete.rs",
            "src/commands/complete/",
            "src/commands/completions.rs",
            "src/lib.rs",
        ],
    ),
    ("clap_complete", &["src/commands/complete.rs", "src/commands/completions.rs"]),
    ("clap_mangen", &["src/commands/completions.rs"]),
    ("comfy_table", &["src/output/table.rs", "src/output/records.rs"]),
    // Assessments are written as the rows that are read.
    ("csv", &["src/output/csv.rs", "src/output/records.rs", "src/annotations/rows.rs", "src/annotations/write.rs"]),
    // One file writes them, one reads them.
    ("arrow_array", PARQUET),
    ("arrow_buffer", PARQUET),
    ("arrow_schema", PARQUET),
    ("parquet", PARQUET),
    ("indicatif", &["src/progress.rs"]),
    ("toml", &["src/model/document.rs", "src/retention/policy/", "src/settings/profile/"]),
    ("dialoguer", &["src/ui.rs", "src/ui/streams.rs"]),
    // Files of SQLite, and servers of databases.
    ("rusqlite", &["src/store/database/"]),
    ("sqlx", &["src/store/database/remote.rs"]),
    ("object_store", &["src/bucket.rs", "src/export/object.rs", "src/store/objects.rs"]),
    // What is sent and what is written are the same messages: formats of `output` and commands ask this room for them.
    ("opentelemetry_proto", &["src/export/otlp/", "src/store/traces_pb.rs"]),
    ("prost", &["src/export/otlp/", "src/store/traces_pb.rs"]),
];

/// What a path means from the root of the crate; nothing if it leads to another crate or to a local name.
fn within_crate(file: &File, path: &Path) -> Option<Vec<String>> {
    let mut module = file.module();
    let mut segments = path.segments.iter().map(String::as_str).peekable();
    match *segments.peek()? {
        "crate" | "mlflow_trace" => {
            segments.next();
            module.clear();
        }
        "self" | "super" => {}
        _ => return None,
    }
    while let Some(step) = segments.next_if(|segment| matches!(*segment, "self" | "super")) {
        if step == "super" {
            module.pop();
        }
    }
    Some(module.into_iter().chain(segments).map(str::to_owned).collect())
}

fn import_breaches(file: &File) -> Vec<Breach> {
    let module = file.module();
    let Some(room) = module.first() else { return Vec::new() };
    let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| name == room) else {
        return vec![file.breach(1, format!("`{room}` has no place in the import table"))];
    };
    let Some(allowed) = allowed else { return Vec::new() };
    let permitted = |target: &[String]| {
        let starts = |prefix: &str| prefix.split("::").eq(target.iter().take(prefix.split("::").count()));
        starts(room) || allowed.iter().any(|prefix| starts(prefix))
    };
    file.paths()
        .iter()
        .filter_map(|path| Some((path, within_crate(file, path)?)))
        .filter(|(_, target)| !permitted(target))
        .map(|(path, target)| file.breach(path.line, format!("`{room}` may not use `{}`", target.join("::"))))
        .collect()
}

/// Folders of stores that are used where they may not be: by each other, or by another room.
fn store_breaches(file: &File) -> Vec<Breach> {
    let is_folder = |name: &str| STORES.iter().any(|(folder, _)| *folder == name);
    let here = match file.module().as_slice() {
        ["store", folder, ..] if is_folder(folder) => STORES.iter().find(|(name, _)| name == folder),
        // What all of them have in common, and what opens them.
        ["store", ..] => return Vec::new(),
        _ => None,
    };
    let permitted = |folder: &str| here.is_some_and(|(name, others)| *name == folder || others.contains(&folder));
    let is_breach = |target: &[String]| match target {
        [room, folder, ..] => room == "store" && is_folder(folder) && !permitted(folder),
        _ => false,
    };
    file.paths()
        .iter()
        .filter_map(|path| Some((path, within_crate(file, path)?)))
        .filter(|(_, target)| is_breach(target))
        .map(|(path, target)| file.breach(path.line, format!("`{}` may not be used here", target.join("::"))))
        .collect()
}

fn home_breaches(file: &File) -> Vec<Breach> {
    let is_local = |name: &str| file.code.windows(2).any(|pair| pair[0].text == "mod" && pair[1].text == name);
    let home = |name: &str| HOMES.iter().find(|(heavy, _)| *heavy == name);
    let breach = |path: &Path| {
        let (name, homes) = home(path.segments.first()?)?;
        // A folder ends with a slash, so that a prefix is a whole name.
        let is_home = homes.iter().any(|home| file.name.starts_with(home));
        (!is_home && !is_local(name)).then(|| file.breach(path.line, format!("`{path}`: {name} lives in {homes:?}")))
    };
    file.paths().iter().filter_map(breach).collect()
}

#[test]
fn rooms_use_only_what_the_import_table_allows() {
    assert_none(files().iter().flat_map(import_breaches));
}

#[test]
fn stores_do_not_know_each_other() {
    assert_none(files().iter().flat_map(store_breaches));
}

#[test]
fn heavy_crates_stay_at_home() {
    assert_none(files().iter().flat_map(home_breaches));
}

#[test]
fn the_import_table_names_only_rooms_and_files_that_exist() {
    let files = files();
    let room_exists = |room: &&str| files.iter().any(|file| file.module().first() == Some(room));
    assert!(ROOMS.iter().map(|(room, _)| room).all(room_exists));
    let home_exists = |home: &&str| files.iter().any(|file| file.name.starts_with(home));
    assert!(HOMES.iter().flat_map(|(_, homes)| homes.iter()).all(home_exists));
    assert!(STORES.iter().all(|(folder, _)| home_exists(&&*format!("src/store/{folder}/"))));
}

fn breaches(check: fn(&File) -> Vec<Breach>, name: &str, text: &str) -> Vec<String> {
    check(&File::new(name, text)).iter().map(ToString::to_string).collect()
}

#[test]
fn a_breach_of_the_import_table_is_found_however_it_is_written() {
    let found = |name, text| breaches(import_breaches, name, text);
    let model = "src/model/trace.rs:2: `model` may not use `filter::Filter`";
    assert_eq!(found("src/model/trace.rs", "//! x\nuse crate::filter::Filter;"), [model]);
    assert_eq!(found("src/model/trace.rs", "//! x\nuse super::super::filter::Filter;"), [model]);
    assert_eq!(found("src/model/trace.rs", "//! x\nfn f(_: crate::filter::Filter) {}"), [model]);
    assert_eq!(found("src/model/trace.rs", "use crate::{\n  filter::Filter,\n  model::Span,\n};"), [model]);
    assert_eq!(found("src/store/server/pages.rs", "use crate::error::CliError;").len(), 1);
    assert_eq!(
        found("src/store/server/pages.rs", "use super::super::Query; use crate::store::seen::SeenIds;").len(),
        0
    );
    assert_eq!(found("src/model/trace.rs", "#[cfg(test)]\nmod tests { use crate::filter::Filter; }").len(), 0);
    assert_eq!(found("src/model/trace.rs", "/// See [`crate::filter::Filter`].\nstruct S;").len(), 0);
    assert_eq!(found("src/ui.rs", "use crate::output::sanitize; use crate::store::{Event, Listener};").len(), 0);
    assert_eq!(found("src/ui.rs", "use crate::output; use crate::store::Store; use crate::*;").len(), 3);
    assert_eq!(found("src/novelty/mod.rs", "").len(), 1);
    assert_eq!(found("src/commands/get.rs", "use crate::error::CliError;").len(), 0);
}

#[test]
fn a_store_that_knows_another_one_is_found() {
    let found = |name, text| breaches(store_breaches, name, text).len();
    assert_eq!(found("src/store/archive/mod.rs", "use crate::store::server::ServerStore;"), 1);
    assert_eq!(found("src/store/http/sign/mod.rs", "use super::super::server::ServerStore;"), 1);
    assert_eq!(found("src/commands/get.rs", "use crate::store::server::ServerStore; use crate::store::Reader;"), 1);
    assert_eq!(found("src/store/server/mod.rs", "use super::http::Request; use crate::store::server::walk;"), 0);
    assert_eq!(found("src/store/open.rs", "use super::server::ServerStore;"), 0);
}

#[test]
fn a_heavy_crate_away_from_home_is_found_however_it_is_written() {
    let found = |name, text| breaches(home_breaches, name, text).len();
    assert_eq!(found("src/store/archive/mod.rs", "use reqwest::Url;"), 1);
    assert_eq!(found("src/store/archive/mod.rs", "fn f(_: ::reqwest::Url) {}"), 1);
    assert_eq!(found("src/store/archive/mod.rs", "use {std::fs, reqwest as http};"), 1);
    assert_eq!(found("src/settings/mod.rs", "#[derive(clap::Args)] struct S;"), 1);
    assert_eq!(found("src/store/http/transport.rs", "use reqwest::Url;"), 0);
    assert_eq!(found("src/store/server/pages.rs", "use reqwest::Url;"), 1);
    assert_eq!(found("src/output/mod.rs", "mod csv; pub use csv::CsvSink;"), 0);
    assert_eq!(found("src/output/mod.rs", "pub use csv::Writer;"), 1);
}
