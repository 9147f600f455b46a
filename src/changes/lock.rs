//! The lock: a file that says who holds it, so that two runs do not do the same at once.
//!
//! It is a lease. Whoever holds it renews it every few seconds for as long as it works, and releases it at its end. A lock
//! that was left behind by a killed run is taken over: at once where its process is known to be gone ([`Holder::life`]),
//! else after whoever wants it has watched it for a while and has not seen it renewed. Clocks of other machines are not
//! trusted: what is watched is whether the file changes, for as long as this machine counts. A lock that is renewed is
//! never taken over. Whoever finds that its lock is not its own any more is told, and must stop.
//!
//! Of several runs that find a file left behind, one takes over: the one that creates the marker named after it.

mod file;
mod holder;
mod lease;

use std::collections::{HashSet, VecDeque};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use thiserror::Error;

pub use self::file::{SeenLock, remove};
use self::file::{clear_away, write_new};
pub use self::holder::{Holder, Life};
use self::lease::Renewals;
use super::journal::create_owner_folder;
use crate::model::rfc3339_utc;

/// How often it is looked at while others take it over from a dead process, and the pause in between.
const TRIES: u32 = 10;
const MOMENT: Duration = Duration::from_millis(10);

/// How locks are renewed and watched.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// How often a lock that is held is renewed.
    pub renewal: Duration,
    /// How long a lock is watched before it is taken over. Many renewals are missed by then.
    pub watch: Duration,
    /// A lock that was renewed so recently by this machine's clock is held as far as anybody can tell: whoever has no
    /// patience leaves at once.
    pub fresh: Duration,
    /// How often it is looked at meanwhile.
    pub poll: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            renewal: Duration::from_secs(5),
            watch: Duration::from_secs(30),
            fresh: Duration::from_secs(90),
            poll: Duration::from_millis(500),
        }
    }
}

/// A lock that could not be taken.
#[derive(Debug, Error)]
pub enum LockError {
    /// Somebody has it.
    #[error(
        "{} holds the lock {}: process {} on {}, since {} ({} s)",
        .holder.command, .path.display(), .holder.pid, .holder.host, rfc3339_utc(.holder.since_ms), .age.as_secs()
    )]
    Held {
        /// Holder of the lock.
        holder: Box<Holder>,
        /// For how long.
        age: Duration,
        /// Path of the file.
        path: PathBuf,
    },
    /// The file cannot be read or written.
    #[error("cannot take the lock {}: {error}", .path.display())]
    Io {
        /// Path of the file.
        path: PathBuf,
        /// The underlying error.
        error: io::Error,
    },
}

/// Something that happens while a lock is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// It looks as if it was left behind, which takes time to be sure of.
    Watching {
        /// Holder of the lock.
        holder: Holder,
        /// How long that takes.
        watch: Duration,
    },
    /// It was left behind, and is this run's now.
    TakenOver {
        /// Holder of the lock.
        holder: Holder,
        /// How that is known.
        why: LeftBehind,
    },
}

impl Notice {
    /// What tells it from others; a lock may have several files.
    fn key(&self) -> (bool, String) {
        match self {
            Self::Watching { holder, .. } => (false, holder.token.clone()),
            Self::TakenOver { holder, .. } => (true, holder.token.clone()),
        }
    }
}

/// How it is known that nobody holds a lock any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftBehind {
    /// Its process is gone.
    ProcessGone,
    /// It was watched for this long and not renewed.
    NotRenewed(Duration),
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// The command, without its arguments.
    pub command: &'a str,
    /// The present, in epoch milliseconds.
    pub now_ms: i64,
    /// How long whoever has it is waited for.
    pub patience: Duration,
    /// How it is renewed and watched.
    pub times: Times,
}

/// A lock that is held as long as this lives. It may have several files: a run that has one of them in common with another one
/// cannot have the lock at the same time.
#[derive(Debug)]
pub struct Lock {
    files: Files,
    holder: Holder,
    /// Ends the renewals when it is dropped.
    stop: Option<mpsc::Sender<()>>,
    renewals: Option<JoinHandle<()>>,
}

type Files = Arc<Mutex<Vec<PathBuf>>>;

