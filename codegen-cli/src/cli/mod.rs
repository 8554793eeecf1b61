//! From arguments to an exit code: 0 done, 1 document unusable or output stale, 2 bad usage.

mod arguments;
mod excerpt;
mod terminal;

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;
use gen_client::{Error, Generator};

use arguments::{Arguments, Form};
use terminal::Terminal;

/// What is read where no document is named.
const CONFIG: &str = "gen-client.toml";

const DONE: u8 = 0;
const FAILED: u8 = 1;
const USAGE: u8 = 2;

/// Runs the command line.
pub(crate) fn run() -> ExitCode {
    // Wrong arguments end here, with exit code 2.
    let arguments = Arguments::parse();
    let terminal = Terminal::new(arguments.report == Form::Json);
    let result = generator(&arguments, &terminal).and_then(|generator| {
        if arguments.check {
            generator.check()
        } else {
            generator.generate()
        }
    });
    terminal.finish();
    let code = match &result {
        Ok(report) => {
            terminal.report(report);
            if arguments.check && !report.is_current() {
                FAILED
            } else {
                DONE
            }
        }
        Err(error) => {
            terminal.error(error);
            if error.is_usage() { USAGE } else { FAILED }
        }
    };
    ExitCode::from(code)
}

fn generator(arguments: &Arguments, terminal: &Terminal) -> Result<Generator, Error> {
    let mut generator = match (&arguments.document, &arguments.config) {
        (Some(path), _) if path.as_os_str() == "-" => {
            Generator::from_bytes("standard input", standard_input()?)
        }
        (Some(path), _) => Generator::new(path),
        (None, Some(config)) => Generator::from_config(config),
        (None, None) if Path::new(CONFIG).exists() => Generator::from_config(CONFIG),
        (None, None) => {
            let message = "no document: name one, or run this where a gen-client.toml does";
            return Err(Error::Usage(message.to_owned()));
        }
    };
    if let Some(config) = &arguments.config {
        generator = generator.config(config);
    }
    if let Some(folder) = &arguments.output {
        generator = generator.out_dir(folder);
    }
    if let Some(name) = &arguments.name {
        generator = generator.name(name);
    }
    if let Some(folder) = &arguments.runtime_path {
        generator = generator.runtime_path(folder);
    }
    if arguments.module {
        generator = generator.module();
    }
    if arguments.strict {
        generator = generator.strict();
    }
    Ok(terminal.watch(generator))
}

fn standard_input() -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    match std::io::stdin().lock().read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(source) => Err(Error::Read {
            path: "standard input".to_owned(),
            source,
        }),
    }
}
