//! Whether pages still bring anything: a token that repeats, or tokens without end, must not keep a run going for ever.

/// Pages in a row that brought nothing new.
#[derive(Debug)]
pub struct WalkProgress {
    idle: usize,
    most: usize,
    slack: usize,
}

impl WalkProgress {
    /// So many pages in a row may bring nothing new.
    pub fn new(most: usize) -> Self {
        Self { idle: 0, most, slack: 0 }
    }

    /// Takes in a page behind which there is another one; false if it is one too many that brings nothing new.
    #[must_use]
    pub fn goes_on(&mut self, brings_new: bool) -> bool {
        if brings_new {
            (self.idle, self.slack) = (0, 0);
        } else {
            self.idle += 1;
        }
        self.idle <= self.most + self.slack
    }

    /// Until something new comes, so many more pages may bring nothing.
    pub fn allow(&mut self, pages: usize) {
        self.slack = self.slack.max(pages);
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
        let mut going_back = WalkProgress::new(1);
        going_back.allow(2);
        assert_eq!([false; 4].map(|new| going_back.goes_on(new)), [true, true, true, false]);
    }
}
