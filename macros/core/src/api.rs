//! The model of an API: what an annotated trait says, before and after it is text.
//!
//! The parser reads it from a trait, `gen-client` builds it from a document, the printer writes it
//! as a trait, the expander lowers it. Equality ignores where in a file something was written.

mod argument;
mod auth;
mod head;
mod options;
mod place;
mod reply;
mod retry;
mod template;

pub use argument::{Argument, Kind, Style};
pub use auth::{Auth, Carrier};
pub use head::{Case, Envelope, Expired, Head, Session, Source};
pub use options::{Decode, Header, Options, Replay, Status, Timeout, Verb};
pub use place::{At, Flag, Text, Tokens};
pub use reply::{Reply, Spelling};
pub use retry::{Failure, Retry};
pub use template::{Part, Template};

use syn::{
    Attribute, Generics, Ident, Receiver, Signature, Token, TypeParamBound, Visibility,
    WhereClause, punctuated::Punctuated,
};

/// An annotated trait.
#[derive(Clone, Debug, PartialEq)]
pub struct Api {
    /// Attributes other than `#[api_client]`, documentation among them, in their order.
    pub attrs: Vec<Attribute>,
    /// Who sees the trait, and therefore its client.
    pub vis: Visibility,
    /// The trait's name; the client's is the same with `Client` after it.
    pub ident: Ident,
    /// What an implementation must be besides, `Send + Sync` as a rule.
    pub supertraits: Punctuated<TypeParamBound, Token![+]>,
    /// Its `where` clause.
    pub where_clause: Option<WhereClause>,
    /// The arguments of `#[api_client(…)]`.
    pub head: Head,
    /// Endpoints and methods with a body, in their order.
    pub methods: Vec<Method>,
}

impl Api {
    /// A public trait of that name, `Send + Sync`, without documentation and methods.
    pub fn new(ident: Ident) -> Self {
        Self {
            attrs: Vec::new(),
            vis: syn::parse_quote!(pub),
            ident,
            supertraits: syn::parse_quote!(Send + Sync),
            where_clause: None,
            head: Head::default(),
            methods: Vec::new(),
        }
    }

    /// The methods that send a request.
    pub fn endpoints(&self) -> impl Iterator<Item = &Endpoint> {
        self.methods.iter().filter_map(|method| match method {
            Method::Endpoint(endpoint) => Some(&**endpoint),
            Method::Provided(_) => None,
        })
    }
}

/// One method of the trait.
#[derive(Clone, Debug, PartialEq)]
pub enum Method {
    /// A method that sends a request.
    Endpoint(Box<Endpoint>),
    /// A method whose body a person wrote.
    Provided(Box<Provided>),
}

/// A method that sends a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// Attributes other than the verb, documentation among them, in their order.
    pub attrs: Vec<Attribute>,
    /// The HTTP method.
    pub verb: At<Verb>,
    /// The path; absent where an argument is the URL.
    pub path: Option<At<Template>>,
    /// The keys after the path.
    pub options: Options,
    /// The method's name.
    pub ident: Ident,
    /// Type parameters and the `where` clause.
    pub generics: Generics,
    /// `&self` or `&mut self`.
    pub receiver: Receiver,
    /// The arguments after the receiver, in their order.
    pub arguments: Vec<Argument>,
    /// What the method returns.
    pub reply: Reply,
}

impl Endpoint {
    /// A method with neither documentation nor arguments nor options, that takes `&self`.
    pub fn new(verb: Verb, path: Template, ident: Ident, reply: Reply) -> Self {
        Self {
            attrs: Vec::new(),
            verb: verb.into(),
            path: Some(path.into()),
            options: Options::default(),
            ident,
            generics: Generics::default(),
            receiver: syn::parse_quote!(&self),
            arguments: Vec::new(),
            reply,
        }
    }
}

/// A method whose body a person wrote; it is left alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Provided {
    /// Its attributes, in their order.
    pub attrs: Vec<Attribute>,
    /// Its signature as written, `async` or not.
    pub sig: Signature,
    /// Its body with the braces. Never parsed: what stands in it is the compiler's business.
    pub body: Tokens,
}
