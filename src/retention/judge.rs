//! Which rules select a trace of one experiment, and which of their `keep_if` it matches: from its info where that decides,
//! else from what a search has found. The planner asks it of all traces, and the applier again of each batch.
//!
//! It keeps of a trace only what the planner needs. For what selects only a match counts; for what keeps, what may be a match
//! keeps as well, and is counted.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::decide::{Keep, Keeps, Mark, Seen};
use super::policy::RetentionPolicy;
use crate::filter::{Filter, Matcher, SessionScope, Truth};
use crate::model::field::Field;
use crate::model::{Experiment, Trace, TraceId, TraceInfo, TraceState, keys};

/// The rules of a policy that are about an experiment, ready to be asked of its traces.
#[derive(Debug)]
pub struct Judge {
    rules: Vec<RuleJudge>,
    searches: Vec<Filter>,
}

#[derive(Debug)]
struct RuleJudge {
    number: u16,
    filter: Question,
    keep_if: Vec<Question>,
    /// The keys that each `keep_if` asks for.
    keys: Vec<Vec<Field>>,
    group_by: Vec<Field>,
    takes_in_progress: bool,
    /// The start of the youngest trace that may go by age, in epoch milliseconds.
    cutoff_ms: i64,
}

/// How a filter is asked.
#[derive(Debug)]
enum Question {
    /// The info decides it.
    OfInfo(Box<Matcher>),
    /// The position in [`Judge::searches`], and what an info says about the filter.
    Searched(usize, Box<Matcher>),
    /// It was searched for already; what an info says about it.
    PolicyFound(Box<Matcher>),
}

/// What a search has found in an experiment.
#[derive(Clone, Debug, Default)]
pub struct PolicyFound {
    /// The traces that match.
    pub matching: HashSet<TraceId>,
    /// The traces that may match, and why that is not known.
    pub undecided: HashMap<TraceId, Doubtful>,
}

/// Why it is not known whether a trace matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubtful {
    /// In words.
    pub why: String,
    /// Whether something failed that may not fail another time.
    pub is_failure: bool,
}

/// What was met in an experiment beside the traces themselves.
#[derive(Debug, Default)]
pub struct Survey {
    /// The groups.
    pub groups: Groups,
    /// What each rule met, by its position in the policy.
    pub rules: BTreeMap<u16, RuleSurvey>,
    /// Traces that were found by a filter which they do not match.
    pub contradictions: u64,
    /// Traces that may go and carry an assessment of their whole session: the session, and its traces once they were looked
    /// up.
    pub speakers: HashMap<TraceId, Speaker>,
}

/// What a trace that carries an assessment of its session speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Speaker {
    /// The session.
    pub session: String,
    /// Its traces; nothing if they are not known, and then others may stay.
    pub members: Option<Vec<TraceId>>,
}

/// What a rule met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSurvey {
    /// Traces that it may select, and does not because that cannot be known, by the reason.
    pub not_selected: BTreeMap<String, u64>,
    /// Traces that it keeps because it cannot be known whether a `keep_if` matches, by the reason.
    pub unknown: BTreeMap<String, u64>,
    /// How many of these were not known because something failed.
    pub failed: u64,
    /// For each `keep_if` how many of the selected traces it matches, and whether each key that it asks for was met.
    pub keep_if: Vec<KeeperSurvey>,
}

/// What a `keep_if` met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeeperSurvey {
    /// Selected traces that it matches.
    pub matched: u64,
    /// Keys that it asks for and that no trace was seen to have.
    pub unmet: Vec<Field>,
}

/// The groups that were met in an experiment: names such as `tags.team = "search"`, by number.
#[derive(Debug, Default)]
pub struct Groups {
    numbers: HashMap<String, u32>,
    names: Vec<String>,
}

impl Judge {
    /// Takes those rules of a policy that are about an experiment.
    #[must_use]
    pub fn new(policy: &RetentionPolicy, experiment: &Experiment) -> Self {
        Self::with(policy, experiment, Question::new)
    }

    /// The same, for traces that the filter of the rules has found already.
    #[must_use]
    pub fn of_selected(policy: &RetentionPolicy, experiment: &Experiment) -> Self {
        Self::with(policy, experiment, |filter, _| Question::PolicyFound(Box::new(filter.info_part())))
    }