impl Lock {
    /// Takes the lock of these files. Their folder is created if it is not there. `tell` hears of what takes time; `lost` is
    /// called with the reason, from another thread, if the lock is found to be somebody else's while it is held.
    pub async fn acquire(
        paths: &[PathBuf],
        wish: Wish<'_>,
        mut tell: impl FnMut(Notice),
        lost: impl FnOnce(String) + Send + 'static,
    ) -> Result<Self, LockError> {
        let mut paths = paths.to_vec();
        // In one order everywhere, so that no two runs wait for each other.
        paths.sort();
        if let Some((path, folder)) = paths.first().and_then(|path| Some((path, path.parent()?))) {
            create_owner_folder(folder).map_err(|error| LockError::Io { path: path.clone(), error })?;
        }
        let lock = Self::begin(wish, lost).map_err(|error| LockError::Io { path: PathBuf::new(), error })?;
        let mut waiting: VecDeque<Attempt> = paths.into_iter().map(|path| Attempt::new(path, wish)).collect();
        let mut told = HashSet::new();
        while let Some(first) = waiting.pop_front() {
            if first.take(&lock.holder)? {
                lock.files.lock().unwrap_or_else(PoisonError::into_inner).push(first.path);
                continue;
            }
            waiting.push_front(first);
            let mut pause = wish.times.poll;
            // All of them at once, as each takes its time.
            for (place, attempt) in waiting.iter_mut().enumerate() {
                let seen = attempt.look(&lock.holder, place == 0)?;
                pause = pause.min(seen.pause);
                seen.notice.into_iter().filter(|notice| told.insert(notice.key())).for_each(&mut tell);
            }
            tokio::time::sleep(pause).await;
        }
        Ok(lock)
    }

    /// Who holds it: this process.
    #[must_use]
    pub fn holder(&self) -> &Holder {
        &self.holder
    }

    /// A lock without files, and the thread that renews them: nothing that the run waits for keeps them from being renewed.
    fn begin(wish: Wish<'_>, lost: impl FnOnce(String) + Send + 'static) -> io::Result<Self> {
        let renewed_every_ms = u64::try_from(wish.times.renewal.as_millis()).ok();
        let holder = Holder { renewed_every_ms, ..Holder::this_process(wish.command, wish.now_ms) };
        let (stop, stopped) = mpsc::channel::<()>();
        let files = Files::default();
        let renewals = Renewals { files: Arc::clone(&files), holder: holder.clone(), times: wish.times };
        let renew = move || {
            if let Some(why) = renewals.run(&stopped) {
                lost(why);
            }
        };
        let renewals = Some(std::thread::Builder::new().name("lock".into()).spawn(renew)?);
        Ok(Self { files, holder, stop: Some(stop), renewals })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(renewals) = self.renewals.take() {
            let _ = renewals.join();
        }
        for path in self.files.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            // A file that is somebody else's by now, because ours was removed, stays.
            if matches!(SeenLock::read(&path), Ok(Some(seen)) if seen.holder.token == self.holder.token) {
                let _ = fs::remove_file(&path);
            }
        }
    }
}

/// A file that somebody has, and whoever wants it.
struct Attempt<'a> {
    path: PathBuf,
    wish: Wish<'a>,
    began: Instant,
    watch: Option<Watch>,
    collisions: u32,
}

/// What a look at a file tells: after what pause to try again, and what is to be said.
struct Look {
    pause: Duration,
    notice: Option<Notice>,
}

impl<'a> Attempt<'a> {
    fn new(path: PathBuf, wish: Wish<'a>) -> Self {
        Self { path, wish, began: Instant::now(), watch: None, collisions: 0 }
    }

    fn failed(&self, error: io::Error) -> LockError {
        LockError::Io { path: self.path.clone(), error }
    }

    /// Takes the file, if nobody has it.
    fn take(&self, me: &Holder) -> Result<bool, LockError> {
        write_new(&self.path, me).map_err(|error| self.failed(error))
    }

