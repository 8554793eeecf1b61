//! Writes a client for each document in `documents/` while the examples are compiled.

use std::path::PathBuf;
use std::{env, error::Error, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let mut modules = String::new();
    for name in ["notes", "origin"] {
        let folder = out.join(name);
        gen_client::Generator::new(format!("documents/{name}.yaml"))
            .out_dir(&folder)
            .module()
            .cargo_directives()
            .generate()?;
        // `include!` takes items only; a path attribute lets the module keep its files.
        let path = folder.join("mod.rs");
        modules.push_str(&format!(
            "#[allow(missing_docs, clippy::module_inception, reason = \"the document decides what is described and what a tag is called\")]\n\
             #[path = {path:?}]\npub mod {name};\n"
        ));
    }
    Ok(fs::write(out.join("clients.rs"), modules)?)
}
