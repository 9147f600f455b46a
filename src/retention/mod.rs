//! What may be deleted: a policy says it, and the planner makes a plan of explicit ids. All of it is pure; whoever deletes
//! what a plan names is elsewhere.
//!
//! There are two ways to a plan. [`plan()`] takes what a filter and a cut-off select ([`Policy`]). A [`RetentionPolicy`] has
//! rules that select and keep: a [`Judge`] says about each trace which rules select it, [`decide`] what becomes of it, and an
//! [`Outlook`] what that means for an experiment.
//!
//! Invariants: what cannot be known selects nothing and keeps everything; of input that disagrees the youngest counts.

mod decide;
mod explain;
mod forecast;
mod judge;
mod outlook;
mod plan;
mod policy;
mod refusal;
mod report;
mod schedule;
mod selection;

pub use decide::{Decision, Keep, Keeps, Mark, Seen, decide};
pub use explain::{Explanation, Subject, Verdict, explain};
pub use forecast::{Followed, days_later, forecast};
pub use judge::{Doubtful, Groups, Judge, KeeperSurvey, PolicyFound, RuleSurvey, Speaker, Survey};
pub use outlook::{Outlook, RuleMet, RuleOutlook, Sum, met, refusals, unmet_keys};
pub use plan::{Ground, NewestFirst, Plan, Planned, first_left, newest, plan};
pub use policy::{AgeReader, Caps, Count, ExperimentPattern, RetentionPolicy, Rule, read, with_absolute_archives};
pub use refusal::{GROWTH, MOST_SKEW, Refusal};
pub use report::{RunError, RunRecord, RunReport, Totals};
pub use schedule::{Schedule, for_shell};
pub use selection::Policy;
