//! What functions and script blocks declare: parameters with types, defaults and validation, as metadata for the
//! binder.

use std::rc::Rc;

use bailiwick_objects::ErrorCategory;
use bailiwick_objects::metadata::{CommandInfo, ParameterInfo, ValueType};

use super::Evaluator;
use super::flow::{Flow, Run};
use super::function::ScopeOf;
use crate::bind::Given;
use crate::bind::common::ACTED_ON;
use crate::object::convert::{cast, truth};
use crate::object::text::display;
use crate::object::{self, Block, Failure, Type, Val, fault};
use crate::syntax::ast::{self, Expr, FunctionDecl, ParamDecl, ScriptBody};

/// A function, or a script block that is called.
pub(crate) struct Function {
    pub name: Rc<str>,
    pub body: Rc<ScriptBody>,
    /// The text of the body.
    pub text: Rc<str>,
    /// The text that the body's spans point into.
    pub source: Rc<str>,
    pub info: Rc<CommandInfo>,
    pub parameters: Rc<[Declared]>,
    /// Declares `[Parameter()]`: takes common parameters and no surplus arguments.
    pub advanced: bool,
    /// The parameter that takes the surplus arguments.
    pub remaining: Option<usize>,
}

/// What a parameter was declared with beyond its metadata.
#[derive(Default)]
pub(crate) struct Declared {
    pub of: Option<Type>,
    checks: Vec<Check>,
    pub default: Option<Expr>,
    /// `[AllowNull()]`.
    allows_null: bool,
    /// `[AllowEmptyString()]`.
    allows_empty: bool,
    /// `[Parameter(ValueFromRemainingArguments)]`.
    takes_remaining: bool,
}

/// A validation attribute.
enum Check {
    Set(Vec<Val>),
    Range(Val, Val),
    Pattern(Val),
    Length(usize, usize),
    Count(usize, usize),
    NotNull,
    NotNullOrEmpty,
    Script(Rc<Block>),
}

impl Function {
    /// A function of a declaration; its parameters are prepared when it is defined.
    pub(crate) fn of_declaration(declaration: &FunctionDecl, source: &Rc<str>) -> Self {
        Self::bare(&declaration.name, &declaration.body, &declaration.text, source)
    }

    /// A script block as a function without a name.
    pub(crate) fn of_block(block: &Block) -> Self {
        Self::bare(&Rc::from(""), &block.body, &block.text, &block.source)
    }

    fn bare(name: &Rc<str>, body: &Rc<ScriptBody>, text: &Rc<str>, source: &Rc<str>) -> Self {
        let info = CommandInfo {
            name: name.to_string(),
            module: String::new(),
            aliases: Vec::new(),
            parameters: Vec::new(),
            default_set: String::new(),
            output_types: Vec::new(),
            synopsis: String::new(),
            description: String::new(),
            examples: Vec::new(),
            common_parameters: Vec::new(),
        };
        Self {
            name: Rc::clone(name),
            body: Rc::clone(body),
            text: Rc::clone(text),
            source: Rc::clone(source),
            info: Rc::new(info),
            parameters: Rc::from([]),
            advanced: false,
            remaining: None,
        }
    }

    pub(super) fn commons(&self) -> Vec<&'static str> {
        if self.advanced { ACTED_ON.iter().map(|(name, _)| *name).collect() } else { Vec::new() }
    }
}

