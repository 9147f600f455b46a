//! A sample of traces that is the same every time: the choice is the id's.

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::model::TraceId;

/// A share that is none.
#[derive(Debug, Error, PartialEq)]
#[error("--sample must be above 0 and at most 1, such as 0.1, not {0}")]
pub struct SampleError(f64);

/// A share of all traces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    share: f64,
}

impl Sample {
    /// A share above 0 and up to 1.
    pub fn new(share: f64) -> Result<Self, SampleError> {
        if share > 0.0 && share <= 1.0 { Ok(Self { share }) } else { Err(SampleError(share)) }
    }

    /// The share.
    #[must_use]
    pub fn share(self) -> f64 {
        self.share
    }

    /// Whether a trace is chosen; a trace that is stays so in every larger sample.
    #[must_use]
    pub fn holds(self, id: &TraceId) -> bool {
        let digest = Sha256::digest(id.as_str().as_bytes());
        let first = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        (first as f64) < self.share * 2_f64.powi(64) || self.share >= 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_about_its_share_and_part_of_every_larger_one() {
        let ids: Vec<TraceId> = (0..20_000).map(|number| TraceId::new(format!("tr-{number:032x}"))).collect();
        let chosen = |share: f64| {
            let sample = Sample::new(share).unwrap();
            ids.iter().filter(|id| sample.holds(id)).collect::<Vec<_>>()
        };
        let (tenth, half) = (chosen(0.1), chosen(0.5));
        assert!((1_800..2_200).contains(&tenth.len()), "{}", tenth.len());
        assert!((9_700..10_300).contains(&half.len()), "{}", half.len());
        assert!(tenth.iter().all(|id| half.contains(id)));
        assert_eq!(chosen(1.0).len(), ids.len());
    }

    #[test]
    fn the_choice_never_changes() {
        let sample = Sample::new(0.25).unwrap();
        let chosen: Vec<u32> =
            (0..20).filter(|number| sample.holds(&TraceId::new(format!("tr-{number:032x}")))).collect();
        // Archives that were begun by an earlier version are gone on with by a later one.
        assert_eq!(chosen, [5, 7, 9, 17]);
    }

    #[test]
    fn what_is_no_share_is_refused() {
        for share in [0.0, -0.1, 1.01, f64::NAN, f64::INFINITY] {
            assert!(Sample::new(share).is_err(), "{share}");
        }
    }
}
