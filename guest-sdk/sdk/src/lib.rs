//! What a plugin is written with.
//!
//! A plugin is a [`Module`] of [`Cmdlet`]s. A cmdlet says what it is ([`CommandInfo`]), gets its [`Parameters`] record
//! by record, already bound, typed and decided, and writes to an [`Output`]:
//!
//! ```
//! use bailiwick_sdk::{Cmdlet, CommandInfo, Failure, Module, Output, ParameterInfo, Parameters, ValueType};
//!
//! struct GetGreeting;
//!
//! impl Cmdlet for GetGreeting {
//!     fn info() -> CommandInfo {
//!         CommandInfo::new("Get-Greeting")
//!             .synopsis("Greets.")
//!             .takes(ParameterInfo::new("Name", ValueType::Text).position(0).by_value().help("Whom to greet."))
//!     }
//!
//!     fn new() -> Self {
//!         Self
//!     }
//!
//!     fn process(&mut self, parameters: &Parameters, out: &mut Output) -> Result<(), Failure> {
//!         let name = parameters.text("Name")?.unwrap_or("world");
//!         out.write(format!("hello {name}"))?;
//!         Ok(())
//!     }
//! }
//!
//! fn module() -> Module {
//!     Module::new("Greetings", "1.0.0").cmdlet::<GetGreeting>()
//! }
//!
//! // Makes the component; natively the module is only tested.
//! #[cfg(target_arch = "wasm32")]
//! bailiwick_sdk::export!(module);
//!
//! let run = bailiwick_sdk::testing::TestHost::new().run(&module(), "Get-Greeting", &[&[("Name", "moon".into())]]);
//! assert_eq!(run.output(), ["hello moon".into()]);
//! ```
//!
//! Effects are plain `std` (files under `/drives/<Name>`) or the interfaces of a capability; the host decides which of
//! them a role links. Nothing here is trusted by the host.
#![cfg_attr(not(target_arch = "wasm32"), forbid(unsafe_code))]

mod cmdlet;
mod module;
mod output;
mod parameters;
pub mod testing;

#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod guest;

pub use bailiwick_objects::metadata::{
    Alignment, Column, CommandInfo, Example, ParameterInfo, StreamKind, ValueType, View,
};
pub use bailiwick_objects::{
    DateTime, ErrorCategory, ErrorRecord, Hashtable, Object, Shape, TimeSpan, Value,
};
pub use cmdlet::{Cmdlet, Failure};
pub use module::Module;
pub use output::{Output, Reason, Stopped};
pub use parameters::Parameters;
