//! How far the line of time was read: which window to ask for next, and what an answer means. Pure.
//!
//! A server orders by start time and id and gives at most a page. A walk does not count rows, which inserts and deletes
//! shift, but goes on from the start time of the last row: *keyset* paging. Three rules make it complete:
//!
//! - a page that is full ends somewhere inside a millisecond, so the next window begins with that same millisecond, and
//!   what was read of it is left out;
//! - a millisecond with so many traces that they fill half a page is read by itself and by offset, each page one row over
//!   the last: a first row that is known proves that no row slipped through;
//! - windows never overlap otherwise, so whatever order the answers come in, traces come out in the order of the walk.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use super::line::{Ask, Begin, End, Extent, forward, key, keys, offset_of, span, window};
use super::progress::WalkProgress;
use crate::filter::Direction;
use crate::model::{TimeWindow, TraceId, TraceInfo};

/// The most that the server gives at once, and the fastest size (measured on 3.17.2).
pub const PAGE: u64 = 500;
/// This many traces with one start time are read by themselves.
const CROWD: usize = 250;
/// No more traces than this are searched in one go, whatever the server has to do for it.
pub const FEW: u64 = 2000;
/// How many answers in a row may bring nothing new although there is said to be more: servers that give less than a page need
/// some to get over what is known.
const IDLE: usize = 8;
/// How full a window that was cut by guess should be: a page, less the spread of a random arrival.
const FILL: f64 = 430.0;
/// How much wider or narrower one window may be than the one before.
const STEP: f64 = 4.0;
/// How long the answer to a window should take where spans are searched: long enough to be worth it, short enough to
/// leave the server to others.
const SEARCH_TIME: f64 = 0.4;

/// A walk along the line of time.
#[derive(Debug)]
pub struct Frontier {
    direction: Direction,
    /// In the order of the walk, without gaps.
    stretches: VecDeque<Stretch>,
    /// Keys per window, once there is ground for a guess.
    width: Option<f64>,
    /// No trace is expected behind this key.
    last: Option<i64>,
    /// Whether windows must be closed at both ends, because the server searches spans.
    closed: bool,
    /// Whether windows may be cut at all.
    cuts: bool,
    progress: WalkProgress,
    next_id: u64,
}

#[derive(Debug)]
struct Stretch {
    first: i64,
    last: i64,
    /// What was read of `first` already.
    known: HashSet<TraceId>,
    state: State,
}

#[derive(Debug)]
enum State {
    Open(Begin),
    Asked(u64),
    /// One crowded millisecond; what was read of it so far is in `known`.
    Crowd {
        begin: Begin,
        asked: Option<u64>,
        /// How often rows had moved since something new came.
        slips: usize,
    },
    Read(Vec<TraceInfo>),
}

impl Frontier {
    /// A walk through a window. With `closed`, no window is asked for that is open at either end; the extent must be told
    /// before the first one.
    pub fn new(direction: Direction, window: TimeWindow, closed: bool) -> Self {
        let (first, last) = keys(direction, window);
        let stretches = VecDeque::from([Stretch::open(first, last)]);
        Self {
            direction,
            stretches,
            width: None,
            last: None,
            closed,
            cuts: true,
            progress: WalkProgress::new(IDLE),
            next_id: 0,
        }
    }

    /// Tells where traces are; `None` if there are none. A walk with closed windows begins at the first of them.
    pub fn learn(&mut self, extent: Option<Extent>) {
        let Some(extent) = extent else {
            if self.closed {
                self.stretches.clear();
            }
            return;
        };
        let (first, last) = keys(self.direction, extent.window);
        self.last = Some(last);
        if self.closed && extent.traces.is_some_and(|traces| traces <= FEW) {
            (self.closed, self.cuts) = (false, false);
        }
        let Some(stretch) = self.stretches.front_mut().filter(|_| self.closed) else { return };
        stretch.first = stretch.first.max(first);
        stretch.last = stretch.last.min(last);
        if stretch.first > stretch.last {
            self.stretches.clear();
            return;
        }
        let span = span(stretch.first, stretch.last);
        let pages = extent.traces.map_or(64.0, |traces| traces as f64 / FILL);
        self.width = Some((span / pages.max(1.0)).max(1.0));
    }

