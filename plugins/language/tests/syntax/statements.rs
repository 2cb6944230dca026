//! Statements: assignment, conditions, loops, functions, bodies.

use crate::{error, tree};

#[test]
fn assignments_take_any_statement() {
    assert_eq!(tree("$a = 1"), "(Set $a 1)");
    assert_eq!(tree("$a=$b=f x | g"), "(Set $a (Set $b (| (f x) (g))))");
    assert_eq!(tree("$x = if (1) {2} else {3}"), "(Set $x (if 1 2) (else 3))");
    assert_eq!(
        tree("$a.b[0] += 1; $a -= 1; $a *= 2; $a /= 2; $a %= 2"),
        "(Add ([] (. $a b) 0) 1) (Subtract $a 1) (Multiply $a 2) (Divide $a 2) (Remainder $a 2)"
    );
    assert_eq!(tree("$a ??= 1"), "(Coalesce $a 1)");
    assert_eq!(tree("[int]$a, $b.c = 1, 2"), "(Set (, ([int] $a) (. $b c)) (, 1 2))");
}

#[test]
fn only_places_can_be_assigned_to() {
    assert_eq!(error("1 = 2"), "InvalidLeftHandSide");
    assert_eq!(error("$a + 1 = 2"), "InvalidLeftHandSide");
    assert_eq!(error("${a}?.b = 1"), "InvalidLeftHandSide");
    assert_eq!(error("$a ="), "ExpectedValueExpression");
}

#[test]
fn conditions_have_clauses() {
    assert_eq!(tree("if (1) {2} elseif (3) {4} else {5}"), "(if 1 2) (if 3 4) (else 5)");
    assert_eq!(tree("if ($a)\n{\n}\nelse\n{ f }\ng"), "(if $a) (else (f)) (g)");
    assert_eq!(tree("if ($a = f) {1}"), "(if (paren (Set $a (f))) 1)");
    assert_eq!(tree("if (f x | g) {1} 2"), "(if (| (f x) (g)) 1) 2");
}

#[test]
fn incomplete_conditions_are_refused() {
    assert_eq!(error("if"), "MissingOpenParenthesisInIfStatement");
    assert_eq!(error("if ()"), "IfStatementMissingCondition");
    assert_eq!(error("if (1"), "MissingEndParenthesisAfterStatement");
    assert_eq!(error("if (1)"), "MissingStatementBlock");
    assert_eq!(error("if (1) {} else"), "MissingStatementBlockAfterElse");
}

#[test]
fn loops_have_labels() {
    assert_eq!(tree("foreach ($x in 1..3) { $x }"), "(foreach $x (Range 1 3) $x)");
    assert_eq!(tree(":outer foreach ($x in f) { break outer }"), ":outer (foreach $x (f) :outer (break))");
    assert_eq!(
        tree("for ($i = 0; $i -lt 3; $i++) { continue }"),
        "(for (Set $i 0) (Less $i 3) (PostIncrement $i) (continue))"
    );
    assert_eq!(tree("for (;;) {}"), "(for _ _ _)");
    assert_eq!(tree("while ($x = f) { $x }"), "(While (paren (Set $x (f))) $x)");
    assert_eq!(tree("do { f } while (1); do { f }\nuntil (2)"), "(DoWhile 1 (f)) (DoUntil 2 (f))");
}

#[test]
fn incomplete_loops_are_refused() {
    assert_eq!(error("foreach (1 in 2) {}"), "MissingVariableNameAfterForeach");
    assert_eq!(error("foreach ($a of 2) {}"), "MissingInInForeach");
    assert_eq!(error("foreach ($a in ) {}"), "MissingForeachExpression");
    assert_eq!(error("foreach ($a in 1) f"), "MissingForeachStatement");
    assert_eq!(error("while () {}"), "MissingExpressionAfterKeyword");
    assert_eq!(error("do {} f"), "MissingWhileOrUntilInDoWhile");
    assert_eq!(error("for ($a;$b;$c"), "MissingEndParenthesisAfterStatement");
}

