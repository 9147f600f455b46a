//! Where the files of an archive are: each appears under its name only when it is whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use crate::files::{self, PartialFile};
use crate::model::{ATTACHMENTS, MANIFEST_FILE};

/// A file under way. Dropped without [`NewFile::finish`], nothing of it is left.
pub trait NewFile: Write + Send {
    /// Makes it durable and gives it its name.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

impl NewFile for PartialFile {
    fn finish(self: Box<Self>) -> io::Result<()> {
        PartialFile::finish(*self)
    }
}

/// A place for files, named by paths with `/` between folders.
pub trait Folder {
    /// What to call it in messages.
    fn name(&self) -> String;

    /// The contents of a small file; `None` if there is none.
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>>;

    /// A file of any size, to be read from its start; `None` if there is none.
    fn stream(&self, path: &str) -> io::Result<Option<Box<dyn Read + '_>>>;

    /// Writes a small file whole, in the place of an older one.
    fn replace(&self, path: &str, bytes: &[u8]) -> io::Result<()>;

    /// Begins a file.
    fn begin(&self, path: &str) -> io::Result<Box<dyn NewFile>>;

    /// What tells whether a file is still the same one; `None` if there is none.
    fn stat(&self, path: &str) -> io::Result<Option<Stat>>;

    /// The size of a file in bytes; `None` if there is none.
    fn size(&self, path: &str) -> io::Result<Option<u64>> {
        Ok(self.stat(path)?.map(|stat| stat.bytes))
    }

    /// The paths of parts, whole ones and those that were under way when a run was killed.
    fn parts(&self) -> io::Result<Vec<String>>;

    /// Removes a file.
    fn remove(&self, path: &str) -> io::Result<()>;

    /// Removes all attachments and their lists.
    fn remove_attachments(&self) -> io::Result<()>;

    /// How many files there are, of whatever name.
    fn count(&self) -> io::Result<usize>;

    /// Removes everything.
    fn clear(&self) -> io::Result<()>;

    /// Removes the place itself if nothing is in it but what a killed run had under way. Stores of objects have no places.
    fn remove_itself(&self) -> io::Result<()> {
        Ok(())
    }
}

/// What a store says about a file without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stat {
    /// Its size.
    pub bytes: u64,
    /// When it was written, or its version: another text for a file that was written again.
    pub version: String,
}

/// How the name of every part begins.
pub const PART: &str = "part-";
/// How the name of a file ends while it is under way.
pub const UNDER_WAY: &str = ".part";

/// Whether a file has the name of a part, in whatever folder.
#[must_use]
pub fn is_part(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let digits = name.strip_prefix(PART).and_then(|rest| rest.split('.').next()).unwrap_or("");
    digits.len() >= 5 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// A directory.
pub struct Directory {
    root: PathBuf,
}

impl Directory {
    /// Uses a directory, made if it is not there.
    pub fn open(root: &Path) -> io::Result<Self> {
        let is_new = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
        let new: Vec<&Path> = root.ancestors().take_while(is_new).collect();
        fs::create_dir_all(root)?;
        // What is in a folder does not survive a loss of power unless the folder does.
        new.into_iter().try_for_each(|folder| sync_folder(folder.parent()))?;
        Ok(Self { root: root.to_owned() })
    }

    fn collect(&self, folder: &str, found: &mut Vec<String>) -> io::Result<()> {
        for entry in fs::read_dir(self.root.join(folder))? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            let is_hive = name.starts_with("experiment_id=") || name.starts_with("date=");
            if entry.file_type()?.is_dir() && is_hive {
                self.collect(&path, found)?;
            } else if is_part(&path) {
                found.push(path);
            }
        }
        Ok(())
    }
}

impl Folder for Directory {
    fn name(&self) -> String {
        self.root.display().to_string()
    }

    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        unless_missing(fs::read(self.root.join(path)))
    }

    fn stream(&self, path: &str) -> io::Result<Option<Box<dyn Read + '_>>> {
        let file = unless_missing(File::open(self.root.join(path)))?;
        Ok(file.map(|file| Box::new(file) as Box<dyn Read>))
    }

    fn replace(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let mut file = self.begin(path)?;
        file.write_all(bytes)?;
        file.finish()
    }

    fn begin(&self, path: &str) -> io::Result<Box<dyn NewFile>> {
        let target = files::followed(&self.root.join(path))?;
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut under_way = target.clone().into_os_string();
        under_way.push(UNDER_WAY);
        let under_way = PathBuf::from(under_way);
        // A file of its own, should another run have left one or still be writing to it.
        unless_missing(fs::remove_file(&under_way))?;
        let file = files::create_new(&under_way)?;
        if let Some(there) = unless_missing(fs::metadata(&target))? {
            files::keep_standing(&file, &there)?;
        }
        let writer = BufWriter::with_capacity(256 * 1024, file);
        Ok(Box::new(NamedPart { writer: Some(writer), under_way, target }))
    }

    fn stat(&self, path: &str) -> io::Result<Option<Stat>> {
        let metadata = unless_missing(fs::metadata(self.root.join(path)))?;
        Ok(metadata.map(|metadata| Stat { bytes: metadata.len(), version: version(&metadata) }))
    }

    fn parts(&self) -> io::Result<Vec<String>> {
        let mut found = Vec::new();
        self.collect("", &mut found)?;
        found.sort();
        Ok(found)
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        unless_missing(fs::remove_file(self.root.join(path))).map(|_| ())
    }

    fn remove_attachments(&self) -> io::Result<()> {
        unless_missing(fs::remove_dir_all(self.root.join(ATTACHMENTS))).map(|_| ())
    }

    fn count(&self) -> io::Result<usize> {
        Ok(unless_missing(fs::read_dir(&self.root))?.map_or(0, Iterator::count))
    }

    fn clear(&self) -> io::Result<()> {
        unless_missing(fs::remove_dir_all(&self.root)).map(|_| ())
    }

    fn remove_itself(&self) -> io::Result<()> {
        self.remove(&format!("{MANIFEST_FILE}{UNDER_WAY}"))?;
        match unless_missing(fs::remove_dir(&self.root)) {
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
            removed => removed.map(|_| ()),
        }
    }
}

