//! What every change to many traces shares: a journal of what was done, a lock against doing it twice at once, files of
//! what is to be done, and the way in which tags are changed.
//!
//! It must not know servers, terminals or command lines. Invariants: what may have been changed stands in the journal
//! before it is sent; nothing that was written is written over; whatever is created here can be read by its owner alone.

pub mod delete;
mod holder;
pub mod journal;
pub mod lock;
pub mod place;
pub mod plan_file;
pub mod tags;
pub mod undo;