    /// Whether the walk should be told where traces are, before it can go on or so that it can guess.
    pub fn wants_extent(&self, at_once: usize) -> bool {
        self.last.is_none() && (self.closed || (at_once > 1 && self.width.is_some()))
    }

    /// Whether everything was read and taken.
    pub fn is_done(&self) -> bool {
        self.stretches.is_empty()
    }

    /// The next thing to ask for, if there is any that does not have to wait for an answer. At most `at_once`
    /// requests are under way, and as many pages again may be read before it is their turn; with 1, nothing is guessed.
    pub fn ask(&mut self, at_once: usize) -> Option<Ask> {
        if self.closed && self.last.is_none() {
            return None;
        }
        let asked = self.stretches.iter().filter(|stretch| stretch.is_asked()).count();
        let busy = self.stretches.iter().filter(|stretch| !stretch.is_open()).count();
        if asked >= at_once || busy >= at_once * 2 {
            return None;
        }
        let at = self.stretches.iter().position(Stretch::is_open)?;
        if at > 0 && (self.width.is_none() || at_once < 2) {
            return None;
        }
        if self.cuts && (at_once > 1 || self.closed) {
            self.cut(at);
        }
        let id = self.next_id;
        self.next_id += 1;
        let direction = self.direction;
        let stretch = self.stretches.get_mut(at)?;
        let window = window(direction, stretch.first, stretch.last);
        let (begin, known) = match &mut stretch.state {
            State::Open(begin) => {
                let begin = std::mem::take(begin);
                stretch.state = State::Asked(id);
                (begin, stretch.known.len())
            }
            State::Crowd { begin, asked, .. } => {
                *asked = Some(id);
                let known = if *begin == Begin::Start { stretch.known.len() } else { 1 };
                (begin.clone(), known)
            }
            State::Asked(_) | State::Read(_) => return None,
        };
        Some(Ask { id, window, begin, known })
    }

    /// Cuts a window of the usual width off the front of an open stretch.
    fn cut(&mut self, at: usize) {
        let (Some(width), Some(end)) = (self.width, self.last) else { return };
        let Some(stretch) = self.stretches.get_mut(at) else { return };
        let is_cut = matches!(stretch.state, State::Open(Begin::Start)) && stretch.first > i64::MIN;
        let rest = span(stretch.first, stretch.last.min(end));
        if !is_cut || rest <= width * 1.5 {
            return;
        }
        let behind = forward(stretch.first, width);
        let rest = Stretch::open(behind, stretch.last);
        stretch.last = behind - 1;
        self.stretches.insert(at + 1, rest);
    }

    /// Takes in an answer: rows in the order of the walk. False if the answers bring nothing new any more.
    #[must_use]
    pub fn answer(&mut self, id: u64, rows: Vec<TraceInfo>, end: End, took: Duration) -> bool {
        let asked = |stretch: &Stretch| match &stretch.state {
            State::Asked(asked) => *asked == id,
            State::Crowd { asked, .. } => *asked == Some(id),
            State::Open(_) | State::Read(_) => false,
        };
        let Some(at) = self.stretches.iter().position(asked) else { return true };
        let Some(stretch) = self.stretches.remove(at) else { return true };
        let goes_on = self.goes_on(&stretch, &rows, &end);
        let pieces = if let State::Crowd { begin, slips, .. } = stretch.state {
            crowd_pieces(stretch.first, stretch.known, &begin, slips, rows, end)
        } else {
            self.guess(&stretch, &rows, &end, took);
            self.pieces(stretch, rows, end)
        };
        for piece in pieces.into_iter().rev() {
            self.stretches.insert(at, piece);
        }
        goes_on
    }

