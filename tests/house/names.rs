//! A name says one thing: no two public types of different rooms have the same one.

use std::collections::{BTreeMap, BTreeSet};

use crate::{File, files};

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
    let shared = shared(&files());
    assert!(shared.is_empty(), "the same name in two rooms: {shared:?}");
}

#[test]
fn a_name_in_two_rooms_is_found() {
    let one = File::new("src/model/a.rs", "pub struct Plan; pub enum Kind {}");
    let same_room = File::new("src/model/b.rs", "pub struct Plan;");
    let other =
        File::new("src/store/a.rs", "pub trait Kind {} struct Plan; #[cfg(test)] mod tests { pub struct Plan; }");
    assert_eq!(shared(&[one, same_room, other]), ["Kind"]);
}
