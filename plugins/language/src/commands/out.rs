//! Out-Null, Out-Default and Out-String.

use bailiwick_objects::metadata::ValueType;

use super::describe::{Module, input, native, param, switch};
use super::{Call, Command, Native};
use crate::eval::flow::Run;
use crate::format::Formatter;
use crate::object::cross::to_value;
use crate::object::{Val, limits};

pub(super) fn commands() -> Vec<Native> {
    vec![
        native("Out-Null", Module::Core, "Throws its input away.", || Box::new(Null))
            .takes(input())
            .example("Get-ChildItem | Out-Null", "Runs a command without its output."),
        native("Out-Default", Module::Core, "Hands its input to the client, which shows it.", || {
            Box::new(Default_)
        })
        .takes(input())
        .minimal(),
        native(
            "Out-String",
            Module::Utility,
            "Converts objects to the text that a console would show.",
            || Box::new(Text::default()),
        )
        .takes(input())
        .takes(param("Width", ValueType::Int32, "Columns of a line; the client's width if absent."))
        .takes(switch("Stream", "Writes a text for each line."))
        .example("Get-ChildItem | Out-String", "The table as one text."),
    ]
}

struct Null;

impl Command for Null {}

struct Default_;

impl Command for Default_ {
    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        match call.input() {
            Some(value) => call.write(value),
            None => Ok(()),
        }
    }
}

#[derive(Default)]
struct Text {
    formatter: Option<Formatter>,
    text: String,
}

impl Command for Text {
    fn begin(&mut self, call: &mut Call<'_, '_>) -> Run {
        let config = &call.ev.state.config;
        let width = call
            .count("Width")
            .and_then(|w| u32::try_from(w).ok())
            .filter(|w| *w > 0)
            .unwrap_or(config.width);
        self.formatter = Some(Formatter::new(width.clamp(1, 4096), config.views.clone()));
        Ok(())
    }

    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        for value in call.inputs() {
            if let Some(formatter) = &mut self.formatter {
                self.text.push_str(&formatter.push(&[to_value(&value)]));
                limits::admit_text(self.text.len())?;
            }
        }
        Ok(())
    }

    fn end(&mut self, call: &mut Call<'_, '_>) -> Run {
        if let Some(formatter) = self.formatter.take() {
            self.text.push_str(&formatter.finish());
        }
        if call.switch("Stream") {
            return self.text.lines().try_for_each(|line| call.write(Val::str(line)));
        }
        call.write(Val::str(&self.text))
    }
}