    /// Whether an answer may be followed by further ones.
    fn goes_on(&mut self, stretch: &Stretch, rows: &[TraceInfo], end: &End) -> bool {
        let known = stretch.known.len();
        if let State::Crowd { begin, slips, .. } = &stretch.state {
            if slipped(&stretch.known, begin, rows) {
                // Traces of one millisecond that are deleted one by one move it with each answer.
                return *slips < 4 * known + 200;
            }
            // Known rows are gone through again up to where new ones can be, however often windows beside bring new ones.
            if begin.offset().is_some_and(|offset| offset + rows.len() <= known) && rows.len() > 1 {
                return true;
            }
        }
        let is_new = |row: &TraceInfo| !stretch.known.contains(&row.trace_id);
        *end == End::Whole || self.progress.goes_on(rows.iter().any(is_new))
    }

    /// What an answered window turns into.
    fn pieces(&self, stretch: Stretch, mut rows: Vec<TraceInfo>, end: End) -> Vec<Stretch> {
        let Stretch { first, last, known, .. } = stretch;
        let End::More(token) = end else {
            rows.retain(|row| !known.contains(&row.trace_id));
            return vec![Stretch::read(first, last, rows)];
        };
        // Some servers give fewer than they could, even nothing, and a token.
        let Some(reached) = rows.last().map(|row| self.key(row)) else {
            return vec![Stretch { first, last, known, state: State::Open(Begin::Token(token)) }];
        };
        let there: HashSet<TraceId> =
            rows.iter().filter(|row| self.key(row) == reached).map(|row| row.trace_id.clone()).collect();
        rows.retain(|row| !known.contains(&row.trace_id));
        if there.len() < CROWD && reached > first {
            let rest = Stretch { first: reached, last, known: there, state: State::Open(Begin::Start) };
            return vec![Stretch::read(first, reached - 1, rows), rest];
        }
        rows.retain(|row| self.key(row) < reached);
        let known = if reached == first { known } else { HashSet::new() };
        let state = State::Crowd { begin: Begin::Start, asked: None, slips: 0 };
        let mut pieces = vec![Stretch { first: reached, last: reached, known, state }];
        if reached > first {
            pieces.insert(0, Stretch::read(first, reached - 1, rows));
        }
        if reached < last {
            pieces.push(Stretch::open(reached + 1, last));
        }
        pieces
    }

    /// Learns from an answer how wide the next windows should be.
    fn guess(&mut self, stretch: &Stretch, rows: &[TraceInfo], end: &End, took: Duration) {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            self.width = self.width.map(|width| width * STEP);
            return;
        };
        let crossed = match end {
            End::More(_) => span(self.key(first), self.key(last)),
            End::Whole if stretch.first > i64::MIN && stretch.last < i64::MAX => span(stretch.first, stretch.last),
            End::Whole => return,
        };
        let mut width = (crossed / rows.len() as f64 * FILL).max(1.0);
        if let Some(before) = self.width {
            width = width.clamp(before / STEP, before * STEP);
            if self.closed {
                width = width.min(before * (SEARCH_TIME / took.as_secs_f64().max(0.01)).clamp(1.0 / STEP, STEP));
            }
        }
        self.width = Some(width.max(1.0));
    }

    /// The next page in the order of the walk, if it was read; not empty.
    pub fn take(&mut self) -> Option<Vec<TraceInfo>> {
        while let Some(Stretch { state: State::Read(_), .. }) = self.stretches.front() {
            if let Some(Stretch { state: State::Read(rows), .. }) = self.stretches.pop_front()
                && !rows.is_empty()
            {
                return Some(rows);
            }
        }
        None
    }

    fn key(&self, info: &TraceInfo) -> i64 {
        key(self.direction, info.request_time_ms)
    }
}

