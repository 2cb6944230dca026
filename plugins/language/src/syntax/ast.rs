//! The typed tree: what the parser makes and everything after it reads. Every node carries its span.
//!
//! The evaluator runs this tree itself; nothing is printed and parsed again.

use std::rc::Rc;

use super::span::Span;

/// A whole text, or the body of a script block or function.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ScriptBody {
    /// `[CmdletBinding(…)]`, `[OutputType(…)]` before `param`.
    pub attributes: Vec<Attribute>,
    /// `param(…)`, if there is one.
    pub params: Vec<ParamDecl>,
    /// `begin { … }`.
    pub begin: Option<Block>,
    /// `process { … }`.
    pub process: Option<Block>,
    /// `end { … }`, or the statements of a body without named blocks.
    pub end: Block,
    /// The whole body.
    pub span: Span,
}

/// Statements in braces (or a whole text).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Block {
    /// In order.
    pub statements: Vec<Statement>,
    /// With the braces.
    pub span: Span,
}

/// A parameter of a function or script block.
#[derive(Debug, Clone, PartialEq)]
pub struct ParamDecl {
    /// Without `$`.
    pub name: Rc<str>,
    /// `[string]`, `[int[]]`: the type constraint.
    pub type_name: Option<TypeName>,
    /// `[Parameter(Mandatory, …)]`, `[ValidateSet(…)]`, …
    pub attributes: Vec<Attribute>,
    /// `= …`.
    pub default: Option<Expr>,
    /// The declaration.
    pub span: Span,
}

/// An attribute with its arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// As written.
    pub name: Rc<str>,
    /// Positional arguments.
    pub positional: Vec<Expr>,
    /// `Name = value`; a bare name is `$true` (none here).
    pub named: Vec<(Rc<str>, Option<Expr>)>,
    /// With the brackets.
    pub span: Span,
}

/// A type literal's name, `int`, `string[]`, `System.Collections.Generic.List[int]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeName {
    /// As written, without the outer brackets.
    pub name: Rc<str>,
    /// Without the brackets.
    pub span: Span,
}

/// A statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// What it is.
    pub kind: StatementKind,
    /// From its first to its last token.
    pub span: Span,
}

/// The kinds of statement.
#[derive(Debug, Clone, PartialEq)]
pub enum StatementKind {
    /// `a | b`, an expression, or several joined by `&&` and `||`.
    Chain(Chain),
    /// `target = value` and its compound forms.
    Assignment {
        /// What is assigned to: variable, member, index, or an array literal of them.
        target: Expr,
        /// Which operator.
        operator: AssignOp,
        /// The value: any statement that yields.
        value: Box<Statement>,
    },
    /// `if … elseif … else …`.
    If {
        /// Conditions and their blocks.
        clauses: Vec<(Chain, Block)>,
        /// `else`.
        otherwise: Option<Block>,
    },
    /// `foreach ($x in …) { … }`.
    ForEach {
        /// The loop variable's name.
        variable: Rc<str>,
        /// What is enumerated.
        collection: Box<Statement>,
        /// The body.
        body: Block,
        /// `:label`.
        label: Option<Rc<str>>,
    },
    /// `for (init; condition; step) { … }`.
    For {
        /// Once before.
        init: Option<Box<Statement>>,
        /// Before each round.
        condition: Option<Chain>,
        /// After each round.
        step: Option<Box<Statement>>,
        /// The body.
        body: Block,
        /// `:label`.
        label: Option<Rc<str>>,
    },
    /// `while (…) { … }`, `do { … } while (…)`, `do { … } until (…)`.
    Loop {
        /// Which of the three.
        form: LoopForm,
        /// The condition.
        condition: Chain,
        /// The body.
        body: Block,
        /// `:label`.
        label: Option<Rc<str>>,
    },
    /// `switch (…) { … }`.
    Switch {
        /// What is enumerated.
        value: Box<Statement>,
        /// How a test that is no script block is compared.
        comparison: SwitchComparison,
        /// Whether it regards case.
        case: Case,
        /// Tests and their blocks, in order.
        clauses: Vec<(Expr, Block)>,
        /// `default`.
        default: Option<Block>,
        /// `:label`.
        label: Option<Rc<str>>,
    },
    /// `try { … } catch [T] { … } finally { … }`.
    Try {
        /// The body.
        body: Block,
        /// Types (none: all) and handler.
        catches: Vec<(Vec<TypeName>, Block)>,
        /// `finally`.
        finally: Option<Block>,
    },
    /// `function name { … }` or `filter name { … }`.
    Function(Rc<FunctionDecl>),
    /// `return`, with its value.
    Return(Option<Box<Statement>>),
    /// `break`, with its label.
    Break(Option<Rc<str>>),
    /// `continue`, with its label.
    Continue(Option<Rc<str>>),
    /// `throw`, with its value.
    Throw(Option<Box<Statement>>),
    /// `exit`, with its value.
    Exit(Option<Box<Statement>>),
}

