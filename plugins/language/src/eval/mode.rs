//! Language modes: which kinds of node a text may hold. Every kind has one row here; a new kind of node does not
//! compile until it has one. The whole text is checked before anything of it runs.

use bailiwick_objects::ErrorCategory;

use crate::object::{Failure, fault};
use crate::session::LanguageMode;
use crate::syntax::ast::{
    Block, Chain, Command, Element, Expr, ExprKind, Invocation, Pipeline, ScriptBody, Stage, Statement,
    StatementKind, StringPart,
};
use crate::syntax::span::Span;

/// The kinds of node that a mode rules on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// `param(…)`.
    Parameters,
    /// `begin { }`, `process { }`.
    NamedBlock,
    /// `target = value`.
    Assignment,
    /// `if`.
    If,
    /// `foreach`.
    ForEach,
    /// `for`.
    For,
    /// `while`, `do`.
    Loop,
    /// `switch`.
    Switch,
    /// `try`.
    Try,
    /// `function`, `filter`.
    Function,
    /// `return`.
    Return,
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// `throw`.
    Throw,
    /// `exit`.
    Exit,
    /// `&&`, `||`.
    ChainOperator,
    /// An expression where a command may stand.
    ExpressionStage,
    /// A command called by its name.
    Command,
    /// `& x`, `. x`.
    Invocation,
    /// A command whose name is computed.
    ComputedName,
    /// `-Name`.
    Parameter,
    /// `@name`.
    Splat,
    /// `> x`, `2>&1`.
    Redirection,
    /// `--`.
    EndOfParameters,
    /// A number.
    Number,
    /// A string without expansion.
    String,
    /// A string with expansion.
    Expandable,
    /// `$true`, `$false`, `$null`.
    Constant,
    /// Any other variable.
    Variable,
    /// `[type]`.
    Type,
    /// `[type]x`.
    Cast,
    /// `a, b`.
    ArrayLiteral,
    /// `@( )`.
    ArrayExpression,
    /// `$( )`.
    SubExpression,
    /// `( )`.
    Paren,
    /// `@{ }`.
    Hashtable,
    /// `{ }`.
    ScriptBlock,
    /// `-x`, `!x`.
    Unary,
    /// `x++`.
    Postfix,
    /// `a op b`.
    Binary,
    /// `a ? b : c`.
    Ternary,
    /// `a.b`.
    Member,
    /// `a.b()`.
    MethodCall,
    /// `a[i]`.
    Index,
}

impl NodeKind {
    /// All kinds, for the table in the documentation and the tests.
    pub const ALL: [Self; 44] = [
        Self::Parameters,
        Self::NamedBlock,
        Self::Assignment,
        Self::If,
        Self::ForEach,
        Self::For,
        Self::Loop,
        Self::Switch,
        Self::Try,
        Self::Function,
        Self::Return,
        Self::Break,
        Self::Continue,
        Self::Throw,
        Self::Exit,
        Self::ChainOperator,
        Self::ExpressionStage,
        Self::Command,
        Self::Invocation,
        Self::ComputedName,
        Self::Parameter,
        Self::Splat,
        Self::Redirection,
        Self::EndOfParameters,
        Self::Number,
        Self::String,
        Self::Expandable,
        Self::Constant,
        Self::Variable,
        Self::Type,
        Self::Cast,
        Self::ArrayLiteral,
        Self::ArrayExpression,
        Self::SubExpression,
        Self::Paren,
        Self::Hashtable,
        Self::ScriptBlock,
        Self::Unary,
        Self::Postfix,
        Self::Binary,
        Self::Ternary,
        Self::Member,
        Self::MethodCall,
        Self::Index,
    ];

    /// Whether a mode allows this kind of node.
    #[must_use]
    pub const fn allowed_in(self, mode: LanguageMode) -> bool {
        match mode {
            LanguageMode::Full => true,
            // Not served by this version: nothing is allowed.
            LanguageMode::Restricted | LanguageMode::Constrained => false,
            LanguageMode::No => match self {
                Self::Command
                | Self::Parameter
                | Self::EndOfParameters
                | Self::Number
                | Self::String
                | Self::Constant
                | Self::ArrayLiteral => true,
                Self::Parameters
                | Self::NamedBlock
                | Self::Assignment
                | Self::If
                | Self::ForEach
                | Self::For
                | Self::Loop
                | Self::Switch
                | Self::Try
                | Self::Function
                | Self::Return
                | Self::Break
                | Self::Continue
                | Self::Throw
                | Self::Exit
                | Self::ChainOperator
                | Self::ExpressionStage
                | Self::Invocation
                | Self::ComputedName
                | Self::Splat
                | Self::Redirection
                | Self::Expandable
                | Self::Variable
                | Self::Type
                | Self::Cast
                | Self::ArrayExpression
                | Self::SubExpression
                | Self::Paren
                | Self::Hashtable
                | Self::ScriptBlock
                | Self::Unary
                | Self::Postfix
                | Self::Binary
                | Self::Ternary
                | Self::Member
                | Self::MethodCall
                | Self::Index => false,
            },
        }
    }
}

