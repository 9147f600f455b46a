//! What can be typed: clap types and nothing else.
//!
//! This module says what the arguments are called and how they are spelled. What they mean is decided once in
//! `settings`, what they do in `commands`. It must not read the environment, open files or print.

// Doc comments here are help texts, which people read without Markdown.
#![allow(clippy::doc_markdown, rustdoc::broken_intra_doc_links)]

mod annotations;
mod args;
mod assessments;
mod changes;
mod check;
mod commands;
mod compare;
mod config;
mod connection;
mod dataset;
mod doctor;
mod export;
mod filter;
mod mcp;
mod measure;
mod retention;
mod review;
mod selection;
mod tail;
mod times;
mod topics;
pub mod usage;
mod values;
mod views;

pub use annotations::{
    CsvArgs, DecimalMark, Delimiter, ExpectationExportArgs, ExpectationImportArgs, FeedbackExportArgs,
    FeedbackImportArgs, FeedbackOverrideArgs, LabelColumn, NamedValueType, OnExistingChoice, RowFormat, RowValueType,
    RowsExportArgs, RowsImportArgs, SourceArgs,
};
pub use args::{Cli, Command, GlobalArgs};
pub use assessments::{
    AssessmentCommand, AssessmentDeleteArgs, AssessmentGetArgs, AssessmentListArgs, AssessmentUpdateArgs,
    ExpectationCommand, ExpectationLogArgs, FeedbackCommand, FeedbackLogArgs, NewAssessmentArgs,
};
pub use changes::{
    ApplyArgs, ArtifactsArgs, ArtifactsChoice, BulkArgs, CapArgs, ClockArgs, LockArgs, PaceArgs, RunsCommand,
    RunsListArgs, RunsShowArgs, RunsUnlockArgs, UndoArgs,
};
pub use check::CheckArgs;
pub use commands::{
    CompletionsArgs, CountArgs, DeleteArgs, ExperimentsCommand, ExperimentsCreateArgs, ExperimentsListArgs, GetArgs,
    ImportArgs, ManArgs, OpenArgs, SchemaArgs, SearchArgs, TagCommand, TagDeleteArgs, TagSetArgs, TopicArgs,
    VersionArgs,
};
pub use compare::{DiffArgs, SampleArgs};
pub use config::{ConfigCommand, ConfigInitArgs, ConfigListArgs, ConfigPathArgs, ConfigShowArgs, ConfigUseArgs};
pub use connection::{ConnectionArgs, TypedHeader};
pub use dataset::{DatasetAddArgs, DatasetCommand, DatasetCreateArgs, DatasetListArgs};
pub use doctor::DoctorArgs;
pub use export::{Explode, ExportArgs, ExportCompression, Split};
pub use filter::{FilterCheckArgs, FilterCommand, FilterExplainArgs, FilterFormatArgs, FilterSqlArgs, SqlDialect};
pub use mcp::{AllowedChange, McpArgs};
pub use measure::{
    KeysArgs, ReadArgs, SessionView, SessionsCommand, SessionsListArgs, SessionsShowArgs, StatsArgs, UsersCommand,
    UsersListArgs, UsersShowArgs,
};
pub use retention::{
    PolicyArgs, RetentionCheckArgs, RetentionCommand, RetentionExplainArgs, RetentionPlanArgs, RetentionRunArgs,
    RetentionScheduleArgs, RetentionSimulateArgs, Scheduler, TrustArgs, UnattendedArgs,
};
pub use review::{AnswerType, ReviewArgs};
pub use selection::{FilterArgs, LimitArgs, PartArgs, ReadingArgs, SelectionArgs};
pub use tail::{TailArgs, TailView};
pub use times::{Interval, Moment, Period, TimeOfDay};
pub use topics::{TOPICS, Topic};
pub use values::{ColorChoice, FormatError, KeyValue, OutputFormat, Shell, SourceType, Status, ValueType};
pub use views::{View, ViewArgs};
