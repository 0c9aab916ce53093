//! Creations that fail half way.