impl Evaluator<'_> {
    /// Reads a function's parameter declarations: types, attributes, positions.
    pub(crate) fn prepared(&mut self, mut function: Function) -> Run<Function> {
        if function.body.params.is_empty() {
            return Ok(function);
        }
        let body = Rc::clone(&function.body);
        let mut info = (*function.info).clone();
        let mut declared = Vec::new();
        let mut positioned = false;
        for param in &body.params {
            let (parameter, more, advanced) = self.declared(param)?;
            function.advanced |= advanced;
            if more.takes_remaining {
                function.remaining = Some(declared.len());
            }
            positioned |= parameter.position.is_some();
            info.parameters.push(parameter);
            declared.push(more);
        }
        if !positioned {
            // Without explicit positions they follow the order of declaration; switches have none.
            let mut next = 0;
            for parameter in &mut info.parameters {
                if parameter.value_type != ValueType::Switch {
                    parameter.position = Some(next);
                    next += 1;
                }
            }
        }
        if function.advanced {
            info.common_parameters = ACTED_ON.iter().map(|(name, _)| (*name).to_owned()).collect();
        }
        function.info = Rc::new(info);
        function.parameters = Rc::from(declared);
        Ok(function)
    }

    fn declared(&mut self, param: &ParamDecl) -> Run<(ParameterInfo, Declared, bool)> {
        let of = match &param.type_name {
            Some(name) => Some(self.type_of(name)?),
            None => None,
        };
        let mut info = ParameterInfo::new(&*param.name, metadata_type(of.as_ref()));
        info.collection = matches!(of, Some(Type::Array(_)));
        let mut declared = Declared { of, default: param.default.clone(), ..Declared::default() };
        let mut advanced = false;
        for attribute in &param.attributes {
            match attribute.name.to_ascii_lowercase().as_str() {
                "parameter" => {
                    advanced = true;
                    declared.takes_remaining |= self.parameter_attribute(attribute, &mut info)?;
                }
                "alias" => {
                    for value in &attribute.positional {
                        let value = self.expr(value)?;
                        info.aliases.extend(value.elements().iter().map(display));
                    }
                }
                "allownull" => declared.allows_null = true,
                "allowemptystring" => declared.allows_empty = true,
                name => {
                    if let Some(check) = self.check(name, attribute)? {
                        if let Check::Set(values) = &check {
                            info.one_of = values.iter().map(display).collect();
                        }
                        declared.checks.push(check);
                    }
                }
            }
        }
        Ok((info, declared, advanced))
    }

    /// Reads `[Parameter(…)]`; true if the parameter takes the surplus arguments.
    fn parameter_attribute(&mut self, attribute: &ast::Attribute, info: &mut ParameterInfo) -> Run<bool> {
        let mut takes_remaining = false;
        for (name, value) in &attribute.named {
            let value = match value {
                Some(value) => self.expr(value)?,
                None => Val::Bool(true),
            };
            match name.to_ascii_lowercase().as_str() {
                "mandatory" => info.mandatory = truth(&value),
                "position" => {
                    info.position = object::convert::to_i32(&value).ok().and_then(|n| u32::try_from(n).ok());
                }
                "valuefrompipeline" => info.by_value = truth(&value),
                "valuefrompipelinebypropertyname" => info.by_property_name = truth(&value),
                "parametersetname" => info.sets.push(display(&value)),
                "helpmessage" => info.help = display(&value),
                "valuefromremainingarguments" => takes_remaining = truth(&value),
                _ => {}
            }
        }
        Ok(takes_remaining)
    }

    fn check(&mut self, name: &str, attribute: &ast::Attribute) -> Run<Option<Check>> {
        let mut arguments = Vec::new();
        for argument in &attribute.positional {
            arguments.push(self.expr(argument)?);
        }
        let number = |at: usize| {
            arguments
                .get(at)
                .and_then(|v| object::convert::to_i32(v).ok())
                .and_then(|n| usize::try_from(n).ok())
        };
        Ok(match name {
            "validateset" => Some(Check::Set(arguments.iter().flat_map(Val::elements).collect())),
            "validaterange" => match arguments.as_slice() {
                [low, high] => Some(Check::Range(low.clone(), high.clone())),
                [kind] => range_kind(&display(kind)),
                _ => None,
            },
            "validatepattern" => match arguments.first() {
                Some(pattern) => Some(Check::Pattern(object::convert::regex(&display(pattern), true)?)),
                None => None,
            },
            "validatelength" => number(0).zip(number(1)).map(|(low, high)| Check::Length(low, high)),
            "validatecount" => number(0).zip(number(1)).map(|(low, high)| Check::Count(low, high)),
            "validatenotnull" => Some(Check::NotNull),
            "validatenotnullorempty" | "validatenotnullorwhitespace" => Some(Check::NotNullOrEmpty),
            "validatescript" => match arguments.first() {
                Some(Val::Block(block)) => Some(Check::Script(Rc::clone(block))),
                _ => None,
            },
            "allownull"
            | "allowemptystring"
            | "allowemptycollection"
            | "cmdletbinding"
            | "outputtype"
            | "supportswildcards"
            | "psdefaultvalue" => None,
            other => {
                return Err(fault(
                    "CustomAttributeTypeNotFound",
                    ErrorCategory::ParserError,
                    format!("cannot find the type for custom attribute `{other}`: it is not supported by this version"),
                )
                .into());
            }
        })
    }
}

