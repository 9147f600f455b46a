//! A review under way: which trace is looked at, and what was answered.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::answers::AnswerKeys;
use super::look::Looks;
use super::save::{Job, Saver, Work};
use super::typing::Typing;
use crate::annotations::Row;
use crate::error::CliError;
use crate::filter::Filter;
use crate::interrupt::Interrupt;
use crate::model::TraceInfo;
use crate::store::Store;
use crate::ui::FullScreen;

/// How long to wait for a key where nothing else is to be done, and for a server where it is.
const IDLE: Duration = Duration::from_millis(50);
const BUSY: Duration = Duration::from_millis(10);

/// Finds the page of a trace.
type PageOf = Box<dyn Fn(&TraceInfo) -> Option<String>>;

pub struct Session {
    pub traces: Vec<TraceInfo>,
    /// Traces that were judged before this session.
    pub done: Vec<TraceInfo>,
    pub answers: AnswerKeys,
    pub template: Row,
    pub is_blind: bool,
    /// The page of a trace, where there are pages.
    pub page: Option<PageOf>,
    pub at: usize,
    pub top: usize,
    /// What was answered, and in which order.
    pub judged: BTreeMap<usize, Row>,
    pub order: Vec<usize>,
    pub skipped: BTreeSet<usize>,
    pub failed: Vec<String>,
    pub typing: Option<Typing>,
    pub note: Option<String>,
    /// Which traces are gone through, if not all.
    pub filter: Option<Filter>,
    pub message: String,
    pub is_leaving: bool,
}

impl Session {
    pub fn new(
        traces: Vec<TraceInfo>,
        done: Vec<TraceInfo>,
        answers: AnswerKeys,
        template: Row,
        is_blind: bool,
    ) -> Self {
        Self {
            traces,
            done,
            answers,
            template,
            is_blind,
            page: None,
            at: 0,
            top: 0,
            judged: BTreeMap::new(),
            order: Vec::new(),
            skipped: BTreeSet::new(),
            failed: Vec::new(),
            typing: None,
            note: None,
            filter: None,
            message: String::new(),
            is_leaving: false,
        }
    }

    /// Shows traces and takes answers until there are no more, or somebody leaves.
    pub async fn run(
        &mut self,
        screen: &mut FullScreen,
        store: &Store,
        saver: &mut Saver<'_>,
        interrupt: &Interrupt,
    ) -> Result<(), CliError> {
        let mut looks = Looks::new(store.clone());
        loop {
            looks.load(self).await;
            looks.draw(screen, self, saver)?;
            let wait = if saver.unsaved() > 0 { Duration::ZERO } else { IDLE };
            if let Some(key) = screen.key(wait)? {
                self.press(key, saver);
            }
            if let Some((job, result)) = saver.work(BUSY).await {
                self.settled(&job, result);
            }
            if interrupt.requested() {
                return Ok(());
            }
            let is_over = self.is_leaving || self.at >= self.traces.len();
            if is_over && (saver.unsaved() == 0 || saver.is_given_up) {
                return Ok(());
            }
            tokio::task::yield_now().await;
        }
    }

    fn settled(&mut self, job: &Job, result: Result<(), String>) {
        let id = &job.trace;
        match (result, &job.work) {
            (Ok(()), _) => {}
            (Err(reason), Work::Undo(_)) => self.failed.push(format!("{id}: not taken back: {reason}")),
            (Err(reason), Work::Tag(tag)) => {
                self.message = format!("tag {} not saved: {reason}", tag.key);
                self.failed.push(format!("{id}: tag {} not saved: {reason}", tag.key));
            }
            (Err(reason), Work::Answer(row, _)) => {
                self.message = format!("not saved: {reason}");
                self.failed.push(format!("{id}: not saved: {reason}"));
                if self.judged.get(&job.index).is_some_and(|judged| judged.id == row.id) {
                    self.judged.remove(&job.index);
                    self.order.retain(|index| *index != job.index);
                }
            }
        }
    }
}