/// When a file was written and, where the system tells, when anything was done to it.
fn version(metadata: &fs::Metadata) -> String {
    let written = metadata.modified().ok();
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;

        format!("{written:?} {} {}.{}", metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
    }
    #[cfg(not(unix))]
    format!("{written:?}")
}

fn unless_missing<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// A part in the folder it belongs to, under a name that nobody takes for a whole one.
struct NamedPart {
    /// `None` once it is finished.
    writer: Option<BufWriter<File>>,
    under_way: PathBuf,
    target: PathBuf,
}

impl NamedPart {
    fn writer(&mut self) -> io::Result<&mut BufWriter<File>> {
        self.writer.as_mut().ok_or_else(|| io::Error::other("the file is finished"))
    }
}

impl Write for NamedPart {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer()?.flush()
    }
}

impl NewFile for NamedPart {
    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.writer()?.flush()?;
        self.writer()?.get_ref().sync_all()?;
        self.writer = None;
        fs::rename(&self.under_way, &self.target).inspect_err(|_| drop(fs::remove_file(&self.under_way)))?;
        sync_folder(self.target.parent())
    }
}

/// The name itself has to survive a loss of power, too.
fn sync_folder(folder: Option<&Path>) -> io::Result<()> {
    match folder {
        Some(folder) if cfg!(unix) && folder.as_os_str().is_empty() => File::open(".")?.sync_all(),
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

impl Drop for NamedPart {
    fn drop(&mut self) {
        if self.writer.take().is_some() {
            // What cannot be removed is removed by the next run.
            let _ = fs::remove_file(&self.under_way);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_has_its_name_only_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let directory = Directory::open(&folder.path().join("a/b")).unwrap();
        let mut part = directory.begin("experiment_id=1/date=2026-11-22/part-00000.parquet").unwrap();
        part.write_all(b"whole").unwrap();
        assert_eq!(directory.parts().unwrap(), ["experiment_id=1/date=2026-11-22/part-00000.parquet.part"]);
        part.finish().unwrap();
        assert_eq!(directory.parts().unwrap(), ["experiment_id=1/date=2026-11-22/part-00000.parquet"]);
        assert_eq!(directory.size("experiment_id=1/date=2026-11-22/part-00000.parquet").unwrap(), Some(5));
        drop(directory.begin("part-00001.jsonl").unwrap());
        assert_eq!(directory.parts().unwrap().len(), 1, "what was not finished is gone");
    }

    #[test]
    fn small_files_are_replaced_and_missing_ones_are_none() {
        let folder = tempfile::tempdir().unwrap();
        let directory = Directory::open(folder.path()).unwrap();
        assert_eq!((directory.read("a").unwrap(), directory.size("a").unwrap()), (None, None));
        directory.replace("a", b"1").unwrap();
        directory.replace("a", b"22").unwrap();
        assert_eq!(directory.read("a").unwrap().unwrap(), b"22");
        directory.remove("a").unwrap();
        directory.remove("a").unwrap();
        assert_eq!(directory.read("a").unwrap(), None);
    }

    #[test]
    fn a_file_that_is_written_again_is_another_one() {
        let folder = tempfile::tempdir().unwrap();
        let directory = Directory::open(folder.path()).unwrap();
        directory.replace("a", b"1").unwrap();
        let before = directory.stat("a").unwrap();
        assert_eq!(directory.stat("a").unwrap(), before);
        directory.replace("a", b"2").unwrap();
        assert_ne!(directory.stat("a").unwrap(), before);
    }

    #[test]
    fn an_empty_place_goes_and_no_other_does() {
        let folder = tempfile::tempdir().unwrap();
        let directory = Directory::open(&folder.path().join("run")).unwrap();
        directory.replace("a", b"1").unwrap();
        directory.remove_itself().unwrap();
        assert!(folder.path().join("run/a").exists());
        directory.remove("a").unwrap();
        fs::write(folder.path().join("run/manifest.json.part"), "{").unwrap();
        directory.remove_itself().unwrap();
        assert!(!folder.path().join("run").exists());
        directory.remove_itself().unwrap();
    }

    #[test]
    fn other_files_are_no_parts() {
        assert!(is_part("part-00000.jsonl") && is_part("x/part-123456.csv.gz.part"));
        for name in ["manifest.json", "part-.jsonl", "part-0000.jsonl", "part-one.jsonl", "my-part-00000.jsonl", ""] {
            assert!(!is_part(name), "{name}");
        }
    }
}
