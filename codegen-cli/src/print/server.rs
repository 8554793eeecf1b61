//! Servers: constants, the root type's builder, and the variables of a URL.

use super::docs;
use super::scope::ident;
use crate::ir::{Auth, Library, Server, ServerVariable, Variables};
use crate::lower::docs::code;
use proc_macro2::TokenStream;
use quote::quote;

/// The URL as a constant.
pub(super) fn constant(server: &Server) -> TokenStream {
    let docs = docs::attributes(&server.doc, 0);
    let (name, url) = (ident(&server.name), &server.url);
    quote!(#docs pub const #name: &str = #url;)
}

/// Where the root type starts from.
pub(super) fn builder(library: &Library) -> TokenStream {
    let refresh = library.refresh.as_ref().map(|refresh| {
        let client = ident(&format!("{}Client", refresh.group.trait_name));
        quote!(.refresh(refresh::#client::REFRESH))
    });
    let Some(first) = library.servers.first() else {
        let text = "Starts from `base_url`, since the document names no server; takes a session, a timeout.";
        let docs = docs::markdown(&with_sessions(text, library), 4);
        return quote! {
            #docs
            pub fn builder(base_url: &str) -> Builder<Self> {
                Builder::new(base_url, Self::new) #refresh
            }
        };
    };
    let name = ident(&first.name);
    if !first.url.contains("://") {
        let text = format!(
            "Starts from a server's origin, such as `https://api.example.com`: of its server the document \
             gives only the path, [`{}`]. Takes a session, a timeout.",
            first.name
        );
        let docs = docs::markdown(&with_sessions(&text, library), 4);
        return quote! {
            #docs
            pub fn builder(origin: &str) -> Builder<Self> {
                let url = format!("{}{}", origin.trim_end_matches('/'), #name);
                Builder::new(&url, Self::new) #refresh
            }
        };
    }
    let rank = if library.servers.len() > 1 {
        "the first server"
    } else {
        "the server"
    };
    let plain = match first.url.starts_with("http://") {
        true => " It is plain HTTP: see [`Builder::allow_plain_http`].",
        false => "",
    };
    let text = format!(
        "Starts from [`{}`], {rank} that the document names; takes a session, a timeout, another server.{plain}",
        first.name
    );
    let docs = docs::markdown(&with_sessions(&text, library), 4);
    quote! {
        #docs
        pub fn builder() -> Builder<Self> {
            Builder::new(#name, Self::new) #refresh
        }
    }
}

/// Which sessions it takes, where one by itself does not do.
fn with_sessions(text: &str, library: &Library) -> String {
    let mut schemes: Vec<&Auth> = Vec::new();
    for scheme in library.auths().flat_map(Auth::schemes) {
        if !schemes.contains(&scheme) {
            schemes.push(scheme);
        }
    }
    let mut text = text.to_owned();
    let sessions: Vec<_> = schemes
        .iter()
        .filter_map(|scheme| Some((scheme.wire_name()?, carrier(scheme))))
        .collect();
    if sessions.len() > 1 {
        text.push_str("\n\nSeveral schemes carry a token, each with a session of its own:\n\n");
        for (wire, carrier) in sessions {
            let wire = code(&format!(".session_for({wire:?}, …)"));
            text.push_str(&format!("- {wire}: {carrier}\n"));
        }
        text.push_str(
            "\n[`Builder::session`] stands in for one that has none. An API key is a \
             [`Session::fixed`](perennial::Session::fixed).",
        );
    }
    if schemes.contains(&&Auth::Basic) {
        text.push_str("\n\nHTTP basic sends what [`Builder::client_credentials`] is given.");
    }
    text
}

fn carrier(scheme: &Auth) -> String {
    match scheme {
        Auth::Header { name, .. } => format!("the header {}", code(name)),
        Auth::Query(name) => format!("the query parameter {}", code(name)),
        Auth::Cookie(name) => format!("the cookie {}", code(name)),
        _ => "`Authorization: Bearer`".to_owned(),
    }
}

/// The type that holds a server's variables, with the builder that uses them.
pub(super) fn variables(server: &Server, library: &Library) -> TokenStream {
    let Some(Variables {
        name,
        template,
        list,
    }) = &server.variables
    else {
        return TokenStream::new();
    };
    let text = format!(
        "What `{template}` leaves open; [`{}`] is its default.",
        server.name
    );
    let docs = docs::markdown(&text, 0);
    let (name, root) = (ident(name), ident(&library.root));
    let fields = list.iter().map(field);
    // Where every variable is a choice, their own defaults are the struct's.
    let derived = list.iter().all(|variable| variable.choice.is_some());
    let derive = derived.then(|| quote!(Default,));
    let defaults = list.iter().map(default);
    let default = (!derived).then(|| {
        quote! {
            impl Default for #name {
                fn default() -> Self {
                    Self { #(#defaults,)* }
                }
            }
        }
    });
    let values = list.iter().map(value);
    let choices = list.iter().map(choice);
    let refresh = library.refresh.as_ref().map(|refresh| {
        let client = ident(&format!("{}Client", refresh.group.trait_name));
        quote!(.refresh(refresh::#client::REFRESH))
    });
    let text = "Starts from this server. A value that would lead to another host is refused when the \
                builder builds.";
    let about = docs::markdown(text, 4);
    quote! {
        #docs
        #[derive(Clone, Debug, #derive PartialEq)]
        pub struct #name { #(#fields,)* }

        #default

        impl #name {
            #about
            pub fn builder(&self) -> Builder<#root> {
                let template = #template;
                let values = [#(#values),*];
                Builder::new(template, #root::new).server(template, &values) #refresh
            }
        }

        #(#choices)*
    }
}

fn field(variable: &ServerVariable) -> TokenStream {
    let docs = docs::attributes(&variable.doc, 4);
    let name = ident(&variable.name);
    let ty = match &variable.choice {
        Some((ty, _)) => {
            let ty = ident(ty);
            quote!(#ty)
        }
        None => quote!(String),
    };
    quote!(#docs pub #name: #ty)
}

fn default(variable: &ServerVariable) -> TokenStream {
    let name = ident(&variable.name);
    match &variable.choice {
        Some((ty, _)) => {
            let ty = ident(ty);
            quote!(#name: #ty::default())
        }
        None => {
            let text = &variable.default;
            quote!(#name: #text.to_owned())
        }
    }
}

fn value(variable: &ServerVariable) -> TokenStream {
    let (name, wire) = (ident(&variable.name), &variable.wire);
    match &variable.choice {
        Some(_) => quote!((#wire, self.#name.as_str())),
        None => quote!((#wire, self.#name.as_str())),
    }
}

fn choice(variable: &ServerVariable) -> TokenStream {
    let Some((name, variants)) = &variable.choice else {
        return TokenStream::new();
    };
    let docs = docs::markdown(&format!("The values of `{}`.", variable.wire), 0);
    let name = ident(name);
    let listed = variants.iter().any(|(_, text)| *text == variable.default);
    let each = variants.iter().enumerate().map(|(at, (variant, text))| {
        let default = if listed {
            *text == variable.default
        } else {
            at == 0
        };
        let default = default.then(|| quote!(#[default]));
        let variant = ident(variant);
        let docs = docs::markdown(&code(text), 4);
        quote!(#docs #default #variant)
    });
    let arms = variants.iter().map(|(variant, text)| {
        let variant = ident(variant);
        quote!(Self::#variant => #text)
    });
    quote! {
        #docs
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub enum #name { #(#each,)* }

        impl #name {
            /// The text that stands in the URL.
            pub fn as_str(self) -> &'static str {
                match self { #(#arms,)* }
            }
        }
    }
}
