//! Writes what the Markdown parser understood, block by block.

use super::escape::Place;
use super::inline::Inline;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, TextMergeStream};

/// `markdown` in the normal form of [`super::text`].
pub(super) fn write(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut writer = Writer::default();
    for event in TextMergeStream::new(Parser::new_ext(markdown, options)) {
        writer.event(event);
    }
    writer.flush();
    writer.stop();
    writer.out
}

enum Container {
    Quote,
    /// A list with the number of its next item, if it counts.
    List(Option<u64>),
    /// An item: its mark until its first block is written, spaces from then on.
    Item {
        mark: String,
        opened: bool,
    },
}

#[derive(Default)]
struct Writer {
    out: String,
    containers: Vec<Container>,
    /// How many of them were open all the time since the last block.
    open: usize,
    inline: Inline,
    /// The last block was a sentence without a full stop.
    stop: bool,
    /// The last block belongs to a list without blank lines, and so does the next.
    tight: bool,
    code: Option<String>,
    row: Vec<String>,
    rows: Vec<String>,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some(code) => code.push_str(&text),
                None => self.inline.text(&text),
            },
            Event::Code(code) => self.inline.code(&code),
            // A tag that is not among those read as Markdown is shown, not obeyed.
            Event::Html(html) | Event::InlineHtml(html) => {
                if !html.starts_with("<!--") {
                    self.inline.text(&html.replace('\n', " "));
                }
            }
            Event::SoftBreak => {
                // `> warning` on a line of its own is a widespread way to mark a notice.
                let quoted = matches!(self.containers.last(), Some(Container::Quote));
                self.inline.line_break(quoted && self.inline.is_word());
            }
            Event::HardBreak => self.inline.hard_break(),
            Event::Rule => self.put(&["---".to_owned()]),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.inline.text(&text),
            Event::FootnoteReference(name) => self.inline.text(&name),
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.flush(),
            Tag::Heading { level, .. } => {
                self.flush();
                self.inline.heading(level as usize);
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.containers.push(Container::Quote);
            }
            Tag::CodeBlock(_) => {
                self.flush();
                self.stop = false;
                self.code = Some(String::new());
            }
            Tag::List(first) => {
                self.flush();
                self.stop = false;
                self.containers.push(Container::List(first));
            }
            Tag::Item => {
                let mark = match self.containers.last_mut() {
                    Some(Container::List(Some(number))) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                self.containers.push(Container::Item {
                    mark,
                    opened: false,
                });
            }
            Tag::Table(_) => {
                self.flush();
                self.stop = false;
            }
            Tag::TableCell => self.inline.place = Place::Cell,
            Tag::Emphasis => self.inline.mark("*"),
            Tag::Strong => self.inline.mark("**"),
            Tag::Strikethrough => self.inline.mark("~~"),
            Tag::Link {
                dest_url, title, ..
            } => self.inline.open(false, &dest_url, &title),
            Tag::Image {
                dest_url, title, ..
            } => self.inline.open(true, &dest_url, &title),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => {
                let top = self.containers.is_empty();
                let sentence = top && self.inline.is_sentence();
                if top && self.out.is_empty() {
                    self.inline.capitalise();
                }
                self.flush();
                self.stop = sentence;
                self.tight = false;
            }
            TagEnd::Heading(_) => self.flush(),
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.pop();
                self.tight = false;
            }
            TagEnd::CodeBlock => self.code_block(),
            TagEnd::Item => {
                self.flush();
                self.pop();
            }
            TagEnd::List(_) => {
                self.pop();
                self.tight &= !self.containers.is_empty();
            }
            TagEnd::TableCell => self.row.push(self.inline.take()),
            TagEnd::TableHead => {
                let columns = self.row.len();
                self.table_row();
                self.rows.push(format!("|{}", "---|".repeat(columns)));
            }
            TagEnd::TableRow => self.table_row(),
            TagEnd::Table => {
                self.inline.place = Place::Paragraph;
                let rows = std::mem::take(&mut self.rows);
                self.put(&rows);
            }
            TagEnd::Emphasis => self.inline.mark("*"),
            TagEnd::Strong => self.inline.mark("**"),
            TagEnd::Strikethrough => self.inline.mark("~~"),
            TagEnd::Link | TagEnd::Image => self.inline.close(),
            _ => {}
        }
    }

    fn table_row(&mut self) {
        let row = std::mem::take(&mut self.row);
        self.rows.push(format!("| {} |", row.join(" | ")));
    }

    /// rustdoc would compile a block of any kind but text.
    fn code_block(&mut self) {
        let code = self.code.take().unwrap_or_default();
        let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        let mut lines = vec![format!("{fence}text")];
        lines.extend(code.lines().map(str::to_owned));
        lines.push(fence);
        self.put(&lines);
    }

    /// Writes the open inline content as a block.
    fn flush(&mut self) {
        let text = self.inline.take();
        if text.trim().is_empty() {
            return;
        }
        let lines: Vec<_> = text.lines().map(str::to_owned).collect();
        let in_list = matches!(self.containers.last(), Some(Container::Item { .. }));
        self.put(&lines);
        self.tight = in_list;
    }

    fn pop(&mut self) {
        self.containers.pop();
        self.open = self.open.min(self.containers.len());
    }

    fn stop(&mut self) {
        if std::mem::take(&mut self.stop) {
            self.out.push('.');
        }
    }

    fn put(&mut self, lines: &[String]) {
        self.stop();
        if !self.out.is_empty() {
            if !std::mem::take(&mut self.tight) {
                self.out.push('\n');
                let prefix = self.prefix(self.open, false);
                self.out.push_str(prefix.trim_end());
            }
            self.out.push('\n');
        }
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                self.out.push('\n');
            }
            let prefix = self.prefix(self.containers.len(), true);
            self.out.push_str(&prefix);
            self.out.push_str(line);
            self.out.truncate(self.out.trim_end_matches(' ').len());
        }
        self.open = self.containers.len();
    }

    /// What stands before a line; `text` says that the line is not blank, so that a mark is used up.
    fn prefix(&mut self, depth: usize, text: bool) -> String {
        let mut prefix = String::new();
        for container in self.containers.iter_mut().take(depth) {
            match container {
                Container::Quote => prefix.push_str("> "),
                Container::List(_) => {}
                Container::Item { mark, opened } => {
                    if *opened || !text {
                        prefix.extend(std::iter::repeat_n(' ', mark.len()));
                    } else {
                        prefix.push_str(mark);
                        *opened = true;
                    }
                }
            }
        }
        prefix
    }
}
