//! Files that this program writes: each is whole under its name, or as it was before.
//!
//! What is there stays what it is: pipes, devices and sockets are written to, links are followed, and a file that is replaced
//! keeps its mode and owner. A new file holds what users and models said, and is its owner's alone.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Bytes that are kept before they are written.
const BUFFER: usize = 256 * 1024;
/// Maximum links that are followed, as by the system.
const MOST_LINKS: usize = 40;

/// Who may read a file that was not there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Its owner alone.
    Owner,
    /// Everybody, whatever the umask: a collector of metrics is another user.
    Everybody,
}

/// A file under way. Dropped without [`PartialFile::finish`], a file leaves nothing behind and its target stays as it was.
pub struct PartialFile(Way);

enum Way {
    /// A temporary file beside the target, whose name it gets.
    Beside { writer: BufWriter<NamedTempFile>, target: PathBuf },
    /// What cannot be replaced is written to.
    Stream(BufWriter<Box<dyn Write + Send>>),
}

impl PartialFile {
    /// Begins, so that a target that cannot be written fails before any work is done. A pipe waits for its reader.
    pub fn create(path: &Path, access: Access) -> io::Result<Self> {
        let target = followed(path)?;
        if let Some(stream) = standard(&target)? {
            return Ok(Self::stream(Box::new(stream)));
        }
        match unless_missing(fs::metadata(&target))? {
            Some(there) if there.is_dir() => Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory")),
            Some(there) if !there.is_file() || is_descriptor(&target) => Ok(Self::stream(opened(&target)?)),
            there => Self::beside(target, access, there.as_ref()),
        }
    }

    /// The same in a thread of its own, so that a signal ends the run while a pipe waits for its reader.
    pub async fn begin(path: &Path, access: Access) -> io::Result<Self> {
        let path = path.to_owned();
        apart(move || Self::create(&path, access)).await?
    }

    fn stream(stream: Box<dyn Write + Send>) -> Self {
        Self(Way::Stream(BufWriter::with_capacity(BUFFER, stream)))
    }

    fn beside(target: PathBuf, access: Access, there: Option<&fs::Metadata>) -> io::Result<Self> {
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = target.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it names no file"))?;
        let prefix = format!(".{}.", name.to_string_lossy());
        let file =
            tempfile::Builder::new().prefix(&prefix).suffix(".part").tempfile_in(folder).map_err(without_path)?;
        match there {
            Some(there) => keep_standing(file.as_file(), there)?,
            None if access == Access::Everybody => readable_for_all(file.as_file())?,
            None => {}
        }
        Ok(Self(Way::Beside { writer: BufWriter::with_capacity(BUFFER, file), target }))
    }

    /// Whether it is a pipe, a device or a socket, of which nothing can be read back.
    #[must_use]
    pub fn is_stream(&self) -> bool {
        matches!(self.0, Way::Stream(_))
    }

    /// Makes the file durable and gives it its name, in the place of what was there.
    pub fn finish(self) -> io::Result<()> {
        match self.0 {
            Way::Stream(mut stream) => stream.flush(),
            Way::Beside { writer, target } => {
                let file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
                File::sync_all(file.as_file())?;
                file.persist(&target).map_err(|error| error.error)?;
                Ok(())
            }
        }
    }
}

impl Write for PartialFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Way::Beside { writer, .. } => writer.write(bytes),
            Way::Stream(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Way::Beside { writer, .. } => writer.flush(),
            Way::Stream(stream) => stream.flush(),
        }
    }
}

/// Does something that can wait for others in a thread that nobody waits for when the run ends.
pub async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    let (done, wait) = tokio::sync::oneshot::channel();
    // Nobody may be left to take it.
    std::thread::Builder::new().spawn(move || drop(done.send(work())))?;
    wait.await.map_err(io::Error::other)
}

/// Creates a file that must not be there yet, for its owner alone.
pub fn create_new(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Adds a text to the end of a file, at once. Links are followed; what was not there is created for its owner alone, also
/// where somebody moved the file away since the last time.
pub fn append(path: &Path, text: &str) -> io::Result<()> {
    let target = followed(path)?;
    if let Some(mut stream) = standard(&target)? {
        return stream.write_all(text.as_bytes());
    }
    if unless_missing(fs::metadata(&target))?.is_some_and(|there| !there.is_file() && !there.is_dir()) {
        return opened(&target)?.write_all(text.as_bytes());
    }
    let mut options = File::options();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&target)?.write_all(text.as_bytes())
}

/// Gives a file that is to replace another one its mode and owner.
pub fn keep_standing(file: &File, there: &fs::Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};

        let own = file.metadata()?;
        if (own.uid(), own.gid()) != (there.uid(), there.gid()) {
            let kept = fchown(file, Some(there.uid()), Some(there.gid()));
            kept.map_err(|error| io::Error::new(error.kind(), "it is somebody else's, and would become yours"))?;
        }
    }
    // Changing the owner takes bits away.
    file.set_permissions(there.permissions())
}

/// Where a path leads when links are followed, whether or not something is there.
pub fn followed(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(link) = fs::read_link(&path) else { return Ok(path) };
        if is_descriptor(&path) {
            return Ok(path);
        }
        path = path.parent().unwrap_or(Path::new("")).join(link);
    }
    Err(io::Error::other("there are too many links"))
}