/// A node that its mode refuses.
pub(crate) struct Refused {
    pub kind: NodeKind,
    pub span: Span,
}

impl Refused {
    /// The error, with PowerShell's id.
    pub(crate) fn failure(&self) -> Failure {
        fault(
            "ScriptsNotAllowed",
            ErrorCategory::PermissionDenied,
            format!("this endpoint runs commands only: {} is not allowed here", describe(self.kind)),
        )
        .help("write commands with constant arguments, joined by `|` or `;`")
    }
}

/// The first node of a text that its mode refuses.
pub(crate) fn check(body: &ScriptBody, mode: LanguageMode) -> Result<(), Refused> {
    let checker = Checker { mode };
    if let Some(param) = body.params.first() {
        checker.admit(NodeKind::Parameters, param.span)?;
    }
    for block in [&body.begin, &body.process].into_iter().flatten() {
        checker.admit(NodeKind::NamedBlock, block.span)?;
        checker.block(block)?;
    }
    checker.block(&body.end)
}

struct Checker {
    mode: LanguageMode,
}

impl Checker {
    fn admit(&self, kind: NodeKind, span: Span) -> Result<(), Refused> {
        if kind.allowed_in(self.mode) { Ok(()) } else { Err(Refused { kind, span }) }
    }

    fn block(&self, block: &Block) -> Result<(), Refused> {
        block.statements.iter().try_for_each(|statement| self.statement(statement))
    }

    /// A mode that allows a kind of statement allows what is in it by its own rows; no mode of this version allows
    /// one without allowing all, so what is inside is not walked.
    fn statement(&self, statement: &Statement) -> Result<(), Refused> {
        let kind = match &statement.kind {
            StatementKind::Chain(chain) => return self.chain(chain),
            StatementKind::Assignment { .. } => NodeKind::Assignment,
            StatementKind::If { .. } => NodeKind::If,
            StatementKind::ForEach { .. } => NodeKind::ForEach,
            StatementKind::For { .. } => NodeKind::For,
            StatementKind::Loop { .. } => NodeKind::Loop,
            StatementKind::Switch { .. } => NodeKind::Switch,
            StatementKind::Try { .. } => NodeKind::Try,
            StatementKind::Function(_) => NodeKind::Function,
            StatementKind::Return(_) => NodeKind::Return,
            StatementKind::Break(_) => NodeKind::Break,
            StatementKind::Continue(_) => NodeKind::Continue,
            StatementKind::Throw(_) => NodeKind::Throw,
            StatementKind::Exit(_) => NodeKind::Exit,
        };
        self.admit(kind, statement.span)
    }

    fn chain(&self, chain: &Chain) -> Result<(), Refused> {
        if let Some((_, pipeline)) = chain.rest.first() {
            self.admit(NodeKind::ChainOperator, pipeline.span)?;
        }
        std::iter::once(&chain.first)
            .chain(chain.rest.iter().map(|(_, p)| p))
            .try_for_each(|p| self.pipeline(p))
    }

    fn pipeline(&self, pipeline: &Pipeline) -> Result<(), Refused> {
        pipeline.stages.iter().try_for_each(|stage| match stage {
            Stage::Expression(expression) => {
                self.expression(expression)?;
                self.admit(NodeKind::ExpressionStage, expression.span)
            }
            Stage::Redirected(expression, redirections) => {
                self.expression(expression)?;
                self.admit(NodeKind::Redirection, redirections.first().map_or(expression.span, |r| r.span))?;
                self.admit(NodeKind::ExpressionStage, expression.span)
            }
            Stage::Command(command) => self.command(command),
        })
    }

