//! The API's surface: groups, methods, arguments, results.

use super::{Auth, Doc, TypeRef, Types};

/// A whole client.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Library {
    /// The package's name (`train-travel`).
    pub name: String,
    /// The root type's name (`TrainTravel`).
    pub root: String,
    /// The document's title, as it stands there.
    pub title: String,
    /// The document's version, as it stands there.
    pub version: String,
    /// The document's description.
    pub doc: Doc,
    /// Servers as constants, in document order.
    pub servers: Vec<Server>,
    /// One per feature, by module name.
    pub groups: Vec<Group>,
    /// Every emitted type.
    pub types: Types,
    /// Payloads of webhooks, in document order.
    pub webhooks: Vec<Webhook>,
    /// The Cargo feature of the webhooks' payloads.
    pub webhooks_feature: String,
    /// What renews the session: a group of one method, under no feature.
    pub refresh: Option<Refresh>,
}

impl Library {
    /// What each method injects, those of the refresh among them.
    pub fn auths(&self) -> impl Iterator<Item = &Auth> {
        let refresh = self.refresh.iter().map(|refresh| &refresh.group);
        let groups = self.groups.iter().chain(refresh);
        groups.flat_map(|group| {
            group
                .operations
                .iter()
                .map(move |operation| operation.auth.as_ref().unwrap_or(&group.auth))
        })
    }
}

/// The operation through which the session renews itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Refresh {
    /// Module `refresh`, with the one method.
    pub group: Group,
    /// How the answer becomes tokens; `None` if it cannot be read.
    pub tokens: Option<Tokens>,
    /// How the refresh token becomes the body, where it is a member of one.
    pub body: Option<RefreshBody>,
}

/// Where the tokens are in the answer of a refresh. Each is a way through members, from the type.
#[derive(Clone, Debug, PartialEq)]
pub struct Tokens {
    /// The answer's type.
    pub ty: TypeRef,
    /// The access token.
    pub access: Vec<Step>,
    /// The next refresh token.
    pub refresh_token: Option<Vec<Step>>,
    /// The lifetime.
    pub expires_in: Option<Vec<Step>>,
    /// Whether the lifetime is in milliseconds.
    pub milliseconds: bool,
}

/// A member on the way to a token.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its Rust name.
    pub name: String,
    /// How many `Option`s are around it.
    pub options: u8,
    /// Its type, without those.
    pub ty: TypeRef,
}

/// A body that holds the refresh token.
#[derive(Clone, Debug, PartialEq)]
pub struct RefreshBody {
    /// Its type.
    pub ty: TypeRef,
    /// The member that is the refresh token, by its Rust name.
    pub token: Step,
    /// Members with a fixed value.
    pub with: Vec<(Step, String)>,
    /// All other members, by their Rust names.
    pub rest: Vec<String>,
    /// Whether the type derives `Default`.
    pub default: bool,
}

/// A server constant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Server {
    /// `MOCK_SERVER`.
    pub name: String,
    /// The URL, variables replaced by their defaults.
    pub url: String,
    /// Its description.
    pub doc: Doc,
    /// Its variables and the type that holds them, if it has any.
    pub variables: Option<Variables>,
}

/// The variables of a server as a struct.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variables {
    /// `DemoServer`.
    pub name: String,
    /// The URL with its placeholders.
    pub template: String,
    /// Its members.
    pub list: Vec<ServerVariable>,
}

/// A part of a server's URL.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServerVariable {
    /// Its Rust name.
    pub name: String,
    /// Its name in the template.
    pub wire: String,
    /// What it is unless said otherwise.
    pub default: String,
    /// Its description.
    pub doc: Doc,
    /// The enum of the values it may have, if those are listed: its name, its variants, their text.
    pub choice: Option<(String, Vec<(String, String)>)>,
}

/// What a webhook sends.
#[derive(Clone, Debug, PartialEq)]
pub struct Webhook {
    /// Its name in the document.
    pub name: String,
    /// The payload.
    pub payload: TypeRef,
}

/// One trait, file and Cargo feature.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// `bookings`: module, file, accessor.
    pub module: String,
    /// `bookings`: Cargo feature; `None` is under no feature.
    pub feature: Option<String>,
    /// `BookingsApi`.
    pub trait_name: String,
    /// The tag's description.
    pub doc: Doc,
    /// What most operations inject; an operation says so where it differs.
    pub auth: Auth,
    /// Which codes the session answers to.
    pub session: Option<Session>,
    /// What is wrapped around each answer.
    pub envelope: Option<Envelope>,
    /// In document order.
    pub operations: Vec<Operation>,
    /// `#[derive(Params)]` structs.
    pub params: Vec<Params>,
    /// `#[derive(ApiError)]` enums.
    pub errors: Vec<StatusEnum>,
    /// `#[derive(ApiReply)]` enums.
    pub replies: Vec<StatusEnum>,
}

