//! Models made of a seed: each part of the grammar comes up, and no mistake.

use perennial_macros_core::api::{
    Api, Argument, At, Auth, Case, Decode, Endpoint, Envelope, Expired, Failure, Header, Kind,
    Method, Options, Part, Replay, Reply, Retry, Session, Source, Status, Style, Template, Timeout,
    Verb,
};
use proc_macro2::{Ident, Span};
use std::time::Duration;
use syn::{Type, parse_quote};

/// A generator of models: a linear congruential one (Knuth, MMIX), so that a seed means the same
/// everywhere.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2_654_435_761).wrapping_add(1))
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn one_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    fn maybe<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.one_in(2).then(|| value(self))
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    pub(crate) fn api(&mut self) -> Api {
        let mut api = Api::new(ident("RandomApi"));
        if self.one_in(2) {
            api.attrs.push(parse_quote!(#[doc = " Documented."]));
        }
        let head = &mut api.head;
        head.base_url = self.maybe(|_| "https://example.com/v1".into());
        head.path = self.maybe(|_| Template::literal("/v1").into());
        head.auth = self.maybe(|random| random.auth().into());
        head.envelope = self.maybe(|random| random.envelope().into());
        let enveloped = head.envelope.is_some();
        head.session = self.maybe(|random| random.session(enveloped).into());
        head.headers = self.headers("X-Trait");
        head.timeout = self.maybe(|random| random.timeout().into());
        head.retry = self.maybe(|random| random.retry(false).into());
        head.rename_all = self.maybe(|random| random.pick(&Case::ALL).1.into());
        head.runtime = self.maybe(|_| parse_quote!(crate::sdk::perennial));
        let count = 1 + self.below(5);
        api.methods = (0..count)
            .map(|at| Method::Endpoint(Box::new(self.endpoint(at))))
            .collect();
        api
    }

    /// What the rules allow: combinations of different places, in choices that may end in `none`.
    fn auth(&mut self) -> Auth {
        match self.below(6) {
            0 => Auth::None,
            1 => Auth::Optional(Box::new(self.combination())),
            2 => {
                let mut all = vec![Auth::Basic.into(), self.combination().into()];
                if self.one_in(2) {
                    all.push(Auth::None.into());
                }
                Auth::Any(all)
            }
            3 => Auth::Optional(Box::new(Auth::Any(vec![
                Auth::Basic.into(),
                self.combination().into(),
            ]))),
            4 => Auth::Basic,
            _ => self.combination(),
        }
    }

    fn combination(&mut self) -> Auth {
        let mut schemes: Vec<At<Auth>> = vec![
            Auth::Bearer.into(),
            Auth::Header {
                name: "X-Auth".to_owned().into(),
                prefix: self.maybe(|_| "Token ".to_owned()),
            }
            .into(),
            Auth::Query("auth-key".to_owned().into()).into(),
            Auth::Cookie("auth-sid".to_owned().into()).into(),
        ];
        let first = self.below(schemes.len());
        schemes.rotate_left(first);
        match self.below(2) {
            0 => schemes.swap_remove(0).value,
            _ => {
                schemes.truncate(2 + self.below(3));
                Auth::All(schemes)
            }
        }
    }

    fn session(&mut self, enveloped: bool) -> Session {
        let from = if enveloped {
            vec![Source::Envelope, Source::Status]
        } else {
            vec![Source::Status]
        };
        Session {
            refresh: self.maybe(|random| random.pick(&[401, -7, 40_101]).into()),
            expired: self.maybe(|random| random.pick(&[Expired::Never, Expired::Code(403)]).into()),
            from: self.maybe(|_| from.into()),
        }
    }

    fn envelope(&mut self) -> Envelope {
        if self.one_in(3) {
            return Envelope::Type(parse_quote!(crate::Wrapped));
        }
        Envelope::Fields {
            code: "code".to_owned(),
            message: self.maybe(|_| "msg".to_owned()),
            data: self.maybe(|_| "data".to_owned()),
            ok: vec![0, -1],
        }
    }

    fn timeout(&mut self) -> Timeout {
        let milliseconds = self.pick(&[1, 999, 1_000, 60_000, 90_500]);
        self.pick(&[
            Timeout::Never,
            Timeout::After(Duration::from_millis(milliseconds)),
        ])
    }

    fn headers(&mut self, name: &str) -> Vec<Header> {
        let header = Header {
            name: name.to_owned().into(),
            value: "quoted \" and \\".into(),
        };
        self.maybe(|_| header).into_iter().collect()
    }

    fn endpoint(&mut self, at: usize) -> Endpoint {
        let verb = self.verb();
        let head = verb == Verb::Head;
        let mut endpoint = Endpoint::new(
            verb,
            Template::default(),
            ident(&format!("method{at}")),
            self.reply(head),
        );
        let (template, placed) = self.path();
        endpoint.path = Some(template.into());
        endpoint.arguments = placed;
        let count = self.below(4);
        endpoint
            .arguments
            .extend((0..count).map(|at| self.argument(at)));
        let body = if endpoint.verb.value.is_bodiless() {
            None
        } else {
            self.maybe(Self::body)
        };
        endpoint.arguments.extend(body);
        endpoint.options = self.options(&endpoint);
        if self.one_in(3) {
            endpoint.attrs = vec![
                parse_quote!(#[doc = " A method."]),
                parse_quote!(#[deprecated]),
            ];
        }
        endpoint
    }

    fn verb(&mut self) -> Verb {
        if self.one_in(6) {
            return Verb::Other("PURGE".to_owned());
        }
        self.pick(&Verb::ALL).1
    }

    fn reply(&mut self, head: bool) -> Reply {
        let values: [Type; 5] = if head {
            [
                parse_quote!(()),
                parse_quote!(Option<()>),
                parse_quote!(Response<()>),
                parse_quote!(()),
                parse_quote!(()),
            ]
        } else {
            [
                parse_quote!(()),
                parse_quote!(Option<User>),
                parse_quote!(Response<Option<Bytes>>),
                parse_quote!(Vec<String>),
                parse_quote!(String),
            ]
        };
        Reply::new(
            self.pick(&values),
            self.maybe(|_| parse_quote!(crate::Problem)),
        )
    }

    fn path(&mut self) -> (Template, Vec<Argument>) {
        let mut template = Template::literal("/start");
        let mut arguments = Vec::new();
        for at in 0..self.below(3) {
            let name = if at == 0 {
                "type".to_owned()
            } else {
                format!("part{at}")
            };
            let argument = if at == 0 {
                Ident::new_raw(&name, Span::call_site())
            } else {
                ident(&name)
            };
            template.parts.push(if self.one_in(3) {
                Part::Rest(name)
            } else {
                Part::One(name)
            });
            template
                .parts
                .push(Part::Literal(self.pick(&["/", ".", ":do/"]).to_owned()));
            arguments.push(Argument::new(Kind::Path, argument, parse_quote!(&str)));
        }
        if let (Some(Part::Literal(_)), None) = (template.parts.get(1), template.parts.get(2)) {
            template.parts.pop();
        }
        template.query = self.maybe(|_| "fixed=1&flag".to_owned());
        (template, arguments)
    }

    fn argument(&mut self, at: usize) -> Argument {
        let name = self.maybe(|_| format!("wire-{at}").into());
        let style = self.pick(&Style::ALL).1;
        let default = self.maybe(|_| parse_quote!(1 + 1));
        let (kind, ty) = match self.below(5) {
            0 => (
                Kind::Query {
                    name,
                    style,
                    default,
                },
                parse_quote!(Option<u32>),
            ),
            1 => (Kind::Header { name }, parse_quote!(Option<&str>)),
            2 => (Kind::Cookie { name }, parse_quote!(&str)),
            3 => (Kind::Queries, parse_quote!(&Filter)),
            _ => (Kind::Params, parse_quote!(&Options)),
        };
        Argument::new(kind, ident(&format!("argument{at}")), ty)
    }

    fn body(&mut self) -> Argument {
        let style = self.pick(&Style::ALL).1;
        let (kind, ty) = match self.below(4) {
            0 => (Kind::Json, parse_quote!(Option<&User>)),
            1 => (Kind::Form { style }, parse_quote!(&User)),
            2 => (
                Kind::Field {
                    name: self.maybe(|_| "field".to_owned().into()),
                    style,
                },
                parse_quote!(u8),
            ),
            _ => (
                Kind::Body {
                    mime: self.maybe(|_| "text/csv".to_owned().into()),
                },
                parse_quote!(Vec<u8>),
            ),
        };
        Argument::new(kind, ident("body"), ty)
    }

    fn options(&mut self, endpoint: &Endpoint) -> Options {
        let value = &endpoint.reply.value;
        let optional = quote::quote!(#value).to_string().contains("Option");
        let replay = self.maybe(|_| Replay::Never.into());
        let retry = self.maybe(|random| random.retry(true).into());
        let once = |retry: &At<Retry>| replay.is_none() || retry.value == Retry::Never;
        Options {
            auth: self.maybe(|random| random.auth().into()),
            ok: self
                .maybe(|_| vec![Status::Code(200).into(), Status::Class(3).into()])
                .unwrap_or_default(),
            none: self
                .maybe(|_| vec![404.into()])
                .filter(|_| optional)
                .unwrap_or_default(),
            decode: self.maybe(|random| random.decode().into()),
            replay,
            retry: retry.filter(once),
            timeout: self.maybe(|random| random.timeout().into()),
            headers: self.headers("X-Method"),
            allow_body: self.one_in(4).into(),
            ..Options::default()
        }
    }

    fn retry(&mut self, none: bool) -> Retry {
        if none && self.one_in(3) {
            return Retry::Never;
        }
        let all = [
            Failure::Connect,
            Failure::Status(Status::Code(503)),
            Failure::Status(Status::Class(5)),
            Failure::Status(Status::Code(429)),
        ];
        let count = 1 + self.below(4);
        Retry::On {
            max: self.pick(&[1, 2, 10]).into(),
            on: all.into_iter().take(count).map(At::from).collect(),
        }
    }

    fn decode(&mut self) -> Decode {
        self.pick(&[
            Decode::Json,
            Decode::Text,
            Decode::Bytes,
            Decode::JsonOrText,
            Decode::With(parse_quote!(crate::decoders::Csv)),
        ])
    }
}

fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
