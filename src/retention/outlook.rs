//! What a policy would do in one experiment: the plan, and the numbers that people judge it by.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::decide::{Decision, Keep, Mark, Seen, decide};
use super::policy::RetentionPolicy;
use super::{Ground, Plan, Planned, Refusal, RuleSurvey, Speaker, Survey};
use crate::model::field::Field;
use crate::model::{DAY_MS, Experiment, TraceId};

/// The outlook of one experiment.
#[derive(Debug)]
pub struct Outlook {
    /// What would go, oldest first.
    pub plan: Plan,
    /// How many traces no rule selects.
    pub untouched: u64,
    /// For each rule that is about the experiment, by its position in the policy.
    pub rules: BTreeMap<u16, RuleOutlook>,
    /// For each day of UTC, numbered from 1970-01-01, on which traces started that would go.
    pub days: BTreeMap<i64, Sum>,
    /// Groups of which nothing would be left: rule, name, number of traces.
    pub emptied: Vec<(u16, String, u64)>,
    /// Whether the traces are of Databricks Unity Catalog.
    pub is_catalog: bool,
    /// What would be kept, oldest first, if it was asked for.
    pub kept: Vec<Seen>,
    /// Traces that were found by a filter which they do not match.
    pub contradictions: u64,
}

/// Traces and their sizes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Number of traces.
    pub traces: u64,
    /// Their sizes in bytes, of those that tell theirs.
    pub bytes: u64,
}

/// What one rule does in one experiment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleOutlook {
    /// How many it selects.
    pub selected: u64,
    /// What would go of them.
    pub expires: Sum,
    /// How many it keeps, by reason; a trace may have several.
    pub kept: BTreeMap<Keep, u64>,
    /// What its filters met, and what was not known.
    pub survey: RuleSurvey,
}

impl Sum {
    pub(super) fn add(&mut self, trace: &Seen) {
        self.traces += 1;
        // Whoever wrote a trace chose its size.
        self.bytes = self.bytes.saturating_add(trace.size_bytes.unwrap_or(0));
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { traces: self.traces + other.traces, bytes: self.bytes.saturating_add(other.bytes) }
    }
}

impl Outlook {
    /// Decides of the traces of an experiment, in which `survey` was met. `untouched` traces were left out because no rule
    /// selects them; those that `traces` holds nevertheless are counted, too. `holds_kept` asks for what would be kept.
    #[must_use]
    pub fn new(
        policy: &RetentionPolicy,
        experiment: Experiment,
        mut survey: Survey,
        traces: Vec<Seen>,
        untouched: u64,
        holds_kept: bool,
    ) -> Self {
        let mut traces = decide(&policy.rules, policy.as_of_ms, traces);
        keep_speakers(&survey.speakers, &mut traces);
        let mut outlook = Self {
            plan: Plan { experiment, traces: Vec::new(), kept: 0, grounds: Vec::new() },
            untouched,
            rules: BTreeMap::new(),
            days: BTreeMap::new(),
            emptied: Vec::new(),
            is_catalog: false,
            kept: Vec::new(),
            contradictions: survey.contradictions,
        };
        for (position, rule) in policy.rules.iter().enumerate() {
            if let (true, Ok(number)) = (rule.is_about(&outlook.plan.experiment), u16::try_from(position)) {
                let survey = survey.rules.remove(&number).unwrap_or_default();
                outlook.rules.insert(number, RuleOutlook { survey, ..RuleOutlook::default() });
            }
        }
        let mut groups: HashMap<(u16, u32), (u64, u64)> = HashMap::new();
        let mut grounds = HashMap::new();
        for trace in traces {
            outlook.count(policy, &trace, &mut groups);
            match trace.decision() {
                Decision::Expires => outlook.plan.expire(policy, trace, &mut grounds),
                Decision::Kept if holds_kept => outlook.kept.push(trace),
                Decision::Kept | Decision::Untouched => {}
            }
        }
        // What is said about a session goes after the session, so that it stays where something of that does.
        outlook.plan.traces.sort_by_key(|trace| survey.speakers.contains_key(&trace.trace_id));
        let mut emptied: Vec<_> = groups.into_iter().filter(|(_, (all, left))| *all > 0 && *left == 0).collect();
        emptied.sort_unstable();
        for ((rule, group), (traces, _)) in emptied {
            outlook.emptied.push((rule, survey.groups.name(group).unwrap_or_default().to_owned(), traces));
        }
        outlook
    }