/// Which codes the session answers to, where they are not the usual ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// The access token is no longer good.
    pub refresh: Option<u16>,
    /// The session is over; inside, `None` says that no code does that.
    pub expired: Option<Option<u16>>,
}

/// What is wrapped around each answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// The member that holds the code.
    pub code: String,
    /// The member that holds the message.
    pub message: Option<String>,
    /// The member that holds the value.
    pub data: Option<String>,
    /// The codes of a call that went well.
    pub ok: Vec<i64>,
}

/// One method.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Operation {
    /// JSON pointer of the operation (`#/paths/~1bookings/get`).
    pub pointer: String,
    /// Its place in the document.
    pub order: usize,
    /// Method name.
    pub name: String,
    /// `GET`, or whatever the document says.
    pub verb: String,
    /// Path template with Rust placeholder names.
    pub path: String,
    /// Path arguments in path order, required ones in document order, the body, the options.
    pub arguments: Vec<Argument>,
    /// The result.
    pub reply: Reply,
    /// The error type; `None` is `ApiError`.
    pub error: Option<String>,
    /// Where it differs from the group's.
    pub auth: Option<Auth>,
    /// Statuses that count as success, where they are not the 2xx.
    pub ok: Vec<Status>,
    /// Statuses beyond 204, 205 and 304 that are `None`.
    pub none: Vec<u16>,
    /// A body where the verb has none as a rule.
    pub allow_body: bool,
    /// Whether this is the session's refresh.
    pub refresh: bool,
    /// Summary, description, arguments, scopes.
    pub doc: Doc,
    /// Deprecated by the document.
    pub deprecated: bool,
}

/// An argument of a method.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// Its Rust name.
    pub name: String,
    /// Its name on the wire.
    pub wire: String,
    /// Where it goes.
    pub place: Place,
    /// Its type, without reference or `Option`.
    pub ty: TypeRef,
    /// `Option<…>` if not.
    pub required: bool,
}

/// Where an argument goes.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// A placeholder of the path.
    Path,
    /// `#[query]`.
    Query(Style),
    /// `#[query(flatten)]`: the members of an object.
    Queries,
    /// `#[header]`.
    Header,
    /// `#[cookie]`.
    Cookie,
    /// `#[json]`.
    Json,
    /// `#[form]`.
    Form(Style),
    /// `#[field]`.
    Field(Style),
    /// `#[body(mime = …)]`.
    Body(String),
    /// `#[params]`, a reference to the struct of that name.
    Params(String),
}

/// How a value of several parts is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// The name is repeated.
    #[default]
    Form,
    /// Joined by commas.
    Csv,
    /// Joined by spaces.
    Space,
    /// Joined by `|`.
    Pipe,
    /// `name[member]=value`.
    DeepObject,
}

/// What a method answers with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// The value's type; `None` is `()`.
    pub ty: Option<ReplyType>,
    /// `Option<…>`: some success has no body.
    pub optional: bool,
    /// `Response<…>`: status and headers matter.
    pub whole: bool,
    /// `decode = …`, where the type as written would say something else.
    pub decode: Option<Decode>,
}

/// How a body is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decode {
    /// JSON.
    Json,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// As the answer's content type says.
    JsonOrText,
}

/// The value of a reply.
#[derive(Clone, Debug, PartialEq)]
pub enum ReplyType {
    /// One type.
    Value(TypeRef),
    /// A [`StatusEnum`] of the group.
    ByStatus(String),
}

/// A `#[derive(Params)]` struct.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params {
    /// Its name.
    pub name: String,
    /// The method it belongs to.
    pub method: String,
    /// Whether every field is optional, so that `Default` is derived.
    pub all_optional: bool,
    /// Its fields.
    pub fields: Vec<ParamField>,
}

/// A field of [`Params`].
#[derive(Clone, Debug, PartialEq)]
pub struct ParamField {
    /// The argument it is.
    pub argument: Argument,
    /// Description, constraints, what the server assumes.
    pub doc: Doc,
    /// A short example.
    pub example: Option<String>,
    /// Deprecated by the document.
    pub deprecated: bool,
}

/// An enum whose variants are statuses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatusEnum {
    /// Its name.
    pub name: String,
    /// Its documentation.
    pub doc: Doc,
    /// Its variants.
    pub variants: Vec<StatusVariant>,
}

/// A variant of a [`StatusEnum`].
#[derive(Clone, Debug, PartialEq)]
pub struct StatusVariant {
    /// `NotFound`.
    pub name: String,
    /// Which statuses.
    pub status: Status,
    /// `None`: a unit variant.
    pub ty: Option<TypeRef>,
    /// Its documentation.
    pub doc: Doc,
}

/// `#[status(…)]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// One code.
    Code(u16),
    /// `4XX`, by its first digit.
    Range(u8),
    /// All that nothing else takes.
    Default,
}