    /// Looks at the file, and clears it away if it was left behind; fails if there is no point in waiting. `was_there` a moment
    /// ago.
    fn look(&mut self, me: &Holder, was_there: bool) -> Result<Look, LockError> {
        let (times, mut look) = (self.wish.times, Look { pause: self.wish.times.poll, notice: None });
        let Some(seen) = SeenLock::read(&self.path).map_err(|error| self.failed(error))? else {
            // Released in this very moment: the next try gets it.
            return if was_there { self.collided() } else { Ok(look) };
        };
        let watch = match self.watch.take() {
            Some(watch) => watch.look(seen),
            None => Watch::new(seen),
        };
        let (verdict, seen) = (watch.verdict(me, times), watch.seen.clone());
        self.watch = Some(watch);
        match verdict {
            Verdict::LeftBehind(why) => {
                if !clear_away(&self.path, &seen, me).map_err(|error| self.failed(error))? {
                    return self.collided();
                }
                look = Look { pause: Duration::ZERO, notice: Some(Notice::TakenOver { holder: seen.holder, why }) };
            }
            Verdict::Held if self.began.elapsed() >= self.wish.patience => return Err(self.held(seen.holder)),
            Verdict::Held => {}
            Verdict::Doubtful => look.notice = Some(Notice::Watching { holder: seen.holder, watch: times.watch }),
        }
        Ok(look)
    }

    fn held(&self, holder: Holder) -> LockError {
        let now_ms = self.wish.now_ms.saturating_add(i64::try_from(self.began.elapsed().as_millis()).unwrap_or(0));
        let age = Duration::from_millis(u64::try_from(now_ms.saturating_sub(holder.since_ms)).unwrap_or(0));
        LockError::Held { holder: Box::new(holder), age, path: self.path.clone() }
    }

    /// Others are at the same in this moment.
    fn collided(&mut self) -> Result<Look, LockError> {
        self.collisions += 1;
        if self.collisions < TRIES {
            return Ok(Look { pause: MOMENT, notice: None });
        }
        let why = "it is stale, and another run is taking it over";
        Err(self.failed(io::Error::new(io::ErrorKind::WouldBlock, why)))
    }
}

/// A lock that is looked at again and again.
struct Watch {
    seen: SeenLock,
    /// Since when it looks like this.
    since: Instant,
    /// Whether it was seen to be renewed.
    is_renewed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Held,
    Doubtful,
    LeftBehind(LeftBehind),
}

impl Watch {
    fn new(seen: SeenLock) -> Self {
        Self { seen, since: Instant::now(), is_renewed: false }
    }

    fn look(self, seen: SeenLock) -> Self {
        match () {
            () if self.seen == seen => self,
            () if self.seen.holder.token == seen.holder.token => Self { is_renewed: true, ..Self::new(seen) },
            () => Self::new(seen),
        }
    }

    fn verdict(&self, me: &Holder, times: Times) -> Verdict {
        let holder = &self.seen.holder;
        match holder.life(me) {
            Life::Gone => Verdict::LeftBehind(LeftBehind::ProcessGone),
            Life::AtWork => Verdict::Held,
            // An older version renews nothing, so that there is nothing to be seen.
            Life::Unknown if holder.renewed_every_ms.is_none() => Verdict::Held,
            Life::Unknown if self.since.elapsed() >= times.watch => {
                Verdict::LeftBehind(LeftBehind::NotRenewed(times.watch))
            }
            Life::Unknown if self.is_renewed || self.seen.distance() <= times.fresh => Verdict::Held,
            Life::Unknown => Verdict::Doubtful,
        }
    }
}

