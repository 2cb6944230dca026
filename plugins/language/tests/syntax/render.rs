//! Trees as S-expressions, short enough to stand in an assertion.

use bailiwick_language::syntax::ast::*;

pub(crate) fn body(body: &ScriptBody) -> String {
    let mut parts = Vec::new();
    for attribute in &body.attributes {
        parts.push(render_attribute(attribute));
    }
    if !body.params.is_empty() {
        let params: Vec<String> = body.params.iter().map(param).collect();
        parts.push(list("param", params));
    }
    for (name, part) in [("begin", &body.begin), ("process", &body.process)] {
        if let Some(part) = part {
            parts.push(list(name, statements(part)));
        }
    }
    if body.begin.is_some() || body.process.is_some() {
        if !body.end.statements.is_empty() {
            parts.push(list("end", statements(&body.end)));
        }
    } else {
        parts.extend(statements(&body.end));
    }
    parts.join(" ")
}

fn list(head: &str, rest: Vec<String>) -> String {
    if rest.is_empty() { format!("({head})") } else { format!("({head} {})", rest.join(" ")) }
}

fn statements(block: &Block) -> Vec<String> {
    block.statements.iter().map(statement).collect()
}

fn param(param: &ParamDecl) -> String {
    let mut text: String = param.attributes.iter().map(|it| render_attribute(it) + " ").collect();
    if let Some(name) = &param.type_name {
        text += &format!("[{}]", name.name);
    }
    text += &format!("${}", param.name);
    if let Some(default) = &param.default {
        text += &format!("={}", expr(default));
    }
    text
}

fn render_attribute(attribute: &Attribute) -> String {
    let mut parts: Vec<String> = attribute.positional.iter().map(expr).collect();
    for (name, value) in &attribute.named {
        parts
            .push(value.as_ref().map_or_else(|| name.to_string(), |value| format!("{name}={}", expr(value))));
    }
    format!("[{}({})]", attribute.name, parts.join(" "))
}

fn statement(statement: &Statement) -> String {
    match &statement.kind {
        StatementKind::Chain(it) => chain(it),
        StatementKind::Assignment { target, operator, value } => {
            list(&format!("{operator:?}"), vec![expr(target), self::statement(value)])
        }
        StatementKind::If { clauses, otherwise } => {
            let mut parts = Vec::new();
            for (condition, then) in clauses {
                parts.push(list("if", [vec![chain(condition)], statements(then)].concat()));
            }
            parts.extend(otherwise.iter().map(|block| list("else", statements(block))));
            parts.join(" ")
        }
        StatementKind::ForEach { variable, collection, body, label } => labelled(
            label,
            list(
                "foreach",
                [vec![format!("${variable}"), self::statement(collection)], statements(body)].concat(),
            ),
        ),
        StatementKind::For { init, condition, step, body, label } => {
            let part = |it: &Option<Box<Statement>>| it.as_ref().map_or("_".into(), |it| self::statement(it));
            let condition = condition.as_ref().map_or("_".into(), chain);
            labelled(label, list("for", [vec![part(init), condition, part(step)], statements(body)].concat()))
        }
        StatementKind::Loop { form, condition, body, label } => {
            labelled(label, list(&format!("{form:?}"), [vec![chain(condition)], statements(body)].concat()))
        }
        StatementKind::Switch { value, comparison, case, clauses, default, label } => {
            let mut parts = vec![format!("{comparison:?}/{case:?}"), self::statement(value)];
            for (test, then) in clauses {
                parts.push(list(&expr(test), statements(then)));
            }
            parts.extend(default.iter().map(|block| list("default", statements(block))));
            labelled(label, list("switch", parts))
        }
        StatementKind::Try { body, catches, finally } => {
            let mut parts = vec![list("try", statements(body))];
            for (types, handler) in catches {
                let types = types.iter().map(|it| format!("[{}]", it.name)).collect();
                parts.push(list("catch", [types, statements(handler)].concat()));
            }
            parts.extend(finally.iter().map(|block| list("finally", statements(block))));
            parts.join(" ")
        }
        StatementKind::Function(function) => {
            format!("(function {} {} <{}>)", function.name, body(&function.body), function.text)
        }
        StatementKind::Return(value) => list("return", optional(value)),
        StatementKind::Throw(value) => list("throw", optional(value)),
        StatementKind::Exit(value) => list("exit", optional(value)),
        StatementKind::Break(label) => labelled(label, "(break)".into()),
        StatementKind::Continue(label) => labelled(label, "(continue)".into()),
    }
}

fn optional(value: &Option<Box<Statement>>) -> Vec<String> {
    value.iter().map(|value| statement(value)).collect()
}

fn labelled(label: &Option<std::rc::Rc<str>>, text: String) -> String {
    label.as_ref().map_or(text.clone(), |label| format!(":{label} {text}"))
}

fn chain(chain: &Chain) -> String {
    chain.rest.iter().fold(pipeline(&chain.first), |left, (operator, right)| {
        list(&format!("{operator:?}"), vec![left, pipeline(right)])
    })
}

