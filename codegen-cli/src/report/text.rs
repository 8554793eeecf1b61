//! The report for people.

use std::fmt::{Display, Formatter, Result};

use super::{Finding, Report, Written};
use crate::diagnostic::Severity;

/// Beyond this, places are not aligned: one long name would push everything to the right.
const WIDEST: usize = 40;

impl Display for Report {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        self.head(out)?;
        self.closures(out)?;
        for missing in &self.missing {
            writeln!(
                out,
                "\nnot generated: {}: {}",
                missing.operation, missing.reason
            )?;
        }
        self.section(out, Severity::Error, "errors")?;
        self.section(out, Severity::Warning, "warnings")?;
        self.section(out, Severity::Note, "notes")?;
        match &self.output {
            Some(output) => {
                writeln!(out)?;
                output.fmt(out)
            }
            None => Ok(()),
        }
    }
}

impl Report {
    fn head(&self, out: &mut Formatter<'_>) -> Result {
        let name = format!("{} {}", self.title, self.version);
        write!(out, "{} (OpenAPI {}): ", name.trim_end(), self.openapi)?;
        if self.operations == 0 {
            // A document of webhooks or schemas is fine; this is no failure.
            write!(out, "no operations, so there is nothing to call")?;
        } else {
            write!(out, "{} of {} operations", self.methods, self.operations)?;
        }
        if self.webhooks > 0 {
            write!(out, ", {}", counted(self.webhooks, "webhook"))?;
        }
        write!(out, ", {}", counted(self.types, "type"))?;
        writeln!(out, ", {}", counted(self.groups.len(), "group"))
    }

    /// What each group needs, where there is more than one.
    fn closures(&self, out: &mut Formatter<'_>) -> Result {
        if self.groups.len() < 2 {
            return Ok(());
        }
        writeln!(out, "\ngroups")?;
        let widest = self
            .groups
            .iter()
            .map(|group| group.name.chars().count())
            .max();
        let width = widest.unwrap_or(0).min(WIDEST);
        let number = self
            .groups
            .iter()
            .map(|group| group.methods.max(1).ilog10())
            .max();
        let number = number.unwrap_or(0) as usize + 1;
        for group in &self.groups {
            let methods = if group.methods == 1 {
                "method, "
            } else {
                "methods,"
            };
            let types = counted(group.types, "type");
            writeln!(
                out,
                "  {:width$}  {:number$} {methods} {types}",
                group.name, group.methods
            )?;
        }
        let knot = self
            .groups
            .iter()
            .filter(|group| group.types * 2 > self.types)
            .count();
        if self.types >= 50 && knot * 2 > self.groups.len() {
            writeln!(
                out,
                "  most groups need most types: these are one knot, and compiling few groups saves little"
            )?;
        }
        Ok(())
    }

    fn section(&self, out: &mut Formatter<'_>, severity: Severity, title: &str) -> Result {
        let findings: Vec<_> = self
            .findings
            .iter()
            .filter(|one| one.severity == severity)
            .collect();
        if findings.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n{title}")?;
        let widest = findings
            .iter()
            .map(|one| one.place().chars().count())
            .max()
            .unwrap_or(0);
        let width = widest.min(WIDEST);
        for finding in findings {
            write!(out, "  {:width$}  {}", finding.place(), finding.message)?;
            write!(out, "{}", finding.alike())?;
            for (location, word) in &finding.also {
                write!(out, " ({word}: {location})")?;
            }
            match &finding.help {
                Some(help) => writeln!(out, "; {help}")?,
                None => writeln!(out)?,
            }
        }
        Ok(())
    }
}

impl Finding {
    /// How many places are alike; of what matters, where they are.
    pub fn alike(&self) -> String {
        /// More are listed in JSON alone.
        const SHOWN: usize = 8;
        if self.places < 2 {
            return String::new();
        }
        let mut text = format!(" ({} places", self.places);
        if self.severity != Severity::Note {
            let further = self.further.iter().take(SHOWN);
            let further: Vec<_> = further
                .map(|at| format!("{}:{}", at.line, at.column))
                .collect();
            if !further.is_empty() {
                text += &format!(", also {}", further.join(" "));
            }
            if self.further.len() > SHOWN {
                text += " and more";
            }
        }
        text + ")"
    }

    fn place(&self) -> String {
        self.at
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default()
    }
}

impl Display for super::Location {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        write!(out, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Where the client is, what it holds, what to type next.
impl Display for Written {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        let files = counted(self.files, "file");
        let (changed, removed) = (self.changed.len(), self.removed.len());
        if self.compared {
            if changed + removed == 0 {
                return writeln!(out, "{} is current: {files}", self.folder);
            }
            writeln!(
                out,
                "{} is not current; run gen-client without --check:",
                self.folder
            )?;
            for name in &self.changed {
                writeln!(out, "  would write   {name}")?;
            }
            for name in &self.removed {
                writeln!(out, "  would remove  {name}")?;
            }
            return Ok(());
        }
        write!(out, "{}: {files}, {changed} written", self.folder)?;
        if removed > 0 {
            write!(out, ", {removed} removed")?;
        }
        let name = self.root.rsplit("::").next().unwrap_or_default();
        writeln!(out, ". It holds `{name}`, the client. Next:")?;
        if self.dependencies.is_empty() {
            writeln!(out, "  cargo add --path {}", self.folder)?;
        } else {
            writeln!(out, "  in Cargo.toml, under [dependencies]:")?;
            for line in &self.dependencies {
                writeln!(out, "    {line}")?;
            }
            let module = self.root.split("::").next().unwrap_or_default();
            writeln!(
                out,
                "  in the module above {}: `mod {module};`",
                self.folder
            )?;
        }
        let root = &self.root;
        writeln!(
            out,
            "  let api = {root}::builder().session(Session::fixed(\"token\")).build()?;"
        )
    }
}

/// `1 type`, `2 types`.
fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
