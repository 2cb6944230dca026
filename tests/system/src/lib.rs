//! Tests that go through the wire or the binary.
