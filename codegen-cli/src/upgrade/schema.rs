//! A schema of OpenAPI 3.0, or of an older JSON Schema, as one of 3.1.

use crate::read::{NodeId, Tree};

/// Rewrites the keywords of one schema; the schemas within it have their own turn.
pub(super) fn rewrite(tree: &mut Tree, schema: NodeId) {
    nullable(tree, schema);
    bound(tree, schema, "minimum", "exclusiveMinimum");
    bound(tree, schema, "maximum", "exclusiveMaximum");
    tuple(tree, schema);
    example(tree, schema);
}

/// `type: string` with `nullable: true` is `type: [string, "null"]`; a union gets a null beside.
fn nullable(tree: &mut Tree, schema: NodeId) {
    let Some(flag) = tree.get(schema, "nullable") else {
        return;
    };
    match tree.as_bool(flag) {
        Some(true) => {}
        Some(false) => {
            tree.remove(schema, "nullable");
            return;
        }
        None => return,
    }
    let at = tree.at(flag);
    if let Some(kind) = tree.get(schema, "type") {
        let null = tree.new_scalar(at, "null", false);
        if tree.is_sequence(kind) {
            let known = tree.items(kind).any(|item| is_null_type(tree, item));
            if !known {
                tree.append(kind, null);
            }
        } else if let Some(single) = tree.remove(schema, "type") {
            let both = tree.new_sequence(tree.at(single), &[single, null]);
            tree.put(schema, "type", both);
        }
        tree.remove(schema, "nullable");
        return;
    }
    // Not both: of `anyOf` beside `oneOf`, each would have to allow it.
    let unions: Vec<_> = ["oneOf", "anyOf"]
        .iter()
        .filter_map(|key| tree.get(schema, key))
        .collect();
    if let [union] = unions[..] {
        let known = tree.items(union).any(|item| {
            tree.get(item, "type")
                .is_some_and(|kind| is_null_type(tree, kind))
        });
        if !known {
            let null = tree.new_scalar(at, "null", false);
            let variant = tree.new_mapping(at);
            tree.put(variant, "type", null);
            tree.append(union, variant);
        }
        tree.remove(schema, "nullable");
    }
}

/// `type: null` without quotes is a frequent slip in YAML.
fn is_null_type(tree: &Tree, kind: NodeId) -> bool {
    tree.kind(kind) == crate::read::Kind::Null || tree.text(kind) == Some("null")
}

/// `minimum: 1` with `exclusiveMinimum: true` is `exclusiveMinimum: 1`.
fn bound(tree: &mut Tree, schema: NodeId, plain: &str, exclusive: &str) {
    let Some(flag) = tree.get(schema, exclusive) else {
        return;
    };
    match tree.as_bool(flag) {
        Some(true) => match tree.remove(schema, plain) {
            Some(limit) => tree.put(schema, exclusive, limit),
            None => {
                tree.remove(schema, exclusive);
            }
        },
        Some(false) => {
            tree.remove(schema, exclusive);
        }
        None => {}
    }
}

/// `items: [a, b]` with `additionalItems: c` is `prefixItems: [a, b]` with `items: c`.
fn tuple(tree: &mut Tree, schema: NodeId) {
    let is_tuple = tree
        .get(schema, "items")
        .is_some_and(|items| tree.is_sequence(items));
    if !is_tuple {
        return;
    }
    let items = tree.remove(schema, "items");
    if let Some(items) = items.filter(|_| tree.get(schema, "prefixItems").is_none()) {
        tree.put(schema, "prefixItems", items);
    }
    if let Some(rest) = tree.remove(schema, "additionalItems") {
        tree.put(schema, "items", rest);
    }
}

/// `example: value` is `examples: [value]`.
fn example(tree: &mut Tree, schema: NodeId) {
    if tree.get(schema, "examples").is_some() {
        return;
    }
    if let Some(value) = tree.remove(schema, "example") {
        let list = tree.new_sequence(tree.at(value), &[value]);
        tree.put(schema, "examples", list);
    }
}
