//! What was read, as far as it is sound.
//!
//! A person wants to hear of all mistakes at once, so checks go on where some fields are unsound. A draft has a
//! [`Field`] for each value: a check that reads an unsound one does not compile without saying what happens then. What is
//! sent to a cloud is made of wholes, and [`sound`] is the only way from a draft to its whole.

use std::collections::BTreeMap;

use super::violation::{Violation, Violations};

/// That there is no value to work with. A violation says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsound;

impl From<&Unsound> for Unsound {
    fn from(unsound: &Unsound) -> Self {
        *unsound
    }
}

/// A field, as far as it is sound.
pub type Field<T> = Result<T, Unsound>;

/// That no rule was broken. Only [`sound`] can say so.
#[derive(Debug)]
pub struct Flawless(());

/// What is known while some of it may be unsound.
pub trait Draft {
    /// What it is when all of it is sound.
    type Whole;

    /// The whole, if every field is sound.
    ///
    /// # Errors
    /// [`Unsound`] when one is not.
    fn whole(self, flawless: &Flawless) -> Field<Self::Whole>;
}

/// What was drafted, if no rule was broken.
///
/// # Errors
/// The violations.
pub fn sound<D: Draft>(draft: D, violations: Violations) -> Result<D::Whole, Vec<Violation>> {
    violations.into_result()?;
    draft.whole(&Flawless(())).map_err(|Unsound| {
        let problem = "has a field that could not be read, and no rule says why";
        vec![Violation::internal("spec", problem)]
    })
}

impl<T> Draft for Field<T> {
    type Whole = T;

    fn whole(self, _: &Flawless) -> Field<T> {
        self
    }
}

impl<A: Draft, B: Draft> Draft for (A, B) {
    type Whole = (A::Whole, B::Whole);

    fn whole(self, flawless: &Flawless) -> Field<Self::Whole> {
        Ok((self.0.whole(flawless)?, self.1.whole(flawless)?))
    }
}

/// Something that may be left out.
#[derive(Debug)]
pub struct Maybe<D>(pub Field<Option<D>>);

impl<D> Maybe<D> {
    /// What is there, if anything is.
    ///
    /// # Errors
    /// [`Unsound`] when even that is unknown.
    pub fn get(&self) -> Field<Option<&D>> {
        Ok(self.0.as_ref()?.as_ref())
    }
}

impl<D: Draft> Draft for Maybe<D> {
    type Whole = Option<D::Whole>;

    fn whole(self, flawless: &Flawless) -> Field<Self::Whole> {
        self.0?.map(|draft| draft.whole(flawless)).transpose()
    }
}

/// A list. Items keep their places, sound or not.
#[derive(Debug)]
pub struct Items<D>(pub Field<Vec<D>>);

impl<D> Items<D> {
    /// The items.
    ///
    /// # Errors
    /// [`Unsound`] when it is no list.
    pub fn get(&self) -> Field<&[D]> {
        Ok(self.0.as_ref()?.as_slice())
    }
}

impl<T> Items<Field<T>> {
    /// The sound items, each with its place.
    ///
    /// # Errors
    /// [`Unsound`] when it is no list.
    pub fn sound(&self) -> Field<impl Iterator<Item = (usize, &T)>> {
        let items = self.get()?.iter().enumerate();
        Ok(items.filter_map(|(n, item)| Some((n, item.as_ref().ok()?))))
    }

    /// All items.
    ///
    /// # Errors
    /// [`Unsound`] when one of them is.
    pub fn all(&self) -> Field<Vec<&T>> {
        let items = self.get()?.iter();
        items.map(|item| Ok(item.as_ref()?)).collect()
    }
}

impl<D: Draft> Draft for Items<D> {
    type Whole = Vec<D::Whole>;

    fn whole(self, flawless: &Flawless) -> Field<Self::Whole> {
        let items = self.0?.into_iter();
        items.map(|item| item.whole(flawless)).collect()
    }
}

/// Keys and values.
#[derive(Debug)]
pub struct Entries<K, D>(pub Field<BTreeMap<K, D>>);

impl<K, D> Entries<K, D> {
    /// The entries.
    ///
    /// # Errors
    /// [`Unsound`] when there are no keys and values.
    pub fn get(&self) -> Field<&BTreeMap<K, D>> {
        Ok(self.0.as_ref()?)
    }
}

impl<K: Ord, D: Draft> Draft for Entries<K, D> {
    type Whole = BTreeMap<K, D::Whole>;

    fn whole(self, flawless: &Flawless) -> Field<Self::Whole> {
        let entries = self.0?.into_iter();
        entries
            .map(|(key, draft)| Ok((key, draft.whole(flawless)?)))
            .collect()
    }
}

/// Declares structs that are read field by field, and beside each its draft. A field's draft is a [`Field`] of it, or what
/// stands behind `=`.
macro_rules! drafted {
    ($(
        $(#[$attribute:meta])*
        $visible:vis struct $whole:ident, $draft:ident {
            $(
                $(#[doc = $doc:literal])*
                $(#[serde($($serde:tt)*)])?
                pub $field:ident: $type:ty $(= $part:ty)?,
            )*
        }
    )*) => {$(
        $(#[$attribute])*
        $visible struct $whole {
            $($(#[doc = $doc])* $(#[serde($($serde)*)])? pub $field: $type,)*
        }

        #[doc = concat!("[`", stringify!($whole), "`], as far as it is sound.")]
        $visible struct $draft {
            $($(#[doc = $doc])* pub $field: $crate::api::draft::part!($type $(, $part)?),)*
        }

        impl $crate::api::draft::Draft for $draft {
            type Whole = $whole;

            fn whole(
                self,
                flawless: &$crate::api::draft::Flawless,
            ) -> $crate::api::draft::Field<$whole> {
                Ok($whole {
                    $($field: $crate::api::draft::Draft::whole(self.$field, flawless)?,)*
                })
            }
        }
    )*};
}

/// The draft of a field.
macro_rules! part {
    ($type:ty) => { $crate::api::draft::Field<$type> };
    ($type:ty, $part:ty) => { $part };
}

pub(crate) use {drafted, part};
