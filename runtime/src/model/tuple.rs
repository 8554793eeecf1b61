//! Lists whose items have types of their own.

use serde::de::{Error, IgnoredAny, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeSeq, Serializer};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;

/// A list whose items have types of their own.
pub trait Tuple: Sized {
    /// Its name, for messages.
    const NAME: &'static str;

    /// Reads the items. `None` where one is missing or the items hold an error.
    fn read<'de, A: SeqAccess<'de>>(from: &mut Items<'de, A>) -> Option<Self>;
}

/// Decodes a tuple.
///
/// # Errors
/// Those of the deserializer, too few and too many items.
pub fn tuple<'de, D: Deserializer<'de>, T: Tuple>(from: D) -> Result<T, D::Error> {
    from.deserialize_seq(TupleVisitor(PhantomData))
}

struct TupleVisitor<T>(PhantomData<T>);

impl<'de, T: Tuple> Visitor<'de> for TupleVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list ({})", T::NAME)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, from: A) -> Result<T, A::Error> {
        let mut items = Items {
            from,
            error: None,
            count: 0,
            de: PhantomData,
        };
        let value = T::read(&mut items);
        match (items.error, value) {
            (Some(error), _) => Err(error),
            (None, Some(value)) => Ok(value),
            (None, None) => Err(A::Error::invalid_length(items.count, &"more items")),
        }
    }
}

/// The items of a list that is being read.
pub struct Items<'de, A: SeqAccess<'de>> {
    from: A,
    error: Option<A::Error>,
    count: usize,
    de: PhantomData<&'de ()>,
}

impl<'de, A: SeqAccess<'de>> Items<'de, A> {
    /// Reads an item that must be there.
    pub fn item<T: Deserialize<'de>>(&mut self) -> Option<T> {
        if self.error.is_some() {
            return None;
        }
        match self.from.next_element() {
            Ok(item) => {
                self.count += usize::from(item.is_some());
                item
            }
            Err(error) => {
                self.error = Some(error);
                None
            }
        }
    }

    /// Reads an item that may be missing or `null`.
    pub fn optional<T: Deserialize<'de>>(&mut self) -> Option<T> {
        self.item::<Option<T>>().flatten()
    }

    /// Reads all further items.
    pub fn rest<T: Deserialize<'de>>(&mut self) -> Vec<T> {
        let mut rest = Vec::new();
        while let Some(item) = self.item() {
            rest.push(item);
        }
        rest
    }

    /// Refuses further items.
    pub fn end(&mut self) {
        let count = self.count;
        if self.item::<IgnoredAny>().is_some() {
            let expected = format!("at most {count} items");
            self.error = Some(A::Error::invalid_length(count + 1, &expected.as_str()));
        }
    }
}

/// Writes the items of a list.
pub struct TupleWriter<S: Serializer> {
    seq: Result<S::SerializeSeq, S::Error>,
    /// Missing items: nothing if no other follows, `null` each if one does.
    skipped: usize,
}

impl<S: Serializer> TupleWriter<S> {
    /// Begins a list.
    pub fn new(to: S) -> Self {
        Self {
            seq: to.serialize_seq(None),
            skipped: 0,
        }
    }

    /// Writes an item.
    pub fn put<T: Serialize + ?Sized>(&mut self, item: &T) {
        for _ in 0..std::mem::take(&mut self.skipped) {
            self.element(&());
        }
        self.element(item);
    }

    /// Writes an item that may be missing.
    pub fn put_optional<T: Serialize>(&mut self, item: &Option<T>) {
        match item {
            Some(item) => self.put(item),
            None => self.skipped += 1,
        }
    }

    /// Writes all further items.
    pub fn put_rest<T: Serialize>(&mut self, rest: &[T]) {
        for item in rest {
            self.put(item);
        }
    }

    fn element<T: Serialize + ?Sized>(&mut self, item: &T) {
        let Ok(seq) = &mut self.seq else { return };
        if let Err(error) = seq.serialize_element(item) {
            self.seq = Err(error);
        }
    }

    /// Ends the list.
    ///
    /// # Errors
    /// The first error of the serializer.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.seq.and_then(SerializeSeq::end)
    }
}
