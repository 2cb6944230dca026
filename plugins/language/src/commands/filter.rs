//! ForEach-Object and Where-Object.

use std::rc::Rc;

use bailiwick_objects::ErrorCategory;
use bailiwick_objects::metadata::ValueType;

use super::describe::{Module, input, native, param, switch};
use super::{Call, Command, Native};
use crate::eval::flow::Run;
use crate::eval::function::ScopeOf;
use crate::object::convert::truth;
use crate::object::{Block, Val, fault, members};
use crate::syntax::ast::{BinaryOp, Case};

pub(super) fn commands() -> Vec<Native> {
    vec![for_each(), where_object()]
}

fn for_each() -> Native {
    native("ForEach-Object", Module::Core, "Performs an operation against each item of the input.", || {
        Box::new(ForEach::default())
    })
    .takes(input())
    .takes(
        param("Process", ValueType::ScriptBlock, "What is done with each item; `$_` is the item.")
            .at(0)
            .many()
            .set("Script"),
    )
    .takes(param("Begin", ValueType::ScriptBlock, "Runs before the first item.").set("Script"))
    .takes(param("End", ValueType::ScriptBlock, "Runs after the last item.").set("Script"))
    .takes(
        param("MemberName", ValueType::Text, "The property to read, or the method to call.")
            .at(0)
            .set("Member"),
    )
    .takes(
        param("ArgumentList", ValueType::Any, "Arguments of the method.").alias("Args").many().set("Member"),
    )
    .default_set("Script")
    .example("1..3 | ForEach-Object { $_ * 2 }", "Doubles three numbers.")
    .example("Get-ChildItem | ForEach-Object Name", "Takes one property of each item.")
}

#[derive(Default)]
struct ForEach {
    begin: Option<Rc<Block>>,
    process: Vec<Rc<Block>>,
    end: Option<Rc<Block>>,
}

impl Command for ForEach {
    fn begin(&mut self, call: &mut Call<'_, '_>) -> Run {
        let block = |v: Option<Val>| match v {
            Some(Val::Block(block)) => Some(block),
            _ => None,
        };
        self.begin = block(call.get("Begin"));
        self.end = block(call.get("End"));
        self.process = call
            .get("Process")
            .map(|v| v.elements_or_none())
            .unwrap_or_default()
            .into_iter()
            .filter_map(|v| block(Some(v)))
            .collect();
        // As PowerShell does: of several positional blocks the first begins and the last ends.
        if self.begin.is_none() && self.process.len() > 1 {
            self.begin = Some(self.process.remove(0));
        }
        if self.end.is_none() && self.process.len() > 1 {
            self.end = self.process.pop();
        }
        run(call, self.begin.as_ref(), None)
    }

    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        let value = call.input();
        if let Some(name) = call.text("MemberName") {
            let Some(value) = value else { return Ok(()) };
            let arguments = call.get("ArgumentList").map(|v| v.elements_or_none());
            let result = member(&value, &name, arguments)?;
            return call.write_elements(result);
        }
        for block in &self.process {
            run(call, Some(block), Some(value.clone().unwrap_or(Val::Null)))?;
        }
        Ok(())
    }

    fn end(&mut self, call: &mut Call<'_, '_>) -> Run {
        run(call, self.end.as_ref(), None)
    }
}

fn run(call: &mut Call<'_, '_>, block: Option<&Rc<Block>>, value: Option<Val>) -> Run {
    let Some(block) = block else { return Ok(()) };
    call.with_output(|ev, out| ev.call_block(block, value, Vec::new(), ScopeOf::Caller, out))
}

/// A property, or the result of a method of that name.
fn member(value: &Val, name: &str, arguments: Option<Vec<Val>>) -> Result<Val, crate::object::Failure> {
    if arguments.is_none()
        && let Some(found) = members::property(value, name)
    {
        return Ok(found);
    }
    match members::method(value, name, &arguments.clone().unwrap_or_default()) {
        // What is neither property nor method reads as nothing.
        Err(failure) if arguments.is_none() && &*failure.record.id == "MethodNotFound" => Ok(Val::Nothing),
        other => other,
    }
}

