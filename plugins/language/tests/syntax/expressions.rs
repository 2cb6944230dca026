//! Expressions: precedence, operators, members, literals in brackets.

use crate::{error, tree};

#[test]
fn precedence_is_powershells() {
    assert_eq!(tree("1 + 2 * 3"), "(Add 1 (Multiply 2 3))");
    assert_eq!(tree("1 - 2 - 3"), "(Subtract (Subtract 1 2) 3)");
    assert_eq!(tree("$a -eq 1 -and $b -gt 2 + 3"), "(And (Equal $a 1) (Greater $b (Add 2 3)))");
    assert_eq!(tree("1 -band 3 -eq 3"), "(BitAnd 1 (Equal 3 3))");
    assert_eq!(tree("'{0}' -f 1 + 2"), "(Add (Format '{0}' 1) 2)");
    assert_eq!(tree("1..2 * 3"), "(Multiply (Range 1 2) 3)");
    assert_eq!(tree("$a ?? 1 + 2"), "(Coalesce $a (Add 1 2))");
    assert_eq!(tree("$a -eq $b ?? $c"), "(Equal $a (Coalesce $b $c))");
}

#[test]
fn a_comma_binds_tighter_than_operators_between_values() {
    assert_eq!(tree("1,2 + 3,4"), "(Add (, 1 2) (, 3 4))");
    assert_eq!(tree("'{0}{1}' -f 1,2"), "(Format '{0}{1}' (, 1 2))");
    assert_eq!(tree(",1"), "(Comma 1)");
    assert_eq!(tree(",1,2"), "(, (Comma 1) 2)");
    assert_eq!(tree("-$a, !$b"), "(, (Minus $a) (Not $b))");
}

#[test]
fn operators_before_a_value_bind_tightest() {
    assert_eq!(tree("-not $a -eq $b"), "(Equal (Not $a) $b)");
    assert_eq!(tree("!$a.b"), "(Not (. $a b))");
    assert_eq!(tree("-bnot 5; -split 'a b', 'c'; -join $x"), "(BitNot 5) (, (Split 'a b') 'c') (Join $x)");
    assert_eq!(
        tree("++$i; --$i; $i++; $i--"),
        "(Increment $i) (Decrement $i) (PostIncrement $i) (PostDecrement $i)"
    );
    assert_eq!(tree("-- $i + - $j"), "(Add (Decrement $i) (Minus $j))");
}

#[test]
fn only_places_can_be_counted_up() {
    assert_eq!(error("5++"), "OperatorRequiresVariableOrProperty");
    assert_eq!(error("++5"), "OperatorRequiresVariableOrProperty");
}

#[test]
fn comparison_operators_have_variants_of_case() {
    assert_eq!(tree("$a -ceq $b"), "(Equal/c $a $b)");
    assert_eq!(tree("$a -iEQ $b"), "(Equal $a $b)");
    assert_eq!(tree("$a -contains $b"), "(Contains $a $b)");
    assert_eq!(tree("$a -ccontains $b"), "(Contains/c $a $b)");
    assert_eq!(tree("$a -in $b"), "(In $a $b)");
    assert_eq!(tree("$a -iin $b -cnotin $c"), "(NotIn/c (In $a $b) $c)");
    for (name, tree_name) in [
        ("ne", "NotEqual"),
        ("gt", "Greater"),
        ("ge", "GreaterOrEqual"),
        ("lt", "Less"),
        ("le", "LessOrEqual"),
        ("like", "Like"),
        ("notlike", "NotLike"),
        ("match", "Match"),
        ("notmatch", "NotMatch"),
        ("replace", "Replace"),
        ("notcontains", "NotContains"),
        ("split", "Split"),
    ] {
        assert_eq!(tree(&format!("1 -{name} 2")), format!("({tree_name} 1 2)"));
        assert_eq!(tree(&format!("1 -c{name} 2")), format!("({tree_name}/c 1 2)"));
    }
}

#[test]
fn the_other_named_operators_are_known() {
    assert_eq!(tree("1 -is [int]"), "(Is 1 [int])");
    assert_eq!(tree("1 -isnot [int] -and 1 -as [string]"), "(And (IsNot 1 [int]) (As 1 [string]))");
    assert_eq!(tree("1 -shl 2 -shr 3"), "(ShiftRight (ShiftLeft 1 2) 3)");
    assert_eq!(tree("1 -bor 2 -bxor 3"), "(BitXor (BitOr 1 2) 3)");
    assert_eq!(tree("1 -or 2 -xor 3"), "(Xor (Or 1 2) 3)");
    assert_eq!(tree("$a -join ','"), "(Join $a ',')");
    assert_eq!(tree("7 % 4 / 2"), "(Divide (Remainder 7 4) 2)");
}

#[test]
fn an_unknown_operator_is_refused() {
    assert_eq!(error("1 -foo 2"), "UnexpectedToken");
    assert_eq!(error("-foo 2"), "MissingExpressionAfterOperator");
}

#[test]
fn the_ternary_operator_nests_to_the_right() {
    assert_eq!(tree("$a ? 1 : 2"), "(? $a 1 2)");
    assert_eq!(tree("$a ? 1 : $b ? 2 : 3"), "(? $a 1 (? $b 2 3))");
    assert_eq!(tree("$a -eq 1 ?\n 'x' :\n 'y'"), "(? (Equal $a 1) 'x' 'y')");
    assert_eq!(error("$a ? 1"), "MissingColonInTernaryExpression");
}

