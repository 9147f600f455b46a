//! Where a setting may come from: flags go before environment, environment before the profile, the profile before defaults.

use std::fmt;

use super::env::{Environment, Variable};
use super::profile::Profile;
use crate::cli::GlobalArgs;

/// Everything that says something, and of the profile what counts for the server that is meant.
#[derive(Clone, Copy)]
pub struct Layers<'a> {
    /// The command line.
    pub flags: &'a GlobalArgs,
    /// The environment.
    pub environment: &'a Environment,
    /// The profile, as far as it says how the server is reached; nothing if another server is meant than its own.
    pub of_server: Option<&'a Profile>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag, by its name.
    Flag(&'static str),
    /// An environment variable, by its name.
    Variable(String),
    /// A profile, by its name.
    Profile(String),
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => formatter.write_str(flag),
            Self::Variable(name) => formatter.write_str(name),
            Self::Profile(name) => write!(formatter, "profile {name:?}"),
            Self::Default => formatter.write_str("default"),
        }
    }
}

impl Layers<'_> {
    /// What the environment or the profile says.
    pub fn text<'t>(
        &'t self,
        variable: Variable,
        of: impl Fn(&'t Profile) -> Option<&'t str>,
    ) -> Option<(&'t str, Origin)> {
        let named = self.environment.get(variable).map(|text| (text, Origin::Variable(variable.name.to_owned())));
        named.or_else(|| {
            let profile = self.of_server?;
            Some((of(profile)?, Origin::Profile(profile.name.clone())))
        })
    }
}
