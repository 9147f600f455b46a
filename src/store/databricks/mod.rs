//! A workspace of Databricks: experiments with their traces, and traces in tables of Unity Catalog.
//!
//! Written against what MLflow's client sends (3.17.2, with `databricks-sdk` 0.162.0). `routes` says where something is: routes
//! of version 4 for Unity Catalog, those of versions 2 and 3 for experiments. `search` asks, `walk` goes through pages and
//! decides what the workspace cannot, `spans` fetches, `warehouse` sees to it that somebody computes.
//!
//! Invariants: what a workspace cannot do is said before it is tried; no more requests are sent in a second than it takes;
//! nothing rests on a part of the filter language that is not known to be understood there, so traces that are named are asked
//! for one by one.

mod assessments;
mod experiments;
mod reader;
mod reading;
mod routes;
mod search;
mod spans;
mod traces;
mod turns;
mod walk;
mod warehouse;
mod writer;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde::de::DeserializeOwned;

use super::http::{Answer, HttpSettings, Request, ServerError, Transport, addresses};
use super::{Event, Listener, StoreError};
use turns::Turns;
use warehouse::Readiness;

/// A workspace and what is worked with in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    /// Scheme and host.
    pub host: String,
    /// Its number, if it is named: one host may serve several.
    pub id: Option<String>,
    /// The profile that says so, if there is one.
    pub profile: Option<String>,
    /// Who computes for tables of Unity Catalog.
    pub warehouse: Option<Warehouse>,
}

impl Workspace {
    /// What finds it again, where the environment says the same.
    #[must_use]
    pub fn tracking_uri(&self) -> String {
        self.profile.as_ref().map_or_else(|| "databricks".to_owned(), |profile| format!("databricks://{profile}"))
    }

    fn named(&self, host: &str) -> String {
        self.id.as_ref().map_or_else(|| host.to_owned(), |id| format!("{host}/?o={id}"))
    }

    /// What all spellings of it have in common.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        addresses(&self.host).iter().map(|address| self.named(address)).collect()
    }
}

/// As a browser has it.
impl fmt::Display for Workspace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.named(&self.host))
    }
}

/// A SQL warehouse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warehouse {
    /// Its id.
    pub id: String,
    /// Whether it is started if it stands still.
    pub starts: bool,
}

/// A workspace that is read and written.
#[derive(Clone)]
pub struct DatabricksStore(Arc<Inner>);

/// What all questions share.
struct Inner {
    name: String,
    workspace: Workspace,
    transport: Transport,
    listener: Listener,
    settings: HttpSettings,
    turns: Turns,
    /// Whether searches of experiments have to go by version 3.
    is_without_v4: AtomicBool,
    readiness: Readiness,
}

impl DatabricksStore {
    /// Prepares a client; nothing is sent yet.
    pub fn new(workspace: &Workspace, settings: &HttpSettings, listener: Listener) -> Result<Self, ServerError> {
        let inner = Inner {
            name: workspace.to_string(),
            workspace: workspace.clone(),
            transport: Transport::new(&workspace.host, settings, listener.clone())?,
            listener,
            settings: settings.clone(),
            turns: Turns::default(),
            is_without_v4: AtomicBool::new(false),
            readiness: Readiness::default(),
        };
        Ok(Self(Arc::new(inner)))
    }

    fn tell(&self, notice: String) {
        (self.0.listener)(Event::Notice(notice));
    }

    async fn json<T: DeserializeOwned>(&self, request: Request<'_>) -> Result<T, ServerError> {
        self.0.turns.wait().await;
        self.0.transport.json(request).await
    }

    async fn listing<T: DeserializeOwned>(&self, request: Request<'_>, fields: &[&str]) -> Result<T, ServerError> {
        self.0.turns.wait().await;
        self.0.transport.listing(request, fields).await
    }

    async fn done(&self, request: Request<'_>) -> Result<(), ServerError> {
        self.0.turns.wait().await;
        self.0.transport.done(request).await
    }

    async fn send(&self, request: Request<'_>) -> Result<Answer, ServerError> {
        self.0.turns.wait().await;
        self.0.transport.send(request).await
    }
}

/// What is not done here, and what to do instead.
fn not_there(what: &str, instead: &'static str) -> StoreError {
    StoreError::NotOnDatabricks { what: what.to_owned(), instead }
}
