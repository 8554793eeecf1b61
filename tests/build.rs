//! Writes the client of `fixtures/origin.yaml` that the origin tests run through.

use std::path::PathBuf;
use std::{env, error::Error, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let folder = out.join("origin");
    gen_client::Generator::new("fixtures/origin.yaml")
        .config("fixtures/origin.toml")
        .out_dir(&folder)
        .module()
        .cargo_directives()
        .generate()?;
    // `include!` takes items only; a path attribute lets the module keep its files.
    let path = folder.join("mod.rs");
    let module = format!(
        "#[allow(missing_docs, reason = \"a document need not describe all it names\")]\n\
         #[path = {path:?}]\npub mod origin;\n"
    );
    Ok(fs::write(out.join("generated.rs"), module)?)
}
