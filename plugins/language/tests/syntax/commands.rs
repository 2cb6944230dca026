//! Command lines: names, parameters, arguments, redirections.

use crate::{error, errors, tree};

#[test]
fn names_and_words_stay_as_written() {
    assert_eq!(tree("Get-Item Logs:/a b\\c *.txt"), "(Get-Item Logs:/a b\\\\c *.txt)");
    assert_eq!(tree("Module\\Get-Thing"), "(Module\\\\Get-Thing)");
    assert_eq!(tree("/bin/sh; ./x; ..\\y; ~/z; C:\\w"), "(/bin/sh) (./x) (..\\\\y) (~/z) (C:\\\\w)");
    assert_eq!(tree("%; ?; f = [int] @ ? %"), "(%) (?) (f = [int] @ ? %)");
}

#[test]
fn parameters_have_values_behind_a_colon() {
    assert_eq!(
        tree("f -Name -Force:$false -Path: a -List:1,2"),
        "(f -Name -Force:$false -Path:a -List:(, 1:1 2:2))"
    );
    assert_eq!(error("f -Name:"), "ParameterRequiresArgument");
}

#[test]
fn what_only_starts_like_a_parameter_is_an_argument() {
    assert_eq!(
        tree("f -5 - -$x -a\"b c\" --long"),
        "(f -5:-5 - (word '-' $x) '' --long)".replace("''", "-ab c")
    );
}

#[test]
fn a_parameter_ends_at_a_dot_or_bracket() {
    assert_eq!(tree("f -a.b"), "(f -a .b)");
    assert_eq!(tree("f -a{1}"), "(f -a {1})");
}

#[test]
fn row_a35_behind_two_dashes_everything_is_an_argument() {
    assert_eq!(tree("f -a -- -Name web-c -- --%"), "(f -a -- -Name web-c -- --%)");
    assert_eq!(tree("f --"), "(f --)");
}

#[test]
fn row_a35_the_stop_parsing_token_is_refused() {
    assert_eq!(errors("f --% -u web-a --rotate"), [("NotSupported", 2)]);
}

#[test]
fn arguments_may_be_expressions() {
    assert_eq!(
        tree("f $x (1+2) @(3) @{a=4} {5} $(6)"),
        "(f $x (paren (Add 1 2)) (@ 3) (hash a=4) {5} ($ 6))"
    );
    assert_eq!(tree("f $x.y[0].z('a', 1)"), "(f (call. ([] (. $x y) 0) z 'a' 1))");
    assert_eq!(tree("f 'a'.Length (g).h"), "(f (. 'a' Length) (. (paren (g)) h))");
    assert_eq!(tree("f $a.b/c"), "(f (. $a b) /c)");
}

#[test]
fn commas_make_lists() {
    assert_eq!(tree("f a,b , 'c',$d,-e"), "(f (, a b 'c' $d -e))");
    assert_eq!(error("f a,"), "MissingExpression");
    assert_eq!(error("f ,a"), "MissingArgument");
}

#[test]
fn splatting_names_a_variable() {
    assert_eq!(tree("f @args @script:x"), "(f @args @script:x)");
    assert_eq!(error("f a,@b"), "SplattingNotPermitted");
    assert_eq!(error("@a"), "SplattingNotPermitted");
}

#[test]
fn words_end_at_brackets_and_separators() {
    assert_eq!(tree("f a{b}"), "(f a {(b)})");
    assert_eq!(tree("f a(b)"), "(f a (paren (b)))");
    assert_eq!(tree("f a;g"), "(f a) (g)");
    assert_eq!(tree("f a|g"), "(| (f a) (g))");
}

#[test]
fn calls_and_dot_sourcing_take_any_value() {
    assert_eq!(tree("& f a"), "(& f a)");
    assert_eq!(tree("& 'a b' -C"), "(& 'a b' -C)");
    assert_eq!(tree("&$x; & {1} 2; &(f)"), "(& $x) (& {1} 2:2) (& (paren (f)))");
    assert_eq!(tree(". f; . {1}; .'a'"), "(. f) (. {1}) (. 'a')");
    assert_eq!(error("&"), "MissingExpression");
}

#[test]
fn redirections_name_streams_and_files() {
    assert_eq!(tree("f > a 2>> b.txt *> $c"), "(f 1>a 2>>b.txt *>$c)");
    assert_eq!(tree("f 2>&1 a 3>&1 *>&1"), "(f a 2>&1 3>&1 *>&1)");
    assert_eq!(tree("f a2>b"), "(f a2 1>b)");
    assert_eq!(tree("'x' > a | g"), "(| (redirect 'x' 1>a) (g))");
    assert_eq!(tree("(f) 2>&1"), "(redirect (paren (f)) 2>&1)");
}

#[test]
fn other_redirections_are_refused() {
    assert_eq!(error("f < a"), "RedirectionNotSupported");
    assert_eq!(error("f 3>&2"), "RedirectionNotSupported");
    assert_eq!(error("f 1>&1"), "RedirectionNotSupported");
    assert_eq!(error("f >"), "MissingFileSpecification");
    assert_eq!(error("f > > a"), "MissingFileSpecification");
}

#[test]
fn pipelines_and_chains_join_commands() {
    assert_eq!(tree("1..3 | % { $_ * 2 } | g"), "(| (Range 1 3) (% {(Multiply $_ 2)}) (g))");
    assert_eq!(tree("f && g || h"), "(Or (And (f) (g)) (h))");
    assert_eq!(tree("f | foreach { 1 }"), "(| (f) (foreach {1}))");
}

#[test]
fn incomplete_pipelines_are_refused() {
    assert_eq!(errors("gps|"), [("EmptyPipeElement", 4)]);
    assert_eq!(error("| f"), "EmptyPipeElement");
    assert_eq!(error("f | | g"), "EmptyPipeElement");
    assert_eq!(errors("1|1"), [("ExpressionsMustBeFirstInPipeline", 2)]);
    assert_eq!(error("f &&"), "EmptyPipelineChainElement");
    assert_eq!(error("&& f"), "UnexpectedToken");
}

#[test]
fn the_background_operator_is_refused() {
    assert_eq!(errors("f a &"), [("NotSupported", 4)]);
    assert_eq!(error("1 &"), "NotSupported");
}
