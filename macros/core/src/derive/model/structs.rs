//! Structs with members.

use super::super::mistakes::Mistakes;
use super::super::types;
use super::container::{Container, Fallback};
use super::emit;
use super::member::{Member, distinct};
use super::new;
use proc_macro2::TokenStream;
use quote::quote;
use syn::Field;

pub(super) fn expand<'i>(
    container: &Container<'_>,
    fields: impl Iterator<Item = &'i Field>,
    mistakes: &mut Mistakes,
) -> TokenStream {
    let members: Vec<_> = fields
        .filter_map(|field| Member::read(container, field, mistakes))
        .collect();
    distinct(container, &members, mistakes);
    one_map(&members, mistakes);
    let mut tokens = TokenStream::new();
    if container.receive {
        tokens.extend(receive(container, &members));
    }
    if container.send {
        tokens.extend(send(container, &members));
    }
    if container.new {
        tokens.extend(new::expand(container, &members));
    }
    tokens
}

fn one_map(members: &[Member<'_>], mistakes: &mut Mistakes) {
    let maps = members.iter().filter(|m| m.flatten && types::is_map(m.ty));
    for second in maps.skip(1) {
        mistakes.at(
            second.span,
            "only one map can take the members that are left",
        );
    }
}

fn receive(container: &Container<'_>, members: &[Member<'_>]) -> TokenStream {
    let hidden = &container.hidden;
    let table = Table::new(container, members);
    let shape = table.shape(container);
    let read = read(container, &table);
    let mut tokens = emit::deserialize(container, &quote!(#hidden::object(from)));
    tokens.extend(emit::received(
        container,
        quote!(Received),
        quote!(#shape #read),
    ));
    tokens
}

/// The members in the order of their indices.
struct Table<'t, 'i> {
    required: Vec<&'t Member<'i>>,
    others: Vec<&'t Member<'i>>,
    flattened: Vec<&'t Member<'i>>,
}

impl<'t, 'i> Table<'t, 'i> {
    fn new(container: &Container<'_>, members: &'t [Member<'i>]) -> Self {
        let (flattened, named): (Vec<_>, Vec<_>) = members.iter().partition(|m| m.flatten);
        let (required, others) = named
            .into_iter()
            .partition(|member| member.is_required(container));
        Self {
            required,
            others,
            flattened,
        }
    }

    fn named(&self) -> impl Iterator<Item = &'t Member<'i>> {
        self.required.iter().chain(&self.others).copied()
    }

    fn shape(&self, container: &Container<'_>) -> TokenStream {
        let hidden = &container.hidden;
        let name = container.name();
        let names = self.named().map(|member| &member.wire);
        let required = self.required.len();
        let new = quote!(#hidden::Object::new(#name, &[#(#names),*], #required));
        let aliases: Vec<_> = self
            .named()
            .enumerate()
            .flat_map(|(index, member)| {
                let aliases = member.aliases.iter();
                aliases.map(move |alias| quote!((#alias, #index)))
            })
            .collect();
        let constants: Vec<_> = container
            .constants
            .iter()
            .map(|constant| {
                let (name, value) = (&constant.name, constant.value.tokens(hidden));
                quote!((#name, #value))
            })
            .collect();
        let mut further = TokenStream::new();
        if !aliases.is_empty() {
            further.extend(quote!(aliases: &[#(#aliases),*],));
        }
        if !constants.is_empty() {
            further.extend(quote!(constants: &[#(#constants),*],));
        }
        if !self.flattened.is_empty() {
            further.extend(quote!(open: true,));
        }
        let object = match further.is_empty() {
            true => new,
            false => quote!(#hidden::Object { #further ..#new }),
        };
        quote!(const SHAPE: &'static #hidden::Shape = &#hidden::Shape::Object(#object);)
    }
}

fn read(container: &Container<'_>, table: &Table<'_, '_>) -> TokenStream {
    let hidden = &container.hidden;
    let declare = table.named().map(|member| member.declare(container));
    let arms = table.named().enumerate().map(|(index, member)| {
        let fill = member.fill(container);
        quote!(#index => #fill,)
    });
    let flatten = table.flattened.iter().map(|m| flatten(container, table, m));
    let build = build(container, table);
    quote! {
        fn read<'de, __A: #hidden::MapAccess<'de>>(
            from: &mut #hidden::Members<'de, __A>,
        ) -> ::core::option::Option<Self> {
            #(#declare)*
            while let ::core::option::Option::Some(index) = from.member() {
                match index {
                    #(#arms)*
                    _ => {}
                }
            }
            #(#flatten)*
            #build
        }
    }
}

fn flatten(container: &Container<'_>, table: &Table<'_, '_>, member: &Member<'_>) -> TokenStream {
    let hidden = &container.hidden;
    let (slot, ty) = (member.slot(), member.ty);
    let objects = table.flattened.iter().filter(|m| !types::is_map(m.ty));
    let objects: Vec<_> = objects.map(|member| member.ty).collect();
    if types::is_map(ty) && !objects.is_empty() {
        return quote! {
            let #slot: ::core::option::Option<#ty> = {
                use #hidden::Otherwise as _;
                from.flatten_except(&[#(#hidden::Probe::<#objects>::SHAPE),*])
            };
        };
    }
    quote!(let #slot: ::core::option::Option<#ty> = from.flatten();)
}

/// The constructor; a pattern instead of `?` for each required member.
fn build(container: &Container<'_>, table: &Table<'_, '_>) -> TokenStream {
    let sure: Vec<_> = table.required.iter().chain(&table.flattened).collect();
    let idents = sure.iter().map(|member| member.ident);
    let slots: Vec<_> = sure.iter().map(|member| member.slot()).collect();
    let others = table.others.iter().map(|member| {
        let (ident, value) = (member.ident, member.unwrap(container));
        quote!(#ident: #value)
    });
    let fallback = container.default.as_ref().map(|fallback| {
        let call = match fallback {
            Fallback::Default => quote!(::core::default::Default::default()),
            Fallback::Call(path) => quote!(#path()),
        };
        quote!(let fallback: Self = #call;)
    });
    let value = quote! {
        ::core::option::Option::Some(Self { #(#idents: #slots,)* #(#others,)* })
    };
    if sure.is_empty() {
        return quote!(#fallback #value);
    }
    quote! {
        #fallback
        match (#(#slots,)*) {
            (#(::core::option::Option::Some(#slots),)*) => #value,
            _ => ::core::option::Option::None,
        }
    }
}

fn send(container: &Container<'_>, members: &[Member<'_>]) -> TokenStream {
    let hidden = &container.hidden;
    let constants = container.constants.iter().map(|constant| {
        let (name, value) = (&constant.name, constant.value.tokens(hidden));
        quote!(to.put(#name, &#value);)
    });
    let sent = members.iter().filter(|member| !member.read_only);
    let writes = sent.map(|member| member.write(hidden));
    emit::serialize(
        container,
        &quote! {
            let mut to = #hidden::Writer::new(to);
            #(#constants)*
            #(#writes)*
            to.end()
        },
    )
}
