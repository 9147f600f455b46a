//! Identifiers as types, so that an experiment id can never be passed where a trace id is meant.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps the id as the server writes it; ids are opaque and never validated here.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The id as the server writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }
    };
}

id_type! {
    /// A trace id: `tr-` and 32 hex digits since `MLflow` 3.0, 32 hex digits before, `trace:/…` in Databricks Unity Catalog.
    TraceId
}
impl TraceId {
    /// Whether `MLflow` 3.18 and newer lets a new trace have this id: one part of a path, without characters that mean something
    /// else in a URL. Older versions take any.
    #[must_use]
    pub fn is_part_of_a_path(&self) -> bool {
        let is_odd = |c: char| matches!(c, '/' | '%' | '?' | '#' | '\0'..='\u{1f}' | '\u{7f}');
        !self.0.is_empty() && !self.0.ends_with([' ', '.']) && !self.0.contains(is_odd)
    }
}

id_type! {
    /// An experiment id: a string of digits on the open-source tracking server.
    ExperimentId
}
id_type! {
    /// An assessment id: `a-` and 32 hex digits when the server chooses it.
    AssessmentId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_ids_are_one_part_of_a_path() {
        for fine in ["tr-0a", "a b", "a.b", "..a", "é", "a\\b", "0x1f"] {
            assert!(TraceId::new(fine).is_part_of_a_path(), "{fine}");
        }
        for odd in ["", ".", "..", "a/b", "/a", "a%2f", "a?b", "a#b", "a\nb", "a ", "a.", "\u{7f}"] {
            assert!(!TraceId::new(odd).is_part_of_a_path(), "{odd}");
        }
    }
}
