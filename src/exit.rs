//! Exit codes: what a script or scheduler may rely on.

use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: done, including "nothing matched" and "nothing to delete".
    Done,
    /// 1: unexpected failure.
    Unexpected,
    /// 2: bad flag, filter or policy; nothing was sent.
    Usage,
    /// 3: some items failed or were not attempted.
    Partial,
    /// 4: authentication or permission.
    Denied,
    /// 5: the server could not be reached in time.
    Unreachable,
    /// 6: the server refused or failed.
    Refused,
    /// 7: a cap, a refusal, a lock held, a plan that no longer fits.
    SafetyStop,
    /// 8: a check the user asked for did not hold.
    CheckFailed,
    /// 9: a trace, an experiment, a run or an assessment that was named does not exist.
    NotFound,
    /// 130: interrupted with Ctrl-C.
    Interrupted,
}

impl Exit {
    /// The number that the process returns.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Unexpected => 1,
            Self::Usage => 2,
            Self::Partial => 3,
            Self::Denied => 4,
            Self::Unreachable => 5,
            Self::Refused => 6,
            Self::SafetyStop => 7,
            Self::CheckFailed => 8,
            Self::NotFound => 9,
            Self::Interrupted => 130,
        }
    }

    /// The word that JSON errors use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Unexpected => "unexpected",
            Self::Usage => "usage",
            Self::Partial => "partial",
            Self::Denied => "denied",
            Self::Unreachable => "unreachable",
            Self::Refused => "refused",
            Self::SafetyStop => "safety_stop",
            Self::CheckFailed => "check_failed",
            Self::NotFound => "not_found",
            Self::Interrupted => "interrupted",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