impl Stretch {
    fn is_open(&self) -> bool {
        matches!(self.state, State::Open(_) | State::Crowd { asked: None, .. })
    }

    fn is_asked(&self) -> bool {
        matches!(self.state, State::Asked(_) | State::Crowd { asked: Some(_), .. })
    }

    fn open(first: i64, last: i64) -> Self {
        Self { first, last, known: HashSet::new(), state: State::Open(Begin::Start) }
    }

    fn read(first: i64, last: i64, rows: Vec<TraceInfo>) -> Self {
        Self { first, last, known: HashSet::new(), state: State::Read(rows) }
    }
}

/// Whether rows of a crowded millisecond moved: the first row of a page is not the last one of the page before.
fn slipped(known: &HashSet<TraceId>, begin: &Begin, rows: &[TraceInfo]) -> bool {
    matches!(begin, Begin::Offset(_)) && rows.first().is_none_or(|row| !known.contains(&row.trace_id))
}

/// What a page of a crowded millisecond turns into.
fn crowd_pieces(
    key: i64,
    mut known: HashSet<TraceId>,
    begin: &Begin,
    slips: usize,
    mut rows: Vec<TraceInfo>,
    end: End,
) -> Vec<Stretch> {
    let crowd = |known, begin, slips| {
        let state = State::Crowd { begin, asked: None, slips };
        Stretch { first: key, last: key, known, state }
    };
    if let (true, Begin::Offset(offset)) = (slipped(&known, begin, &rows), begin) {
        let back = offset.saturating_sub(CROWD);
        let begin = if back == 0 { Begin::Start } else { Begin::Offset(back) };
        return vec![crowd(known, begin, slips + 1)];
    }
    let read = rows.len();
    rows.retain(|row| known.insert(row.trace_id.clone()));
    let slips = if rows.is_empty() { slips } else { 0 };
    let mut pieces = vec![Stretch::read(key, key, rows)];
    if let End::More(token) = end {
        let before = begin.offset().unwrap_or_default();
        // The last row once more, as the proof that nothing moved.
        let begin = match (begin, offset_of(&token)) {
            (Begin::Start | Begin::Offset(_), Some(_)) if read > 1 => Begin::Offset(before + read - 1),
            _ => Begin::Token(token),
        };
        pieces.push(crowd(known, begin, slips));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::super::line::offset_token;
    use super::*;
    use proptest::prelude::*;

    /// A server of ids with start times, which gives pages of `page` rows.
    #[derive(Clone, Debug)]
    struct Server {
        traces: Vec<(i64, u32)>,
        page: usize,
    }

    impl Server {
        fn answer(&self, direction: Direction, ask: &Ask) -> (Vec<TraceInfo>, End) {
            let mut found: Vec<_> =
                self.traces.iter().filter(|(time, _)| ask.window.contains(*time)).copied().collect();
            found.sort_by_key(|(time, id)| (key(direction, *time), *id));
            let offset = match &ask.begin {
                Begin::Start => 0,
                Begin::Offset(offset) => *offset,
                Begin::Token(token) => usize::try_from(offset_of(token).unwrap()).unwrap(),
            };
            let rows: Vec<TraceInfo> =
                found.into_iter().skip(offset).take(self.page).map(|(time, id)| info(time, id)).collect();
            let end = if rows.len() == self.page { End::More(offset_token(offset + self.page)) } else { End::Whole };
            (rows, end)
        }

        fn extent(&self) -> Option<Extent> {
            let oldest_ms = self.traces.iter().map(|(time, _)| *time).min()?;
            let newest_ms = self.traces.iter().map(|(time, _)| *time).max();
            let window = TimeWindow { oldest_ms: Some(oldest_ms), newest_ms };
            Some(Extent { window, traces: Some(self.traces.len() as u64 * 1000) })
        }
    }

    fn info(time: i64, id: u32) -> TraceInfo {
        TraceInfo::new(TraceId::new(format!("tr-{id:06}")), time)
    }

    /// What someone does to the server before an answer.
    #[derive(Clone, Debug)]
    enum Change {
        Nothing,
        Add(i64),
        Remove(prop::sample::Index),
    }

    struct Walked {
        given: Vec<(i64, String)>,
        requests: usize,
    }

    /// Walks to the end; answers come in the order that `pick` says.
    fn walk(
        server: &mut Server,
        direction: Direction,
        closed: bool,
        at_once: usize,
        mut pick: impl FnMut(usize) -> usize,
        mut change: impl FnMut(&mut Server),
    ) -> Walked {
        let mut frontier = Frontier::new(direction, TimeWindow::default(), closed);
        let mut asked: Vec<Ask> = Vec::new();
        let mut walked = Walked { given: Vec::new(), requests: 0 };
        loop {
            while let Some(rows) = frontier.take() {
                walked.given.extend(rows.iter().map(|row| (row.request_time_ms, row.trace_id.to_string())));
            }
            if frontier.wants_extent(at_once) {
                frontier.learn(server.extent());
            }
            while let Some(ask) = frontier.ask(at_once) {
                asked.push(ask);
            }
            if asked.is_empty() {
                assert!(frontier.is_done(), "the walk stood still: {frontier:?}");
                return walked;
            }
            change(server);
            let ask = asked.swap_remove(pick(asked.len()));
            let (rows, end) = server.answer(direction, &ask);
            assert!(frontier.answer(ask.id, rows, end, Duration::from_millis(50)), "nothing new came");
            walked.requests += 1;
            assert!(walked.requests < 100_000, "there is no end");
        }
    }

    fn expected(server: &Server, direction: Direction) -> Vec<(i64, String)> {
        let mut traces = server.traces.clone();
        traces.sort_by_key(|(time, id)| (key(direction, *time), *id));
        traces.into_iter().map(|(time, id)| (time, info(time, id).trace_id.to_string())).collect()
    }

    fn times() -> impl Strategy<Value = Vec<i64>> {
        let spread = prop_oneof![Just(3_i64), Just(300), Just(100_000), Just(10_000_000_000)];
        (spread, 0..400_usize, any::<bool>()).prop_flat_map(|(spread, number, before_epoch)| {
            let from = if before_epoch { -spread / 2 } else { 1_700_000_000_000 };
            prop::collection::vec(from..=from + spread, number)
        })
    }

    fn server() -> impl Strategy<Value = Server> {
        (times(), 2..40_usize).prop_map(|(times, page)| {
            let traces = times.into_iter().zip(0_u32..).collect();
            Server { traces, page }
        })
    }

    fn direction() -> impl Strategy<Value = Direction> {
        prop_oneof![Just(Direction::Ascending), Just(Direction::Descending)]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn everything_comes_once_and_in_order_whatever_order_the_answers_come_in(
            mut server in server(),
            direction in direction(),
            closed: bool,
            at_once in 1..6_usize,
            picks in prop::collection::vec(any::<prop::sample::Index>(), 64),
        ) {
            let mut turn = 0;
            let pick = |number: usize| {
                turn += 1;
                picks[turn % picks.len()].index(number)
            };
            let walked = walk(&mut server, direction, closed, at_once, pick, |_| {});
            prop_assert_eq!(walked.given, expected(&server, direction));
        }

        #[test]
        fn what_was_there_all_the_time_is_never_lost_and_nothing_comes_twice(
            mut server in server(),
            direction in direction(),
            at_once in 1..6_usize,
            changes in prop::collection::vec(
                prop_oneof![
                    Just(Change::Nothing),
                    (1_699_999_999_000..1_700_000_100_000_i64).prop_map(Change::Add),
                    any::<prop::sample::Index>().prop_map(Change::Remove),
                ],
                1..200,
            ),
        ) {
            let before = expected(&server, direction);
            let mut removed = HashSet::new();
            let mut next_id = 500_000;
            let mut changes = changes.into_iter();
            let walked = walk(&mut server, direction, false, at_once, |_| 0, |server| {
                match changes.next().unwrap_or(Change::Nothing) {
                    Change::Nothing => {}
                    Change::Add(time) => {
                        server.traces.push((time, next_id));
                        next_id -= 1;
                    }
                    Change::Remove(index) if !server.traces.is_empty() => {
                        let (time, id) = server.traces.swap_remove(index.index(server.traces.len()));
                        removed.insert(info(time, id).trace_id.to_string());
                    }
                    Change::Remove(_) => {}
                }
            });
            let mut ids = HashSet::new();
            for (_, id) in &walked.given {
                prop_assert!(ids.insert(id.clone()), "{} came twice", id);
            }
            for (_, id) in before {
                prop_assert!(ids.contains(&id) || removed.contains(&id), "{} is lost", id);
            }
            prop_assert!(walked.given.is_sorted_by_key(|(time, _)| key(direction, *time)));
        }
    }

    fn evenly(number: u32, page: usize) -> Server {
        // A step that is no multiple of anything, so that windows hold a number that varies.
        Server { traces: (0..number).map(|n| (1_700_000_000_000 + i64::from(n) * 1_237, n)).collect(), page }
    }

    #[test]
    fn one_request_at_a_time_asks_for_no_more_than_needed() {
        let mut server = evenly(20_000, 500);
        let walked = walk(&mut server, Direction::Descending, false, 1, |_| 0, |_| {});
        assert_eq!(walked.given.len(), 20_000);
        // The last millisecond of each page is read again.
        assert_eq!(walked.requests, 20_000_usize.div_ceil(499));
    }

    #[test]
    fn guesses_fill_their_pages_well() {
        let mut server = evenly(20_000, 500);
        let walked = walk(&mut server, Direction::Descending, false, 4, |_| 0, |_| {});
        assert!(walked.requests <= 20_000 / 400, "{} requests", walked.requests);
    }

    #[test]
    fn gaps_are_crossed_in_few_steps() {
        let mut server = evenly(2_000, 500);
        server.traces.extend((0..2_000_u32).map(|n| (1_600_000_000_000 + i64::from(n) * 900, 10_000 + n)));
        let walked = walk(&mut server, Direction::Descending, false, 4, |_| 0, |_| {});
        assert_eq!(walked.given.len(), 4_000);
        assert!(walked.requests < 40, "{} requests", walked.requests);
    }

    #[test]
    fn thousands_with_one_start_are_read_by_offset() {
        let mut server = Server { traces: (0..5_000).map(|n| (1_700_000_000_000, n)).collect(), page: 500 };
        let walked = walk(&mut server, Direction::Descending, false, 3, |_| 0, |_| {});
        assert_eq!(walked.given.len(), 5_000);
        assert!(walked.requests < 14, "{} requests", walked.requests);
    }

    #[test]
    fn rows_that_were_deleted_from_a_crowd_hide_no_others() {
        let mut server = Server { traces: (0..3_000).map(|n| (1_700_000_000_000, n)).collect(), page: 500 };
        let mut turn = 0;
        let walked = walk(
            &mut server,
            Direction::Descending,
            false,
            1,
            |_| 0,
            |server| {
                turn += 1;
                if turn == 4 {
                    server.traces.retain(|(_, id)| *id >= 300);
                }
            },
        );
        assert_eq!(walked.given.len(), 3_000);
    }

    #[test]
    fn where_there_is_nothing_the_walk_ends() {
        for closed in [false, true] {
            let mut server = Server { traces: Vec::new(), page: 500 };
            assert!(walk(&mut server, Direction::Descending, closed, 4, |_| 0, |_| {}).given.is_empty());
        }
    }
}