/// `[ValidateRange("Positive")]` and its kin.
fn range_kind(kind: &str) -> Option<Check> {
    let (least, most) = (Val::Double(f64::NEG_INFINITY), Val::Double(f64::INFINITY));
    let tiny = f64::from_bits(1);
    Some(match kind.to_ascii_lowercase().as_str() {
        "positive" => Check::Range(Val::Double(tiny), most),
        "nonnegative" => Check::Range(Val::Int(0), most),
        "negative" => Check::Range(least, Val::Double(-tiny)),
        "nonpositive" => Check::Range(least, Val::Int(0)),
        _ => return None,
    })
}

fn metadata_type(of: Option<&Type>) -> ValueType {
    match of {
        Some(Type::Switch) => ValueType::Switch,
        Some(Type::Bool) => ValueType::Boolean,
        Some(Type::Int) => ValueType::Int32,
        Some(Type::Long) => ValueType::Int64,
        Some(Type::Double) => ValueType::Double,
        Some(Type::String) => ValueType::Text,
        Some(Type::DateTime) => ValueType::DateTime,
        Some(Type::TimeSpan) => ValueType::TimeSpan,
        Some(Type::Hashtable) => ValueType::Hashtable,
        Some(Type::ScriptBlock) => ValueType::ScriptBlock,
        Some(Type::Array(element)) => metadata_type(Some(element)),
        _ => ValueType::Any,
    }
}

/// Converts and validates one argument of a declared parameter. A flow other than an error is kept aside: the binder
/// knows errors only.
pub(super) fn converted(
    ev: &mut Evaluator<'_>,
    parameter: &ParameterInfo,
    declared: Option<&Declared>,
    given: &Given,
    failed: &mut Option<Flow>,
) -> Result<Val, Failure> {
    let source = match (&given.typed, parameter.value_type) {
        (Some(typed), ValueType::Text) => typed,
        _ => &given.value,
    };
    let of = declared.and_then(|d| d.of.as_ref());
    if parameter.mandatory {
        let (null, empty) = declared.map_or((false, false), |d| (d.allows_null, d.allows_empty));
        let refused = match (source, of) {
            (v, _) if v.is_null() => (!null).then_some("ParameterArgumentValidationErrorNullNotAllowed"),
            (Val::Str(s), Some(Type::String)) if s.is_empty() => {
                (!empty).then_some("ParameterArgumentValidationErrorEmptyStringNotAllowed")
            }
            _ => None,
        };
        if let Some(id) = refused {
            let message =
                format!("cannot bind argument to parameter `{}` because it is null or empty", parameter.name);
            return Err(fault(id, ErrorCategory::InvalidData, message));
        }
    }
    // A flag is never read from a text.
    let is_text = source.elements_or_none().iter().any(|item| matches!(item, Val::Str(_)));
    let wants_flag = matches!(parameter.value_type, ValueType::Boolean | ValueType::Switch);
    let value = match of {
        None => source.clone(),
        Some(of) if wants_flag && is_text => {
            return Err(not_transformed(
                parameter,
                &object::convert::not_converted(source, &of.full_name()),
                source,
            ));
        }
        Some(of) => cast(source, of).map_err(|failure| not_transformed(parameter, &failure, source))?,
    };
    for check in declared.map(|d| d.checks.as_slice()).unwrap_or_default() {
        if let Err(why) = passes(ev, check, &value, failed) {
            return Err(fault(
                "ParameterArgumentValidationError",
                ErrorCategory::InvalidData,
                format!("cannot validate argument on parameter `{}`: {why}", parameter.name),
            )
            .exception("System.Management.Automation.ParameterBindingValidationException")
            .about(value));
        }
    }
    Ok(value)
}

