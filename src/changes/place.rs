//! Where something was done: more than a URL.
//!
//! `MLflow` gives a server no identity. What tells one place from another is the server's address, the workspace, and when
//! the experiments were created, to the millisecond: ids are small numbers that every server has. Everything that is
//! remembered from run to run (journals, plans, locks, how much a policy deleted) says where by this type, and
//! [`Place::difference`] is the only comparison. Two places are one only if nothing that is known about both differs; what an
//! older version wrote down is known by its URL alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::context::RunContext;
use super::error::ChangeError;
use crate::model::{Experiment, ExperimentId};
use crate::store::{StoreError, Writer};

/// Where requests go that name no workspace.
const DEFAULT_WORKSPACE: &str = "default";

/// A server, a workspace, and what is known about its experiments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The server as it was named, without credentials.
    pub tracking_uri: String,
    /// Where that leads: addresses with port and path, sorted. Empty in what older versions wrote.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// The workspace. Unknown in what older versions wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
    /// When its experiments were created, in epoch milliseconds, as far as they were met and told it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub created_ms: BTreeMap<ExperimentId, i64>,
}

/// What makes one place another than this one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Difference {
    /// Another server.
    #[error("on {there}, not on {here}")]
    Server {
        /// Its URL.
        there: String,
        /// The URL of this one.
        here: String,
    },
    /// Another workspace of the same server.
    #[error("in the workspace {there:?}, not in {here:?}")]
    Workspace {
        /// Its name.
        there: String,
        /// The name of this one.
        here: String,
    },
    /// An experiment of another time: another database answers at the same address.
    #[error("on another server that had this address: the experiment with id {id} is not the one it was")]
    Experiment {
        /// Id of the experiment.
        id: ExperimentId,
    },
}

impl Place {
    /// A place of which no experiment is known yet; no workspace means the server's default one.
    #[must_use]
    pub fn new(tracking_uri: &str, mut addresses: Vec<String>, workspace: Option<&str>) -> Self {
        addresses.sort_unstable();
        addresses.dedup();
        let workspace = Some(workspace.unwrap_or(DEFAULT_WORKSPACE).to_owned());
        Self { tracking_uri: tracking_uri.to_owned(), addresses, workspace, created_ms: BTreeMap::new() }
    }

    /// The same place, with what these experiments tell of it.
    #[must_use]
    pub fn with<'e>(mut self, experiments: impl IntoIterator<Item = &'e Experiment>) -> Self {
        let created = |experiment: &Experiment| Some((experiment.id.clone(), experiment.creation_time_ms?));
        self.created_ms.extend(experiments.into_iter().filter_map(created));
        self
    }

    /// What makes this another place than `here`; nothing if all that is known about both agrees.
    #[must_use]
    pub fn difference(&self, here: &Self) -> Option<Difference> {
        let meets = |address| here.addresses.contains(address);
        if self.tracking_uri != here.tracking_uri && !self.addresses.iter().any(meets) {
            return Some(Difference::Server { there: self.tracking_uri.clone(), here: here.tracking_uri.clone() });
        }
        if let (Some(there), Some(here)) = (&self.workspace, &here.workspace)
            && there != here
        {
            return Some(Difference::Workspace { there: there.clone(), here: here.clone() });
        }
        let differs = |(id, created): &(&ExperimentId, &i64)| here.created_ms.get(id).is_some_and(|ms| ms != *created);
        let (id, _) = self.created_ms.iter().find(differs)?;
        Some(Difference::Experiment { id: id.clone() })
    }

    /// Whether all of these experiments are known here to be the ones they were.
    #[must_use]
    pub fn is_confirmed(&self, here: &Self, experiments: &[ExperimentId]) -> bool {
        let is_known = |id| self.created_ms.contains_key(id) && self.created_ms.get(id) == here.created_ms.get(id);
        !experiments.is_empty() && experiments.iter().all(is_known)
    }

    /// Names of which any two places that may be one have one in common. Older versions know the URL as the name of the
    /// default workspace.
    #[must_use]
    pub fn names(&self) -> BTreeSet<String> {
        let servers = std::iter::once(&self.tracking_uri).chain(&self.addresses);
        servers.map(|server| named(server, self.workspace.as_deref())).collect()
    }
}

/// Refuses what was done or is meant for somewhere else; `what` begins the sentence: `the run … was`.
pub fn check(what: &str, there: &Place, here: &Place) -> Result<(), ChangeError> {
    match there.difference(here) {
        Some(difference) => Err(ChangeError::Elsewhere { what: what.to_owned(), difference }),
        None => Ok(()),
    }
}

