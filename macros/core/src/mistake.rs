//! What is wrong with a trait, and how it reaches the person who wrote it.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// One mistake: what was found and what was expected, where, and how to mend it.
#[derive(Clone, Debug)]
pub struct Mistake {
    /// What was found and what was expected; lower case, without a full stop.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
    place: Place,
}

impl Mistake {
    /// Where it was made: the first place of those it spans.
    pub fn span(&self) -> Span {
        self.place.start
    }

    /// Says how to mend it.
    pub fn help(&mut self, help: impl Into<String>) {
        self.help = Some(help.into());
    }

    /// A `compile_error!` that underlines the place. Two spans, since joining them is not stable.
    pub fn to_compile_error(&self) -> TokenStream {
        let text = match &self.help {
            Some(help) => format!("{}\nhelp: {help}", self.message),
            None => self.message.clone(),
        };
        let Place { start, end } = self.place;
        let mut message = Literal::string(&text);
        message.set_span(end);
        let mut argument = Group::new(Delimiter::Brace, TokenTree::from(message).into());
        argument.set_span(end);
        let path = ["core", "compile_error"].into_iter().flat_map(|name| {
            let colons = [
                Punct::new(':', Spacing::Joint),
                Punct::new(':', Spacing::Alone),
            ];
            let colons = colons.map(|mut colon| {
                colon.set_span(start);
                TokenTree::from(colon)
            });
            colons
                .into_iter()
                .chain([TokenTree::from(Ident::new(name, start))])
        });
        let mut bang = Punct::new('!', Spacing::Alone);
        bang.set_span(start);
        path.chain([bang.into(), argument.into()]).collect()
    }
}

/// From one token to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    start: Span,
    end: Span,
}

impl Place {
    /// All of `tokens`; the macro's call if there are none.
    pub(crate) fn of(tokens: &impl ToTokens) -> Self {
        let mut tokens = tokens.to_token_stream().into_iter();
        let start = tokens
            .next()
            .map_or_else(Span::call_site, |token| token.span());
        Self {
            start,
            end: tokens.last().map_or(start, |token| token.span()),
        }
    }

    /// Its first token.
    pub(crate) fn start(self) -> Span {
        self.start
    }
}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Self {
            start: span,
            end: span,
        }
    }
}

/// The mistakes found so far, in the order of finding.
#[derive(Clone, Debug, Default)]
pub struct Mistakes(Vec<Mistake>);

impl Mistakes {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// One after the other.
    pub fn iter(&self) -> std::slice::Iter<'_, Mistake> {
        self.0.iter()
    }

    pub(crate) fn add(
        &mut self,
        place: impl Into<Place>,
        message: impl Into<String>,
    ) -> &mut Mistake {
        self.0.push(Mistake {
            message: message.into(),
            help: None,
            place: place.into(),
        });
        self.0.last_mut().expect("a mistake was just added")
    }
}

impl IntoIterator for Mistakes {
    type Item = Mistake;
    type IntoIter = std::vec::IntoIter<Mistake>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl From<Mistakes> for Vec<Mistake> {
    fn from(mistakes: Mistakes) -> Self {
        mistakes.0
    }
}
