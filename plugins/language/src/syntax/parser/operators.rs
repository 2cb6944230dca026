//! The operators between two operands, and how tightly each binds.

use super::Parser;
use crate::syntax::ast::{BinaryOp, Case};
use crate::syntax::chars::is_dash;
use crate::syntax::lexer::cursor::Cursor;

/// An operator, its precedence (higher binds tighter), its length in bytes.
pub(super) struct Operator {
    pub(super) op: BinaryOp,
    pub(super) precedence: u8,
    pub(super) length: usize,
}

const LOGICAL: u8 = 1;
const BITWISE: u8 = 2;
const COMPARISON: u8 = 3;
const COALESCE: u8 = 4;
const ADDITION: u8 = 5;
const MULTIPLICATION: u8 = 6;
const FORMAT: u8 = 7;
const RANGE: u8 = 8;

impl Parser<'_> {
    /// The operator at the cursor.
    pub(super) fn peek_operator(&self) -> Option<Operator> {
        let first = self.cursor.peek()?;
        let second = self.cursor.peek_second();
        let symbol = |op, precedence, length| Some(Operator { op, precedence, length });
        match first {
            '+' if !matches!(second, Some('+' | '=')) => symbol(BinaryOp::Add, ADDITION, 1),
            '*' if !matches!(second, Some('=' | '>')) => symbol(BinaryOp::Multiply, MULTIPLICATION, 1),
            '/' if second != Some('=') => symbol(BinaryOp::Divide, MULTIPLICATION, 1),
            '%' if second != Some('=') => symbol(BinaryOp::Remainder, MULTIPLICATION, 1),
            '.' if second == Some('.') => symbol(BinaryOp::Range, RANGE, 2),
            '?' if second == Some('?') && self.cursor.peek_third() != Some('=') => {
                symbol(BinaryOp::Coalesce, COALESCE, 2)
            }
            c if is_dash(c) => match second {
                Some(second) if second == '=' || is_dash(second) => None,
                Some(second) if second.is_ascii_alphabetic() => named(self.cursor),
                _ => symbol(BinaryOp::Subtract, ADDITION, c.len_utf8()),
            },
            _ => None,
        }
    }

    /// The letters behind the dash at the cursor, in lower case.
    pub(super) fn dash_word(&self) -> String {
        let mut ahead = self.cursor;
        ahead.bump();
        ahead.eat_while(|c| c.is_ascii_alphabetic()).to_ascii_lowercase()
    }
}

fn named(mut cursor: Cursor<'_>) -> Option<Operator> {
    let start = cursor.at();
    cursor.bump();
    let word = cursor.eat_while(|c| c.is_ascii_alphabetic());
    if word.len() > 12 {
        return None;
    }
    let (op, precedence) = by_name(&word.to_ascii_lowercase())?;
    Some(Operator { op, precedence, length: cursor.at() - start })
}

fn by_name(name: &str) -> Option<(BinaryOp, u8)> {
    Some(match name {
        "and" => (BinaryOp::And, LOGICAL),
        "or" => (BinaryOp::Or, LOGICAL),
        "xor" => (BinaryOp::Xor, LOGICAL),
        "band" => (BinaryOp::BitAnd, BITWISE),
        "bor" => (BinaryOp::BitOr, BITWISE),
        "bxor" => (BinaryOp::BitXor, BITWISE),
        "shl" => (BinaryOp::ShiftLeft, COMPARISON),
        "shr" => (BinaryOp::ShiftRight, COMPARISON),
        "join" => (BinaryOp::Join, COMPARISON),
        "is" => (BinaryOp::Is, COMPARISON),
        "isnot" => (BinaryOp::IsNot, COMPARISON),
        "as" => (BinaryOp::As, COMPARISON),
        "f" => (BinaryOp::Format, FORMAT),
        _ => (comparison(name)?, COMPARISON),
    })
}

/// `-eq`, `-ieq`, `-ceq` and the like.
fn comparison(name: &str) -> Option<BinaryOp> {
    let of = |name: &str, case: Case| {
        Some(match name {
            "eq" => BinaryOp::Equal(case),
            "ne" => BinaryOp::NotEqual(case),
            "gt" => BinaryOp::Greater(case),
            "ge" => BinaryOp::GreaterOrEqual(case),
            "lt" => BinaryOp::Less(case),
            "le" => BinaryOp::LessOrEqual(case),
            "like" => BinaryOp::Like(case),
            "notlike" => BinaryOp::NotLike(case),
            "match" => BinaryOp::Match(case),
            "notmatch" => BinaryOp::NotMatch(case),
            "replace" => BinaryOp::Replace(case),
            "contains" => BinaryOp::Contains(case),
            "notcontains" => BinaryOp::NotContains(case),
            "in" => BinaryOp::In(case),
            "notin" => BinaryOp::NotIn(case),
            "split" => BinaryOp::Split(case),
            _ => return None,
        })
    };
    // The plain names first: `-contains` and `-in` start with the letters of the variants.
    of(name, Case::Insensitive)
        .or_else(|| of(name.strip_prefix('i')?, Case::Insensitive))
        .or_else(|| of(name.strip_prefix('c')?, Case::Sensitive))
}
