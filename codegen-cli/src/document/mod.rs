//! The API surface of a document as `openapiv3` values, each beside the node it came from.
//!
//! The values are filled field by field from the tree, so that one bad leaf costs one leaf.
//! `openapiv3`'s own `Deserialize` is never called: it fails whole documents and knows no places.
//! References to parameters, bodies, responses, headers and security schemes are followed while
//! filling, so every `ReferenceOr` of the surface is an `Item`. Schema slots alone stay references,
//! to a node of the tree (`#node/1234`): see [`node_of`] and [`slot`].

mod bodies;
mod extensions;
mod fields;
mod general;
mod operations;
mod parameters;
mod paths;
mod security;
mod servers;
mod status;

use openapiv3::{ReferenceOr, Schema, StatusCode};

use crate::diagnostic::Diagnostics;
use crate::read::{NodeId, Tree};
use crate::resolve::Resolver;

use fields::Reader;

/// Reads the surface of a document that `upgrade` has been through.
pub(crate) fn document(tree: Tree, found: &Diagnostics) -> Document {
    let resolver = Resolver::new(&tree, found);
    let reader = Reader {
        tree: &tree,
        resolver: &resolver,
        found,
    };
    let (operations, webhooks) = reader.operations();
    let api = reader.general();
    reader.extensions();
    Document {
        api,
        operations,
        webhooks,
        tree,
    }
}

/// A document whose surface has been read.
pub(crate) struct Document {
    /// Info, servers, security, tags and security schemes. Its paths are empty: they are
    /// [`Document::operations`]. So are its schemas: they stay in the tree.
    pub(crate) api: openapiv3::OpenAPI,
    /// The nodes, already in the one dialect that `upgrade` leaves.
    pub(crate) tree: Tree,
    /// All operations under `paths`, in document order.
    pub(crate) operations: Vec<Operation>,
    /// All operations under `webhooks`, in document order; `path` is the webhook's name.
    pub(crate) webhooks: Vec<Operation>,
}

/// One operation and the nodes it came from.
pub(crate) struct Operation {
    /// The operation object; `tree.pointer(at)` is the key of the lock.
    pub(crate) at: NodeId,
    /// The key under `paths` as it stands there, or the webhook's name.
    pub(crate) path: String,
    /// In lower case, as in the document: `get`.
    pub(crate) verb: &'static str,
    /// Parameters of the path item are merged in by name and place; `servers` are the path item's
    /// where the operation has none.
    pub(crate) value: openapiv3::Operation,
    /// The parameter objects, one for each of `value.parameters`.
    pub(crate) parameters: Vec<NodeId>,
    /// The request body object.
    pub(crate) body: Option<NodeId>,
    /// The response objects in document order; without a status: `default`.
    pub(crate) responses: Vec<(Option<StatusCode>, NodeId)>,
}

/// The node of a schema slot.
pub(crate) fn node_of(slot: &ReferenceOr<Schema>) -> Option<NodeId> {
    let ReferenceOr::Reference { reference } = slot else {
        return None;
    };
    reference
        .strip_prefix("#node/")?
        .parse()
        .ok()
        .map(NodeId::from_number)
}

/// A schema slot that refers to `node`, which may itself be a reference with siblings.
pub(crate) fn slot(node: NodeId) -> ReferenceOr<Schema> {
    ReferenceOr::Reference {
        reference: format!("#node/{}", node.number()),
    }
}

#[cfg(test)]
mod tests;
