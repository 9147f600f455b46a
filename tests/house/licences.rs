//! Every dependency has a licence that `deny.toml` allows, comes from crates.io, and is there in one version unless `deny.toml`
//! skips it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Whether a licence expression can be met with these licences; `/` is an old way to write OR.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.replace('/', " OR ");
    let mut depth = 0;
    // The parts that stand beside each other at the outermost level, split at a word.
    let mut split = |word: &str| -> Vec<String> {
        let mut parts = vec![String::new()];
        for token in expression.replace('(', " ( ").replace(')', " ) ").split_whitespace() {
            depth += i32::from(token == "(") - i32::from(token == ")");
            if token == word && depth == 0 {
                parts.push(String::new());
            } else if let Some(part) = parts.last_mut() {
                part.push_str(token);
                part.push(' ');
            }
        }
        parts
    };
    let alternatives = split("OR");
    if alternatives.len() > 1 {
        return alternatives.iter().any(|part| is_allowed(part, allowed));
    }
    let all = split("AND");
    if all.len() > 1 {
        return all.iter().all(|part| is_allowed(part, allowed));
    }
    let one = expression.trim();
    match one.strip_prefix('(').and_then(|inner| inner.trim_end().strip_suffix(')')) {
        Some(inner) => is_allowed(inner, allowed),
        None => allowed.contains(one),
    }
}

/// The texts in a list of the configuration.
fn listed(name: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml");
    let configuration = std::fs::read_to_string(path).unwrap();
    let (_, list) = configuration.split_once(&format!("\n{name} = [")).unwrap();
    let (list, _) = list.split_once(']').unwrap();
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
#[cfg(target_os = "linux")]
fn every_dependency_has_a_licence_that_is_allowed() {
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", &platform]);
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let (allowed, mut refused) = (listed("allow"), Vec::new());
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100);
    for package in packages.iter().filter(|package| package["name"] != "mlflow-trace") {
        let (name, licence) = (&package["name"], package["license"].as_str().unwrap_or("none"));
        let is_from_registry = package["source"].as_str().is_some_and(|source| source.contains("crates.io"));
        if !is_allowed(licence, &allowed) || !is_from_registry {
            refused.push(format!("{name}: {licence}, from {}", package["source"]));
        }
    }
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
#[cfg(target_os = "linux")]
fn no_dependency_is_there_twice_unless_that_was_looked_at() {
    let mut command = Command::new(env!("CARGO"));
    command.args([
        "tree",
        "--duplicates",
        "--edges",
        "normal,build",
        "--depth",
        "0",
        "--prefix",
        "none",
        "--offline",
        "--locked",
    ]);
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, rest) in text.lines().filter_map(|line| line.split_once(" v")) {
        versions.entry(name).or_default().insert(rest.split(' ').next().unwrap_or_default());
    }
    let twice: BTreeSet<String> =
        versions.into_iter().filter(|(_, versions)| versions.len() > 1).map(|(name, _)| name.to_owned()).collect();
    assert!(!twice.is_empty(), "{text}");
    assert_eq!(twice, listed("skip"));
}

#[test]
fn expressions_are_read_as_spdx_has_them() {
    let allowed: BTreeSet<String> = ["MIT", "Unicode-3.0"].map(str::to_owned).into();
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("MIT/GPL-3.0", true),
        ("GPL-3.0 OR MIT", true),
        ("MIT AND GPL-3.0", false),
        ("(MIT OR GPL-3.0) AND Unicode-3.0", true),
        ("(MIT OR Unicode-3.0) AND GPL-3.0", false),
        ("none", false),
    ] {
        assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
    }
}
