//! Who holds a lock, and whether that process is still there.
//!
//! A process id says nothing beyond its own machine, boot and process namespace: two containers may have one host name and
//! share a folder. Only where all of these are the same is a process known to be at work or gone; of every other one only
//! the renewals of its lock tell.

use std::fs;

use serde::{Deserialize, Serialize};

/// Who holds a lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Process id.
    pub pid: u32,
    /// When the process began, as the kernel counts, where it tells: a pid is used again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process_started: Option<u64>,
    /// Name of the machine.
    pub host: String,
    /// What the kernel calls this run of itself, where it tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot: Option<String>,
    /// The namespace in which the process id means something, where the kernel tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pid_namespace: Option<String>,
    /// Since when, in epoch milliseconds.
    pub since_ms: i64,
    /// The command, without its arguments.
    pub command: String,
    /// Distinguishes two locks of one process.
    pub token: String,
    /// How often the lock is renewed, in milliseconds. Older versions do not renew theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewed_every_ms: Option<u64>,
}

/// What is known about a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// It is there.
    AtWork,
    /// It no longer exists.
    Gone,
    /// It is out of sight from here.
    Unknown,
}

impl Holder {
    /// This process, for a command, since a time in epoch milliseconds.
    #[must_use]
    pub fn this_process(command: &str, since_ms: i64) -> Self {
        let pid = std::process::id();
        let started = match process(pid) {
            Process::There(started) => started,
            Process::Gone | Process::Unknown => None,
        };
        Self {
            pid,
            process_started: started,
            host: whoami::hostname().unwrap_or_else(|_| "localhost".into()),
            boot: boot(),
            pid_namespace: pid_namespace(),
            since_ms,
            command: command.to_owned(),
            token: format!("{:016x}", fastrand::u64(..)),
            renewed_every_ms: None,
        }
    }

    /// What is known about it where another process, `here`, runs.
    #[must_use]
    pub fn life(&self, here: &Self) -> Life {
        let is_same = |this: &Option<String>, other: &Option<String>| this.is_some() && this == other;
        let in_sight = self.host == here.host
            && is_same(&self.boot, &here.boot)
            && is_same(&self.pid_namespace, &here.pid_namespace);
        if !in_sight {
            return Life::Unknown;
        }
        match (process(self.pid), self.process_started) {
            (Process::Gone, _) => Life::Gone,
            (Process::There(Some(now)), Some(then)) if now == then => Life::AtWork,
            (Process::There(Some(_)), Some(_)) => Life::Gone,
            _ => Life::Unknown,
        }
    }
}

#[cfg_attr(not(target_os = "linux"), allow(dead_code))] // Elsewhere nothing is known.
enum Process {
    /// With when it began, in ticks since the machine did.
    There(Option<u64>),
    Gone,
    Unknown,
}

/// What the kernel says about a process. The second word of its `stat`, the name, is in parentheses and may hold anything;
/// the first one after it is its state, the 20th when it began. One that has ended and that nobody waited for is gone.
#[cfg(target_os = "linux")]
fn process(pid: u32) -> Process {
    let stat = match fs::read_to_string(format!("/proc/{pid}/stat")) {
        Ok(stat) => stat,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Process::Gone,
        Err(_) => return Process::Unknown,
    };
    let Some((_, rest)) = stat.rsplit_once(')') else { return Process::Unknown };
    let words: Vec<&str> = rest.split_whitespace().collect();
    match words.first() {
        Some(&("Z" | "X" | "x")) => Process::Gone,
        _ => Process::There(words.get(19).and_then(|started| started.parse().ok())),
    }
}

#[cfg(not(target_os = "linux"))]
fn process(_pid: u32) -> Process {
    Process::Unknown
}

fn boot() -> Option<String> {
    Some(fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?.trim().to_owned())
}

fn pid_namespace() -> Option<String> {
    Some(fs::read_link("/proc/self/ns/pid").ok()?.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn this() -> Holder {
        Holder::this_process("retention run", 1_795_357_800_000)
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_is_known_where_its_id_means_something() {
        assert_eq!(this().life(&this()), Life::AtWork);
        assert_eq!(Holder { pid: u32::MAX, ..this() }.life(&this()), Life::Gone);
        assert_eq!(Holder { process_started: Some(1), ..this() }.life(&this()), Life::Gone, "another one has its id");
        assert_eq!(Holder { process_started: None, ..this() }.life(&this()), Life::Unknown);
    }

    #[test]
    fn nothing_is_known_of_a_process_beyond_its_machine_boot_and_namespace() {
        let other = || Some("other".to_owned());
        for holder in [
            Holder { host: "elsewhere.example".into(), ..this() },
            Holder { boot: other(), ..this() },
            Holder { pid_namespace: other(), ..this() },
            Holder { boot: None, pid_namespace: None, ..this() },
        ] {
            assert_eq!(Holder { pid: u32::MAX, ..holder.clone() }.life(&this()), Life::Unknown);
            assert_eq!(this().life(&holder), Life::Unknown);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_that_ended_and_that_nobody_waited_for_is_gone() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let began = std::time::Instant::now();
        while !matches!(process(child.id()), Process::Gone) {
            assert!(began.elapsed().as_secs() < 20, "it does not end");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        child.wait().unwrap();
    }

    #[test]
    fn what_an_older_version_wrote_can_be_read() {
        let text = r#"{"pid":7,"host":"h","since_ms":5,"command":"apply","token":"ab"}"#;
        let holder: Holder = serde_json::from_str(text).unwrap();
        assert_eq!((holder.renewed_every_ms, holder.life(&this())), (None, Life::Unknown));
        assert_eq!(serde_json::to_string(&holder).unwrap(), text);
    }
}
