//! `export`: every match into a file, which appears only when it is whole, or into an archive of parts.

mod directory;
mod file;
mod formats;
mod report;
mod request;
mod source;
mod state;
mod target;

use super::{CommandResult, Context};
use crate::cli::ExportArgs;
use crate::export::{Directory, Folder};
pub use formats::SinkFormat;
use request::Request;
#[cfg(feature = "otlp")]
pub use request::taken_out;
pub use target::{Target, bucket};

pub async fn run(context: &mut Context<'_>, args: ExportArgs) -> CommandResult {
    let target = Target::of(&args.target, args.split.is_some())?;
    let request = Request::read(context, &args, &target)?;
    let folder: Box<dyn Folder> = match target {
        Target::Output => return file::to_output(context, &request).await,
        Target::File(path) => return file::to_file(context, &request, &path).await,
        Target::Object(url) => return file::to_object(context, &request, &url).await,
        Target::Directory(path) => {
            let opened = Directory::open(&path);
            Box::new(opened.map_err(|error| target::unwritable(&path.display().to_string(), &error))?)
        }
        Target::Bucket(url) => target::bucket(context, &url)?,
    };
    directory::run(context, &request, &*folder).await
}
