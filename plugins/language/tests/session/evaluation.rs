//! What texts yield in a session with full language.

use crate::bench::{Bench, full};

/// Each line: script, expected output.
fn all(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(script, expected)| (script, expected, full(script)))
        .filter(|(_, expected, actual)| actual != *expected)
        .map(|(script, expected, actual)| format!("{script}\n   expected {expected}\n   but was  {actual}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn arithmetic_follows_the_tower_of_numbers() {
    all(&[
        ("1..3 | ForEach-Object { $_ * 2 }", "2 4 6"),
        ("1 + 2 * 3", "7"),
        ("7 / 2", "3.5"),
        ("6 / 2", "3"),
        ("7 % 3", "1"),
        ("2147483647 + 1", "2147483648.0"),
        ("1L + 1", "2L"),
        ("1.5d + 1", "2.5d"),
        ("'5' + 1", "51"),
        ("5 + '1'", "6"),
        ("'ab' * 3", "ababab"),
        ("-5", "-5"),
        ("1kb", "1024"),
        ("0x1F", "31"),
        ("1,2 + 3", "1 2 3"),
        ("$true + 1", "2"),
        ("[int]'42' + 1", "43"),
        ("[int]2.5; [int]3.5", "2 4"),
        ("10 -band 6; 10 -bor 6; 10 -bxor 6; -bnot 0; 1 -shl 4", "2 14 12 -1 16"),
        ("[math]::Max(1, 5); [math]::Round(2.567, 1)", "5 2.6"),
    ]);
}

#[test]
fn an_error_that_ends_a_statement_lets_the_next_one_run() {
    all(&[
        ("1/0; 'next'", "!RuntimeException next"),
        ("throw 'boom'; 'never'", "!boom"),
        ("1..2 | ForEach-Object { 1/0; $_ }", "!RuntimeException 1 !RuntimeException 2"),
        ("$ErrorActionPreference = 'Stop'; 1/0; 'never'", "!RuntimeException"),
        ("'abc'.Nope(); 'next'", "!MethodNotFound next"),
        ("[nosuch]1", "!TypeNotFound"),
    ]);
}

#[test]
fn variables_and_assignments() {
    all(&[
        ("$x = 5; $x += 2; $x", "7"),
        ("$a, $b = 1, 2, 3; $a; $b", "1 2 3"),
        ("$h = @{ A = 1 }; $h.a; $h['A']; $h.b = 2; $h.Count", "1 1 2"),
        ("$a = 1, 2, 3; $a[0]; $a[-1]; $a[1] = 9; $a -join ','", "1 3 1,9,3"),
        ("[int]$n = '5'; $n + 1; $n = 'x'", "6 !InvalidCastFromStringToInteger"),
        ("$i = 0; $i++; ++$i; $i; ($i++); $i", "2 2 3"),
        ("$null ?? 'd'; $x ??= 4; $x", "d 4"),
        ("$true = 1", "!VariableNotWritable"),
        ("function f { $x = 2; $global:y = 3; $x }; $x = 1; f; $x; $y", "2 1 3"),
        ("\"a $(1 + 1) b\"; $n = 'x'; \"<$n>\"; \"$(1, 2)\"", "a 2 b <x> 1 2"),
        ("$o = [pscustomobject]@{ A = 1; B = 'x' }; $o.B; \"$o\"; $o.A = 5; $o", "x @{A=1; B=x} @{A=5; B=x}"),
        ("$x = if ($true) { 'y' } else { 'n' }; $x", "y"),
        ("$x = foreach ($i in 1..3) { $i * $i }; $x -join ' '", "1 4 9"),
        ("$false ? 1 : 2", "2"),
    ]);
}

#[test]
fn loops_and_jumps() {
    all(&[
        ("for ($i = 0; $i -lt 3; $i++) { $i }", "0 1 2"),
        ("$i = 3; while ($i) { $i; $i-- }", "3 2 1"),
        ("$i = 0; do { $i++ } until ($i -ge 3); $i", "3"),
        ("foreach ($x in 1..5) { if ($x -eq 2) { continue }; if ($x -eq 4) { break }; $x }", "1 3"),
        (
            ":outer foreach ($a in 1..3) { foreach ($b in 1..3) { if ($b -eq 2) { continue outer }; \"$a$b\" } }",
            "11 21 31",
        ),
        ("switch (2) { 1 { 'one' } 2 { 'two' } default { 'else' } }", "two"),
        ("switch -Wildcard ('abc') { 'a*' { 1 } '*c' { 2 } }", "1 2"),
        ("switch (1, 5) { { $_ -gt 3 } { 'big' } default { 'small' } }", "small big"),
        ("function f { return 1; 2 }; f", "1"),
    ]);
}

#[test]
fn comparisons_and_text_operators() {
    all(&[
        ("'ABC' -eq 'abc'; 'ABC' -ceq 'abc'; 1 -eq '1'; '01' -eq 1", "True False True False"),
        ("1, 2, 3 -gt 1", "2 3"),
        ("'a', 'b' -contains 'B'; 'b' -in 'a', 'b'; 3 -notin 1, 2", "True True True"),
        ("'abc' -like 'A*'; 'abc' -match '(b)(c)'; $Matches[2]", "True True c"),
        ("'2024-01-02' -match '(?<y>\\d+)-(?<m>\\d+)'; $Matches.y", "True 2024"),
        ("'hello' -replace 'l+', '<$0>'; 'a-b' -replace '(\\w)-(\\w)', '$2-$1'", "he<ll>o b-a"),
        ("'a,b,,c' -split ','; -split ' x  y '", "a b  c x y"),
        ("'a1b2c' -split '\\d', 2", "a b2c"),
        ("1..3 -join '-'", "1-2-3"),
        ("'{0:N1} {1,4}|{1,-4}|{2:X2}' -f 1234.56, 'ab', 10", "1,234.6   ab|ab  |0A"),
        ("5 -is [int]; 'x' -is [int]; '5' -as [int]; 'x' -as [int]", "True False 5 null"),
        ("-not $true; !$false; $true -and $false; $true -xor $true", "False True False False"),
        ("'c'..'a' -join ''", "cba"),
        ("'abc'[1]; 'abc'[-1]", "'b' 'c'"),
    ]);
}

#[test]
fn members_of_the_base_types() {
    all(&[
        ("'aBc'.ToUpper(); 'aBc'.Length; ' x '.Trim(); 'abc'.Substring(1, 1)", "ABC 3 x b"),
        (
            "'a,b'.Split(','); 'abc'.Replace('b', 'x'); 'abc'.IndexOf('c'); '7'.PadLeft(3, '0')",
            "a b axc 2 007",
        ),
        ("(1, 2, 3).Count; (1, 2).Length; (5).Count; $null.Count; @().Count", "3 2 1 0 0"),
        ("@{ a = 1; b = 2 }.Keys -join ','; @{ a = 1 }.ContainsKey('A')", "a,b True"),
        (
            "([datetime]'2024-02-28').AddDays(2).ToString('yyyy-MM-dd'); ([datetime]'2024-03-01').DayOfWeek",
            "2024-03-01 Friday",
        ),
        (
            "[timespan]::FromMinutes(90).TotalHours; ([datetime]'2024-01-02' - [datetime]'2024-01-01').Days",
            "1.5 1",
        ),
        ("(5).GetType().Name; 'x'.GetType().FullName; @(1).GetType().Name", "Int32 System.String Object[]"),
        ("[string]::Join('+', 1, 2); [string]::IsNullOrEmpty(''); [int]::MaxValue", "1+2 True 2147483647"),
        ("([pscustomobject]@{ N = 1 }, [pscustomobject]@{ N = 2 }).N", "1 2"),
        ("(1..5).Where({ $_ % 2 }) -join ','; (1..3).ForEach({ $_ * 2 }) -join ','", "1,3,5 2,4,6"),
        ("$l = [System.Collections.Generic.List[object]]::new(); $l.Add(1); $l.Add(2); $l.Count", "2"),
        ("$null.Foo(); ('x').Nope; [version]'1.2.3' -gt [version]'1.2'", "!InvokeMethodOnNull null True"),
        ("$s = 'x'; ${s}?.Length; $n = $null; ${n}?.Length", "1 null"),
    ]);
}

#[test]
fn functions_bind_parameters_and_pipelines() {
    all(&[
        ("function f($a, $b = 2) { \"$a-$b\" }; f 1; f -b 5 1; f 1 2 3", "1-2 1-5 1-2"),
        ("function f { param([int]$n) $n + 1 }; f '4'; f x", "5 !ParameterArgumentTransformationError,f"),
        ("function f { param([Parameter(Mandatory)]$n) $n }; f", "!MissingMandatoryParameter,f"),
        (
            "function f { param([ValidateSet('a','b')]$s) $s }; f A; f c",
            "A !ParameterArgumentValidationError,f",
        ),
        (
            "function f { param([ValidateRange(1,5)][int]$n) $n }; f 5; f 6",
            "5 !ParameterArgumentValidationError,f",
        ),
        ("function f { param([Parameter(ValueFromPipeline)]$n) process { $n * 2 } }; 1..3 | f", "2 4 6"),
        ("function f { begin { 'b' } process { $_ } end { 'e' } }; 1, 2 | f", "b 1 2 e"),
        ("filter g { $_ + 1 }; 1, 2 | g", "2 3"),
        ("function f { $input | ForEach-Object { \"<$_>\" } }; 1, 2 | f", "<1> <2>"),
        ("function f { $args -join ',' }; f 1 -x 2", "1,-x,2"),
        ("function f { param([switch]$s) $s }; f -s; f; f -s:$false", "True False False"),
        ("$p = @{ a = 1; b = 2 }; function f($a, $b) { $a + $b }; f @p; $q = 3, 4; f @q", "3 7"),
        ("& { param($x) $x * 2 } 4; & { 1; 2 }; . { $dotted = 5 }; $dotted", "8 1 2 5"),
        ("function f { param([Parameter()]$n) $n }; f -Nope 1", "!NamedParameterNotFound,f"),
        ("function f { param([Parameter()]$first, $final) 1 }; f -fi 1", "!AmbiguousParameter,f"),
        ("function f { param([Parameter()]$n) 1 }; f 1 2", "!PositionalParameterNotFound,f"),
        ("function f { param([Parameter()]$n) 1 }; f -n 1 -n 2", "!ParameterAlreadyBound,f"),
    ]);
}

#[test]
fn errors_are_caught_and_finally_runs() {
    all(&[
        ("try { 1/0 } catch { 'caught' } finally { 'done' }", "caught done"),
        ("try { throw 'x' } catch { $_.Exception.Message; $_.FullyQualifiedErrorId }", "x x"),
        ("try { Nope-Thing } catch [System.Management.Automation.CommandNotFoundException] { 'cnf' }", "cnf"),
        ("try { 1/0 } catch [System.DivideByZeroException] { 'zero' } catch { 'other' }", "zero"),
        ("try { Write-Error 'e' -ErrorAction Stop } catch { 'stopped' }", "stopped"),
        ("Write-Error 'e' -ErrorAction SilentlyContinue; $?; $Error.Count", "False 1"),
        ("Write-Error 'e' -ErrorAction Ignore; $Error.Count", "0"),
        ("try { try { throw 'a' } finally { 'f' } } catch { 'c' }", "f c"),
        ("try { throw 'a' } catch { throw }", "!a"),
        ("Nope-Thing; $?", "!CommandNotFoundException False"),
        ("Nope-Thing || 'other'; 'a' && 'b'", "!CommandNotFoundException other a b"),
    ]);
}

#[test]
fn streams_are_redirected_in_order() {
    all(&[
        ("& { 'a'; Write-Error 'e'; 'b' } 2>&1 | ForEach-Object { \"<$_>\" }", "<a> <e> <b>"),
        ("& { 'a'; Write-Warning 'w'; Write-Error 'e' } *>$null; 'z'", "z"),
        ("& { 'a'; Write-Warning 'w' } 3>&1", "a w"),
        (
            "Write-Warning 'w'; Write-Verbose 'v'; Write-Verbose 'v' -Verbose; Write-Host 'h'",
            "warning:w verbose:v information:h",
        ),
        ("'x' > out.txt", "!RedirectionNotSupported"),
        ("Write-Warning 'w' -WarningAction SilentlyContinue", ""),
    ]);
}

#[test]
fn the_native_commands_work_on_records() {
    all(&[
        ("1..10 | Where-Object { $_ % 2 -eq 0 } | Select-Object -First 2", "2 4"),
        ("3, 1, 2 | Sort-Object -Descending", "3 2 1"),
        (
            "1..5 | Select-Object -Last 2; 1..5 | Select-Object -Skip 3; 1, 1, 2 | Select-Object -Unique",
            "4 5 4 5 1 2",
        ),
        (
            "1..4 | Measure-Object -Sum -Average | Select-Object Count, Sum, Average",
            "@{Count=4; Sum=10.0; Average=2.5}",
        ),
        (
            "[pscustomobject]@{ a = 1; b = 2 } | Select-Object b, @{ Name = 'c'; Expression = { $_.a * 10 } }",
            "@{b=2; c=10}",
        ),
        ("[pscustomobject]@{ a = 1, 2 } | Select-Object -ExpandProperty a", "1 2"),
        ("'b', 'a', 'b' | Group-Object | ForEach-Object { \"$($_.Name)$($_.Count)\" }", "a1 b2"),
        ("@{ a = 1; b = 1, 2 } | ConvertTo-Json -Compress", "{\"a\":1,\"b\":[1,2]}"),
        (
            "[pscustomobject]@{ a = $null; b = 'x\"y' } | ConvertTo-Json -Compress",
            "{\"a\":null,\"b\":\"x\\\"y\"}",
        ),
        ("('{\"a\":[1,{\"b\":true}]}' | ConvertFrom-Json).a[1].b", "True"),
        ("1, 2 | ForEach-Object -Begin { 'b' } -Process { $_ } -End { 'e' }", "b 1 2 e"),
        ("'ab', 'c' | ForEach-Object Length; 'ab' | % ToUpper", "2 1 AB"),
        ("'a', 'b' | Out-Null; 'x' | Out-Default", "x"),
        ("Write-Output 1, 2 | Measure-Object | % Count", "2"),
    ]);
}

#[test]
fn a_session_keeps_variables_and_functions() {
    let mut bench = Bench::full();
    assert_eq!(bench.run("$x = 5; function f { $x * 2 }"), "");
    assert_eq!(bench.run("f; $x++; $x"), "10 6");
}

#[test]
fn an_error_says_where_it_came_from() {
    let mut bench = Bench::full();
    bench.run("'a'\n  Nope-Thing x");
    let position = bench.errors().remove(0).position.unwrap();
    assert_eq!((position.line, position.column, &*position.text), (2, 3, "  Nope-Thing x"));
}