/// This place with what can be seen of these experiments. What is not visible here may be elsewhere, or be hidden from
/// whoever asks: nothing follows from that.
pub async fn seen(
    context: &RunContext<'_>,
    server: &dyn Writer,
    experiments: &[ExperimentId],
) -> Result<Place, StoreError> {
    let mut found = Vec::with_capacity(experiments.len());
    for id in experiments {
        match server.experiment_by_id(id).await {
            Ok(experiment) => found.extend(experiment),
            Err(error) if error.is_refusal() && !error.is_overload() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(context.place().clone().with(&found))
}

fn named(server: &str, workspace: Option<&str>) -> String {
    match workspace.filter(|name| *name != DEFAULT_WORKSPACE) {
        Some(workspace) => format!("{server} (workspace {workspace})"),
        None => server.to_owned(),
    }
}

/// For people: the URL, and the workspace if it is not the default one.
impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&named(&self.tracking_uri, self.workspace.as_deref()))
    }
}

/// A place of which only the URL is known.
impl From<&str> for Place {
    fn from(tracking_uri: &str) -> Self {
        Self { tracking_uri: tracking_uri.to_owned(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lifecycle;

    fn place(uri: &str, addresses: &[&str], workspace: Option<&str>) -> Place {
        Place::new(uri, addresses.iter().map(|address| (*address).to_owned()).collect(), workspace)
    }

    fn experiment(id: &str, creation_time_ms: Option<i64>) -> Experiment {
        Experiment {
            id: id.into(),
            name: "app".into(),
            lifecycle: Lifecycle::Active,
            artifact_location: None,
            creation_time_ms,
            last_update_time_ms: None,
        }
    }

    fn is_one(there: &Place, here: &Place) -> bool {
        let (one, other) = (there.difference(here).is_none(), here.difference(there).is_none());
        assert_eq!(one, other, "{there:?} {here:?}");
        assert!(!one || !there.names().is_disjoint(&here.names()), "what may be one has a name in common");
        one
    }

    #[test]
    fn two_names_of_one_address_are_one_place() {
        let localhost = place("http://localhost:5000", &["loopback:5000"], None);
        assert!(is_one(&localhost, &place("http://127.0.0.1:5000", &["loopback:5000"], None)));
        assert!(!is_one(&localhost, &place("http://127.0.0.1:5001", &["loopback:5001"], None)));
        let balanced = place("https://h", &["10.0.0.1:443", "10.0.0.2:443"], None);
        assert!(is_one(&balanced, &place("https://h", &["10.0.0.9:443"], None)), "addresses of a name change");
        assert!(is_one(&balanced, &place("https://10.0.0.2", &["10.0.0.2:443"], None)));
    }

    #[test]
    fn two_workspaces_of_one_server_are_two_places() {
        let of = |workspace| place("http://h", &["10.0.0.1:80"], workspace);
        assert!(!is_one(&of(Some("team-a")), &of(Some("team-b"))));
        assert!(!is_one(&of(Some("team-a")), &of(None)));
        assert!(is_one(&of(None), &of(Some("default"))), "no workspace is the default one");
        assert!(of(Some("team-a")).names().is_disjoint(&of(Some("team-b")).names()));
        assert!(of(Some("team-a")).names().is_disjoint(&of(None).names()));
        let told = of(Some("team-a")).difference(&of(None)).unwrap().to_string();
        assert_eq!(told, "in the workspace \"team-a\", not in \"default\"");
        assert_eq!(of(Some("team-a")).to_string(), "http://h (workspace team-a)");
        assert_eq!(of(None).to_string(), "http://h");
    }

    #[test]
    fn an_experiment_of_another_time_is_another_place() {
        let here = place("http://h", &[], None);
        let there = here.clone().with(&[experiment("1", Some(5)), experiment("2", Some(6))]);
        assert!(is_one(&there, &here), "nothing is known of the experiments here");
        assert!(is_one(&there, &here.clone().with(&[experiment("1", Some(5)), experiment("3", Some(6))])));
        let other = here.clone().with(&[experiment("1", Some(5)), experiment("2", Some(7))]);
        assert!(!is_one(&there, &other));
        assert!(there.difference(&other).unwrap().to_string().contains("the experiment with id 2 is not the one"));
        assert!(is_one(&there, &here.clone().with(&[experiment("1", None)])), "what does not tell is not known");
    }

    #[test]
    fn what_older_versions_wrote_is_known_by_its_url_alone() {
        let old: Place = serde_json::from_str(r#"{"tracking_uri": "http://localhost:5000"}"#).unwrap();
        assert_eq!(old, Place::from("http://localhost:5000"));
        assert!(is_one(&old, &place("http://localhost:5000", &["loopback:5000"], None)));
        assert!(!is_one(&old, &place("http://127.0.0.1:5000", &["loopback:5000"], None)));
        assert_eq!(serde_json::to_string(&old).unwrap(), r#"{"tracking_uri":"http://localhost:5000"}"#);
    }
}