    fn with(
        policy: &RetentionPolicy,
        experiment: &Experiment,
        select: fn(&Filter, &mut Vec<Filter>) -> Question,
    ) -> Self {
        let mut searches = Vec::new();
        let about = policy.rules.iter().enumerate().filter(|(_, rule)| rule.is_about(experiment));
        let rules = about.filter_map(|(position, rule)| {
            let keeper = |filter: &Filter| Question::new(&filter.for_keeping(), &mut searches);
            Some(RuleJudge {
                number: u16::try_from(position).ok()?,
                keep_if: rule.keep_if.iter().map(keeper).collect(),
                filter: select(&rule.filter, &mut searches),
                keys: rule.keep_if.iter().map(Filter::keys).collect(),
                group_by: rule.group_by.clone(),
                takes_in_progress: rule.takes_unfinished || rule.names_in_progress(),
                cutoff_ms: rule.cutoff_ms(policy.as_of_ms),
            })
        });
        Self { rules: rules.collect(), searches }
    }

    /// The filters that infos do not decide: their matches in the experiment must be searched for before the first trace.
    #[must_use]
    pub fn searches(&self) -> &[Filter] {
        &self.searches
    }

    /// A survey in which nothing was met yet.
    #[must_use]
    pub fn survey(&self) -> Survey {
        let keeper = |keys: &Vec<Field>| KeeperSurvey { matched: 0, unmet: keys.clone() };
        let of_rule = |rule: &RuleJudge| {
            (rule.number, RuleSurvey { keep_if: rule.keys.iter().map(keeper).collect(), ..RuleSurvey::default() })
        };
        Survey { rules: self.rules.iter().map(of_rule).collect(), ..Survey::default() }
    }

    /// What the planner needs to know about a trace. `found` is what was found of each of [`Judge::searches`].
    pub fn see(&self, trace: &Trace, found: &[PolicyFound], survey: &mut Survey) -> Seen {
        let info = &trace.info;
        let mut marks = Vec::new();
        for rule in &self.rules {
            let met = survey.rules.entry(rule.number).or_default();
            met.keep_if.iter_mut().for_each(|keeper| keeper.unmet.retain(|field| !field.is_known(trace)));
            match rule.filter.ask(trace, found) {
                Answer { contradicts: true, .. } => survey.contradictions += 1,
                Answer { truth, .. } if truth.is_true() => marks.push(rule.mark(trace, found, met, &mut survey.groups)),
                Answer { truth, why, .. } if truth.is_open() => {
                    *met.not_selected.entry(why.why).or_default() += 1;
                    met.failed += u64::from(why.is_failure);
                }
                Answer { .. } => {}
            }
        }
        marks.shrink_to_fit();
        let trace_id = info.trace_id.clone();
        let may_go = |rule: &RuleJudge| info.request_time_ms <= rule.cutoff_ms;
        let lets_go = |mark: &Mark| {
            mark.keeps.is_empty() && self.rules.iter().filter(|rule| rule.number == mark.rule).all(may_go)
        };
        if let Some(session) = info.session_it_speaks_of(None).filter(|_| marks.iter().all(lets_go)) {
            survey.speakers.insert(trace_id.clone(), Speaker { session: session.to_owned(), members: None });
        }
        Seen {
            trace_id,
            request_time_ms: info.request_time_ms,
            size_bytes: size_bytes(info),
            has_span_file: info.has_span_file(),
            marks,
        }
    }
}

impl Survey {
    /// Traces of which the search that found the others does not know whether they match: no rule selects them.
    pub fn add_undecided(&mut self, doubts: impl Iterator<Item = Doubtful>) {
        let Some(met) = self.rules.values_mut().next() else { return };
        for doubt in doubts {
            *met.not_selected.entry(doubt.why).or_default() += 1;
            met.failed += u64::from(doubt.is_failure);
        }
    }
}

/// What a filter says about a trace.
struct Answer {
    truth: Truth,
    /// Why it is open, if it is.
    why: Doubtful,
    /// Whether a search has found what does not match.
    contradicts: bool,
}

