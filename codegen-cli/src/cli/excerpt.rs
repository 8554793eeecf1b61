//! A finding with the lines it is about.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use gen_client::{Finding, Location, Severity};

/// The finding as a compiler would show it.
pub(super) fn render(finding: &Finding, styled: bool) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let message = format!("{}{}", finding.message, finding.alike());
    let title = level.primary_title(message);
    let mut group = match (&finding.at, &finding.excerpt) {
        (Some(at), Some(excerpt)) => {
            let snippet = Snippet::source(&excerpt.text)
                .line_start(excerpt.line as usize)
                .annotation(AnnotationKind::Primary.span(excerpt.span.clone()));
            if excerpt.cut {
                // Cut out of a line of megabytes, the snippet does not know its column.
                title.element(origin(at)).element(snippet)
            } else {
                title.element(snippet.path(&at.file))
            }
        }
        (Some(at), None) => title.element(origin(at)),
        (None, _) => annotate_snippets::Group::with_title(title),
    };
    for (place, word) in &finding.also {
        group = group.element(Level::NOTE.message(format!("{word}: {place}")));
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(help));
    }
    let renderer = if styled {
        Renderer::styled().decor_style(DecorStyle::Unicode)
    } else {
        Renderer::plain()
    };
    format!("{}\n\n", renderer.render(&[group]))
}

fn origin(at: &Location) -> Origin<'_> {
    Origin::path(&at.file)
        .line(at.line as usize)
        .char_column(at.column as usize)
}
