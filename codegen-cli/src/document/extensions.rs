//! Extensions that ask for something which nobody here does.

use std::collections::HashSet;

use super::fields::Reader;
use crate::diagnostic::Kind as Topic;
use crate::read::NodeId;
use crate::upgrade::NAMES;

/// What other generators read, and what is true here instead.
const KNOWN: &[(&str, &str)] = &[
    (
        "x-speakeasy-retries",
        "generated methods do not retry by themselves",
    ),
    (
        "x-fern-retries",
        "generated methods do not retry by themselves",
    ),
    ("x-ms-paginated", "pages are not followed yet"),
    ("x-ms-pageable", "pages are not followed yet"),
    ("x-speakeasy-pagination", "pages are not followed yet"),
    ("x-fern-pagination", "pages are not followed yet"),
];

impl Reader<'_> {
    /// Notes the extensions that mean something elsewhere, and references within any.
    pub(super) fn extensions(&self) {
        let led_to = self.extensions_led_to();
        for key in self.tree.ids().filter(|id| self.tree.is_key(*id)) {
            let text = self.tree.key_text(key);
            if text == "$ref" {
                let around = self.extension_around(key);
                if let Some(extension) = around.filter(|name| !led_to.contains(name)) {
                    let message =
                        format!("a `$ref` inside an extension ({extension}) is left alone");
                    self.note(key, Topic::Extension, message, "");
                }
            } else if let Some((name, instead)) = KNOWN.iter().find(|(name, _)| *name == text) {
                self.note(
                    key,
                    Topic::Extension,
                    format!("{name} is not read: {instead}"),
                    "",
                );
            }
        }
    }

    /// The extensions that references lead into: what is there is read after all.
    fn extensions_led_to(&self) -> HashSet<&str> {
        let keys = self.tree.ids().filter(|id| self.tree.is_key(*id));
        let references = keys.filter(|key| self.tree.key_text(*key) == "$ref");
        let targets = references.filter_map(|key| self.tree.text(self.tree.value_of(key)));
        let extension = |target: &str| target.starts_with("#/x-");
        let names = targets.filter(|target| extension(target));
        names
            .filter_map(|target| target.split('/').nth(1))
            .collect()
    }

    /// The outermost extension that `key` is in. A header or schema may be called `x-…` too.
    fn extension_around(&self, key: NodeId) -> Option<&str> {
        let around = std::iter::successors(Some(key), |id| self.tree.parent(*id));
        let keys: Vec<_> = around.filter(|id| self.tree.is_key(*id)).collect();
        let names: Vec<_> = keys
            .iter()
            .rev()
            .map(|id| self.tree.key_text(*id))
            .collect();
        let is_extension = |index: &usize| {
            let named = *index > 0 && NAMES.contains(&names[index - 1]);
            names[*index].starts_with("x-") && !named
        };
        (0..names.len())
            .find(is_extension)
            .map(|index| names[index])
    }
}
