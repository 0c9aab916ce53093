//! The protocol: the same as the official SDK's, in description and in use.

mod calls;
mod descriptor;