fn not_transformed(parameter: &ParameterInfo, why: &Failure, source: &Val) -> Failure {
    fault(
        "ParameterArgumentTransformationError",
        ErrorCategory::InvalidData,
        format!(
            "cannot process argument transformation on parameter `{}`: {}",
            parameter.name, why.record.message
        ),
    )
    .exception("System.Management.Automation.ParameterBindingArgumentTransformationException")
    .about(source.clone())
}

fn passes(
    ev: &mut Evaluator<'_>,
    check: &Check,
    value: &Val,
    failed: &mut Option<Flow>,
) -> Result<(), String> {
    let each = |test: &dyn Fn(&Val) -> Result<(), String>| value.elements().iter().try_for_each(test);
    match check {
        Check::Set(allowed) => each(&|item| {
            if allowed.iter().any(|a| object::compare::equal(a, item, true)) {
                return Ok(());
            }
            let list: Vec<String> = allowed.iter().map(display).collect();
            Err(format!("the argument `{}` does not belong to the set `{}`", display(item), list.join(",")))
        }),
        Check::Range(low, high) => each(&|item| {
            let order = |bound: &Val| object::compare::order(item, bound, true);
            let comparable = !matches!((item, low), (Val::Str(_), l) if !matches!(l, Val::Str(_)));
            let within = order(low).is_ok_and(std::cmp::Ordering::is_ge)
                && order(high).is_ok_and(std::cmp::Ordering::is_le);
            if !(comparable && within) {
                return Err(format!(
                    "the argument `{}` is not between {} and {}",
                    display(item),
                    display(low),
                    display(high)
                ));
            }
            Ok(())
        }),
        Check::Pattern(pattern) => each(&|item| match pattern {
            Val::Regex(r) if r.regex.is_match(&display(item)) => Ok(()),
            other => Err(format!(
                "the argument `{}` does not match the pattern `{}`",
                display(item),
                display(other)
            )),
        }),
        Check::Length(low, high) => each(&|item| {
            let length = display(item).chars().count();
            if (*low..=*high).contains(&length) {
                Ok(())
            } else {
                Err(format!("its length {length} is not between {low} and {high}"))
            }
        }),
        Check::Count(low, high) => {
            let count = value.elements_or_none().len();
            if (*low..=*high).contains(&count) {
                Ok(())
            } else {
                Err(format!("its count {count} is not between {low} and {high}"))
            }
        }
        Check::NotNull if value.is_null() => Err("the argument is null".into()),
        Check::NotNullOrEmpty
            if display(value).is_empty() && !matches!(value, Val::Array(a) if a.items.borrow().len() > 1) =>
        {
            Err("the argument is null or empty".into())
        }
        Check::NotNull | Check::NotNullOrEmpty => Ok(()),
        Check::Script(block) => {
            let mut results = Vec::new();
            match ev.call_block(block, Some(value.clone()), Vec::new(), ScopeOf::New, &mut results) {
                Ok(()) if truth(&Val::of_results(results)) => Ok(()),
                Ok(()) => Err(format!("the script `{}` did not return true", block.text.trim())),
                Err(Flow::Throw(failure)) => Err(failure.record.message.to_string()),
                Err(flow) => {
                    *failed = Some(flow);
                    Err("it was interrupted".into())
                }
            }
        }
    }
}
