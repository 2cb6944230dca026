//! What a session's computation may not exceed.

use crate::bench::{Bench, full};

#[test]
fn operators_refuse_to_make_values_that_are_too_large_row_a10() {
    for script in [
        "'a' * 2000000000",
        "'{0,2000000000}' -f 1",
        "'{0:D2000000000}' -f 1",
        "$x = 1..100000000",
        "(1, 2) * 1000000000",
        "'x'.PadLeft(2000000000)",
        "[string]::new('x', 2000000000)",
        "$s = 'aaaaaaaaaaaaaaaa' * 1000000; $s -replace 'a', $s",
    ] {
        assert_eq!(full(script), "!LimitExceeded", "{script}");
    }
    assert_eq!(full("('a' * 1000).Length; '{0,4}' -f 1"), "1000    1");
}

#[test]
fn endless_recursion_is_an_error() {
    let deep = |script: &str| {
        let script = script.to_owned();
        // The size that the engine has; the test's thread would have less.
        let run = move || full(&script);
        std::thread::Builder::new().stack_size(64 << 20).spawn(run).unwrap().join().unwrap()
    };
    assert_eq!(deep("function f { f; f }; f; 'never'"), "!CallDepthOverflow");
    assert_eq!(deep("function f { 1 | ForEach-Object { f } }; f"), "!CallDepthOverflow");
    assert_eq!(deep("$b = { & $b }; & $b"), "!CallDepthOverflow");
    assert_eq!(deep("function f { f }; try { f } catch { 'caught' }; 'next'"), "caught next");
    assert_eq!(deep("function f($n) { if ($n) { f ($n - 1) } else { 'end' } }; f 40"), "end");
}

#[test]
fn a_value_that_holds_itself_is_cut_where_it_crosses() {
    assert_eq!(full("$a = @{}; $a.self = $a; $a"), "{self=null}");
    assert_eq!(full("$a = @(0); $a[0] = $a; , $a"), "[null]");
    assert_eq!(full("$a = @{}; $a.self = $a; \"$a\""), "System.Collections.Hashtable");
}

#[test]
fn deep_nesting_is_dropped_without_recursion() {
    assert_eq!(full("$a = @(); foreach ($i in 1..200000) { $a = , $a }; $a = $null; 'done'"), "done");
}

#[test]
fn errors_remembered_are_limited() {
    let mut bench = Bench::full();
    assert_eq!(
        bench.run("foreach ($i in 1..1000) { Write-Error x -ErrorAction SilentlyContinue }; $Error.Count"),
        "256"
    );
}
