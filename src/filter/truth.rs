//! Yes, no and don't know (Kleene's logic): what is missing makes a comparison unknown, and the negation of unknown is
//! unknown.

use std::ops::Not;

/// Whether a trace matches. Only [`Truth::True`] is a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It matches.
    True,
    /// It does not.
    False,
    /// What was asked is missing.
    Unknown,
}

impl Truth {
    /// Whether it is a match.
    #[must_use]
    pub fn is_true(self) -> bool {
        self == Self::True
    }

    /// All of some parts; true if there are none.
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut whole = Self::True;
        for part in parts {
            match part {
                Self::False => return Self::False,
                Self::Unknown => whole = Self::Unknown,
                Self::True => {}
            }
        }
        whole
    }

    /// At least one of some parts; false if there are none.
    pub fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        !Self::all(parts.into_iter().map(Not::not))
    }
}

impl From<bool> for Truth {
    fn from(known: bool) -> Self {
        if known { Self::True } else { Self::False }
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{False, True, Unknown};
    use super::*;

    #[test]
    fn unknown_decides_only_what_nothing_else_does() {
        assert_eq!([Truth::all([True, Unknown]), Truth::all([Unknown, False]), Truth::all([])], [Unknown, False, True]);
        assert_eq!([Truth::any([False, Unknown]), Truth::any([Unknown, True]), Truth::any([])], [Unknown, True, False]);
        assert_eq!([!True, !False, !Unknown], [False, True, Unknown]);
    }
}