/// Watches a lock until it is clear whether somebody holds it: nothing if nobody has it, or not any more; else how it looked
/// at last, and how it is known to be left behind, if it is. A lock that is not renewed by its version is not known to be.
pub async fn observe(path: &Path, times: Times) -> io::Result<Option<(SeenLock, Option<LeftBehind>)>> {
    let me = Holder::this_process("", 0);
    let Some(seen) = SeenLock::read(path)? else { return Ok(None) };
    let mut watch = Watch::new(seen);
    loop {
        let is_out_of_sight =
            watch.seen.holder.life(&me) == Life::Unknown && watch.seen.holder.renewed_every_ms.is_some();
        match watch.verdict(&me, times) {
            Verdict::LeftBehind(why) => return Ok(Some((watch.seen, Some(why)))),
            Verdict::Held if watch.is_renewed || !is_out_of_sight => return Ok(Some((watch.seen, None))),
            Verdict::Held | Verdict::Doubtful => tokio::time::sleep(times.poll).await,
        }
        let Some(seen) = SeenLock::read(path)? else { return Ok(None) };
        watch = watch.look(seen);
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::SystemTime;

    use tempfile::{TempDir, tempdir};

    use super::file::{marker, with_ending};
    use super::*;

    const NOW_MS: i64 = 1_795_357_800_000;
    /// As [`Times::default`], many times as fast.
    const TIMES: Times = Times {
        renewal: Duration::from_millis(25),
        watch: Duration::from_millis(800),
        fresh: Duration::from_secs(90),
        poll: Duration::from_millis(5),
    };
    const HOUR: Duration = Duration::from_secs(3600);

    fn place() -> (TempDir, PathBuf) {
        let folder = tempdir().unwrap();
        let path = folder.path().join("state").join("retention.lock");
        (folder, path)
    }

    fn files(path: &Path) -> usize {
        fs::read_dir(path.parent().unwrap()).unwrap().count()
    }

    fn wish(command: &str) -> Wish<'_> {
        Wish { command, now_ms: NOW_MS, patience: Duration::ZERO, times: TIMES }
    }

    async fn acquire(path: &Path, wish: Wish<'_>) -> Result<(Lock, Vec<Notice>), LockError> {
        let mut notices = Vec::new();
        let paths = [path.to_owned()];
        let lock = Lock::acquire(&paths, wish, |notice| notices.push(notice), |why| panic!("lost: {why}")).await?;
        Ok((lock, notices))
    }

    fn this_process() -> Holder {
        Holder { renewed_every_ms: Some(25), ..Holder::this_process("retention run", NOW_MS) }
    }

    /// A holder out of sight: in another container, whose machine may have the same name.
    fn out_of_sight() -> Holder {
        Holder { pid_namespace: Some("pid:[1]".into()), ..this_process() }
    }

    /// A lock that a killed run has left behind, last renewed this long ago by the clock of whoever asks.
    fn left_behind(path: &Path, holder: &Holder, ago: Duration) {
        create_owner_folder(path.parent().unwrap()).unwrap();
        assert!(write_new(path, holder).unwrap());
        File::options().append(true).open(path).unwrap().set_modified(SystemTime::now() - ago).unwrap();
    }

    #[tokio::test]
    async fn it_is_released_when_it_is_dropped() {
        let (_folder, path) = place();
        let (lock, _) = acquire(&path, wish("retention run")).await.unwrap();
        assert_eq!(&SeenLock::read(&path).unwrap().unwrap().holder, lock.holder());
        drop(lock);
        assert_eq!(files(&path), 0);
        acquire(&path, wish("retention run")).await.unwrap();
    }

    #[tokio::test]
    async fn a_held_one_is_refused_with_holder_and_age() {
        let (_folder, path) = place();
        let _lock = acquire(&path, wish("retention run")).await.unwrap();
        let error = acquire(&path, Wish { now_ms: NOW_MS + 90_000, ..wish("apply") }).await.unwrap_err();
        let told = error.to_string();
        assert!(told.starts_with("retention run holds the lock "), "{told}");
        assert!(told.contains(&format!("process {} on ", std::process::id())), "{told}");
        assert!(told.ends_with("since 2026-11-22T14:30:00Z (90 s)"), "{told}");
        assert_eq!(files(&path), 1, "nothing else is left behind");
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn one_of_a_process_that_is_gone_is_taken_over_at_once() {
        let (_folder, path) = place();
        for holder in [
            Holder { pid: u32::MAX, ..this_process() },
            Holder { process_started: Some(1), ..this_process() },
            // An older version renewed nothing, but its process is known to be gone nevertheless.
            Holder { pid: u32::MAX, renewed_every_ms: None, ..this_process() },
        ] {
            left_behind(&path, &holder, Duration::ZERO);
            let (lock, notices) = acquire(&path, wish("apply")).await.unwrap();
            assert_eq!(notices, [Notice::TakenOver { holder, why: LeftBehind::ProcessGone }]);
            assert_eq!(&SeenLock::read(&path).unwrap().unwrap().holder, lock.holder());
            assert_eq!(files(&path), 1);
        }
    }

    #[tokio::test]
    async fn one_out_of_sight_is_taken_over_when_it_is_not_renewed_whatever_its_clock_says() {
        for ago in [HOUR, Duration::from_secs(91)] {
            let (_folder, path) = place();
            left_behind(&path, &out_of_sight(), ago);
            let began = Instant::now();
            let (_lock, notices) = acquire(&path, wish("apply")).await.unwrap();
            assert!(began.elapsed() >= TIMES.watch, "it was watched first");
            let holder = SeenLock::read(&path).unwrap().unwrap().holder;
            assert_eq!(holder.command, "apply");
            assert!(
                matches!(
                    &notices[..],
                    [Notice::Watching { .. }, Notice::TakenOver { why: LeftBehind::NotRenewed(_), .. }]
                ),
                "{notices:?}"
            );
        }
        let (_folder, path) = place();
        left_behind(&path, &out_of_sight(), Duration::ZERO);
        let told = acquire(&path, wish("apply")).await.unwrap_err();
        assert!(matches!(told, LockError::Held { .. }), "renewed a moment ago: nobody can tell yet");
        let patient = Wish { patience: HOUR, ..wish("apply") };
        acquire(&path, patient).await.unwrap();
    }

    #[tokio::test]
    async fn one_that_is_renewed_is_never_taken_over_whatever_its_process_id_and_its_clock_mean_here() {
        for (ago, patience) in [(HOUR, Duration::ZERO), (HOUR, TIMES.watch * 3), (Duration::ZERO, TIMES.watch * 3)] {
            let (_folder, path) = place();
            left_behind(&path, &Holder { pid: u32::MAX, ..out_of_sight() }, ago);
            let (ends, file) = (Arc::new(AtomicBool::new(false)), path.clone());
            let ended = Arc::clone(&ends);
            // It renews by a clock that is an hour behind.
            let renewals = std::thread::spawn(move || {
                while !ended.load(Ordering::SeqCst) {
                    let file = File::options().append(true).open(&file).unwrap();
                    file.set_modified(SystemTime::now() - ago).unwrap();
                    std::thread::sleep(TIMES.renewal);
                }
            });
            let taken = acquire(&path, Wish { patience, ..wish("apply") }).await;
            ends.store(true, Ordering::SeqCst);
            renewals.join().unwrap();
            assert!(matches!(taken, Err(LockError::Held { .. })), "{ago:?}, {patience:?}");
            assert_eq!(SeenLock::read(&path).unwrap().unwrap().holder.pid, u32::MAX);
        }
    }

    #[tokio::test]
    async fn runs_that_have_a_file_in_common_do_not_have_the_lock_at_once() {
        let (_folder, path) = place();
        let [a, b, c] = ["a", "b", "c"].map(|name| with_ending(&path, name));
        let take = async |paths: &[&PathBuf], wish: Wish<'static>| {
            let paths: Vec<PathBuf> = paths.iter().map(|path| (*path).clone()).collect();
            let mut notices = Vec::new();
            Lock::acquire(&paths, wish, |notice| notices.push(notice), |_| {}).await.map(|lock| (lock, notices))
        };
        let first = take(&[&b, &a], wish("one")).await.unwrap();
        assert!(matches!(take(&[&c, &b], wish("two")).await, Err(LockError::Held { path, .. }) if path == b));
        assert_eq!(files(&path), 2, "what was not had whole is released");
        let _other = take(&[&c], wish("three")).await.unwrap();
        drop(first);
        assert_eq!(files(&path), 1);
        let holder = out_of_sight();
        for file in [&a, &b] {
            left_behind(file, &holder, HOUR);
        }
        let began = Instant::now();
        let (_lock, notices) = take(&[&a, &b], wish("four")).await.unwrap();
        assert!(began.elapsed() < TIMES.watch * 2, "they are watched together");
        assert_eq!(notices.len(), 2, "what holds for both is told once: {notices:?}");
    }

    #[tokio::test]
    async fn one_that_is_held_is_renewed() {
        let (_folder, path) = place();
        let (_lock, _) = acquire(&path, wish("retention run")).await.unwrap();
        let first = SeenLock::read(&path).unwrap().unwrap();
        tokio::time::sleep(TIMES.renewal * 8).await;
        let then = SeenLock::read(&path).unwrap().unwrap();
        assert!(then.renewed > first.renewed);
        assert_eq!(then.holder, first.holder);
    }

    #[tokio::test]
    async fn one_of_an_older_version_is_left_alone_where_its_process_is_out_of_sight() {
        let (_folder, path) = place();
        left_behind(&path, &Holder { renewed_every_ms: None, boot: None, pid: u32::MAX, ..this_process() }, HOUR);
        let patient = Wish { patience: TIMES.watch * 2, ..wish("apply") };
        assert!(matches!(acquire(&path, patient).await, Err(LockError::Held { .. })));
    }

    #[tokio::test]
    async fn whoever_loses_it_is_told_and_leaves_the_other_ones_alone() {
        let (_folder, path) = place();
        for other in [Some(out_of_sight()), None] {
            let told = Arc::new(Mutex::new(None));
            let hears = Arc::clone(&told);
            let lost = move |why| *hears.lock().unwrap() = Some(why);
            let lock = Lock::acquire(std::slice::from_ref(&path), wish("retention run"), drop, lost).await.unwrap();
            fs::remove_file(&path).unwrap();
            if let Some(other) = &other {
                assert!(write_new(&path, other).unwrap());
            }
            let began = Instant::now();
            while told.lock().unwrap().is_none() && began.elapsed() < Duration::from_secs(20) {
                tokio::time::sleep(TIMES.poll).await;
            }
            let why = told.lock().unwrap().clone().unwrap();
            assert!(
                why.contains(if other.is_some() { "was taken over by retention run" } else { "was removed" }),
                "{why}"
            );
            drop(lock);
            assert_eq!(path.exists(), other.is_some());
            let _ = fs::remove_file(&path);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn of_many_that_find_one_left_behind_one_gets_it() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        for _ in 0..20 {
            let (_folder, path) = place();
            left_behind(&path, &Holder { pid: u32::MAX, ..this_process() }, Duration::ZERO);
            let take = || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
                runtime.block_on(acquire(&path, wish("apply"))).ok()
            };
            let taken: Vec<Option<(Lock, Vec<Notice>)>> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..8).map(|_| scope.spawn(take)).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            assert!(taken.iter().flatten().count() <= 1);
            drop(taken);
            runtime.block_on(acquire(&path, wish("apply"))).unwrap();
        }
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn what_was_killed_while_it_took_over_does_not_block_the_next_one() {
        let (_folder, path) = place();
        let dead = Holder { pid: u32::MAX, ..this_process() };
        left_behind(&path, &dead, Duration::ZERO);
        assert!(write_new(&marker(&path, &dead), &Holder { token: "b".into(), ..dead.clone() }).unwrap());
        acquire(&path, wish("apply")).await.unwrap();
        left_behind(&path, &out_of_sight(), Duration::ZERO);
        let seen = SeenLock::read(&path).unwrap().unwrap();
        assert!(write_new(&marker(&path, &seen.holder), &out_of_sight()).unwrap());
        assert!(remove(&path, &seen).unwrap());
        assert_eq!(files(&path), 0);
    }

    #[tokio::test]
    async fn whoever_waits_gets_it_when_it_is_released() {
        let (_folder, path) = place();
        let (lock, _) = acquire(&path, wish("one")).await.unwrap();
        let soon = acquire(&path, Wish { patience: Duration::from_millis(20), ..wish("two") }).await;
        assert!(matches!(soon, Err(LockError::Held { age, .. }) if age >= Duration::from_millis(20)));
        let patient = Wish { patience: Duration::from_secs(60), ..wish("two") };
        let (other, ()) = tokio::join!(acquire(&path, patient), async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            drop(lock);
        });
        assert_eq!(other.unwrap().0.holder().command, "two");
    }

    #[tokio::test]
    async fn a_look_tells_whether_somebody_holds_it() {
        let (_folder, path) = place();
        assert!(observe(&path, TIMES).await.unwrap().is_none());
        let (lock, _) = acquire(&path, wish("one")).await.unwrap();
        assert!(matches!(observe(&path, TIMES).await.unwrap(), Some((_, None))));
        drop(lock);
        left_behind(&path, &out_of_sight(), Duration::ZERO);
        let (seen, left_behind) = observe(&path, TIMES).await.unwrap().unwrap();
        assert_eq!(left_behind, Some(LeftBehind::NotRenewed(TIMES.watch)));
        assert!(remove(&path, &seen).unwrap() && !remove(&path, &seen).unwrap());
    }
}
