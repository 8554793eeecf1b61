//! What all types with `#[derive(Model)]` share. Expansions reach it through `__v1::model`; each
//! function here is compiled once, so that a type costs its table of names and little else.

mod base64;
mod binary;
mod constant;
mod flat;
mod key;
mod object;
mod path;
mod scan;
mod shape;
pub mod status;
mod tuple;
mod union;
mod word;
mod writer;

pub use binary::{Binary, Encoded};
pub use constant::{Constant, Found};
pub use object::{Members, object};
pub use serde::de::{DeserializeOwned, MapAccess, SeqAccess};
pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
pub use shape::{Object, Otherwise, Probe, Received, Shape};
pub use tuple::{Items, Tuple, TupleWriter, tuple};
pub use union::{Payload, Problem, Rule, Tag, Union, Variant, tagged, union};
pub use word::{constant, raw_constant, word};
pub use writer::Writer;
