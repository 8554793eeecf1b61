//! Everything that is logged at the most talkative level, as one text.

use crate::leaks;
use std::fmt::{Debug, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Dispatch, Event, Metadata, Subscriber};

static TEXT: Mutex<String> = Mutex::new(String::new());
static INSTALLED: OnceLock<()> = OnceLock::new();
static KEPT: AtomicBool = AtomicBool::new(false);

/// Collects, from now on, every span, event and log record of this process.
///
/// # Panics
/// When something else collects them already.
pub fn collect() {
    KEPT.store(true, Ordering::Relaxed);
    install();
}

/// Looks at every span, event and log record of this process without keeping them.
///
/// # Panics
/// When something else collects them already.
pub(crate) fn install() {
    INSTALLED.get_or_init(|| {
        tracing::subscriber::set_global_default(Collector::default()).expect("the only subscriber");
        log::set_logger(&Records).expect("the only logger");
        log::set_max_level(log::LevelFilter::Trace);
    });
}

/// What was collected so far.
///
/// # Panics
/// Never in practice: nothing panics while it writes.
#[must_use]
pub fn text() -> String {
    TEXT.lock().expect("nothing panics while it writes").clone()
}

fn write(line: std::fmt::Arguments<'_>) {
    leaks::look("log", &line);
    if !KEPT.load(Ordering::Relaxed) {
        return;
    }
    let mut text = TEXT.lock().expect("nothing panics while it writes");
    writeln!(text, "{line}").expect("a string takes all");
}

/// What the current thread logs while this is alive, apart from [`collect`].
pub struct Here {
    text: Arc<Mutex<String>>,
    _guard: DefaultGuard,
}

/// Collects what this thread logs by `tracing` from now on.
///
/// A test whose tasks all run on its own thread (`#[tokio::test]`) sees what it caused itself.
#[must_use]
pub fn here() -> Here {
    // With a single dispatcher tracing asks the thread that meets a callsite first whether anyone
    // listens to it, and remembers the answer for all threads. A second one makes it ask each.
    static SECOND: OnceLock<Dispatch> = OnceLock::new();
    SECOND.get_or_init(|| Dispatch::new(Collector::default()));
    let text = Arc::<Mutex<String>>::default();
    let collector = Collector {
        text: Some(text.clone()),
        ..Collector::default()
    };
    let guard = tracing::subscriber::set_default(collector);
    Here {
        text,
        _guard: guard,
    }
}

impl Here {
    /// All of it.
    ///
    /// # Panics
    /// Never in practice: nothing panics while it writes.
    #[must_use]
    pub fn text(&self) -> String {
        let text = self.text.lock().expect("nothing panics while it writes");
        text.clone()
    }

    /// The lines of one level, `"WARN"` for example.
    ///
    /// # Panics
    /// Never in practice: nothing panics while it writes.
    #[must_use]
    pub fn lines(&self, level: &str) -> Vec<String> {
        let text = self.text.lock().expect("nothing panics while it writes");
        let lines = text.lines().filter(|line| line.starts_with(level));
        lines.map(str::to_owned).collect()
    }
}

#[derive(Default)]
struct Collector {
    spans: AtomicU64,
    /// Where to; none for the text of the whole process.
    text: Option<Arc<Mutex<String>>>,
}

impl Collector {
    fn write(&self, line: &Line) {
        match &self.text {
            None => write(format_args!("{}", line.0)),
            Some(text) => {
                let mut text = text.lock().expect("nothing panics while it writes");
                writeln!(text, "{}", line.0).expect("a string takes all");
            }
        }
    }
}

impl Subscriber for Collector {
    /// All but HTTP/2's own frames: the back end reads them in this process, and what it reads is
    /// no secret to it.
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        !metadata.target().starts_with("h2::")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut line = Line::of(span.metadata());
        span.record(&mut line);
        self.write(&line);
        Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut line = Line(String::new());
        values.record(&mut line);
        self.write(&line);
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::of(event.metadata());
        event.record(&mut line);
        self.write(&line);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Line(String);

impl Line {
    fn of(metadata: &Metadata<'_>) -> Self {
        Self(format!(
            "{} {} {}:",
            metadata.level(),
            metadata.target(),
            metadata.name()
        ))
    }
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).expect("a string takes all");
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        write!(self.0, " {}={value} {value:?}", field.name()).expect("a string takes all");
    }
}

struct Records;

impl log::Log for Records {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        write(format_args!(
            "{} {}: {}",
            record.level(),
            record.target(),
            record.args()
        ));
    }

    fn flush(&self) {}
}
