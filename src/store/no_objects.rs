//! In place of `objects`, where the program is built without object stores: nothing is in one.

use super::Secret;

pub(super) struct Objects;

impl Objects {
    pub(super) fn new(_: &[(String, Secret)]) -> Self {
        Self
    }

    #[allow(clippy::unused_async)] // As the other one.
    pub(super) async fn get(&self, _: &str) -> Result<Option<Vec<u8>>, String> {
        Err("this program was built without object stores; build it with the cargo feature object-store".to_owned())
    }
}

pub(super) fn is_object(_: &str) -> bool {
    false
}