/// The comparison parameters, and the operators they stand for.
const COMPARISONS: &[(&str, BinaryOp)] = &[
    ("EQ", BinaryOp::Equal(Case::Insensitive)),
    ("CEQ", BinaryOp::Equal(Case::Sensitive)),
    ("NE", BinaryOp::NotEqual(Case::Insensitive)),
    ("CNE", BinaryOp::NotEqual(Case::Sensitive)),
    ("GT", BinaryOp::Greater(Case::Insensitive)),
    ("CGT", BinaryOp::Greater(Case::Sensitive)),
    ("GE", BinaryOp::GreaterOrEqual(Case::Insensitive)),
    ("CGE", BinaryOp::GreaterOrEqual(Case::Sensitive)),
    ("LT", BinaryOp::Less(Case::Insensitive)),
    ("CLT", BinaryOp::Less(Case::Sensitive)),
    ("LE", BinaryOp::LessOrEqual(Case::Insensitive)),
    ("CLE", BinaryOp::LessOrEqual(Case::Sensitive)),
    ("Like", BinaryOp::Like(Case::Insensitive)),
    ("CLike", BinaryOp::Like(Case::Sensitive)),
    ("NotLike", BinaryOp::NotLike(Case::Insensitive)),
    ("CNotLike", BinaryOp::NotLike(Case::Sensitive)),
    ("Match", BinaryOp::Match(Case::Insensitive)),
    ("CMatch", BinaryOp::Match(Case::Sensitive)),
    ("NotMatch", BinaryOp::NotMatch(Case::Insensitive)),
    ("CNotMatch", BinaryOp::NotMatch(Case::Sensitive)),
    ("Contains", BinaryOp::Contains(Case::Insensitive)),
    ("CContains", BinaryOp::Contains(Case::Sensitive)),
    ("NotContains", BinaryOp::NotContains(Case::Insensitive)),
    ("CNotContains", BinaryOp::NotContains(Case::Sensitive)),
    ("In", BinaryOp::In(Case::Insensitive)),
    ("CIn", BinaryOp::In(Case::Sensitive)),
    ("NotIn", BinaryOp::NotIn(Case::Insensitive)),
    ("CNotIn", BinaryOp::NotIn(Case::Sensitive)),
];

fn where_object() -> Native {
    let mut command =
        native("Where-Object", Module::Core, "Selects objects by the values of their properties.", || {
            Box::new(Where::default())
        })
        .takes(input())
        .takes(
            param(
                "FilterScript",
                ValueType::ScriptBlock,
                "True for the objects to keep; `$_` is the object.",
            )
            .mandatory()
            .at(0)
            .set("Script"),
        );
    let mut property = param("Property", ValueType::Text, "The property to compare.").mandatory().at(0);
    let mut value = param("Value", ValueType::Any, "What it is compared with.").at(1);
    let mut comparisons = Vec::new();
    for (name, _) in COMPARISONS {
        property = property.set(name);
        value = value.set(name);
        let spelled = if name.len() <= 3 { format!("-{}", name.to_lowercase()) } else { format!("-{name}") };
        let help = format!("Compares with `{spelled}`.");
        comparisons.push(switch(name, &help).set(name));
    }
    property = property.set("Truth").set("Not");
    command = command.takes(property).takes(value);
    for comparison in comparisons {
        command = command.takes(comparison);
    }
    command
        .takes(switch("Not", "Keeps objects whose property is false or missing.").set("Not"))
        .default_set("Script")
        .example(
            "Get-ChildItem | Where-Object Length -GT 1000",
            "Keeps the larger files; works without script blocks.",
        )
        .example("1..10 | Where-Object { $_ % 2 -eq 0 }", "Keeps even numbers.")
}

#[derive(Default)]
struct Where {
    block: Option<Rc<Block>>,
    property: String,
    operator: Option<BinaryOp>,
    value: Val,
    negated: bool,
}

impl Command for Where {
    fn begin(&mut self, call: &mut Call<'_, '_>) -> Run {
        if let Some(Val::Block(block)) = call.get("FilterScript") {
            self.block = Some(block);
            return Ok(());
        }
        self.property = call.text("Property").unwrap_or_default();
        self.operator = COMPARISONS.iter().find(|(name, _)| call.switch(name)).map(|(_, op)| *op);
        self.negated = call.switch("Not");
        self.value = match (call.get("Value"), self.operator) {
            (Some(value), _) => value,
            (None, Some(_)) => {
                return Err(fault(
                    "ValueNotSpecifiedForWhereObject",
                    ErrorCategory::InvalidArgument,
                    "the specified operator requires both the `-Property` and `-Value` parameters",
                )
                .into());
            }
            (None, None) => Val::Null,
        };
        Ok(())
    }

    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        let Some(value) = call.input() else { return Ok(()) };
        let keeps = match &self.block {
            Some(block) => call.ev.holds(block, &value)?,
            None => {
                let own = members::property(&value, &self.property).unwrap_or(Val::Null);
                match self.operator {
                    Some(op) => truth(&call.ev.binary(op, &own, &self.value)?),
                    None => truth(&own) != self.negated,
                }
            }
        };
        if keeps { call.write(value) } else { Ok(()) }
    }
}
