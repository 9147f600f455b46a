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
id_type! {
    /// An experiment id: a string of digits on the open-source tracking server.
    ExperimentId
}
id_type! {
    /// An assessment id: `a-` and 32 hex digits when the server chooses it.
    AssessmentId
}
