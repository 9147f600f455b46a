//! What each key does in a review.

use serde_json::Value;

use super::save::{Job, Saver, Work};
use super::session::Session;
use super::typing::TypedLine;
use crate::annotations::{Row, RowPlace};
use crate::model::AssessmentId;
use crate::ui::Key;

impl Session {
    pub fn press(&mut self, key: Key, saver: &mut Saver<'_>) {
        self.message.clear();
        if let Some(typing) = self.typing.take() {
            return self.type_on(typing, key, saver);
        }
        let is_over = self.at >= self.traces.len();
        match key {
            // Once more leaves what is not saved behind.
            Key::Interrupt | Key::Char('q') if self.is_leaving || is_over => saver.give_up(),
            Key::Interrupt | Key::Char('q') => self.is_leaving = true,
            Key::Char('b') => {
                let before = (0..self.at).rev().find(|index| self.is_wanted(*index));
                self.go(before.unwrap_or(self.at));
            }
            Key::Char('u') => self.undo(saver),
            _ if is_over => {}
            Key::Char('s') => {
                self.skipped.insert(self.at);
                self.go_on();
            }
            Key::Char('r') => self.begin(TypedLine::Note, self.note.clone()),
            Key::Char('t') => self.begin(TypedLine::Tag, None),
            Key::Char('f') => {
                self.begin(TypedLine::Filter, self.filter.as_ref().map(|filter| filter.text().to_owned()));
            }
            Key::Char('o') => self.message = self.address(),
            Key::Enter if self.answers.is_typed() => self.begin(TypedLine::Answer, None),
            Key::Char(key) => {
                if let Some(value) = self.answers.of_key(key) {
                    self.judge(value, saver);
                }
            }
            Key::Scroll(lines) => self.top = self.top.saturating_add_signed(lines as isize),
            Key::Enter | Key::Escape | Key::Backspace => {}
        }
    }

    fn address(&self) -> String {
        let info = &self.traces[self.at];
        self.page.as_ref().and_then(|page| page(info)).unwrap_or_else(|| info.trace_id.to_string())
    }

    pub(super) fn judge(&mut self, value: Value, saver: &mut Saver<'_>) {
        let info = self.traces[self.at].clone();
        let id = AssessmentId::new(format!("a-{}", uuid::Uuid::new_v4().simple()));
        let mut row =
            Row { place: RowPlace::Trace(info.trace_id.clone()), id: Some(id), value, ..self.template.clone() };
        row.rationale.clone_from(&self.note);
        if let Some(objection) = self.answers.objection(&row) {
            self.message = objection;
            return;
        }
        // Another answer takes the place of the one before.
        if self.judged.contains_key(&self.at) {
            self.take_back(self.at, saver);
        }
        let (trace, there) = (info.trace_id, info.assessments);
        saver.push(Job { index: self.at, trace, work: Work::Answer(row.clone(), there) });
        self.judged.insert(self.at, row);
        self.order.push(self.at);
        self.skipped.remove(&self.at);
        self.go_on();
    }

    fn undo(&mut self, saver: &mut Saver<'_>) {
        match self.order.last().copied() {
            Some(index) => {
                self.take_back(index, saver);
                self.go(index);
                "taken back".clone_into(&mut self.message);
            }
            None => "nothing to undo".clone_into(&mut self.message),
        }
    }

    fn take_back(&mut self, index: usize, saver: &mut Saver<'_>) {
        self.order.retain(|known| *known != index);
        if let Some(row) = self.judged.remove(&index) {
            let trace = self.traces[index].trace_id.clone();
            saver.push(Job { index, trace, work: Work::Undo(row) });
        }
    }
}
