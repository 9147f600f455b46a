//! The whole terminal: two panes, lines below them, and the keys that are typed.
//!
//! Invariant: the terminal is given back however the run ends, and what is written to standard error meanwhile comes after it.

use std::io;
use std::time::Duration;

use ratatui::crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use ratatui::layout::{Constraint, Layout, Rect, Size};
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::{Block, Borders, Paragraph};
use ratatui::{DefaultTerminal, Frame};

use super::ErrorStream;

/// Terminals narrower than this have the panes one above the other.
const SIDE_BY_SIDE: u16 = 70;
/// Columns of the right pane.
const RIGHT: u16 = 38;

/// The terminal, as long as this lives.
pub struct FullScreen {
    terminal: DefaultTerminal,
    error: ErrorStream,
    /// What is on it, and how large it was then.
    shown: Option<(Size, Panes)>,
}

/// A key that was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A character.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Escape,
    /// Backspace.
    Backspace,
    /// Lines to move by: arrows and pages; up is negative.
    Scroll(i32),
    /// Ctrl-C or Ctrl-D.
    Interrupt,
}

/// What is shown. Texts must be safe for a terminal.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Panes {
    /// Above all.
    pub title: String,
    /// The left pane, or the upper one.
    pub left: Vec<String>,
    /// Lines of it that are scrolled past.
    pub top: usize,
    /// The right pane, or the lower one.
    pub right: Vec<String>,
    /// Below both.
    pub bottom: Vec<String>,
}

impl FullScreen {
    /// Takes the terminal.
    pub(super) fn open(error: ErrorStream) -> io::Result<Self> {
        let terminal = ratatui::try_init()?;
        error.hold();
        Ok(Self { terminal, error, shown: None })
    }

    /// Columns and lines that the left pane has below its title, beside as many lines at the bottom.
    #[must_use]
    pub fn room(&self, bottom: usize) -> (usize, usize) {
        let size = self.terminal.size().unwrap_or_default();
        let areas = areas(Rect::new(0, 0, size.width, size.height), bottom);
        (usize::from(areas.left.width.saturating_sub(2)), usize::from(areas.left.height.saturating_sub(1)))
    }

    /// Draws, unless that is what is shown already.
    pub fn draw(&mut self, panes: Panes) -> io::Result<()> {
        let wanted = (self.terminal.size()?, panes);
        if self.shown.as_ref() != Some(&wanted) {
            self.terminal.draw(|frame| draw(frame, &wanted.1))?;
            self.shown = Some(wanted);
        }
        Ok(())
    }

    /// Waits for a key. Nothing if none comes, or something else did, such as another size of the terminal.
    pub fn key(&mut self, wait: Duration) -> io::Result<Option<Key>> {
        if !event::poll(wait)? {
            return Ok(None);
        }
        let Event::Key(key) = event::read()? else { return Ok(None) };
        if key.kind == KeyEventKind::Release {
            return Ok(None);
        }
        let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
        Ok(match key.code {
            KeyCode::Char('c' | 'd') if is_control => Some(Key::Interrupt),
            KeyCode::Char(_) if is_control => None,
            KeyCode::Char(typed) => Some(Key::Char(typed)),
            KeyCode::Enter => Some(Key::Enter),
            KeyCode::Esc => Some(Key::Escape),
            KeyCode::Backspace => Some(Key::Backspace),
            KeyCode::Up => Some(Key::Scroll(-1)),
            KeyCode::Down => Some(Key::Scroll(1)),
            KeyCode::PageUp => Some(Key::Scroll(-10)),
            KeyCode::PageDown => Some(Key::Scroll(10)),
            _ => None,
        })
    }
}

impl Drop for FullScreen {
    fn drop(&mut self) {
        ratatui::restore();
        self.error.release();
    }
}

struct Areas {
    title: Rect,
    left: Rect,
    right: Rect,
    bottom: Rect,
}

fn areas(whole: Rect, bottom: usize) -> Areas {
    let below = Constraint::Length(u16::try_from(bottom).unwrap_or(u16::MAX));
    let [title, middle, bottom] = Layout::vertical([Constraint::Length(1), Constraint::Fill(1), below]).areas(whole);
    let [left, right] = if whole.width < SIDE_BY_SIDE {
        Layout::vertical([Constraint::Fill(2), Constraint::Fill(1)]).areas(middle)
    } else {
        Layout::horizontal([Constraint::Fill(1), Constraint::Length(RIGHT)]).areas(middle)
    };
    Areas { title, left, right, bottom }
}

fn draw(frame: &mut Frame<'_>, panes: &Panes) {
    let areas = areas(frame.area(), panes.bottom.len());
    let text = |lines: &[String]| -> Vec<Line<'static>> { lines.iter().cloned().map(Line::from).collect() };
    let strong = Style::new().add_modifier(Modifier::REVERSED);
    frame.render_widget(Paragraph::new(panes.title.as_str()).style(strong), areas.title);
    let top = panes.top.min(panes.left.len());
    frame.render_widget(Paragraph::new(text(&panes.left[top..])), areas.left);
    let border = if areas.right.y == areas.left.y { Borders::LEFT } else { Borders::TOP };
    frame.render_widget(Paragraph::new(text(&panes.right)).block(Block::new().borders(border)), areas.right);
    let bold = Style::new().add_modifier(Modifier::BOLD);
    frame.render_widget(Paragraph::new(text(&panes.bottom)).style(bold), areas.bottom);
}
