//! Yes, no, missing, and what of these cannot be told apart.
//!
//! An answer is known (Kleene's logic: what is missing makes a comparison neither true nor false, and so is its negation), or
//! it is a set of answers of which one is right: a text was cut, spans could not be read. Only what is surely true is a match;
//! what may be true keeps.

use std::ops::Not;

/// Whether a trace matches, as the set of the answers that are possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Truth(u8);

impl Truth {
    /// It matches.
    pub const TRUE: Self = Self(1);
    /// It does not.
    pub const FALSE: Self = Self(2);
    /// What was asked is missing.
    pub const MISSING: Self = Self(4);
    /// What was asked is there, and it cannot be known here whether it matches.
    pub const OPEN: Self = Self(1 | 2);
    /// Nothing is known, not even whether there is anything.
    pub const ANYTHING: Self = Self(1 | 2 | 4);

    /// Whether it is a match.
    #[must_use]
    pub fn is_true(self) -> bool {
        self == Self::TRUE
    }

    /// Whether it is a match, or may be one.
    #[must_use]
    pub fn may_be_true(self) -> bool {
        self.holds(Self::TRUE)
    }

    /// Whether it cannot be known here whether it is a match.
    #[must_use]
    pub fn is_open(self) -> bool {
        self.may_be_true() && !self.is_true()
    }

    /// What is missing counts as not true.
    #[must_use]
    pub fn or_false(self) -> Self {
        Self(self.0 & Self::OPEN.0 | (self.0 & Self::MISSING.0) >> 1)
    }

    /// All of some parts; true if there are none.
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut whole = Self::TRUE;
        for part in parts {
            whole = whole.and(part);
            if whole == Self::FALSE {
                break;
            }
        }
        whole
    }

    /// At least one of some parts; false if there are none.
    pub fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        !Self::all(parts.into_iter().map(Not::not))
    }

    fn holds(self, answer: Self) -> bool {
        self.0 & answer.0 != 0
    }

    /// Every answer that one possible answer of each gives together.
    fn and(self, other: Self) -> Self {
        let possible = |answer: Self, is_possible: bool| if is_possible { answer.0 } else { 0 };
        let is_true = self.holds(Self::TRUE) && other.holds(Self::TRUE);
        let is_false = self.holds(Self::FALSE) || other.holds(Self::FALSE);
        let is_missing = self.is_missing_beside(other) || other.is_missing_beside(self);
        Self(possible(Self::TRUE, is_true) | possible(Self::FALSE, is_false) | possible(Self::MISSING, is_missing))
    }

    fn is_missing_beside(self, other: Self) -> bool {
        self.holds(Self::MISSING) && (other.holds(Self::TRUE) || other.holds(Self::MISSING))
    }
}

impl From<bool> for Truth {
    fn from(known: bool) -> Self {
        if known { Self::TRUE } else { Self::FALSE }
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        Self((self.0 & 1) << 1 | (self.0 & 2) >> 1 | self.0 & 4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [Truth; 3] = [Truth::TRUE, Truth::FALSE, Truth::MISSING];

    /// Kleene's logic of two known answers.
    fn known(left: Truth, right: Truth) -> Truth {
        if left == Truth::FALSE || right == Truth::FALSE {
            Truth::FALSE
        } else if left == Truth::TRUE && right == Truth::TRUE {
            Truth::TRUE
        } else {
            Truth::MISSING
        }
    }

    #[test]
    fn what_is_missing_decides_only_what_nothing_else_does() {
        use Truth as T;
        assert_eq!([T::all([T::TRUE, T::MISSING]), T::all([T::MISSING, T::FALSE])], [T::MISSING, T::FALSE]);
        assert_eq!([T::any([T::FALSE, T::MISSING]), T::any([T::MISSING, T::TRUE])], [T::MISSING, T::TRUE]);
        assert_eq!((T::all([]), T::any([])), (T::TRUE, T::FALSE));
        assert_eq!([!T::TRUE, !T::FALSE, !T::MISSING, !T::OPEN], [T::FALSE, T::TRUE, T::MISSING, T::OPEN]);
    }

    #[test]
    fn an_open_answer_is_every_answer_that_its_parts_can_give() {
        let members = |truth: Truth| KNOWN.into_iter().filter(move |known| truth.holds(*known));
        for (left, right) in (1..8).flat_map(|left| (1..8).map(move |right| (Truth(left), Truth(right)))) {
            let pairs = members(left).flat_map(|one| members(right).map(move |other| known(one, other)));
            let all = pairs.fold(0, |all, truth| all | truth.0);
            assert_eq!(Truth::all([left, right]), Truth(all), "{left:?} and {right:?}");
        }
    }

    #[test]
    fn what_may_be_true_is_open_unless_it_is_true() {
        assert!(Truth::OPEN.is_open() && Truth::ANYTHING.is_open() && Truth(1 | 4).is_open());
        assert!(KNOWN.iter().all(|known| !known.is_open()) && !Truth(2 | 4).may_be_true());
    }
}