/// The loops with one condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoopForm {
    /// Tested before.
    While,
    /// Tested after, goes on while true.
    DoWhile,
    /// Tested after, goes on until true.
    DoUntil,
}

/// How `switch` compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SwitchComparison {
    /// As `-eq`; also `-Exact`.
    Equal,
    /// `-Wildcard`: as `-like`.
    Wildcard,
    /// `-Regex`: as `-match`, setting `$Matches`.
    Regex,
}

/// A function's declaration.
#[derive(Debug, Clone, PartialEq)]
pub struct FunctionDecl {
    /// As written.
    pub name: Rc<str>,
    /// Its body; a filter's statements are its `process` block. `function f($a) {…}` puts `$a` into `params`.
    pub body: Rc<ScriptBody>,
    /// The text of the body without its braces: what `Get-Command` shows.
    pub text: Rc<str>,
}

/// Pipelines joined by `&&` and `||`, left to right.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    /// The first.
    pub first: Pipeline,
    /// The rest, each with what joins it to the one before.
    pub rest: Vec<(ChainOp, Pipeline)>,
    /// All of it.
    pub span: Span,
}

/// What joins two pipelines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChainOp {
    /// `&&`.
    And,
    /// `||`.
    Or,
}

/// Stages joined by `|`; a lone expression is a pipeline of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    /// At least one; only the first may be an expression.
    pub stages: Vec<Stage>,
    /// All of it.
    pub span: Span,
}

/// One stage of a pipeline.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// An expression.
    Expression(Expr),
    /// An expression with redirections: `"text" > file`, `(f) 2>&1`.
    Redirected(Expr, Vec<Redirection>),
    /// A command.
    Command(Command),
}

/// A command with its elements, before binding.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// How it is called.
    pub invocation: Invocation,
    /// The name, or what `&` and `.` are applied to.
    pub name: Expr,
    /// Parameters and arguments in order.
    pub elements: Vec<Element>,
    /// Redirections in order.
    pub redirections: Vec<Redirection>,
    /// All of it.
    pub span: Span,
}

/// How a command is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invocation {
    /// By its name.
    Plain,
    /// `& …`.
    Call,
    /// `. …`.
    DotSource,
}

/// One element of a command line.
#[derive(Debug, Clone, PartialEq)]
pub enum Element {
    /// `-Name` or `-Name:value`.
    Parameter {
        /// Without dash and colon.
        name: Rc<str>,
        /// The value behind a colon.
        value: Option<Expr>,
        /// All of it.
        span: Span,
    },
    /// An argument. A bare word is [`ExprKind::String`] or [`ExprKind::Expandable`], a bare number
    /// [`ExprKind::NumberText`].
    Argument(Expr),
    /// `--`: what follows has been read as arguments, even with a dash in front.
    EndOfParameters(Span),
    /// `@name`: a splatted variable.
    Splat {
        /// The variable's name.
        name: Rc<str>,
        /// All of it.
        span: Span,
    },
}

/// A redirection.
#[derive(Debug, Clone, PartialEq)]
pub struct Redirection {
    /// 1 to 6, or none for `*`.
    pub from: Option<u8>,
    /// Where to.
    pub to: RedirectTarget,
    /// All of it.
    pub span: Span,
}

/// Where a redirection goes.
#[derive(Debug, Clone, PartialEq)]
pub enum RedirectTarget {
    /// `&1`.
    Stream(u8),
    /// `> file` or `>> file`.
    File {
        /// The file's name.
        name: Expr,
        /// `>>`.
        append: bool,
    },
}

/// Assignment operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say the operators")]
pub enum AssignOp {
    Set,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    /// `??=`.
    Coalesce,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// From its first to its last token.
    pub span: Span,
}

