//! Lines that are typed in a review: answers, notes, tags and filters.

use super::save::{Job, Saver, Work};
use super::session::Session;
use crate::cli::KeyValue;
use crate::store::{check_tag_key, check_tag_value};
use crate::ui::Key;

/// A line that is typed.
pub struct Typing {
    pub line: TypedLine,
    pub text: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum TypedLine {
    Answer,
    Note,
    Tag,
    Filter,
}

impl Session {
    pub(super) fn begin(&mut self, line: TypedLine, text: Option<String>) {
        self.typing = Some(Typing { line, text: text.unwrap_or_default() });
    }

    pub(super) fn type_on(&mut self, mut typing: Typing, key: Key, saver: &mut Saver<'_>) {
        match key {
            Key::Char(typed) => typing.text.push(typed),
            Key::Backspace => drop(typing.text.pop()),
            Key::Escape | Key::Interrupt => return,
            Key::Enter => match self.typed(&typing, saver) {
                Ok(()) => return,
                Err(why) => self.message = why,
            },
            Key::Scroll(_) => {}
        }
        self.typing = Some(typing);
    }

    fn typed(&mut self, typing: &Typing, saver: &mut Saver<'_>) -> Result<(), String> {
        let text = typing.text.trim();
        match typing.line {
            TypedLine::Answer => {
                let value = self.answers.of_text(text)?;
                self.judge(value, saver);
            }
            TypedLine::Note => self.note = Some(text.to_owned()).filter(|note| !note.is_empty()),
            TypedLine::Tag => self.tag(text.parse()?, saver)?,
            TypedLine::Filter => self.narrow(text)?,
        }
        Ok(())
    }

    fn tag(&mut self, tag: KeyValue, saver: &mut Saver<'_>) -> Result<(), String> {
        check_tag_key(&tag.key, false).map_err(|error| error.to_string())?;
        check_tag_value(&tag.key, &tag.value).map_err(|error| error.to_string())?;
        let info = &mut self.traces[self.at];
        info.tags.insert(tag.key.clone(), tag.value.clone());
        saver.push(Job { index: self.at, trace: info.trace_id.clone(), work: Work::Tag(tag) });
        Ok(())
    }
}
