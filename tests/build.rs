//! Writes the clients of `fixtures/` that the tests run through.

use std::path::PathBuf;
use std::{env, error::Error, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let mut modules = String::new();
    for name in ["cases", "origin"] {
        let folder = out.join(name);
        gen_client::Generator::new(format!("fixtures/{name}.yaml"))
            .config(format!("fixtures/{name}.toml"))
            .out_dir(&folder)
            .module()
            .cargo_directives()
            .generate()?;
        // `include!` takes items only; a path attribute lets the module keep its files.
        let path = folder.join("mod.rs");
        modules.push_str(&format!(
            "#[allow(missing_docs, reason = \"a document need not describe all it names\")]\n\
             #[path = {path:?}]\npub mod {name};\n"
        ));
    }
    Ok(fs::write(out.join("generated.rs"), modules)?)
}
