//! Tags, set and deleted as `MLflow` does: the name of a trace is a column where the database has one, all others are rows.

use super::editor::Editor;
use super::sql::{Sql, Stored};
use crate::model::{TraceId, keys};
use crate::store::StoreError;

const TWO_PLACES: &str = "the names of traces are in rows and in a column, because its migration has begun; complete it with `mlflow db upgrade URI`";

impl Editor {
    pub(super) async fn set_tag(&mut self, id: &TraceId, key: &str, value: &str) -> Result<(), StoreError> {
        self.hold(id).await?;
        if self.is_name(key)? {
            return self.set_name(id, Some(value), "").await.map(drop);
        }
        let name = self.dialect().key();
        let sql = match self.key_there(id, key).await? {
            Some(there) if there == key => Sql::update("trace_tags", vec![("value", Some(value).into())])
                .text(" WHERE request_id = ")
                .bind(id.as_str())
                .text(format!(" AND {name} = "))
                .bind(key),
            Some(other) => {
                return Err(self.unwritable(format!("it cannot tell the tag {key:?} from {other:?}, which is there")));
            }
            None => {
                let of = |text: &str| Stored::from(Some(text));
                Sql::insert("trace_tags", vec![(name, of(key)), ("value", of(value)), ("request_id", of(id.as_str()))])
            }
        };
        self.execute(&sql).await.map(drop)
    }

    /// Deletes a tag; false if there is none.
    pub(super) async fn delete_tag(&mut self, id: &TraceId, key: &str) -> Result<bool, StoreError> {
        self.hold(id).await?;
        if self.is_name(key)? {
            return Ok(self.set_name(id, None, " AND trace_name IS NOT NULL").await? > 0);
        }
        if self.key_there(id, key).await?.as_deref() != Some(key) {
            return Ok(false);
        }
        let sql = Sql::new("DELETE FROM trace_tags WHERE request_id = ")
            .bind(id.as_str())
            .text(format!(" AND {} = ", self.dialect().key()))
            .bind(key);
        Ok(self.execute(&sql).await? > 0)
    }

    /// Whether a tag is the name, which has a column of its own.
    fn is_name(&self, key: &str) -> Result<bool, StoreError> {
        if key != keys::TRACE_NAME || !self.schema.has_promoted {
            return Ok(false);
        }
        if self.schema.has_unpromoted { Err(self.unwritable(TWO_PLACES)) } else { Ok(true) }
    }

    async fn set_name(&mut self, id: &TraceId, name: Option<&str>, only: &str) -> Result<u64, StoreError> {
        let sql = Sql::update("trace_info", vec![("trace_name", name.into())])
            .text(" WHERE request_id = ")
            .bind(id.as_str())
            .text(only);
        self.execute(&sql).await
    }

    /// The key of a tag as it is there: some databases take one for another.
    async fn key_there(&mut self, id: &TraceId, key: &str) -> Result<Option<String>, StoreError> {
        let name = self.dialect().key();
        let sql = Sql::new(format!("SELECT {name} FROM trace_tags WHERE request_id = "))
            .bind(id.as_str())
            .text(format!(" AND {name} = "))
            .bind(key);
        Ok(self.rows(&sql).await?.into_iter().next().map(|mut row| row.text_or_empty()))
    }
}
