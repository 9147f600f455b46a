//! A name says one thing: no two public types of different rooms have the same one.

use std::collections::{BTreeMap, BTreeSet};

use crate::{File, files};

/// Names that mean different things in two rooms, and why that is no harm.
const KNOWN: &[(&str, &str)] = &[
    ("Attachments", "whether an export takes them along; those of a trace that is brought back"),
    ("Cut", "where a part of an export ends; text that was shortened"),
    ("Dialect", "of OTLP's JSON; of SQL"),
    ("End", "how an export ends; where a line of the walk ends"),
    ("Found", "private to a command; what a policy's searches found; the files of an archive"),
    ("Keep", "why a rule keeps a trace; which traces a reader of spans keeps"),
    ("Listed", "an info as lists have it; traces that are named one by one"),
    ("Pattern", "what is redacted; the names of experiments"),
    ("Plan", "how a filter is asked; what is to be deleted"),
    ("Progress", "on the terminal; of a walk"),
    ("Reading", "how a file of rows is read; how spans are read"),
    ("Source", "where an export reads; where a walk reads"),
    ("Span", "where a word stands in a filter; a part of a trace"),
];

/// The rooms of public types, by their names.
fn rooms_of_types(files: &[File]) -> BTreeMap<String, BTreeSet<String>> {
    let mut rooms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files {
        let Some(room) = file.module().first().map(|room| (*room).to_owned()) else { continue };
        for at in file.code.windows(3) {
            let is_type = matches!(at[1].text.as_str(), "struct" | "enum" | "trait" | "type");
            if at[0].text == "pub" && is_type {
                rooms.entry(at[2].text.clone()).or_default().insert(room.clone());
            }
        }
    }
    rooms
}

/// The names of types in more than one room.
fn shared(files: &[File]) -> Vec<String> {
    rooms_of_types(files).into_iter().filter(|(_, rooms)| rooms.len() > 1).map(|(name, _)| name).collect()
}

#[test]
fn no_two_public_types_of_different_rooms_have_one_name() {
    let known: BTreeSet<&str> = KNOWN.iter().map(|(name, _)| *name).collect();
    let shared = shared(&files());
    let new: Vec<&String> = shared.iter().filter(|name| !known.contains(name.as_str())).collect();
    assert!(new.is_empty(), "the same name in two rooms: {new:?}");
    let gone: Vec<&&str> = known.iter().filter(|name| !shared.iter().any(|shared| shared == *name)).collect();
    assert!(gone.is_empty(), "take from the list: {gone:?}");
    assert!(KNOWN.iter().all(|(_, why)| !why.is_empty()));
}

#[test]
fn a_name_in_two_rooms_is_found() {
    let one = File::new("src/model/a.rs", "pub struct Plan; pub enum Kind {}");
    let same_room = File::new("src/model/b.rs", "pub struct Plan;");
    let other =
        File::new("src/store/a.rs", "pub trait Kind {} struct Plan; #[cfg(test)] mod tests { pub struct Plan; }");
    assert_eq!(shared(&[one, same_room, other]), ["Kind"]);
}
