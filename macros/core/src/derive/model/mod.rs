//! `#[derive(Model)]`.

mod container;
mod emit;
mod member;
mod new;
mod scalars;
mod single;
mod structs;
mod tuples;
mod unions;
mod variant;

use super::item::{Data, Item};
use super::mistakes::Mistakes;
use container::Container;
use proc_macro2::TokenStream;
use syn::Fields;

pub(super) fn expand(item: &Item, mistakes: &mut Mistakes) -> TokenStream {
    let container = Container::read(item, mistakes);
    let tokens = match &item.data {
        Data::Enum(variants) => variant::expand(&container, variants, mistakes),
        Data::Struct(Fields::Named(fields)) if container.transparent => {
            single::transparent(&container, fields.named.iter(), mistakes)
        }
        Data::Struct(Fields::Named(fields)) if container.tuple => {
            tuples::expand(&container, fields.named.iter(), mistakes)
        }
        Data::Struct(Fields::Named(fields)) => {
            structs::expand(&container, fields.named.iter(), mistakes)
        }
        Data::Struct(Fields::Unnamed(fields)) if fields.unnamed.len() == 1 => {
            single::transparent(&container, fields.unnamed.iter(), mistakes)
        }
        Data::Struct(Fields::Unnamed(fields)) => {
            tuples::expand(&container, fields.unnamed.iter(), mistakes)
        }
        Data::Struct(Fields::Unit) => single::constant(&container, mistakes),
    };
    if mistakes.is_empty() {
        return tokens;
    }
    // One mistake is one error: whoever uses the type must not fail by it as well.
    emit::stub(&container)
}
