//! What of a filter a server can decide, and what is left to be decided here.
//!
//! A [`Plan`] holds the strongest filter in `MLflow`'s own language that the whole filter implies, and a [`Residual`] for
//! the rest. It must not know how filters are written or sent.
//!
//! Invariant: a trace matches the whole exactly if it matches the server's part and the residual.

use super::residual::Residual;

/// Which part of a filter is decided where.
#[derive(Debug)]
pub struct Plan {
    pub(super) server_text: String,
    pub(super) residual: Option<Residual>,
}

impl Plan {
    /// What is sent to a server; empty for everything. The text as it was written, if `MLflow` accepts that.
    #[must_use]
    pub fn server_text(&self) -> &str {
        &self.server_text
    }

    /// What a server cannot decide; none if its part is the whole.
    #[must_use]
    pub fn residual(&self) -> Option<&Residual> {
        self.residual.as_ref()
    }
}

pub(super) fn lower(conjuncts: &[super::typed::Condition]) -> Plan {
    let condition = super::typed::Condition::All(conjuncts.to_vec());
    let residual = Some(Residual { condition, text: String::new(), sets: Vec::new() });
    Plan { server_text: String::new(), residual }
}
