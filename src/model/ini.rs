//! Files of sections, as Python's `configparser` and Amazon's tools have them.

use std::collections::BTreeMap;

/// The entries of a section, by their names in small letters.
pub type Section = BTreeMap<String, String>;

/// The sections of a file, by name. Of two with one name the later adds to the first; a line that is no entry is passed over.
pub fn sections(text: &str) -> BTreeMap<String, Section> {
    let mut sections = BTreeMap::<String, Section>::new();
    let mut current: Option<&mut Section> = None;
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';'])) {
        if let Some(name) = line.strip_prefix('[') {
            let name = name.split(']').next().unwrap_or_default().trim();
            current = Some(sections.entry(name.to_owned()).or_default());
        } else if let (Some((key, value)), Some(section)) = (line.split_once(['=', ':']), current.as_deref_mut()) {
            section.insert(key.trim().to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_have_entries_and_comments_have_none() {
        let text =
            "stray = 1\n[a]\n# x = 1\nHost = https://h:1/p\n  token: t=u\n\n[profile b]\nx=\n[a]\ny = 2\nnonsense\n";
        let found = sections(text);
        assert_eq!(found.keys().collect::<Vec<_>>(), ["a", "profile b"]);
        let a = &found["a"];
        assert_eq!((&*a["host"], &*a["token"], &*a["y"], a.len()), ("https://h:1/p", "t=u", "2", 3));
        assert_eq!(found["profile b"]["x"], "");
    }
}
