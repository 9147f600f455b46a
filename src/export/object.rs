//! Object stores: Amazon S3 and what speaks its language, Google Cloud Storage, Azure.
//!
//! Nothing is visible before it is whole: small objects are put at once, larger ones in pieces that the store joins at the end.
//! What a killed run leaves are pieces that nobody sees; a lifecycle rule for incomplete uploads sweeps them away.
//!
//! Formats write synchronously, so this waits on a thread of its own while the runtime's threads do the sending.

use std::io::{self, Read, Write};
use std::sync::Arc;

use futures_util::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt, WriteMultipart};
use tokio::runtime::Handle;

use super::folder::{Folder, NewFile, Stat, is_part};
use crate::bucket::{self, failed};
use crate::model::ATTACHMENTS;

/// Bytes of one piece: a store takes 10,000 of them, so an object may have 80 GB.
const PIECE: usize = 8 * 1024 * 1024;
/// Pieces under way at once; with the one that is filled they are all that is in memory.
const UNDER_WAY: usize = 2;

/// A bucket or container, and a place in it.
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
    place: Path,
    url: String,
    runtime: Handle,
}

impl Bucket {
    /// The place that an `s3://`, `gs://` or `az://` URL names, with the variables that the stores' own tools read, such as
    /// `AWS_ACCESS_KEY_ID`. No connection is made. Must be called within the runtime.
    pub fn open(url: &str, variables: impl IntoIterator<Item = (String, String)>) -> io::Result<Self> {
        let wrong = |reason: String| io::Error::new(io::ErrorKind::InvalidInput, reason);
        let parsed = url.parse().map_err(|_| wrong("it is no URL".to_owned()))?;
        let (store, place) = bucket::open(&parsed, variables, None).map_err(|error| wrong(error.to_string()))?;
        let url = url.trim_end_matches('/').to_owned();
        Ok(Self { store: store.into(), place, url, runtime: Handle::current() })
    }

    /// Begins the one object that the URL itself names.
    #[must_use]
    pub fn begin_itself(&self) -> Box<dyn NewFile> {
        self.upload(self.place.clone())
    }

    fn upload(&self, location: Path) -> Box<dyn NewFile> {
        let (store, runtime) = (Arc::clone(&self.store), self.runtime.clone());
        Box::new(Upload { store, runtime, location, first: Vec::new(), rest: None })
    }

    /// Removes the objects of a folder.
    fn remove_below(&self, place: &Path) -> io::Result<()> {
        let removed = async {
            let mut found = self.store.list(Some(place));
            while let Some(meta) = found.try_next().await? {
                self.store.delete(&meta.location).await?;
            }
            Ok(())
        };
        wait(&self.runtime, removed)?.map_err(failed)
    }

    fn location(&self, path: &str) -> Path {
        let folders = path.split('/').filter(|name| !name.is_empty());
        self.place.parts().chain(folders.map(Into::into)).collect()
    }
}

impl Folder for Bucket {
    fn name(&self) -> String {
        self.url.clone()
    }

    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let (store, location) = (&self.store, self.location(path));
        let read = async {
            let bytes = store.get(&location).await?.bytes().await?;
            Ok(bytes.to_vec())
        };
        unless_missing(wait(&self.runtime, read)?)
    }

    fn stream(&self, path: &str) -> io::Result<Option<Box<dyn Read + '_>>> {
        let Some(size) = self.size(path)? else { return Ok(None) };
        let piece = io::Cursor::new(Vec::new());
        Ok(Some(Box::new(Download { bucket: self, location: self.location(path), size, at: 0, piece })))
    }

    fn replace(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let mut upload = self.upload(self.location(path));
        upload.write_all(bytes)?;
        upload.finish()
    }

    fn begin(&self, path: &str) -> io::Result<Box<dyn NewFile>> {
        Ok(self.upload(self.location(path)))
    }

    fn stat(&self, path: &str) -> io::Result<Option<Stat>> {
        let (store, location) = (&self.store, self.location(path));
        let meta = unless_missing(wait(&self.runtime, async { store.head(&location).await })?)?;
        let version = |meta: &ObjectMeta| format!("{} {:?} {:?}", meta.last_modified, meta.e_tag, meta.version);
        Ok(meta.map(|meta| Stat { bytes: meta.size, version: version(&meta) }))
    }

    fn parts(&self) -> io::Result<Vec<String>> {
        let listed = wait(&self.runtime, self.store.list(Some(&self.place)).try_collect::<Vec<_>>())?;
        let below = |location: &Path| {
            let parts: Vec<_> = location.prefix_match(&self.place)?.map(|part| part.as_ref().to_owned()).collect();
            Some(parts.join("/"))
        };
        let found = listed.map_err(failed)?;
        Ok(found.iter().filter_map(|meta| below(&meta.location)).filter(|path| is_part(path)).collect())
    }

    fn remove_attachments(&self) -> io::Result<()> {
        self.remove_below(&self.location(ATTACHMENTS))
    }

    fn count(&self) -> io::Result<usize> {
        let listed = wait(&self.runtime, self.store.list(Some(&self.place)).try_collect::<Vec<_>>())?;
        listed.map(|found| found.len()).map_err(failed)
    }

    fn clear(&self) -> io::Result<()> {
        self.remove_below(&self.place)
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        let (store, location) = (&self.store, self.location(path));
        unless_missing(wait(&self.runtime, async { store.delete(&location).await })?).map(|_| ())
    }
}

