//! Names of variables behind `$` or `@`, with braces or without.

use std::rc::Rc;

use super::cursor::Cursor;
use super::escape::{BadEscape, escape};
use crate::syntax::ast::Variable;
use crate::syntax::chars::{continues_name, is_variable_char};

/// Whether `$` and this character start a variable.
pub(in crate::syntax) fn starts_variable(c: char) -> bool {
    matches!(c, '{' | '$' | '^' | '?') || continues_name(c)
}

/// Reads a name; the cursor stands behind `$` or `@`, before what [`starts_variable`] accepted.
pub(in crate::syntax) fn variable(cursor: &mut Cursor<'_>, splatted: bool) -> Result<Variable, BadEscape> {
    if cursor.eat('{') {
        return Ok(split(&braced(cursor)?, splatted));
    }
    if matches!(cursor.peek(), Some('$' | '^' | '?')) {
        let name = cursor.bump().unwrap_or_default().to_string();
        return Ok(Variable { scope: None, name: name.into(), splatted });
    }
    let start = cursor.at();
    loop {
        cursor.eat_while(is_variable_char);
        // A colon belongs to the name only if a name follows: `$a::b` and `$x ? $a:$b` end before it.
        if cursor.peek() == Some(':') && cursor.peek_second().is_some_and(is_variable_char) {
            cursor.bump();
        } else {
            break;
        }
    }
    Ok(split(cursor.since(start), splatted))
}

fn braced(cursor: &mut Cursor<'_>) -> Result<String, BadEscape> {
    let start = cursor.at();
    let mut name = String::new();
    loop {
        let at = cursor.at();
        match cursor.bump() {
            Some('}') if name.is_empty() => {
                return Err(BadEscape {
                    id: "EmptyVariableReference",
                    message: "write a name between the braces",
                    at: start,
                });
            }
            Some('}') => return Ok(name),
            Some('{') => {
                return Err(BadEscape {
                    id: "OpenBraceNeedsToBeBackTickedInVariableName",
                    message: "write a backtick before `{` in a variable's name",
                    at,
                });
            }
            Some('`') => name.extend(escape(cursor)?),
            Some(c) => name.push(c),
            None => {
                return Err(BadEscape {
                    id: "IncompleteVariableReference",
                    message: "close the variable's name with `}`",
                    at: start,
                });
            }
        }
    }
}

fn split(written: &str, splatted: bool) -> Variable {
    let (scope, name) = match written.split_once(':') {
        Some((scope, name)) if !scope.is_empty() && !name.is_empty() => {
            (Some(Rc::from(scope.to_lowercase())), name)
        }
        _ => (None, written),
    };
    Variable { scope, name: Rc::from(name), splatted }
}
