//! What a review shows: the conversation of a trace, read ahead.

use std::collections::HashMap;

use tokio::task::JoinHandle;

use super::panes::{bottom, details, title};
use super::save::Saver;
use super::session::Session;
use crate::analysis::chat::conversation;
use crate::error::CliError;
use crate::model::{Trace, TraceInfo};
use crate::output::{ChatOptions, one_line, write_chat};
use crate::store::Store;
use crate::ui::{FullScreen, Panes};

/// Traces that are read ahead, and those that are kept of the ones before.
const AHEAD: usize = 3;
const BEHIND: usize = 2;
/// Characters of a reason.
const WIDEST: usize = 200;

enum Read {
    Coming(JoinHandle<Result<Trace, String>>),
    There(Box<Trace>),
    Failed(String),
}

/// Traces with their spans, read ahead.
pub struct Looks {
    store: Store,
    read: HashMap<usize, Read>,
    /// What was drawn for which trace and which width.
    lines: Option<((usize, usize), Vec<String>)>,
}

impl Looks {
    pub fn new(store: Store) -> Self {
        Self { store, read: HashMap::new(), lines: None }
    }

    /// Begins to read what comes next, and takes what was read.
    pub async fn load(&mut self, session: &Session) {
        let (at, traces) = (session.at, &session.traces);
        self.read.retain(|index, _| index + BEHIND >= at && *index < at + AHEAD);
        for (index, info) in traces.iter().enumerate().skip(at).take(AHEAD) {
            let store = &self.store;
            self.read.entry(index).or_insert_with(|| {
                let (store, info) = (store.clone(), info.clone());
                Read::Coming(tokio::spawn(async move { read(&store, info).await }))
            });
        }
        if let Some(Read::Coming(task)) = self.read.get_mut(&at).filter(|read| read.has_come()) {
            let read = task.await.unwrap_or_else(|error| Err(error.to_string()));
            self.read.insert(at, read.map_or_else(Read::Failed, |trace| Read::There(Box::new(trace))));
            self.lines = None;
        }
    }

    pub fn draw(&mut self, screen: &mut FullScreen, session: &mut Session, saver: &Saver<'_>) -> Result<(), CliError> {
        let mut panes = Panes { title: title(session), bottom: bottom(session, saver), ..Panes::default() };
        if let Some(info) = session.traces.get(session.at) {
            let (width, height) = screen.room(panes.bottom.len());
            panes.left = self.conversation(session.at, info, width);
            session.top = session.top.min(panes.left.len().saturating_sub(height));
            (panes.top, panes.right) = (session.top, details(session, info));
        }
        Ok(screen.draw(panes)?)
    }

    fn conversation(&mut self, at: usize, info: &TraceInfo, width: usize) -> Vec<String> {
        let place = (at, width);
        if let Some((_, lines)) = self.lines.as_ref().filter(|(drawn, _)| *drawn == place) {
            return lines.clone();
        }
        let trace = match self.read.get(&at) {
            Some(Read::There(trace)) => trace,
            Some(Read::Failed(why)) => {
                return [
                    preview(info),
                    vec![String::new(), format!("(spans cannot be read: {})", one_line(why, WIDEST))],
                ]
                .concat();
            }
            Some(Read::Coming(_)) | None => return vec!["loading …".to_owned()],
        };
        let told = conversation(trace);
        let mut text = Vec::new();
        let options = ChatOptions { content: true, color: false, width };
        // Into memory, which takes everything.
        let _ = write_chat(&mut text, &told, &options);
        let mut lines: Vec<String> = String::from_utf8_lossy(&text).trim_start().lines().map(str::to_owned).collect();
        if told.messages.is_empty() {
            lines = [preview(info), vec![String::new()], lines].concat();
        }
        self.lines = Some((place, lines.clone()));
        lines
    }
}

impl Read {
    fn has_come(&self) -> bool {
        matches!(self, Self::Coming(task) if task.is_finished())
    }
}

async fn read(store: &Store, info: TraceInfo) -> Result<Trace, String> {
    let trace = Trace { info, spans: None };
    let read = store.with_spans(vec![trace]).await.pop();
    read.map_or_else(|| Err("there is nothing".to_owned()), |read| read.map_err(|failure| failure.error.to_string()))
}

fn preview(info: &TraceInfo) -> Vec<String> {
    let texts = [("request", &info.request_preview), ("response", &info.response_preview)];
    texts.iter().filter_map(|(name, text)| Some(format!("{name}: {}", one_line(text.as_deref()?, 1000)))).collect()
}