/// The kinds of expression.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A number literal, as the value it stands for.
    Number(Number),
    /// A number as a command's argument: it binds as the number, and as a string it is what was typed.
    NumberText {
        /// What it stands for.
        value: Number,
        /// As written.
        text: Rc<str>,
    },
    /// A string without expansion: `'…'`, `@'…'@`, a bare word.
    String {
        /// Its value, escapes done.
        value: Rc<str>,
        /// Written without quotes: a command's name or argument.
        bare: bool,
    },
    /// A string with expansion.
    Expandable {
        /// In order.
        parts: Vec<StringPart>,
        /// Written without quotes.
        bare: bool,
    },
    /// `$name`, `$script:name`, `${any name}`, `$env:X`.
    Variable(Variable),
    /// `[type]`.
    Type(TypeName),
    /// `[type]expr`.
    Cast(TypeName, Box<Expr>),
    /// `a, b`: its elements.
    ArrayLiteral(Vec<Expr>),
    /// `@( … )`.
    ArrayExpression(Block),
    /// `$( … )`.
    SubExpression(Block),
    /// `( … )`: one statement (a pipeline or an assignment).
    Paren(Box<Statement>),
    /// `@{ … }`: keys and the statements of their values.
    Hashtable(Vec<(Expr, Statement)>),
    /// `{ … }`.
    ScriptBlock(Rc<ScriptBlockLiteral>),
    /// `-x`, `!x`, `-not x`, `++x`, …
    Unary(UnaryOp, Box<Expr>),
    /// `x++`, `x--`.
    Postfix(PostfixOp, Box<Expr>),
    /// `a op b`, but for `,`.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `a ? b : c`.
    Ternary(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `a.b`, `a::b`, `a?.b`.
    Member {
        /// Of what.
        object: Box<Expr>,
        /// The name: a bare string, a variable, an expression.
        member: Box<Expr>,
        /// `::`.
        is_static: bool,
        /// `?.`.
        null_conditional: bool,
    },
    /// `a.b(…)`, `a::b(…)`.
    MethodCall {
        /// Of what.
        object: Box<Expr>,
        /// The name.
        member: Box<Expr>,
        /// In order.
        arguments: Vec<Expr>,
        /// `::`.
        is_static: bool,
        /// `?.`.
        null_conditional: bool,
    },
    /// `a[i]`.
    Index {
        /// Of what.
        object: Box<Expr>,
        /// The index.
        index: Box<Expr>,
        /// `?[`.
        null_conditional: bool,
    },
}

/// A script block with its text.
#[derive(Debug, Clone, PartialEq)]
pub struct ScriptBlockLiteral {
    /// The tree.
    pub body: Rc<ScriptBody>,
    /// The text between the braces.
    pub text: Rc<str>,
}

/// A number as the lexer read it.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the names are PowerShell's types")]
pub enum Number {
    Int32(i32),
    Int64(i64),
    Double(f64),
    Decimal(rust_decimal::Decimal),
    BigInt(num_bigint::BigInt),
}

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// `global`, `script`, `local`, `private`, `using`, or a drive (`env`, `function`), lower case.
    pub scope: Option<Rc<str>>,
    /// Without `$`, as written.
    pub name: Rc<str>,
    /// `@name` where an expression stands: a splat in the wrong place.
    pub splatted: bool,
}

/// A part of an expandable string.
#[derive(Debug, Clone, PartialEq)]
pub enum StringPart {
    /// Text, escapes done.
    Text(Rc<str>),
    /// `$name`, `${name}` or `$( … )`.
    Expr(Expr),
}

/// Operators before their operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say the operators")]
pub enum UnaryOp {
    Plus,
    Minus,
    Not,
    BitNot,
    /// `-split x`.
    Split,
    /// `-join x`.
    Join,
    Increment,
    Decrement,
    /// `,x`: an array of one.
    Comma,
}

/// Operators behind their operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say the operators")]
pub enum PostfixOp {
    Increment,
    Decrement,
}

/// Whether a comparison regards case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// `-eq`, `-ieq`.
    Insensitive,
    /// `-ceq`.
    Sensitive,
}

/// Operators between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are PowerShell's operators")]
pub enum BinaryOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Format,
    Range,
    And,
    Or,
    Xor,
    BitAnd,
    BitOr,
    BitXor,
    ShiftLeft,
    ShiftRight,
    /// `??`.
    Coalesce,
    Equal(Case),
    NotEqual(Case),
    Greater(Case),
    GreaterOrEqual(Case),
    Less(Case),
    LessOrEqual(Case),
    Like(Case),
    NotLike(Case),
    Match(Case),
    NotMatch(Case),
    Replace(Case),
    Contains(Case),
    NotContains(Case),
    In(Case),
    NotIn(Case),
    Split(Case),
    Join,
    Is,
    IsNot,
    As,
}
