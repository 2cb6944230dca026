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
    assert_eq!(deep("function f { param($x = (f)) 1 }; f"), "!CallDepthOverflow");
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

#[test]
fn a_collection_may_hold_itself_whatever_is_done_with_it() {
    for (script, expected) in [
        ("$l = [System.Collections.ArrayList]::new(); $l.Add($l); $l.Add(1); $l.Sort(); $l.Count", "2"),
        (
            "$l = [System.Collections.ArrayList]::new(); $l.Add($l); $l.Insert($l, 1); $l.Count",
            "!ConvertToFinalInvalidCastException 1",
        ),
        ("$a = 0, 1; $a[0] = $a; $a[$a] = 1; $a.Count", "!ConvertToFinalInvalidCastException 2"),
        ("$a = 0, 1; $a[0] = $a; $a[1] = $a; [array]::Sort($a); $a.Count; $a -contains $a", "2 True"),
        ("$h = @{}; $h[$h] = $h; $h.Count; $h.ContainsKey($h)", "1 True"),
        (
            "$a = 0, 1; $a[0] = $a; ($a -join ',').Length -gt 0; $a | ConvertTo-Json -Depth 5 | Out-Null; $a -eq 1",
            "True 1",
        ),
    ] {
        assert_eq!(full(script), expected, "{script}");
    }
}

#[test]
fn sorting_has_an_order_for_any_mixture() {
    let script = "$m = 1..300 | % { $_; \"$($_ * 7 % 300)x\"; $_ / 7; [decimal]$_; $null; 'b'; [char]'a'; [double]::NaN }; ($m | Sort-Object).Count";
    assert_eq!(full(script), "2400");
    assert_eq!(
        full("10, 9, '5x', 9007199254740993, 9007199254740992.0, $null | Sort-Object"),
        "null 9 10 9007199254740992.0 9007199254740993L 5x"
    );
}
