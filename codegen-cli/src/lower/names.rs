//! Every identifier is decided here, with the lock.

use super::lock::{Lock, Section};
use super::words::{Style, identifier, is_exact, join, words, words_with_signs};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The names of a run: what is taken in which scope, and what the lock says.
#[derive(Debug, Default)]
pub(crate) struct Names {
    old: Lock,
    new: Lock,
    taken: HashMap<String, HashSet<String>>,
}

impl Names {
    /// Names that an earlier run gave come first.
    pub(crate) fn new(old: Lock) -> Self {
        Self {
            old,
            ..Self::default()
        }
    }

    /// What the lock says about `pointer`, if it is an identifier.
    pub(crate) fn locked(&self, section: Section, pointer: &str) -> Option<&str> {
        self.old
            .get(section, pointer)
            .filter(|name| is_identifier(name))
    }

    /// What the lock says about a type. Once its directions differ, what is received keeps the
    /// name; once they no longer do, it has it still.
    pub(crate) fn locked_type(&self, key: &str) -> Option<&str> {
        let locked = |key: &str| self.locked(Section::Types, key);
        let other = || match key.strip_suffix("#received") {
            Some(plain) => locked(plain),
            None if key.ends_with("#sent") => None,
            None => locked(&format!("{key}#received")),
        };
        locked(key).or_else(other)
    }

    /// The lock for the next run.
    pub(crate) fn into_lock(self) -> Lock {
        self.new
    }

    /// Writes `name` into the lock.
    pub(crate) fn keep(&mut self, section: Section, pointer: &str, name: &str) {
        self.new.set(section, pointer.to_owned(), name.to_owned());
    }

    /// Whether `name` is taken in `scope`.
    pub(crate) fn is_free(&self, scope: &str, name: &str) -> bool {
        self.taken
            .get(scope)
            .is_none_or(|names| !names.contains(name))
    }

    /// Takes `name` in `scope`; false if somebody else has it.
    pub(crate) fn take(&mut self, scope: &str, name: &str) -> bool {
        match self.taken.get_mut(scope) {
            Some(names) => names.insert(name.to_owned()),
            None => {
                self.taken
                    .insert(scope.to_owned(), HashSet::from([name.to_owned()]));
                true
            }
        }
    }

    /// Takes the first free one of `wishes` in `scope`, else the last with a number.
    pub(crate) fn claim(&mut self, scope: &str, wishes: &[String], style: Style) -> String {
        for wish in wishes {
            if self.take(scope, wish) {
                return wish.clone();
            }
        }
        let last = wishes
            .last()
            .cloned()
            .unwrap_or_else(|| join::<&str>(&[], style));
        let mut number = 2_u32;
        loop {
            let name = numbered(&last, number, style);
            if self.take(scope, &name) {
                return name;
            }
            number += 1;
        }
    }

    /// Takes a name for `pointer` in `scope`: the lock's, else as [`claim`](Self::claim) does; the
    /// lock keeps it.
    pub(crate) fn claim_locked(
        &mut self,
        scope: &str,
        section: Section,
        pointer: &str,
        wishes: &[String],
        style: Style,
    ) -> String {
        let locked = self.locked(section, pointer).map(str::to_owned);
        let name = match locked {
            Some(name) if self.take(scope, &name) => name,
            _ => self.claim(scope, wishes, style),
        };
        self.keep(section, pointer, &name);
        name
    }

    /// Identifiers for the members of one type, none twice; `taken` are not given.
    ///
    /// A member keeps the spelling it shares with its identifier; then signs and case tell apart,
    /// then a number. What had to be told apart goes into the lock, under `pointer` of the member.
    pub(crate) fn members(
        &mut self,
        wires: &[(&str, String)],
        style: Style,
        taken: &[&str],
    ) -> Vec<String> {
        let locked: Vec<Option<String>> = wires
            .iter()
            .map(|(_, pointer)| self.locked(Section::Members, pointer).map(str::to_owned))
            .collect();
        let texts: Vec<&str> = wires.iter().map(|(wire, _)| *wire).collect();
        let names = distinct(&texts, &locked, style, taken);
        for ((wire, pointer), name) in wires.iter().zip(&names) {
            if *name != identifier(wire, style) {
                self.keep(Section::Members, pointer, name);
            }
        }
        names
    }
}

/// Whether `name` can stand in Rust text where a name stands, raw or not.
pub(crate) fn is_identifier(name: &str) -> bool {
    let name = name.strip_prefix("r#").unwrap_or(name);
    is_exact(name, Style::Snake)
        || is_exact(name, Style::Pascal)
        || is_exact(name, Style::Constant)
        || (name.starts_with(|first: char| first == '_' || unicode_ident::is_xid_start(first))
            && name.chars().all(unicode_ident::is_xid_continue)
            && !matches!(name, "self" | "super" | "crate" | "Self")
            && name.chars().any(|char| char != '_'))
}

fn numbered(name: &str, number: u32, style: Style) -> String {
    let digit = name.ends_with(|last: char| last.is_numeric());
    if style == Style::Pascal && !digit {
        return format!("{name}{number}");
    }
    format!("{name}_{number}")
}

