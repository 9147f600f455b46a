//! Whether pages still bring anything: a token that repeats, or tokens without end, must not keep a run going for ever.

/// Pages in a row that brought nothing new.
#[derive(Debug)]
pub struct WalkProgress {
    idle: usize,
    most: usize,
}

impl WalkProgress {
    /// At most this many pages in a row may bring nothing new.
    pub fn new(most: usize) -> Self {
        Self { idle: 0, most }
    }

    /// Takes in a page behind which there is another one; false if it is one too many that brings nothing new.
    #[must_use]
    pub fn goes_on(&mut self, brings_new: bool) -> bool {
        self.idle = if brings_new { 0 } else { self.idle + 1 };
        self.idle <= self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_without_anything_new_come_to_an_end() {
        let mut progress = WalkProgress::new(1);
        assert!(progress.goes_on(false));
        assert!(progress.goes_on(true));
        assert!(progress.goes_on(false));
        assert!(!progress.goes_on(false));
    }
}
