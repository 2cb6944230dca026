//! Write-Output and the commands that write to the other streams.

use std::sync::Arc;

use bailiwick_objects::ErrorCategory;
use bailiwick_objects::metadata::{StreamKind, ValueType};

use super::describe::{Module, native, param, switch};
use super::{Call, Command, Native};
use crate::eval::flow::Run;
use crate::object::text::display;
use crate::object::{Val, fault};

pub(super) fn commands() -> Vec<Native> {
    let message = |name: &str, synopsis: &str, make: fn() -> Box<dyn Command>| {
        native(name, Module::Utility, synopsis, make)
            .takes(param("Message", ValueType::Text, "The message.").mandatory().at(0).piped().alias("Msg"))
    };
    vec![
        native("Write-Output", Module::Utility, "Writes objects to the output.", || Box::new(Output))
            .takes(
                param("InputObject", ValueType::Any, "The objects to write.")
                    .mandatory()
                    .at(0)
                    .piped()
                    .many(),
            )
            .takes(switch("NoEnumerate", "Writes an array as one object."))
            .example("Write-Output 1, 2, 3", "Writes three numbers."),
        native("Write-Error", Module::Utility, "Writes an error that does not end what runs.", || {
            Box::new(Error)
        })
        .takes(param("Message", ValueType::Text, "The message.").at(0).piped().alias("Msg").set("Message"))
        .takes(param("ErrorRecord", ValueType::Any, "An error record to write again.").set("Record"))
        .takes(param("Exception", ValueType::Any, "An exception to write.").set("Exception"))
        .takes(param("ErrorId", ValueType::Text, "The error's id."))
        .takes(param("Category", ValueType::Text, "The error's category."))
        .takes(param("TargetObject", ValueType::Any, "What it was about."))
        .takes(param("RecommendedAction", ValueType::Text, "What to do about it."))
        .default_set("Message")
        .example("Write-Error 'the report is empty'", "Writes an error record."),
        message("Write-Warning", "Writes a warning.", || Box::new(Message(StreamKind::Warning))),
        message("Write-Verbose", "Writes to the verbose stream.", || Box::new(Message(StreamKind::Verbose))),
        message("Write-Debug", "Writes to the debug stream.", || Box::new(Message(StreamKind::Debug))),
        native("Write-Information", Module::Utility, "Writes to the information stream.", || {
            Box::new(Information)
        })
        .takes(
            param("MessageData", ValueType::Any, "What to write.")
                .mandatory()
                .at(0)
                .piped()
                .alias("Msg")
                .alias("Message"),
        )
        .takes(param("Tags", ValueType::Text, "Tags of the record.").at(1).many()),
        native("Write-Host", Module::Utility, "Writes text for the console.", || Box::new(Host))
            .takes(
                param("Object", ValueType::Any, "What to write.")
                    .at(0)
                    .piped()
                    .many()
                    .alias("Msg")
                    .alias("Message"),
            )
            .takes(switch("NoNewline", "Adds no line break."))
            .takes(param("Separator", ValueType::Text, "What stands between objects; a blank if absent."))
            .takes(param("ForegroundColor", ValueType::Text, "Accepted; the client chooses colours."))
            .takes(param("BackgroundColor", ValueType::Text, "Accepted; the client chooses colours.")),
    ]
}

struct Output;

impl Command for Output {
    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        let Some(value) = call.input() else { return Ok(()) };
        if call.switch("NoEnumerate") {
            return call.write(value);
        }
        call.write_elements(value)
    }
}

struct Error;

impl Command for Error {
    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        if let Some(Val::Error(again)) = call.get("ErrorRecord") {
            return call.ev.write_error(Box::new((*again).clone()));
        }
        let exception = call.get("Exception");
        let message = match (call.text("Message"), &exception) {
            (Some(message), _) => message,
            (None, Some(exception)) => crate::object::members::property(exception, "Message")
                .map(|m| display(&m))
                .unwrap_or_default(),
            (None, None) => return Ok(()),
        };
        let id = call
            .text("ErrorId")
            .unwrap_or_else(|| "Microsoft.PowerShell.Commands.WriteErrorException".into());
        let category = match call.text("Category") {
            Some(name) => category(&name).ok_or_else(|| {
                fault(
                    "CannotConvertArgumentNoMessage,Write-Error",
                    ErrorCategory::InvalidArgument,
                    format!("cannot bind parameter `Category`: `{name}` is no error category"),
                )
            })?,
            None => ErrorCategory::NotSpecified,
        };
        let mut failure = fault(&id, category, message)
            .exception("Microsoft.PowerShell.Commands.WriteErrorException")
            .about(call.get("TargetObject").unwrap_or(Val::Null));
        failure.record.command = Arc::from(call.name());
        if let Some(help) = call.text("RecommendedAction") {
            failure = failure.help(&help);
        }
        call.ev.write_error(failure)
    }
}

fn category(name: &str) -> Option<ErrorCategory> {
    use ErrorCategory as C;
    let all = [
        C::NotSpecified,
        C::OpenError,
        C::CloseError,
        C::DeviceError,
        C::DeadlockDetected,
        C::InvalidArgument,
        C::InvalidData,
        C::InvalidOperation,
        C::InvalidResult,
        C::InvalidType,
        C::MetadataError,
        C::NotImplemented,
        C::NotInstalled,
        C::ObjectNotFound,
        C::OperationStopped,
        C::OperationTimeout,
        C::SyntaxError,
        C::ParserError,
        C::PermissionDenied,
        C::ResourceBusy,
        C::ResourceExists,
        C::ResourceUnavailable,
        C::ReadError,
        C::WriteError,
        C::FromStdErr,
        C::SecurityError,
        C::ProtocolError,
        C::ConnectionError,
        C::AuthenticationError,
        C::LimitsExceeded,
        C::QuotaExceeded,
        C::NotEnabled,
    ];
    all.into_iter().find(|c| format!("{c:?}").eq_ignore_ascii_case(name))
}

struct Message(StreamKind);

impl Command for Message {
    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        let message = call.get("Message").unwrap_or(Val::Null);
        call.ev.write_message(self.0, message)
    }
}

struct Information;

impl Command for Information {
    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        let data = call.get("MessageData").unwrap_or(Val::Null);
        call.ev.write_message(StreamKind::Information, data)
    }
}

struct Host;

impl Command for Host {
    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        let separator = call.text("Separator").unwrap_or_else(|| " ".into());
        let shown: Vec<String> = call
            .get("Object")
            .map(|v| v.elements_or_none().iter().map(display).collect())
            .unwrap_or_default();
        call.ev.write_stream(StreamKind::Information, Val::from(shown.join(&separator)))
    }
}
