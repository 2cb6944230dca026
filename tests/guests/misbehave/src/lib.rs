//! A plugin that does what a plugin must not: one cmdlet for each way. Only tests install it.
#![cfg_attr(not(target_arch = "wasm32"), forbid(unsafe_code))]

use std::cell::Cell;
use std::hint::black_box;

use bailiwick_sdk::{Cmdlet, CommandInfo, Failure, Module, Output, ParameterInfo, Parameters, ValueType};

/// The module.
pub fn module() -> Module {
    Module::new("Misbehave", env!("CARGO_PKG_VERSION"))
        .cmdlet::<InvokeTrap>()
        .cmdlet::<InvokeExit>()
        .cmdlet::<InvokeLoop>()
        .cmdlet::<InvokeSleep>()
        .cmdlet::<InvokeMemoryBomb>()
        .cmdlet::<InvokeFlood>()
        .cmdlet::<GetRemembered>()
        .cmdlet::<ReadPath>()
}

#[cfg(target_arch = "wasm32")]
bailiwick_sdk::export!(module);

/// A cmdlet of one function.
macro_rules! misdeed {
    ($(#[$doc:meta])* $name:ident, $command:literal, $body:expr) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        impl Cmdlet for $name {
            fn info() -> CommandInfo {
                let text = ParameterInfo::new("Text", ValueType::Text).position(0).help("Anything.");
                CommandInfo::new($command).synopsis("Misbehaves.").takes(text)
            }

            fn new() -> Self {
                Self
            }

            fn process(&mut self, parameters: &Parameters, out: &mut Output) -> Result<(), Failure> {
                let body: fn(&Parameters, &mut Output) -> Result<(), Failure> = $body;
                body(parameters, out)
            }
        }
    };
}

misdeed!(
    /// Traps.
    InvokeTrap,
    "Invoke-Trap",
    |_, _| std::process::abort()
);
misdeed!(
    /// Asks to exit with success.
    InvokeExit,
    "Invoke-Exit",
    |_, _| std::process::exit(0)
);
misdeed!(
    /// Computes for ever, without asking whether it is to stop.
    InvokeLoop,
    "Invoke-Loop",
    |_, _| loop {
        black_box(0);
    }
);
misdeed!(
    /// Waits in a host call for ever.
    InvokeSleep,
    "Invoke-Sleep",
    |_, _| loop {
        std::thread::sleep(std::time::Duration::from_secs(3600));
    }
);
misdeed!(
    /// Takes memory until there is none.
    InvokeMemoryBomb,
    "Invoke-MemoryBomb",
    |_, _| {
        let mut held = Vec::new();
        loop {
            held.push(black_box(vec![1_u8; 1 << 20]));
        }
    }
);
misdeed!(
    /// Writes until it is stopped.
    InvokeFlood,
    "Invoke-Flood",
    |_, out| loop {
        out.write("flood")?;
    }
);

thread_local! {
    static REMEMBERED: Cell<u32> = const { Cell::new(0) };
}

misdeed!(
    /// Counts how often this very instance was called: what it keeps beyond a call.
    GetRemembered,
    "Get-Remembered",
    |_, out| {
        let count = REMEMBERED.get() + 1;
        REMEMBERED.set(count);
        out.write(i64::from(count))?;
        Ok(())
    }
);
misdeed!(
    /// Reads a path that policy never saw as one: its parameter is declared as plain text.
    ReadPath,
    "Read-Path",
    |parameters, out| {
        let path = parameters.required_text("Text")?;
        let read = std::fs::read_to_string(path).unwrap_or_else(|error| format!("no: {:?}", error.kind()));
        out.write(read)?;
        Ok(())
    }
);