/// What somebody opened before this program began, such as `/dev/fd/63`: its name cannot be given to another file.
#[must_use]
pub fn is_descriptor(path: &Path) -> bool {
    let folder = path.parent().and_then(|folder| fs::canonicalize(folder).ok());
    folder.is_some_and(|folder| folder.ends_with("fd") && (folder.starts_with("/proc") || folder.starts_with("/dev")))
}

/// This program's own standard output or error: what was written to it before stays.
#[cfg(unix)]
fn standard(path: &Path) -> io::Result<Option<File>> {
    use std::os::fd::AsFd;

    if !is_descriptor(path) || fs::canonicalize(path.parent().unwrap_or(path))? != fs::canonicalize("/dev/fd")? {
        return Ok(None);
    }
    let own = match path.file_name().and_then(|name| name.to_str()) {
        Some("1") => io::stdout().as_fd().try_clone_to_owned()?,
        Some("2") => io::stderr().as_fd().try_clone_to_owned()?,
        _ => return Ok(None),
    };
    Ok(Some(File::from(own)))
}

#[cfg(not(unix))]
fn standard(_: &Path) -> io::Result<Option<File>> {
    Ok(None)
}

fn opened(path: &Path) -> io::Result<Box<dyn Write + Send>> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;

        if fs::metadata(path)?.file_type().is_socket() {
            return Ok(Box::new(std::os::unix::net::UnixStream::connect(path)?));
        }
    }
    Ok(Box::new(File::options().append(true).open(path)?))
}

fn unless_missing<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The cause alone: the name of the temporary file tells nobody anything.
fn without_path(error: io::Error) -> io::Error {
    let kind = error.kind();
    match kind {
        io::ErrorKind::NotFound => io::Error::new(kind, "there is no such folder"),
        io::ErrorKind::Other => error,
        _ => io::Error::from(kind),
    }
}

/// Temporary files are for their owner alone.
#[cfg(unix)]
fn readable_for_all(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_for_all(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn write(path: &Path, text: &str) {
        let mut file = PartialFile::create(path, Access::Owner).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file.finish().unwrap();
    }

    #[test]
    fn a_finished_file_replaces_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.csv");
        fs::write(&target, "old").unwrap();
        let mut file = PartialFile::create(&target, Access::Owner).unwrap();
        file.write_all(b"new").unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "old");
        file.finish().unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        assert_eq!(names(folder.path()), ["a.csv"]);
    }

    #[test]
    fn an_unfinished_file_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = PartialFile::create(&folder.path().join("a.csv"), Access::Owner).unwrap();
        file.write_all(b"half").unwrap();
        drop(file);
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn targets_that_cannot_be_written_fail_at_once() {
        let folder = tempfile::tempdir().unwrap();
        assert!(PartialFile::create(folder.path(), Access::Owner).is_err());
        assert!(PartialFile::create(&folder.path().join("no/such/folder/a.csv"), Access::Owner).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_to_what_is_there_or_is_to_be() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("data")).unwrap();
        fs::write(folder.path().join("data/a.csv"), "old").unwrap();
        for (link, target) in [("data/link", "a.csv"), ("second", "data/link"), ("dangling", "data/new.csv")] {
            std::os::unix::fs::symlink(target, folder.path().join(link)).unwrap();
        }
        write(&folder.path().join("second"), "new");
        write(&folder.path().join("dangling"), "first");
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!((read("data/a.csv"), read("data/new.csv")), ("new".into(), "first".into()));
        assert!(folder.path().join("second").is_symlink() && folder.path().join("dangling").is_symlink());
        assert_eq!(names(&folder.path().join("data")), ["a.csv", "link", "new.csv"]);
        std::os::unix::fs::symlink("circle", folder.path().join("circle")).unwrap();
        assert!(PartialFile::create(&folder.path().join("circle"), Access::Owner).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn what_is_appended_stands_behind_what_was_there_and_survives_rotation() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("log"), folder.path().join("link"));
        std::os::unix::fs::symlink("log", &link).unwrap();
        append(&link, "one\n").unwrap();
        append(&file, "two\n").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "one\ntwo\n");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        fs::rename(&file, folder.path().join("log.1")).unwrap();
        append(&link, "three\n").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "three\n");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        append(&file, "four\n").unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        append(Path::new("/dev/null"), "nothing\n").unwrap();
        assert!(append(folder.path(), "x").is_err() && append(&folder.path().join("no/folder"), "x").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn what_is_there_keeps_its_mode_and_what_is_new_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o7777;
        write(&folder.path().join("new"), "prompts");
        PartialFile::create(&folder.path().join("metrics"), Access::Everybody).unwrap().finish().unwrap();
        assert_eq!((mode("new"), mode("metrics")), (0o600, 0o644));
        for kept in [0o600, 0o644, 0o664] {
            let path = folder.path().join("old");
            fs::write(&path, "").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(kept)).unwrap();
            write(&path, "prompts");
            assert_eq!(mode("old"), kept);
        }
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_sockets_are_written_to() {
        use std::io::Read;
        use std::os::unix::fs::FileTypeExt;

        let file = PartialFile::create(Path::new("/dev/null"), Access::Owner).unwrap();
        assert!(file.is_stream());
        file.finish().unwrap();
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
        write(&path, "sent");
        let mut text = String::new();
        listener.accept().unwrap().0.read_to_string(&mut text).unwrap();
        assert_eq!(text, "sent");
    }
}