/// One identifier for each of `texts`, all different and none of `taken`.
fn distinct(
    texts: &[&str],
    locked: &[Option<String>],
    style: Style,
    taken: &[&str],
) -> Vec<String> {
    let mut used: BTreeSet<String> = taken.iter().map(|name| (*name).to_owned()).collect();
    let mut names: Vec<Option<String>> = vec![None; texts.len()];
    for (name, old) in names.iter_mut().zip(locked) {
        *name = old.clone().filter(|old| used.insert(old.clone()));
    }
    let plain: Vec<String> = texts.iter().map(|text| identifier(text, style)).collect();
    let mut contenders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, name) in plain.iter().enumerate() {
        if names[index].is_none() {
            contenders.entry(name).or_default().push(index);
        }
    }
    // Who comes nearest to the identifier keeps it.
    for (name, indexes) in &contenders {
        let nearest = indexes
            .iter()
            .min_by_key(|index| (distance(texts[**index], name), **index));
        if let Some(nearest) = nearest.filter(|_| used.insert((*name).to_owned())) {
            names[*nearest] = Some((*name).to_owned());
        }
    }
    for index in 0..texts.len() {
        if names[index].is_none() {
            let name = first_free(texts[index], &plain[index], style, &mut used);
            names[index] = Some(name);
        }
    }
    names.into_iter().flatten().collect()
}

/// How far a spelling is from the identifier it wants.
fn distance(text: &str, name: &str) -> (usize, usize) {
    if text == name {
        return (0, 0);
    }
    let signs = words_with_signs(text).len() - words(text).len();
    let upper = text.chars().filter(|char| char.is_uppercase()).count();
    (1 + signs, upper)
}

/// Other names for `text`, by what it holds beside its words: its own spelling, signs, case.
pub(crate) fn tell_apart(text: &str, style: Style) -> Vec<String> {
    let mut wishes = Vec::new();
    if is_exact(text, style) {
        wishes.push(text.to_owned());
    }
    let signs = words_with_signs(text);
    if signs.len() > words(text).len() {
        wishes.push(join(&signs, style));
    }
    let with = |word: &str| {
        let mut all = words(text);
        all.push(word.to_owned());
        join(&all, style)
    };
    let letters = || text.chars().filter(|char| char.is_alphabetic());
    if letters().next().is_some() {
        wishes.push(if letters().all(char::is_uppercase) {
            with("upper")
        } else if !letters().any(char::is_uppercase) {
            with("lower")
        } else if text.starts_with(char::is_uppercase) {
            with("pascal")
        } else {
            with("camel")
        });
    }
    wishes
}

fn first_free(text: &str, plain: &str, style: Style, used: &mut BTreeSet<String>) -> String {
    let mut wishes = tell_apart(text, style).into_iter();
    if let Some(wish) = wishes.find(|wish| used.insert(wish.clone())) {
        return wish;
    }
    let mut number = 2_u32;
    loop {
        let name = numbered(plain, number, style);
        if used.insert(name.clone()) {
            return name;
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(texts: &[&str], style: Style, expected: &[&str]) {
        let none = vec![None; texts.len()];
        assert_eq!(distinct(texts, &none, style, &[]), expected);
    }

    #[test]
    fn exact_then_meaning_then_number() {
        check(
            &["url", "_url", "URL", "fooBar", "foo_bar", "foo-bar"],
            Style::Snake,
            &[
                "url",
                "_url",
                "url_upper",
                "foo_bar_camel",
                "foo_bar",
                "foo_dash_bar",
            ],
        );
        check(
            &["auth_time", "authTime"],
            Style::Snake,
            &["auth_time", "auth_time_camel"],
        );
        check(
            &["+1", "-1", "1", "<", "<=", "~="],
            Style::Pascal,
            &["Plus1", "Minus1", "_1", "Less", "LessEqual", "TildeEqual"],
        );
        check(
            &["ASC", "asc", "Asc"],
            Style::Pascal,
            &["AscUpper", "AscLower", "Asc"],
        );
        check(&["ASC", "asc"], Style::Pascal, &["AscUpper", "Asc"]);
        check(
            &["a b", "a  b", "a\tb"],
            Style::Snake,
            &["a_b", "a_b_lower", "a_b_2"],
        );
        check(&["", "empty"], Style::Snake, &["empty_2", "empty"]);
    }

    #[test]
    fn names_do_not_depend_on_order() {
        check(
            &["foo_bar", "fooBar"],
            Style::Snake,
            &["foo_bar", "foo_bar_camel"],
        );
        check(
            &["fooBar", "foo_bar"],
            Style::Snake,
            &["foo_bar_camel", "foo_bar"],
        );
    }

    #[test]
    fn a_locked_member_keeps_its_name() {
        let mut lock = Lock::default();
        lock.set(Section::Members, "#/p/fooBar".into(), "foo_bar".into());
        let mut names = Names::new(lock);
        let wires = [
            ("foo_bar", "#/p/foo_bar".to_owned()),
            ("fooBar", "#/p/fooBar".to_owned()),
        ];
        let given = names.members(&wires, Style::Snake, &[]);
        assert_eq!(given, ["foo_bar_lower", "foo_bar"]);
    }

    #[test]
    fn a_lock_cannot_inject() {
        assert!(!is_identifier("a; fn main() {}"));
        assert!(!is_identifier("self"));
        assert!(is_identifier("r#type"));
        assert!(is_identifier("fooBar"));
    }
}