#[test]
fn switch_has_tests_and_a_default() {
    assert_eq!(
        tree("switch ($a) { 1 { f } red { g } {$_ -gt 2} { h } default { i } }"),
        "(switch Equal/Insensitive $a (1:1 (f)) (red (g)) ({(Greater $_ 2)} (h)) (default (i)))"
    );
    assert_eq!(
        tree(":l switch -Regex -CaseSensitive (f) { 'a' {} }"),
        ":l (switch Regex/Sensitive (f) ('a'))"
    );
    assert_eq!(tree("switch -wild (1) { a* {} }"), "(switch Wildcard/Insensitive 1 (a*))");
    assert_eq!(error("switch -file x { a {} }"), "NotSupported");
    assert_eq!(error("switch -abc"), "InvalidSwitchFlag");
    assert_eq!(error("switch (1) {default {} default {}}"), "MultipleSwitchDefaultClauses");
}

#[test]
fn try_has_catches_and_finally() {
    assert_eq!(
        tree("try { f } catch [A], [B.C] { g } catch { h } finally { i }"),
        "(try (f)) (catch [A] [B.C] (g)) (catch (h)) (finally (i))"
    );
    assert_eq!(error("try {}"), "MissingCatchOrFinally");
    assert_eq!(error("try {} finally { return }"), "ControlLeavingFinally");
    assert_eq!(error("try {} finally { break }"), "ControlLeavingFinally");
    assert_eq!(tree("try {} finally { while (1) { break } }"), "(try) (finally (While 1 (break)))");
    assert_eq!(tree("try {} finally { & { return } }"), "(try) (finally (& {(return)}))");
}

#[test]
fn control_words_take_a_value() {
    assert_eq!(tree("return; throw; exit"), "(return) (throw) (exit)");
    assert_eq!(
        tree("return 1 + 2; throw 'x'; exit 3; return f x"),
        "(return (Add 1 2)) (throw 'x') (exit 3) (return (f x))"
    );
    assert_eq!(error("break $x"), "NotSupported");
}

#[test]
fn functions_keep_the_text_of_their_body() {
    assert_eq!(tree("function f { 1 }"), "(function f 1 < 1 >)");
    assert_eq!(
        tree("function global:f-g ($a, [int]$b = 2) { $a }"),
        "(function global:f-g (param $a [int]$b=2) $a < $a >)"
    );
    assert_eq!(tree("filter f { $_ }"), "(function f (process $_) < $_ >)");
    assert_eq!(
        tree("function f { begin {1} process {2} end {3} }"),
        "(function f (begin 1) (process 2) (end 3) < begin {1} process {2} end {3} >)"
    );
}

#[test]
fn parameters_have_types_attributes_and_defaults() {
    assert_eq!(
        tree("function f {\n[CmdletBinding(SupportsShouldProcess)]\nparam(\n[Parameter(Mandatory, Position = 0)]\n[ValidateSet('a', 'b')]\n[string[]]\n$Name = 'a',\n[switch]$Force)\n$Name }")
            .split('<').next().unwrap(),
        "(function f [CmdletBinding(SupportsShouldProcess)] (param [Parameter(Mandatory Position=0)] [ValidateSet('a' 'b')] [string[]]$Name='a' [switch]$Force) $Name "
    );
    assert_eq!(tree("param($a = 1, $b)\n$a"), "(param $a=1 $b) $a");
}

#[test]
fn incomplete_functions_are_refused() {
    assert_eq!(error("function"), "MissingNameAfterKeyword");
    assert_eq!(error("function f"), "MissingFunctionBody");
    assert_eq!(error("function f($a {}"), "MissingEndParenthesisInFunctionParameterList");
    assert_eq!(error("function f($a, $A) {}"), "DuplicateFormalParameter");
    assert_eq!(error("function f { begin {} begin {} }"), "DuplicateScriptCommandClause");
    assert_eq!(error("begin"), "MissingNamedStatementBlock");
    assert_eq!(error("function f(@a) {}"), "SplattingNotPermitted");
}

#[test]
fn keywords_are_words_where_no_statement_starts() {
    assert_eq!(
        tree("f if else; foreach-object; if.exe; $x.if"),
        "(f if else) (foreach-object) (if.exe) (. $x if)"
    );
    assert_eq!(tree("IF (1) {} ELSE {}"), "(if 1) (else)");
}

#[test]
fn statements_of_later_versions_are_refused_once() {
    for text in [
        "class A { [int]$x\n f() { return 1 } }",
        "enum A { B\n C }",
        "using namespace System",
        "data { 1 }",
        "trap { continue }",
        "workflow f { g }",
        "function f { process { }\n clean { g }\n}",
        "function f { dynamicparam { g }\n}",
    ] {
        assert_eq!(crate::errors(text).iter().map(|it| it.0).collect::<Vec<_>>(), ["NotSupported"], "{text}");
    }
}
