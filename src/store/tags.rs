//! Which tags a store takes: checked beforehand, because a server cuts and mangles in silence.

use thiserror::Error;

/// A tag that the server would refuse or damage.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum TagError {
    /// The key is empty.
    #[error("a tag key may not be empty")]
    EmptyKey,
    /// The key is too long for the database.
    #[error("the tag key {0:?} is longer than 250 characters")]
    LongKey(String),
    /// The key has a character that the server refuses.
    #[error("the tag key {key:?} has {character:?}; allowed are letters, digits, _ - . : / and blanks")]
    KeyCharacter {
        /// The key.
        key: String,
        /// The first such character.
        character: char,
    },
    /// The key would be a path that leaves its folder.
    #[error("the tag key {0:?} may not begin with /, nor hold //, nor have . or .. between slashes")]
    KeyPath(String),
    /// The server keeps this tag for itself.
    #[error("the tag {0:?} belongs to the server and cannot be changed")]
    Immutable(String),
    /// The server would cut the value in silence.
    #[error("the value of tag {key:?} has {length} characters; the server keeps 8000 and shows 4096")]
    LongValue {
        /// The key.
        key: String,
        /// Length in characters.
        length: usize,
    },
}

/// Up to 3.17 the server lets the place of its files be changed, and then does not find them.
const IMMUTABLE: &[&str] = &["mlflow.trace.spansLocation", "mlflow.trace.archiveLocation", "mlflow.artifactLocation"];
const ONLY_DELETABLE: &str = "mlflow.trace.archivalFailure";
const KEY_LENGTH: usize = 250;
const SHOWN_VALUE_LENGTH: usize = 4096;

/// Checks a key as `MLflow` 3.18 does; `deleting` allows the one tag that may be deleted but not set.
pub fn check_tag_key(key: &str, deleting: bool) -> Result<(), TagError> {
    if key.is_empty() {
        return Err(TagError::EmptyKey);
    }
    if key.chars().count() > KEY_LENGTH {
        return Err(TagError::LongKey(key.to_owned()));
    }
    let allowed = |character: char| character.is_alphanumeric() || "_-.:/ ".contains(character);
    if let Some(character) = key.chars().find(|character| !allowed(*character)) {
        return Err(TagError::KeyCharacter { key: key.to_owned(), character });
    }
    if key.starts_with('/') || key.contains("//") || key.split('/').any(|part| part == "." || part == "..") {
        return Err(TagError::KeyPath(key.to_owned()));
    }
    if IMMUTABLE.contains(&key) || (key == ONLY_DELETABLE && !deleting) {
        return Err(TagError::Immutable(key.to_owned()));
    }
    Ok(())
}

/// Checks that a value comes back as it was sent.
pub fn check_tag_value(key: &str, value: &str) -> Result<(), TagError> {
    let length = value.chars().count();
    if length > SHOWN_VALUE_LENGTH { Err(TagError::LongValue { key: key.to_owned(), length }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_the_server_takes_pass() {
        for key in ["reviewed", "mlflow.traceName", "a b", "path/to:x-1_2.3", "日本", "é"] {
            assert_eq!(check_tag_key(key, false), Ok(()), "{key}");
        }
        assert_eq!(check_tag_key("mlflow.trace.archivalFailure", true), Ok(()));
    }

    #[test]
    fn keys_that_the_server_refuses_are_refused_first() {
        assert_eq!(check_tag_key("", false), Err(TagError::EmptyKey));
        assert_eq!(check_tag_key(&"é".repeat(251), false), Err(TagError::LongKey("é".repeat(251))));
        assert_eq!(check_tag_key("a`b", false), Err(TagError::KeyCharacter { key: "a`b".into(), character: '`' }));
        for key in ["/a", "a//b", "a/../b", ".", ".."] {
            assert_eq!(check_tag_key(key, false), Err(TagError::KeyPath(key.into())), "{key}");
        }
        for key in ["mlflow.trace.spansLocation", "mlflow.trace.archivalFailure", "mlflow.artifactLocation"] {
            assert_eq!(check_tag_key(key, false), Err(TagError::Immutable(key.into())), "{key}");
        }
    }

    #[test]
    fn values_that_would_be_cut_are_refused() {
        assert_eq!(check_tag_value("k", &"é".repeat(4096)), Ok(()));
        assert_eq!(check_tag_value("k", &"é".repeat(4097)), Err(TagError::LongValue { key: "k".into(), length: 4097 }));
    }
}
