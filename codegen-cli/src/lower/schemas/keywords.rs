//! What each keyword of a schema is to us.

/// What a keyword is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It shapes the type.
    Shape,
    /// It says something about the type, and makes no other one.
    Annotation,
    /// It is documented, and not checked by the client.
    Constraint,
    /// It narrows what is allowed in a way that no type of ours can.
    Unenforced,
    /// It holds other schemas, which are read where a reference leads to them.
    Container,
    /// Nobody knows it.
    Unknown,
}

/// What `keyword` is to us.
pub(super) fn role(keyword: &str) -> Role {
    match keyword {
        "$ref"
        | "allOf"
        | "oneOf"
        | "anyOf"
        | "discriminator"
        | "type"
        | "properties"
        | "required"
        | "additionalProperties"
        | "patternProperties"
        | "items"
        | "prefixItems"
        | "additionalItems"
        | "enum"
        | "const"
        | "format"
        | "contentEncoding" => Role::Shape,
        "title" | "description" | "default" | "example" | "examples" | "deprecated"
        | "readOnly" | "writeOnly" | "nullable" | "xml" | "externalDocs" | "$comment" | "$id"
        | "$schema" | "$anchor" | "$dynamicAnchor" | "$vocabulary" | "id" | "contentMediaType"
        | "summary" => Role::Annotation,
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf"
        | "minLength" | "maxLength" | "pattern" | "minItems" | "maxItems" | "uniqueItems"
        | "minProperties" | "maxProperties" => Role::Constraint,
        "not"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "minContains"
        | "maxContains"
        | "propertyNames"
        | "dependentRequired"
        | "dependentSchemas"
        | "dependencies"
        | "unevaluatedProperties"
        | "unevaluatedItems"
        | "contentSchema"
        | "$dynamicRef"
        | "$recursiveRef" => Role::Unenforced,
        "$defs" | "definitions" => Role::Container,
        other if other.starts_with("x-") => Role::Annotation,
        _ => Role::Unknown,
    }
}