#[test]
fn casts_and_type_literals_are_told_apart() {
    assert_eq!(tree("[int]'5' + 1"), "(Add ([int] '5') 1)");
    assert_eq!(tree("[int]-5"), "([int] -5)");
    assert_eq!(tree("[int] -eq [string]"), "(Equal [int] [string])");
    assert_eq!(tree("[a],[b]"), "(, [a] [b])");
    assert_eq!(tree("[pscustomobject]@{a=1}"), "([pscustomobject] (hash a=1))");
    assert_eq!(tree("[string][int]$x"), "([string] ([int] $x))");
    assert_eq!(
        tree("[System.Collections.Generic.List[int]]::new()"),
        "(call:: [System.Collections.Generic.List[int]] new)"
    );
    assert_eq!(tree("[int[]]@(1)"), "([int[]] (@ 1))");
    assert_eq!(tree("[math]::PI"), "(:: [math] PI)");
    assert_eq!(tree("[math]::Round(2.5, 1)"), "(call:: [math] Round 2.5 1)");
}

#[test]
fn members_calls_and_indexes_follow_each_other() {
    assert_eq!(
        tree("$a.b.c()[1,2].'d e'.$f.(g)"),
        "(. (. (. ([] (call. (. $a b) c) (, 1 2)) 'd e') $f) (paren (g)))"
    );
    assert_eq!(tree("${a}?.b?.c(1)"), "(call?. (?. $a b) c 1)");
    assert_eq!(tree("${a}?[0]"), "(?[] $a 0)");
    assert_eq!(tree("$a.\nb"), "(. $a b)");
    assert_eq!(tree("$a.f((1,2), 3)"), "(call. $a f (paren (, 1 2)) 3)");
    assert_eq!(tree("$a.Where{ $_ }"), "(call. $a Where {$_})");
    assert_eq!(tree("'abc'[-1..0]"), "([] 'abc' (Range -1 0))");
}

#[test]
fn a_question_mark_belongs_to_a_variables_name() {
    assert_eq!(tree("$a?.b"), "(. $a? b)");
    assert_eq!(tree("$?; $$; $^; $_"), "$? $$ $^ $_");
}

#[test]
fn variables_have_scopes_and_drives() {
    assert_eq!(tree("$Global:x; $env:PATH; ${Script:a b}; ${a`}b}"), "$global:x $env:PATH $script:a b $a}b");
    assert_eq!(tree("$a::b; $1"), "(:: $a b) $1");
    assert_eq!(error("${"), "IncompleteVariableReference");
    assert_eq!(error("${}"), "EmptyVariableReference");
}

#[test]
fn hashtables_have_words_and_expressions_as_keys() {
    assert_eq!(tree("@{}"), "(hash)");
    assert_eq!(
        tree("@{a=1; 'b c'=2\n3=4\n$d=f x\n(e)=if(1){2}}"),
        "(hash a=1 'b c'=2 3=4 $d=(f x) (paren (e))=(if 1 2))"
    );
    assert_eq!(tree("@{\n a\n =\n 1\n}"), "(hash a=1)");
}

#[test]
fn incomplete_hashtables_are_refused() {
    assert_eq!(error("@{a=1"), "IncompleteHashLiteral");
    assert_eq!(error("@{a}"), "MissingEqualsInHashLiteral");
    assert_eq!(error("@{a=}"), "MissingStatementInHashLiteral");
    assert_eq!(error("@{a=1; A=2}"), "DuplicateKeyInHashLiteral");
    assert_eq!(error("@{a=1 b=2}"), "IncompleteHashLiteral");
}

#[test]
fn brackets_hold_statements() {
    assert_eq!(tree("$(f; 1)"), "($ (f) 1)");
    assert_eq!(tree("@(1\n2)"), "(@ 1 2)");
    assert_eq!(tree("($a = 1)"), "(paren (Set $a 1))");
    assert_eq!(tree("(\n1\n)"), "(paren 1)");
    assert_eq!(tree("{param($a) $a}"), "{(param $a) $a}");
}

#[test]
fn what_is_missing_is_named() {
    assert_eq!(error("1 +"), "ExpectedValueExpression");
    assert_eq!(error("1 + foo"), "ExpectedValueExpression");
    assert_eq!(error("!"), "MissingExpressionAfterOperator");
    assert_eq!(error("1,"), "MissingExpressionAfterToken");
    assert_eq!(error("(1"), "MissingEndParenthesisInExpression");
    assert_eq!(error("()"), "ExpectedExpression");
    assert_eq!(error("$(1"), "MissingEndParenthesisInSubexpression");
    assert_eq!(error("$a["), "MissingArrayIndexExpression");
    assert_eq!(error("$a[1"), "MissingEndSquareBracket");
    assert_eq!(error("$a."), "MissingPropertyName");
    assert_eq!(error("$a.b(1"), "MissingEndParenthesisInMethodCall");
    assert_eq!(error("[int"), "EndSquareBracketExpectedAtEndOfType");
    assert_eq!(error("[]"), "MissingTypename");
    assert_eq!(error("{ 1"), "MissingEndCurlyBrace");
    assert_eq!(error("1 2"), "UnexpectedToken");
}
