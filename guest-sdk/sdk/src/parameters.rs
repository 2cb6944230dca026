//! The bound parameters of one record, read by type. Engine and host have converted them to the types of the metadata;
//! what is of another type is an error all the same, because a cmdlet relies on nobody.

use bailiwick_objects::{DateTime, ErrorCategory, ErrorRecord, Hashtable, TimeSpan, Value};

use crate::cmdlet::Failure;

/// The parameters of one record, by their canonical names. A parameter bound to null counts as not given, except for
/// [`is_bound`](Self::is_bound) and [`value`](Self::value).
#[derive(Debug)]
pub struct Parameters {
    command: String,
    bound: Hashtable,
}

impl Parameters {
    pub(crate) fn new(command: &str, bound: Hashtable) -> Self {
        Self { command: command.to_owned(), bound }
    }

    /// Whether the parameter was given, whatever its value.
    pub fn is_bound(&self, name: &str) -> bool {
        self.bound.get(name).is_some()
    }

    /// The value of a parameter as it is.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.bound.get(name)
    }

    /// The text of a parameter.
    ///
    /// # Errors
    /// It is not text.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Failure> {
        self.typed(name, "text", Value::as_str)
    }

    /// The text of a parameter that must be given.
    ///
    /// # Errors
    /// It is missing or not text.
    pub fn required_text(&self, name: &str) -> Result<&str, Failure> {
        self.text(name)?.ok_or_else(|| self.missing(name))
    }

    /// The texts of a parameter that takes several; none if it was not given.
    ///
    /// # Errors
    /// One of them is not text.
    pub fn texts(&self, name: &str) -> Result<Vec<&str>, Failure> {
        let one = |value| Value::as_str(value).ok_or_else(|| self.wrong_type(name, "text", value));
        self.values(name).into_iter().map(one).collect()
    }

    /// The values of a parameter that takes several: of an array its items, of anything else itself.
    pub fn values(&self, name: &str) -> Vec<&Value> {
        match self.bound.get(name) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items.iter().collect(),
            Some(value) => vec![value],
        }
    }

    /// Whether a switch was given.
    ///
    /// # Errors
    /// It has a value that is not a boolean.
    pub fn switch(&self, name: &str) -> Result<bool, Failure> {
        Ok(self.boolean(name)?.unwrap_or(false))
    }

    /// The value of a boolean parameter.
    ///
    /// # Errors
    /// It is not a boolean.
    pub fn boolean(&self, name: &str) -> Result<Option<bool>, Failure> {
        self.typed(name, "a boolean", Value::as_bool)
    }

    /// The value of an integer parameter.
    ///
    /// # Errors
    /// It is not an integer.
    pub fn int64(&self, name: &str) -> Result<Option<i64>, Failure> {
        self.typed(name, "an integer", Value::as_i64)
    }

    /// The value of a floating-point parameter.
    ///
    /// # Errors
    /// It is not a number.
    pub fn double(&self, name: &str) -> Result<Option<f64>, Failure> {
        self.typed(name, "a number", |value| match value {
            Value::Double(number) => Some(*number),
            Value::Int32(number) => Some(f64::from(*number)),
            _ => None,
        })
    }

    /// The value of a datetime parameter.
    ///
    /// # Errors
    /// It is not a datetime.
    pub fn datetime(&self, name: &str) -> Result<Option<DateTime>, Failure> {
        self.typed(name, "a datetime", |value| match value {
            Value::DateTime(point) => Some(*point),
            _ => None,
        })
    }

    /// The value of a timespan parameter.
    ///
    /// # Errors
    /// It is not a timespan.
    pub fn timespan(&self, name: &str) -> Result<Option<TimeSpan>, Failure> {
        self.typed(name, "a timespan", |value| match value {
            Value::TimeSpan(span) => Some(*span),
            _ => None,
        })
    }

    fn typed<'a, T>(
        &'a self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Failure> {
        match self.bound.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => read(value).map(Some).ok_or_else(|| self.wrong_type(name, expected, value)),
        }
    }

    fn wrong_type(&self, name: &str, expected: &str, value: &Value) -> Failure {
        let type_name = value.type_name();
        let message = format!("cannot bind parameter `{name}`: expected {expected}, got `{type_name}`");
        let id = format!("ParameterArgumentTransformationError,{}", self.command);
        ErrorRecord::new(id, ErrorCategory::InvalidData, message).into()
    }

    fn missing(&self, name: &str) -> Failure {
        let message = format!("parameter `{name}` is mandatory: give it a value");
        let id = format!("MissingMandatoryParameter,{}", self.command);
        ErrorRecord::new(id, ErrorCategory::InvalidArgument, message).into()
    }
}

#[cfg(test)]
mod tests {
    use super::{Hashtable, Parameters, Value};

    fn parameters() -> Parameters {
        let bound = Hashtable::of([
            ("Path", Value::array(["a", "b"])),
            ("Name", "n".into()),
            ("Force", true.into()),
            ("Depth", 3.into()),
            ("Empty", Value::Null),
        ]);
        Parameters::new("Get-Thing", bound)
    }

    #[test]
    fn values_are_read_by_type_and_name_without_case() {
        let parameters = parameters();
        assert_eq!(parameters.texts("path").unwrap(), ["a", "b"]);
        assert_eq!(parameters.texts("Name").unwrap(), ["n"]);
        assert_eq!(parameters.text("NAME").unwrap(), Some("n"));
        assert!(parameters.switch("Force").unwrap());
        assert_eq!(parameters.int64("Depth").unwrap(), Some(3));
        assert_eq!(parameters.double("Depth").unwrap(), Some(3.0));
    }

    #[test]
    fn null_counts_as_not_given() {
        let parameters = parameters();
        assert_eq!(parameters.text("Empty").unwrap(), None);
        assert!(parameters.is_bound("Empty"));
        assert!(!parameters.is_bound("Absent"));
        assert!(!parameters.switch("Absent").unwrap());
    }

    #[test]
    fn a_value_of_another_type_is_an_error_record() {
        let error = parameters().text("Depth").unwrap_err();
        assert_eq!(&*error.id, "ParameterArgumentTransformationError,Get-Thing");
        assert_eq!(&*error.message, "cannot bind parameter `Depth`: expected text, got `System.Int32`");
    }

    #[test]
    fn a_required_text_that_is_missing_is_an_error_record() {
        let error = parameters().required_text("Absent").unwrap_err();
        assert_eq!(&*error.id, "MissingMandatoryParameter,Get-Thing");
    }
}
