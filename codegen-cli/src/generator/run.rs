//! One run, from bytes to files in memory.

use std::path::PathBuf;
use std::sync::Arc;

use super::output::Finished;
use super::{Generator, Output, Stage};
use crate::config::{Config, Said};
use crate::diagnostic::{Diagnostics, Place, Text};
use crate::document::Document;
use crate::error::Error;
use crate::read::{self, Source};
use crate::report::{Report, Sources, findings};
use crate::{document, ir, lower, print, upgrade};

/// Schemas may nest 256 levels deep, and each level is several frames of whoever walks them; the
/// stack of a caller, such as a test's 2 MiB, is not ours to rely on. Only what is used is mapped.
const STACK: usize = 256 << 20;

impl Generator {
    /// Runs on a stack of our own.
    pub(super) fn run(&self) -> Result<Output, Error> {
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new()
                .name("gen-client".to_owned())
                .stack_size(STACK);
            let Ok(run) = thread.spawn_scoped(scope, || self.run_here()) else {
                return self.run_here();
            };
            run.join()
                .unwrap_or_else(|panic| Err(Error::Bug(words(panic.as_ref()))))
        })
    }

    fn run_here(&self) -> Result<Output, Error> {
        let mut run = Run {
            generator: self,
            found: Diagnostics::new(),
            document: None,
            config: None,
        };
        match run.library() {
            Ok(finished) => finished.output(self),
            Err(stop) => Err(run.error(stop)),
        }
    }
}

/// What a panic said.
fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default()
}

/// Why a run stopped.
enum Stop {
    /// The diagnostics say why.
    Document,
    Config,
    Error(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<read::Unusable> for Stop {
    fn from(_: read::Unusable) -> Self {
        Self::Document
    }
}

struct Run<'g> {
    generator: &'g Generator,
    found: Diagnostics,
    document: Option<Arc<Source>>,
    config: Option<Source>,
}

impl Run<'_> {
    fn library(&mut self) -> Result<Finished, Stop> {
        let generator = self.generator;
        generator.enter(Stage::Read);
        let (mut config, named) = self.config()?;
        let (name, bytes) = generator.document_bytes(named)?;
        let source = self
            .document
            .insert(read::source(&name, bytes, &self.found)?);
        let mut tree = read::tree(source, &self.found)?;
        generator.enter(Stage::Understand);
        upgrade::upgrade(&mut tree, &self.found)?;
        config.read_extension(&tree, &self.found);
        let document = document::document(tree, &self.found);
        generator.enter(Stage::Lower);
        let folder = generator.folder(&config, &document.api.info.title);
        let lock = generator.lock_text(&folder)?;
        let lowered = lower::lower(&document, &config, lock.as_deref(), &self.found);
        if self.found.has_errors() {
            return Err(if self.found.blames_config() {
                Stop::Config
            } else {
                Stop::Document
            });
        }
        generator.enter(Stage::Print);
        let options = print::Options {
            module: generator.module,
            document: &name,
        };
        let print::Output { files, manifest } = print::print(&lowered.library, &options);
        let report = self.report(&document, &lowered.library);
        let lower::Lowered { library, lock } = lowered;
        Ok(Finished {
            folder,
            files,
            manifest,
            lock,
            report,
            root: library.root,
        })
    }

    /// The configuration, and the document it names.
    fn config(&mut self) -> Result<(Config, Option<PathBuf>), Stop> {
        let Some((path, text)) = self.generator.config_text()? else {
            return Ok((self.named(Config::default()), None));
        };
        let config = Config::parse(&text, &self.found);
        self.config = Some(Source::new(&super::file_name(&path), text));
        if self.found.has_errors() {
            return Err(Stop::Config);
        }
        let beside = |said: &Said| path.with_file_name(&said.value);
        let document = config.document.as_ref().map(beside);
        Ok((self.named(config), document))
    }

    /// The call's name goes before the configuration's.
    fn named(&self, mut config: Config) -> Config {
        if let Some(value) = self.generator.name.clone() {
            let place = Place {
                text: Text::Config,
                start: 0,
                end: 0,
            };
            config.name = Some(Said { value, place });
        }
        config
    }

    fn report(&mut self, document: &Document, library: &ir::Library) -> Report {
        let list = std::mem::take(&mut self.found).into_vec();
        let list = findings(list, &self.sources());
        crate::report::report(document, library, list)
    }

    fn sources(&self) -> Sources<'_> {
        Sources {
            document: self.document.as_deref(),
            config: self.config.as_ref(),
        }
    }

    fn error(mut self, stop: Stop) -> Error {
        let list = std::mem::take(&mut self.found).into_vec();
        let report = Report {
            findings: findings(list, &self.sources()),
            ..Report::default()
        };
        match stop {
            Stop::Document => Error::Document(Box::new(report)),
            Stop::Config => Error::Config(Box::new(report)),
            Stop::Error(error) => error,
        }
    }
}
