//! Deleting traces, in three steps that know nothing of one another's means: a policy says what may go, the planner (pure)
//! makes a plan of explicit ids, the applier carries it out and says what became of every id.
//!
//! There are two ways to a plan. [`plan()`] takes what a filter and a cut-off select ([`Policy`]). A [`RetentionPolicy`] has
//! rules that select and keep: a [`Judge`] says of each trace which rules select it, [`decide`] what becomes of it, and an
//! [`Outlook`] what that means for an experiment.
//!
//! Invariants: the plan shown is the plan applied; between the two a re-check can only spare a trace, never add one;
//! "200 OK" is not "deleted", so every batch is looked up again after it.

mod apply;
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

pub use apply::{BATCH, Conduct, Fate, Outcome, Recheck, Target, apply};
pub use decide::{Decision, Keep, Keeps, Mark, Seen, decide};
pub use explain::{Explanation, Subject, Verdict, explain};
pub use forecast::{Followed, days_later, forecast};
pub use judge::{Doubtful, Found, Groups, Judge, KeeperSurvey, RuleSurvey, Speaker, Survey};
pub use outlook::{Outlook, RuleMet, RuleOutlook, Sum, met, refusals, unmet_keys};
pub use plan::{Ground, NewestFirst, Plan, Planned, first_left, newest, plan};
pub use policy::{AgeReader, Caps, Count, Pattern, PolicyError, RetentionPolicy, Rule, read, with_absolute_archives};
pub use refusal::{GROWTH, MOST_SKEW, Refusal};
pub use report::{RunError, RunRecord, RunReport, Totals};
pub use schedule::{Schedule, for_shell};
pub use selection::Policy;