impl RuleJudge {
    /// The mark of a trace that the rule selects.
    fn mark(&self, trace: &Trace, found: &[PolicyFound], met: &mut RuleSurvey, groups: &mut Groups) -> Mark {
        let (mut keeps, mut keep_if, mut doubt) = (Keeps::default(), None, None);
        for (position, question) in self.keep_if.iter().enumerate() {
            let Answer { truth, why, .. } = question.ask(trace, found);
            if truth.is_true() {
                keep_if = keep_if.or(u16::try_from(position).ok());
                met.keep_if[position].matched += 1;
                keeps.add(Keep::If);
            } else if truth.may_be_true() {
                doubt = doubt.or(Some(why));
            }
        }
        let is_cut = |field: &&Field| field.cut(&trace.info).is_some();
        if let Some(field) = self.group_by.iter().find(is_cut) {
            let why = format!("{}, which makes its group, was cut", field.column_name());
            doubt = doubt.or(Some(Doubtful { why, is_failure: false }));
        }
        if let Some(doubt) = doubt {
            *met.unknown.entry(doubt.why).or_default() += 1;
            met.failed += u64::from(doubt.is_failure);
            keeps.add(Keep::Unknown);
        }
        if trace.info.state == TraceState::InProgress && !self.takes_in_progress {
            keeps.add(Keep::InProgress);
        }
        let group = if self.group_by.is_empty() { 0 } else { groups.number(&self.group_by, trace) };
        Mark { rule: self.number, keep_if: keep_if.unwrap_or(0), group, keeps }
    }
}

impl Question {
    fn new(filter: &Filter, searches: &mut Vec<Filter>) -> Self {
        if filter.is_decided_by_infos() {
            return Self::OfInfo(Box::new(filter.matcher()));
        }
        let known = searches.iter().position(|known| known.conjuncts() == filter.conjuncts());
        let position = known.unwrap_or_else(|| {
            searches.push(filter.clone());
            searches.len() - 1
        });
        Self::Searched(position, Box::new(filter.info_part()))
    }

    fn ask(&self, trace: &Trace, found: &[PolicyFound]) -> Answer {
        // What infos decide asks nothing of sessions.
        let scope = SessionScope::default();
        let (truth, why) = match self {
            Self::OfInfo(matcher) => {
                let truth = matcher.matches(trace, &scope);
                let doubts = || matcher.doubts(trace, &scope).iter().map(ToString::to_string).collect::<Vec<_>>();
                let why = if truth.is_open() { doubts().join(", ") } else { String::new() };
                return Answer { truth, why: Doubtful { why, is_failure: false }, contradicts: false };
            }
            Self::Searched(position, _) => of_search(found.get(*position), &trace.info.trace_id),
            Self::PolicyFound(_) => (Truth::TRUE, None),
        };
        let (Self::OfInfo(matcher) | Self::Searched(_, matcher) | Self::PolicyFound(matcher)) = self;
        let contradicts = truth.is_true() && !matcher.matches(trace, &scope).may_be_true();
        Answer { truth, why: why.unwrap_or_default(), contradicts }
    }
}

impl Default for Doubtful {
    fn default() -> Self {
        Self { why: "nobody can tell".to_owned(), is_failure: false }
    }
}

fn of_search(found: Option<&PolicyFound>, id: &TraceId) -> (Truth, Option<Doubtful>) {
    // What was not searched for is not known.
    let Some(found) = found else { return (Truth::ANYTHING, None) };
    match found.undecided.get(id) {
        _ if found.matching.contains(id) => (Truth::TRUE, None),
        Some(why) => (Truth::OPEN, Some(why.clone())),
        None => (Truth::FALSE, None),
    }
}

impl Groups {
    /// The name of a group; none for a number that was not given.
    #[must_use]
    pub fn name(&self, number: u32) -> Option<&str> {
        self.names.get(usize::try_from(number).ok()?).map(String::as_str)
    }

    fn number(&mut self, group_by: &[Field], trace: &Trace) -> u32 {
        let part = |field: &Field| {
            let value = field.value(trace);
            let text = value.as_str().map_or_else(|| "(none)".to_owned(), |text| format!("{text:?}"));
            format!("{} = {text}", field.column_name())
        };
        let name = group_by.iter().map(part).collect::<Vec<_>>().join(", ");
        if let Some(number) = self.numbers.get(&name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.clone());
        self.numbers.insert(name, number);
        number
    }
}

/// The size that a trace tells, in bytes: on its own, or among its statistics.
fn size_bytes(info: &TraceInfo) -> Option<u64> {
    let of_statistics = || {
        let statistics: serde_json::Value = serde_json::from_str(info.metadata.get(keys::SIZE_STATS)?).ok()?;
        statistics.get("total_size_bytes")?.as_u64()
    };
    info.size_bytes().or_else(of_statistics)
}
