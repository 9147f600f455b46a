//! Lines of an end in sight: a file without line breaks, or a device, must not fill the memory.

use std::io::{self, Read};

/// How long a line may be: far longer than any value that a server takes.
pub const LONGEST: usize = 64 << 20;

/// Fails where a line is too long.
pub struct Lines<R> {
    inner: R,
    since_break: usize,
}

impl<R: Read> Lines<R> {
    pub fn new(inner: R) -> Self {
        Self { inner, since_break: 0 }
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let piece = buffer.get(..read).unwrap_or_default();
        self.since_break = match memchr::memrchr(b'\n', piece) {
            Some(at) => read - at - 1,
            None => self.since_break + read,
        };
        if self.since_break > LONGEST {
            let message = format!("a line is longer than the limit of {} MiB", LONGEST >> 20);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_end_is_an_error_and_many_lines_are_none() {
        let endless = io::copy(&mut Lines::new(io::repeat(0)), &mut io::sink());
        assert_eq!(endless.unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        let lines = io::repeat(b'\n').take(2 * LONGEST as u64);
        assert_eq!(io::copy(&mut Lines::new(lines), &mut io::sink()).unwrap(), 2 * LONGEST as u64);
    }
}