fn pipeline(pipeline: &Pipeline) -> String {
    match pipeline.stages.as_slice() {
        [only] => stage(only),
        stages => list("|", stages.iter().map(stage).collect()),
    }
}

fn stage(stage: &Stage) -> String {
    match stage {
        Stage::Expression(it) => expr(it),
        Stage::Redirected(it, redirections) => {
            list("redirect", [vec![expr(it)], redirections.iter().map(redirection).collect()].concat())
        }
        Stage::Command(it) => command(it),
    }
}

fn command(command: &Command) -> String {
    let head = match command.invocation {
        Invocation::Plain => expr(&command.name),
        Invocation::Call => format!("& {}", expr(&command.name)),
        Invocation::DotSource => format!(". {}", expr(&command.name)),
    };
    let elements: Vec<String> = command.elements.iter().map(element).collect();
    list(&head, [elements, command.redirections.iter().map(redirection).collect()].concat())
}

fn element(element: &Element) -> String {
    match element {
        Element::Parameter { name, value: None, .. } => format!("-{name}"),
        Element::Parameter { name, value: Some(value), .. } => format!("-{name}:{}", expr(value)),
        Element::Argument(it) => expr(it),
        Element::EndOfParameters(_) => "--".into(),
        Element::Splat { name, .. } => format!("@{name}"),
    }
}

fn redirection(redirection: &Redirection) -> String {
    let from = redirection.from.map_or("*".into(), |from| from.to_string());
    match &redirection.to {
        RedirectTarget::Stream(to) => format!("{from}>&{to}"),
        RedirectTarget::File { name, append: false } => format!("{from}>{}", expr(name)),
        RedirectTarget::File { name, append: true } => format!("{from}>>{}", expr(name)),
    }
}

fn expr(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Number(number) => self::number(number),
        ExprKind::NumberText { value, text } => format!("{}:{text}", self::number(value)),
        ExprKind::String { value, bare: true } => value.escape_debug().to_string(),
        ExprKind::String { value, bare: false } => format!("'{}'", value.escape_debug()),
        ExprKind::Expandable { parts, bare } => {
            let parts = parts.iter().map(|part| match part {
                StringPart::Text(text) => format!("'{}'", text.escape_debug()),
                StringPart::Expr(part) => self::expr(part),
            });
            list(if *bare { "word" } else { "string" }, parts.collect())
        }
        ExprKind::Variable(Variable { scope, name, .. }) => match scope {
            Some(scope) => format!("${scope}:{name}"),
            None => format!("${name}"),
        },
        ExprKind::Type(name) => format!("[{}]", name.name),
        ExprKind::Cast(name, inner) => list(&format!("[{}]", name.name), vec![self::expr(inner)]),
        ExprKind::ArrayLiteral(elements) => list(",", elements.iter().map(self::expr).collect()),
        ExprKind::ArrayExpression(block) => list("@", statements(block)),
        ExprKind::SubExpression(block) => list("$", statements(block)),
        ExprKind::Paren(inner) => list("paren", vec![statement(inner)]),
        ExprKind::Hashtable(entries) => {
            let entries =
                entries.iter().map(|(key, value)| format!("{}={}", self::expr(key), statement(value)));
            list("hash", entries.collect())
        }
        ExprKind::ScriptBlock(block) => format!("{{{}}}", body(&block.body)),
        ExprKind::Unary(operator, inner) => list(&format!("{operator:?}"), vec![self::expr(inner)]),
        ExprKind::Postfix(operator, inner) => list(&format!("Post{operator:?}"), vec![self::expr(inner)]),
        ExprKind::Binary(operator, left, right) => {
            let name = format!("{operator:?}").replace("(Insensitive)", "").replace("(Sensitive)", "/c");
            list(&name, vec![self::expr(left), self::expr(right)])
        }
        ExprKind::Ternary(condition, chosen, other) => {
            list("?", vec![self::expr(condition), self::expr(chosen), self::expr(other)])
        }
        ExprKind::Member { object, member, is_static, null_conditional } => {
            list(dot(*is_static, *null_conditional), vec![self::expr(object), self::expr(member)])
        }
        ExprKind::MethodCall { object, member, arguments, is_static, null_conditional } => {
            let head = format!("call{}", dot(*is_static, *null_conditional));
            let arguments = arguments.iter().map(self::expr).collect();
            list(&head, [vec![self::expr(object), self::expr(member)], arguments].concat())
        }
        ExprKind::Index { object, index, null_conditional } => {
            list(if *null_conditional { "?[]" } else { "[]" }, vec![self::expr(object), self::expr(index)])
        }
    }
}

fn dot(is_static: bool, null_conditional: bool) -> &'static str {
    match (is_static, null_conditional) {
        (true, _) => "::",
        (false, true) => "?.",
        (false, false) => ".",
    }
}

fn number(number: &Number) -> String {
    match number {
        Number::Int32(value) => value.to_string(),
        Number::Int64(value) => format!("{value}l"),
        Number::Double(value) => format!("{value:?}"),
        Number::Decimal(value) => format!("{value}d"),
        Number::BigInt(value) => format!("{value}n"),
    }
}