    fn count(&mut self, policy: &RetentionPolicy, trace: &Seen, groups: &mut HashMap<(u16, u32), (u64, u64)>) {
        let decision = trace.decision();
        let expires = decision == Decision::Expires;
        for mark in &trace.marks {
            self.rules.entry(mark.rule).or_default().count(mark, trace, expires);
            if policy.rules.get(usize::from(mark.rule)).is_some_and(|rule| !rule.group_by.is_empty()) {
                let (all, left) = groups.entry((mark.rule, mark.group)).or_default();
                *all += 1;
                *left += u64::from(!expires);
            }
        }
        match decision {
            Decision::Untouched => self.untouched += 1,
            Decision::Kept => self.plan.kept += 1,
            Decision::Expires => {
                self.is_catalog |= trace.trace_id.as_str().starts_with("trace:/");
                self.days.entry(trace.request_time_ms.div_euclid(DAY_MS)).or_default().add(trace);
            }
        }
    }

    /// How many traces the experiment has.
    #[must_use]
    pub fn traces(&self) -> u64 {
        self.untouched + (self.plan.kept + self.plan.traces.len()) as u64
    }

    /// What speaks against carrying out the plan of this experiment.
    fn refusals(&self, policy: &RetentionPolicy) -> Vec<Refusal> {
        let name = || self.plan.experiment.name.clone();
        let rule = |number: u16| policy.rules.get(usize::from(number));
        let mut refusals = Vec::new();
        if self.contradictions > 0 {
            refusals.push(Refusal::FilterIgnored { experiment: name(), traces: self.contradictions });
        }
        if self.is_catalog {
            refusals.push(Refusal::CannotDelete { experiment: name() });
        }
        let takes = |(number, outlook): (&u16, &RuleOutlook)| (outlook.expires.traces > 0).then_some(*number);
        let may_empty = self.rules.iter().filter_map(takes).all(|number| rule(number).is_some_and(|r| r.allow_empty));
        if !self.plan.traces.is_empty() && self.plan.kept == 0 && self.untouched == 0 && !may_empty {
            refusals.push(Refusal::EmptiesExperiment { experiment: name(), traces: self.traces() });
        }
        for (number, group, traces) in &self.emptied {
            if let Some(rule) = rule(*number).filter(|rule| !rule.allow_empty) {
                let (rule, group) = (rule.name.clone(), group.clone());
                refusals.push(Refusal::EmptiesGroup { rule, experiment: name(), group, traces: *traces });
            }
        }
        refusals
    }
}

/// Keeps traces that carry an assessment of their session while others of it stay.
fn keep_speakers(speakers: &HashMap<TraceId, Speaker>, traces: &mut [Seen]) {
    if speakers.is_empty() {
        return;
    }
    let going: HashSet<TraceId> =
        traces.iter().filter(|seen| seen.decision() == Decision::Expires).map(|seen| seen.trace_id.clone()).collect();
    let stays = |speaker: &Speaker| speaker.members.as_ref().is_none_or(|all| all.iter().any(|id| !going.contains(id)));
    for seen in traces.iter_mut().filter(|seen| speakers.get(&seen.trace_id).is_some_and(stays)) {
        seen.marks.iter_mut().for_each(|mark| mark.keeps.add(Keep::Session));
    }
}

impl Plan {
    /// Adds a trace; `grounds` are the positions of those that were met, by the positions of their rules.
    fn expire(&mut self, policy: &RetentionPolicy, trace: Seen, grounds: &mut HashMap<Vec<u16>, u32>) {
        let rules: Vec<u16> = trace.marks.iter().map(|mark| mark.rule).collect();
        let ground = *grounds.entry(rules).or_insert_with_key(|rules| {
            self.grounds.push(Ground::of(policy, rules));
            // There are fewer than traces, which would not fit into any memory.
            u32::try_from(self.grounds.len() - 1).unwrap_or(u32::MAX)
        });
        let Seen { trace_id, request_time_ms, size_bytes, has_span_file, .. } = trace;
        self.traces.push(Planned { trace_id, request_time_ms, size_bytes, has_span_file, ground });
    }
}

impl Ground {
    fn of(policy: &RetentionPolicy, rules: &[u16]) -> Self {
        let mut ground = Self::default();
        for rule in rules.iter().filter_map(|rule| policy.rules.get(usize::from(*rule))) {
            ground.rules.push(rule.name.clone());
            match &rule.archive_to {
                Some(place) if !ground.archive_to.contains(place) => ground.archive_to.push(place.clone()),
                _ => {}
            }
        }
        ground
    }
}

