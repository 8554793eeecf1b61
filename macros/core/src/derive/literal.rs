//! `constant = …`: the values that a schema can fix.

use super::attr::{Entry, Value};
use super::mistakes::Mistakes;
use proc_macro2::{Literal, Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, ExprUnary, Ident, Lit, LitStr, Token, UnOp, ext::IdentExt};

/// A value that a schema fixes, as the runtime's `Constant` has it.
#[derive(Clone)]
pub(super) enum Constant {
    Null,
    Boolean(bool),
    Integer(i128),
    /// Its digits as written.
    Number(String, TokenStream),
    Text(String),
}

impl Constant {
    pub(super) fn tokens(&self, hidden: &TokenStream) -> TokenStream {
        match self {
            Constant::Null => quote!(#hidden::Constant::Null),
            Constant::Boolean(value) => quote!(#hidden::Constant::Boolean(#value)),
            Constant::Integer(value) => {
                // A literal of its own has no sign.
                let sign = (*value < 0).then(|| quote!(-));
                let value = Literal::u128_unsuffixed(value.unsigned_abs());
                quote!(#hidden::Constant::Integer(#sign #value))
            }
            Constant::Number(_, value) => quote!(#hidden::Constant::Number(#value)),
            Constant::Text(value) => quote!(#hidden::Constant::Text(#value)),
        }
    }

    /// Tells values apart.
    pub(super) fn key(&self) -> String {
        match self {
            Constant::Null => "null".to_owned(),
            Constant::Boolean(value) => value.to_string(),
            Constant::Integer(value) => value.to_string(),
            Constant::Number(digits, _) => digits.clone(),
            Constant::Text(value) => format!("{value:?}"),
        }
    }
}

/// `constant = "card"`.
pub(super) fn value(entry: &Entry, mistakes: &mut Mistakes) -> Option<Constant> {
    match &entry.value {
        Value::Is(expr) => mistakes.ok(read(expr)),
        _ => None,
    }
}

/// `constant("object" = "card", "version" = 1)`.
pub(super) fn members(entry: &Entry, mistakes: &mut Mistakes) -> Option<Vec<Member>> {
    let Value::List(list) = &entry.value else {
        return None;
    };
    let parser = Punctuated::<Member, Token![,]>::parse_terminated;
    let members = mistakes.ok(syn::parse::Parser::parse2(parser, list.clone()))?;
    if members.is_empty() {
        mistakes.at(entry.span(), "expected `constant(\"member\" = value)`");
    }
    Some(members.into_iter().collect())
}

/// `"object" = "card"`.
pub(super) struct Member {
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) value: Constant,
}

impl Parse for Member {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (name, span) = if input.peek(LitStr) {
            let text: LitStr = input.parse()?;
            (text.value(), text.span())
        } else {
            let ident = input.call(Ident::parse_any)?;
            (ident.unraw().to_string(), ident.span())
        };
        input.parse::<Token![=]>()?;
        let value = read(&input.parse()?)?;
        Ok(Self { name, span, value })
    }
}

fn read(expr: &Expr) -> syn::Result<Constant> {
    let expected = "expected text, a number, `true`, `false` or `null`";
    match expr {
        Expr::Lit(ExprLit { lit, .. }) => scalar(lit, false),
        Expr::Unary(ExprUnary {
            op: UnOp::Neg(_),
            expr,
            ..
        }) => match &**expr {
            Expr::Lit(ExprLit { lit, .. }) => scalar(lit, true),
            _ => Err(syn::Error::new(expr.span(), expected)),
        },
        Expr::Path(path) if path.path.is_ident("null") => Ok(Constant::Null),
        Expr::Group(group) => read(&group.expr),
        _ => Err(syn::Error::new_spanned(expr, expected)),
    }
}

fn scalar(lit: &Lit, negative: bool) -> syn::Result<Constant> {
    match lit {
        Lit::Str(text) if !negative => Ok(Constant::Text(text.value())),
        Lit::Bool(value) if !negative => Ok(Constant::Boolean(value.value)),
        Lit::Int(value) => {
            let value: i128 = value.base10_parse()?;
            Ok(Constant::Integer(if negative { -value } else { value }))
        }
        Lit::Float(value) => {
            let sign = negative.then(|| quote!(-));
            let digits = format!(
                "{}{}",
                if negative { "-" } else { "" },
                value.base10_digits()
            );
            Ok(Constant::Number(digits, quote!(#sign #value)))
        }
        other => Err(syn::Error::new(
            other.span(),
            "expected text, a number, `true`, `false` or `null`",
        )),
    }
}
