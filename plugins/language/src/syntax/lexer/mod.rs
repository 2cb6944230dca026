//! The lexer's parts, below the parser: a cursor over the text, numbers, escapes, names of variables. What a piece
//! of text means depends on where it stands, so the parser asks for what may stand there; nothing here knows trees.

pub(super) mod cursor;
pub(super) mod escape;
pub(super) mod number;
pub(super) mod variable;