impl RuleOutlook {
    fn count(&mut self, mark: &Mark, trace: &Seen, expires: bool) {
        self.selected += 1;
        if expires {
            self.expires.add(trace);
        }
        for keep in mark.keeps.iter() {
            *self.kept.entry(keep).or_default() += 1;
        }
    }
}

/// What a rule met in all experiments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleMet {
    /// Its name.
    pub rule: String,
    /// Its `keep_if`, and how many of the selected traces each matches.
    pub keep_if: Vec<(String, u64)>,
    /// Traces that it keeps because it is not known whether a `keep_if` matches, by the reason.
    pub unknown: BTreeMap<String, u64>,
    /// Traces that it may select, and does not because that is not known, by the reason.
    pub not_selected: BTreeMap<String, u64>,
    /// How many of the unknown ones are so because something failed.
    pub failed: u64,
}

/// What the rules of a policy met in all experiments.
#[must_use]
pub fn met(policy: &RetentionPolicy, outlooks: &[Outlook]) -> Vec<RuleMet> {
    let of_rule = |(number, rule): (usize, &super::Rule)| {
        let texts = rule.keep_if.iter().map(|filter| (filter.text().to_owned(), 0));
        let mut all = RuleMet {
            rule: rule.name.clone(),
            keep_if: texts.collect(),
            unknown: BTreeMap::new(),
            not_selected: BTreeMap::new(),
            failed: 0,
        };
        let here = outlooks.iter().flat_map(|outlook| &outlook.rules);
        for (_, one) in here.filter(|(rule, _)| usize::from(**rule) == number) {
            all.add(&one.survey);
        }
        all
    };
    policy.rules.iter().enumerate().map(of_rule).collect()
}

impl RuleMet {
    fn add(&mut self, survey: &RuleSurvey) {
        for ((_, matched), keeper) in self.keep_if.iter_mut().zip(&survey.keep_if) {
            *matched += keeper.matched;
        }
        for (all, one) in [(&mut self.unknown, &survey.unknown), (&mut self.not_selected, &survey.not_selected)] {
            for (why, number) in one {
                *all.entry(why.clone()).or_default() += number;
            }
        }
        self.failed += survey.failed;
    }
}

/// The keys that no trace of the experiments has and on which a `keep_if` of a policy rests: the rule's name, the `keep_if`,
/// the key. A key counts as met if one experiment has it.
#[must_use]
pub fn unmet_keys<'p>(policy: &'p RetentionPolicy, outlooks: &[Outlook]) -> Vec<(&'p str, &'p str, String)> {
    let mut unmet = Vec::new();
    for (number, rule) in policy.rules.iter().enumerate() {
        let Ok(number) = u16::try_from(number) else { break };
        let here: Vec<&RuleOutlook> = outlooks.iter().filter_map(|outlook| outlook.rules.get(&number)).collect();
        for (position, keep_if) in rule.keep_if.iter().enumerate() {
            let keepers: Vec<_> = here.iter().filter_map(|rule| rule.survey.keep_if.get(position)).collect();
            let is_unmet = |field: &Field| keepers.iter().all(|keeper| keeper.unmet.contains(field));
            let fields = keep_if.keys().into_iter().filter(|field| !keepers.is_empty() && is_unmet(field));
            unmet.extend(fields.map(|field| (rule.name.as_str(), keep_if.text(), field.column_name().into_owned())));
        }
    }
    unmet
}

/// Everything that speaks against carrying out what a policy means for its experiments, worst first; nothing if it may.
#[must_use]
pub fn refusals(policy: &RetentionPolicy, outlooks: &[Outlook]) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> = policy.refusal().into_iter().collect();
    refusals.extend(outlooks.iter().flat_map(|outlook| outlook.refusals(policy)));
    let planned: u64 = outlooks.iter().map(|outlook| outlook.plan.traces.len() as u64).sum();
    let of: u64 = outlooks.iter().map(Outlook::traces).sum();
    if let Some(most) = policy.caps.max_delete.filter(|most| planned > *most) {
        refusals.push(Refusal::MaxDelete { planned, most });
    }
    let is_over = |most: &u64| u128::from(planned) * 100 > u128::from(of) * u128::from(*most);
    if let Some(most) = policy.caps.max_delete_percent.filter(is_over) {
        refusals.push(Refusal::MaxDeletePercent { planned, of, most });
    }
    refusals
}