    fn command(&self, command: &Command) -> Result<(), Refused> {
        self.admit(NodeKind::Command, command.span)?;
        if command.invocation != Invocation::Plain {
            self.admit(NodeKind::Invocation, command.span)?;
        }
        if !matches!(command.name.kind, ExprKind::String { .. }) {
            self.admit(NodeKind::ComputedName, command.name.span)?;
        }
        if let Some(redirection) = command.redirections.first() {
            self.admit(NodeKind::Redirection, redirection.span)?;
        }
        command.elements.iter().try_for_each(|element| match element {
            Element::Parameter { value, span, .. } => {
                self.admit(NodeKind::Parameter, *span)?;
                value.as_ref().map_or(Ok(()), |value| self.expression(value))
            }
            Element::Argument(value) => self.expression(value),
            Element::EndOfParameters(span) => self.admit(NodeKind::EndOfParameters, *span),
            Element::Splat { span, .. } => self.admit(NodeKind::Splat, *span),
        })
    }

    fn expression(&self, expression: &Expr) -> Result<(), Refused> {
        let kind = match &expression.kind {
            ExprKind::Number(_) | ExprKind::NumberText { .. } => NodeKind::Number,
            ExprKind::String { .. } => NodeKind::String,
            ExprKind::Expandable { parts, .. } => {
                let constant = parts.iter().all(|part| matches!(part, StringPart::Text(_)));
                if constant { NodeKind::String } else { NodeKind::Expandable }
            }
            ExprKind::Variable(variable) => {
                let constant = variable.scope.is_none()
                    && !variable.splatted
                    && ["true", "false", "null"].iter().any(|name| variable.name.eq_ignore_ascii_case(name));
                if constant { NodeKind::Constant } else { NodeKind::Variable }
            }
            ExprKind::ArrayLiteral(items) => {
                self.admit(NodeKind::ArrayLiteral, expression.span)?;
                return items.iter().try_for_each(|item| self.expression(item));
            }
            ExprKind::Type(_) => NodeKind::Type,
            ExprKind::Cast(..) => NodeKind::Cast,
            ExprKind::ArrayExpression(_) => NodeKind::ArrayExpression,
            ExprKind::SubExpression(_) => NodeKind::SubExpression,
            ExprKind::Paren(_) => NodeKind::Paren,
            ExprKind::Hashtable(_) => NodeKind::Hashtable,
            ExprKind::ScriptBlock(_) => NodeKind::ScriptBlock,
            ExprKind::Unary(..) => NodeKind::Unary,
            ExprKind::Postfix(..) => NodeKind::Postfix,
            ExprKind::Binary(..) => NodeKind::Binary,
            ExprKind::Ternary(..) => NodeKind::Ternary,
            ExprKind::Member { .. } => NodeKind::Member,
            ExprKind::MethodCall { .. } => NodeKind::MethodCall,
            ExprKind::Index { .. } => NodeKind::Index,
        };
        self.admit(kind, expression.span)
    }
}

const fn describe(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Parameters => "a `param` block",
        NodeKind::NamedBlock => "a `begin` or `process` block",
        NodeKind::Assignment => "an assignment",
        NodeKind::If => "`if`",
        NodeKind::ForEach => "`foreach`",
        NodeKind::For => "`for`",
        NodeKind::Loop => "a loop",
        NodeKind::Switch => "`switch`",
        NodeKind::Try => "`try`",
        NodeKind::Function => "a function",
        NodeKind::Return => "`return`",
        NodeKind::Break => "`break`",
        NodeKind::Continue => "`continue`",
        NodeKind::Throw => "`throw`",
        NodeKind::Exit => "`exit`",
        NodeKind::ChainOperator => "`&&` or `||`",
        NodeKind::ExpressionStage => "an expression",
        NodeKind::Command => "a command",
        NodeKind::Invocation => "`&` or `.`",
        NodeKind::ComputedName => "a computed command name",
        NodeKind::Parameter => "a parameter",
        NodeKind::Splat => "splatting",
        NodeKind::Redirection => "a redirection",
        NodeKind::EndOfParameters => "`--`",
        NodeKind::Number => "a number",
        NodeKind::String => "a string",
        NodeKind::Expandable => "a string with expansion",
        NodeKind::Constant => "a constant",
        NodeKind::Variable => "a variable",
        NodeKind::Type => "a type",
        NodeKind::Cast => "a cast",
        NodeKind::ArrayLiteral => "an array",
        NodeKind::ArrayExpression => "an array expression",
        NodeKind::SubExpression => "a sub-expression",
        NodeKind::Paren => "a parenthesised expression",
        NodeKind::Hashtable => "a hashtable",
        NodeKind::ScriptBlock => "a script block",
        NodeKind::Unary | NodeKind::Postfix | NodeKind::Binary => "an operator",
        NodeKind::Ternary => "a ternary expression",
        NodeKind::Member => "a property",
        NodeKind::MethodCall => "a method call",
        NodeKind::Index => "an index",
    }
}
