//! Cmdlets as an author writes and tests them: what they write, when it is sent, how they end.
#![cfg(test)]

use bailiwick_sdk::testing::TestHost;
use bailiwick_sdk::{
    Cmdlet, CommandInfo, ErrorCategory, ErrorRecord, Failure, Module, Output, Parameters, StreamKind, Value,
};

/// Writes the numbers from 1 to `Count`; an error at each multiple of `Bad`; ends at `Fatal`.
struct Count;

impl Cmdlet for Count {
    fn info() -> CommandInfo {
        CommandInfo::new("Get-Count")
    }

    fn new() -> Self {
        Self
    }

    fn process(&mut self, parameters: &Parameters, out: &mut Output) -> Result<(), Failure> {
        let bad = parameters.int64("Bad")?.unwrap_or(i64::MAX);
        for number in 1..=parameters.int64("Count")?.unwrap_or(0) {
            if number % bad == 0 {
                out.error(ErrorRecord::new("Bad", ErrorCategory::InvalidData, "a bad number"))?;
            } else {
                out.write(number)?;
            }
            if parameters.int64("Fatal")? == Some(number) {
                return Err(ErrorRecord::new("Fatal", ErrorCategory::InvalidData, "the end").into());
            }
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Output) -> Result<(), Failure> {
        Ok(out.write("end")?)
    }
}

fn module() -> Module {
    Module::new("Counting", "1.0.0").cmdlet::<Count>()
}

#[test]
fn each_record_is_processed_and_then_the_end() {
    let run = TestHost::new().run(&module(), "Get-Count", &[&[("Count", 2.into())], &[("Count", 1.into())]]);
    assert_eq!(run.output(), [1_i64.into(), 2_i64.into(), 1_i64.into(), Value::from("end")]);
    assert_eq!(run.terminated(), None);
}

#[test]
fn what_a_record_writes_is_sent_before_the_next_is_read() {
    let one: &[(&str, Value)] = &[("Count", 1.into())];
    let run = TestHost::new().run(&module(), "Get-Count", &[one, one, one]);
    assert_eq!(run.batches_by_record(), [1, 1, 2]);
}

#[test]
fn many_objects_are_sent_together() {
    let run = TestHost::new().run(&module(), "Get-Count", &[&[("Count", 6400.into())]]);
    assert_eq!(run.output().len(), 6401);
    assert_eq!(run.batches(), 101);
}

#[test]
fn errors_stay_in_order_with_output_and_name_their_command() {
    let run = TestHost::new().run(&module(), "Get-Count", &[&[("Count", 3.into()), ("Bad", 2.into())]]);
    let streams: Vec<StreamKind> = run.records().iter().map(|(stream, _)| *stream).collect();
    assert_eq!(streams, [StreamKind::Output, StreamKind::Error, StreamKind::Output, StreamKind::Output]);
    assert_eq!(&*run.errors()[0].command, "Get-Count");
}

#[test]
fn a_terminating_error_comes_after_what_was_written_and_ends_the_run() {
    let run =
        TestHost::new().run(&module(), "Get-Count", &[&[("Count", 9.into()), ("Fatal", 2.into())], &[]]);
    assert_eq!(run.output(), [1_i64.into(), 2_i64.into()]);
    assert_eq!(run.terminated().map(|record| record.id.to_string()), Some("Fatal".into()));
}

#[test]
fn a_stopped_cmdlet_writes_no_more() {
    let run = TestHost::new().stop_after(2).run(&module(), "Get-Count", &[&[("Count", 6400.into())]]);
    assert_eq!(run.output().len(), 128);
    assert_eq!(run.terminated().map(|record| record.category), Some(ErrorCategory::OperationStopped));
}

#[test]
fn a_cmdlet_that_the_module_lacks_is_an_error() {
    let run = TestHost::new().run(&module(), "Get-Nothing", &[&[]]);
    assert_eq!(run.terminated().map(|record| record.id.to_string()), Some("CommandNotFoundException".into()));
}

#[test]
fn the_module_describes_its_cmdlets_under_its_name() {
    let info = module().info();
    assert_eq!(info.commands[0].module, "Counting");
}
