//! Whether everything was read: what was read, checked against what there is.

/// What was read, checked against what there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Traces that were read.
    pub read: u64,
    /// Of those, the ones that came or changed while others were read, and were read afterwards.
    pub late: u64,
    /// How many there were in the same closed window afterwards, and by which way of counting; `None` if none can tell.
    pub counted: Option<(u64, ProofMethod)>,
}

/// Ways of counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProofMethod {
    /// It was one answer of the server, in which nothing can slip through.
    OneAnswer,
    /// All of it was read from one state of a database.
    Snapshot,
    /// The route for metrics of the server, or the archive itself.
    Metrics,
    /// The route for the correlation of filters.
    Correlation,
    /// A second reading.
    Reread,
}

impl Proof {
    /// What two readings prove together: nothing if one of them proves nothing, else as much as the weaker one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let counted = self.counted.zip(other.counted);
        Self {
            read: self.read + other.read,
            late: self.late + other.late,
            counted: counted.map(|((here, by), (there, also_by))| (here + there, by.max(also_by))),
        }
    }
}

impl ProofMethod {
    /// Its name in manifests.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OneAnswer => "one answer",
            Self::Snapshot => "one snapshot",
            Self::Metrics => "metrics",
            Self::Correlation => "filter correlation",
            Self::Reread => "second reading",
        }
    }
}
