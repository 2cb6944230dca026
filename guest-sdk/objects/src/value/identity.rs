//! When two values are the same data, and what of a value a log may show.

use std::fmt;

use super::Value;

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(one), Self::Bool(two)) => one == two,
            (Self::Int32(one), Self::Int32(two)) => one == two,
            (Self::Int64(one), Self::Int64(two)) => one == two,
            (Self::Double(one), Self::Double(two)) => {
                one.to_bits() == two.to_bits() || (one.is_nan() && two.is_nan())
            }
            (Self::Decimal(one), Self::Decimal(two)) => one == two && one.scale() == two.scale(),
            (Self::BigInt(one), Self::BigInt(two)) => one == two,
            (Self::Char(one), Self::Char(two)) => one == two,
            (Self::DateTime(one), Self::DateTime(two)) => one == two,
            (Self::TimeSpan(one), Self::TimeSpan(two)) => one == two,
            (Self::Guid(one), Self::Guid(two)) => one == two,
            (Self::Version(one), Self::Version(two)) => one == two,
            (Self::Bytes(one), Self::Bytes(two)) => one == two,
            (Self::Array(one), Self::Array(two)) => one == two,
            (Self::Hashtable(one), Self::Hashtable(two)) => one == two,
            (Self::Error(one), Self::Error(two)) => one == two,
            (Self::Object(one), Self::Object(two)) => one == two,
            (Self::String(one), Self::String(two))
            | (Self::Uri(one), Self::Uri(two))
            | (Self::ScriptBlock(one), Self::ScriptBlock(two))
            | (Self::Regex(one), Self::Regex(two))
            | (Self::SecureString(one), Self::SecureString(two)) => one == two,
            _ => false,
        }
    }
}

/// As derived, but that a secure string stays secret.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut show = |name: &str, field: &dyn fmt::Debug| f.debug_tuple(name).field(field).finish();
        match self {
            Self::Null => f.write_str("Null"),
            Self::Bool(value) => show("Bool", value),
            Self::Int32(value) => show("Int32", value),
            Self::Int64(value) => show("Int64", value),
            Self::Double(value) => show("Double", value),
            Self::Decimal(value) => show("Decimal", value),
            Self::BigInt(value) => show("BigInt", value),
            Self::Char(value) => show("Char", value),
            Self::String(value) => show("String", value),
            Self::DateTime(value) => show("DateTime", value),
            Self::TimeSpan(value) => show("TimeSpan", value),
            Self::Guid(value) => show("Guid", value),
            Self::Version(value) => show("Version", value),
            Self::Uri(value) => show("Uri", value),
            Self::Bytes(value) => show("Bytes", value),
            Self::Array(value) => show("Array", value),
            Self::Hashtable(value) => show("Hashtable", value),
            Self::ScriptBlock(value) => show("ScriptBlock", value),
            Self::Regex(value) => show("Regex", value),
            Self::SecureString(_) => f.write_str("SecureString(***)"),
            Self::Error(value) => show("Error", value),
            Self::Object(value) => show("Object", value),
        }
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::Value;

    #[test]
    fn nan_is_nan_and_the_zeros_differ() {
        assert_eq!(Value::Double(f64::NAN), Value::Double(-f64::NAN));
        assert_ne!(Value::Double(0.0), Value::Double(-0.0));
    }

    #[test]
    fn decimals_of_unequal_scale_differ() {
        assert_ne!(Value::Decimal(Decimal::new(10, 1)), Value::Decimal(Decimal::new(100, 2)));
    }

    #[test]
    fn equal_texts_of_two_types_differ() {
        assert_ne!(Value::Uri("a".into()), Value::Regex("a".into()));
    }

    #[test]
    fn a_secure_string_is_not_shown() {
        let shown = format!("{:?}", Value::Array(vec![Value::SecureString("hunter2".into())]));
        assert_eq!(shown, "Array([SecureString(***)])");
    }
}
