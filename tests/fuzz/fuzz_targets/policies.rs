//! The reader of policy files and their checks against each other.
#![no_main]

mod input {
    pub(crate) mod policies;
}

libfuzzer_sys::fuzz_target!(|text: &str| {
    input::policies::policies(text);
});