/// An object that is read piece by piece.
struct Download<'b> {
    bucket: &'b Bucket,
    location: Path,
    size: u64,
    /// Where the next piece begins.
    at: u64,
    piece: io::Cursor<Vec<u8>>,
}

impl Read for Download<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.piece.read(buffer)?;
        if count > 0 || buffer.is_empty() || self.at >= self.size {
            return Ok(count);
        }
        let range = self.at..self.size.min(self.at + PIECE as u64);
        let got = wait(&self.bucket.runtime, async { self.bucket.store.get_range(&self.location, range).await })?;
        self.piece = io::Cursor::new(got.map_err(failed)?.to_vec());
        self.at += self.piece.get_ref().len() as u64;
        match self.piece.read(buffer)? {
            0 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the object became shorter")),
            count => Ok(count),
        }
    }
}

/// An object under way.
struct Upload {
    store: Arc<dyn ObjectStore>,
    runtime: Handle,
    location: Path,
    /// What is written before it is clear that one piece is not enough.
    first: Vec<u8>,
    rest: Option<WriteMultipart>,
}

impl Write for Upload {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.rest.is_none() && self.first.len() + bytes.len() < PIECE {
            self.first.extend_from_slice(bytes);
            return Ok(bytes.len());
        }
        let (store, location) = (&self.store, &self.location);
        let _entered = self.runtime.enter();
        if self.rest.is_none() {
            let upload = wait(&self.runtime, async { store.put_multipart(location).await })?.map_err(failed)?;
            let rest = self.rest.insert(WriteMultipart::new_with_chunk_size(upload, PIECE));
            rest.write(&std::mem::take(&mut self.first));
        }
        if let Some(rest) = &mut self.rest {
            wait(&self.runtime, rest.wait_for_capacity(UNDER_WAY))?.map_err(failed)?;
            rest.write(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl NewFile for Upload {
    fn finish(mut self: Box<Self>) -> io::Result<()> {
        let first = std::mem::take(&mut self.first);
        let finished = match self.rest.take() {
            Some(rest) => wait(&self.runtime, rest.finish())?,
            None => wait(&self.runtime, async { self.store.put(&self.location, first.into()).await })?,
        };
        finished.map(|_| ()).map_err(failed)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let Some(rest) = self.rest.take() {
            // Pieces that cannot be taken back stay unseen.
            let _ = wait(&self.runtime, rest.abort());
        }
    }
}

/// Waits for an answer while the runtime's own threads work.
fn wait<T: Send>(runtime: &Handle, future: impl Future<Output = T> + Send) -> io::Result<T> {
    std::thread::scope(|scope| scope.spawn(|| runtime.block_on(future)).join())
        .map_err(|_| io::Error::other("the thread that waited for the object store failed"))
}

fn unless_missing<T>(result: object_store::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(url: &str) -> Bucket {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let _entered = runtime.enter();
        let bucket = Bucket::open(url, []).unwrap();
        // The test asks for names only.
        runtime.shutdown_background();
        bucket
    }

    #[test]
    fn paths_are_below_the_place_that_the_url_names() {
        for (url, name) in [("s3://b/a/c/", "s3://b/a/c"), ("s3://b/a/c", "s3://b/a/c")] {
            assert_eq!(bucket(url).name(), name);
            let path = "experiment_id=1/date=2026-11-22/part-00000.parquet";
            assert_eq!(bucket(url).location(path).as_ref(), format!("a/c/{path}"));
        }
        assert_eq!(bucket("s3://b").location("manifest.json").as_ref(), "manifest.json");
    }
}
