//! Law 8 for documents: whatever stands in one, nothing panics, and what is written is
//! Rust that the macros take.
//!
//! The changes are made from a seed, so that a failure comes again; `PERENNIAL_FUZZ=n` tries n
//! documents instead of the few hundred of every day, and `PERENNIAL_FUZZ_SEED=n` one, and shows it.

use gen_client::{Error, Generator};

use crate::laws::SHOP;
use crate::rust::faults;

/// Words that mean something in a document, or in Rust, and are put where they do not belong.
const WORDS: &[&str] = &[
    "{}",
    "[]",
    "null",
    "true",
    "-1",
    "1e999",
    "''",
    "\"\"",
    "&a",
    "*a",
    "<<",
    "$ref",
    "'#'",
    "'#/paths'",
    "'#/components/schemas/Item'",
    "'#/components/schemas/Item/properties/parent'",
    "string",
    "object",
    "array",
    "integer",
    "[string, 'null']",
    "{type: [object, array]}",
    "{$ref: '#/components/schemas/Card'}",
    "{oneOf: [{}, {}]}",
    "{allOf: [{type: string}, {type: object}]}",
    "{enum: [1, a, null]}",
    "{not: {}}",
    "{const: 1}",
    "{prefixItems: [{}, false]}",
    "{additionalProperties: {type: integer}}",
    "self",
    "type",
    "r#fn",
    "'*/'",
    "'{'",
    "'}'",
    "'a/../b'",
    "'\\0'",
    "é",
    "日本",
    "99999999999999999999",
    "{a: {a: {a: {}}}}",
];

/// xorshift64*: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32;
        high as usize % below.max(1)
    }
}

#[test]
fn no_document_makes_anything_panic() {
    let number = |name| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    let rounds = number("PERENNIAL_FUZZ").unwrap_or(400);
    let seeds = number("PERENNIAL_FUZZ_SEED").map_or(1..=rounds, |seed| seed..=seed);
    let one = seeds.start() == seeds.end();
    let mut found = Vec::new();
    let mut done = 0;
    for seed in seeds {
        let document = document(seed);
        if one {
            println!("{document}");
        }
        match Generator::from_bytes("shop.yaml", document)
            .out_dir("out")
            .render()
        {
            Ok(output) => {
                done += 1;
                for file in output
                    .files
                    .iter()
                    .filter(|file| file.path.ends_with(".rs"))
                {
                    let faults = faults(&file.text).into_iter();
                    found
                        .extend(faults.map(|fault| format!("seed {seed}: {}: {fault}", file.path)));
                }
            }
            Err(Error::Bug(what)) => found.push(format!("seed {seed}: {what}")),
            Err(_) => {}
        }
    }
    assert!(done > 0 || one, "no document survived");
    assert!(
        found.is_empty(),
        "{} faults\n{}",
        found.len(),
        found[..found.len().min(20)].join("\n")
    );
}

fn document(seed: u64) -> String {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let mut document = SHOP.to_owned();
    for _ in 0..=random.next(4) {
        document = changed(&document, &mut random);
    }
    document
}

/// The document with one thing changed: a piece replaced, moved, doubled or cut out.
fn changed(document: &str, random: &mut Random) -> String {
    let pieces: Vec<&str> = document
        .split_inclusive(|sign: char| " ,:{}[]\n".contains(sign))
        .collect();
    let at = random.next(pieces.len());
    let other = pieces[random.next(pieces.len())];
    let word = WORDS[random.next(WORDS.len())];
    let piece = pieces[at];
    let end = piece
        .chars()
        .last()
        .filter(|sign| " ,:{}[]\n".contains(*sign));
    let tail = end.map(String::from).unwrap_or_default();
    let new = match random.next(5) {
        0 => String::new(),
        1 => format!("{piece}{piece}"),
        2 => other.to_owned(),
        _ => format!("{word}{tail}"),
    };
    [pieces[..at].concat(), new, pieces[at + 1..].concat()].concat()
}
