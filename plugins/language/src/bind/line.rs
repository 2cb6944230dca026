//! Binding a command line: names, switches, positions, sets, what must not be missing.

use bailiwick_objects::metadata::{CommandInfo, ValueType};

use super::common::ACTED_ON;
use super::{Argument, Bound, Common, Convert, Given, errors, in_sets};
use crate::object::{Failure, Val};

/// What a name on the command line means.
enum Named {
    Parameter(usize),
    Common(&'static str),
}

/// Binds a command line. `commons` are the common parameters that may be given; `takes_rest` lets values beyond the
/// positions through; `fed` says that pipeline input will follow.
pub(crate) fn bind_line(
    info: &CommandInfo,
    commons: &[&str],
    arguments: Vec<Argument>,
    takes_rest: bool,
    fed: bool,
    convert: &mut Convert<'_>,
) -> Result<Bound, Failure> {
    let mut bound = Bound { sets: all_sets(info), ..Bound::default() };
    let loose = named(info, commons, arguments, &mut bound, takes_rest, convert)?;
    positional(info, loose, &mut bound, takes_rest, convert)?;
    resolve_sets(info, &mut bound, fed)?;
    Ok(bound)
}

/// All parameter sets of a command; none if its parameters name none.
fn all_sets(info: &CommandInfo) -> Vec<String> {
    let mut sets: Vec<String> = Vec::new();
    for set in info.parameters.iter().flat_map(|p| &p.sets) {
        if !sets.contains(set) {
            sets.push(set.clone());
        }
    }
    if !sets.is_empty() && !info.default_set.is_empty() && !sets.contains(&info.default_set) {
        sets.push(info.default_set.clone());
    }
    sets
}

/// The parameter of a name, an alias or an unambiguous abbreviation of one.
fn find(info: &CommandInfo, commons: &[&str], name: &str) -> Result<Named, Failure> {
    if let Some(at) = info.parameters.iter().position(|p| names(p).any(|n| n.eq_ignore_ascii_case(name))) {
        return Ok(Named::Parameter(at));
    }
    let allowed = || ACTED_ON.iter().filter(|(n, _)| commons.iter().any(|c| c.eq_ignore_ascii_case(n)));
    if let Some((found, _)) =
        allowed().find(|(n, a)| n.eq_ignore_ascii_case(name) || a.eq_ignore_ascii_case(name))
    {
        return Ok(Named::Common(found));
    }
    let begins = |n: &str| n.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name));
    let own: Vec<usize> = (0..info.parameters.len())
        .filter(|at| info.parameters.get(*at).is_some_and(|p| names(p).any(begins)))
        .collect();
    match *own.as_slice() {
        [one] => return Ok(Named::Parameter(one)),
        [] => {}
        _ => {
            let candidates: Vec<&str> =
                own.iter().filter_map(|at| info.parameters.get(*at)).map(|p| p.name.as_str()).collect();
            return Err(errors::ambiguous(name, &candidates));
        }
    }
    let common: Vec<&'static str> = allowed().map(|(n, _)| *n).filter(|n| begins(n)).collect();
    match *common.as_slice() {
        [one] => Ok(Named::Common(one)),
        [] => Err(errors::not_found(name, info)),
        _ => Err(errors::ambiguous(name, &common)),
    }
}

fn names(parameter: &bailiwick_objects::metadata::ParameterInfo) -> impl Iterator<Item = &str> {
    std::iter::once(parameter.name.as_str()).chain(parameter.aliases.iter().map(String::as_str))
}

/// Binds what is named; the values left over, in order.
fn named(
    info: &CommandInfo,
    commons: &[&str],
    arguments: Vec<Argument>,
    bound: &mut Bound,
    takes_rest: bool,
    convert: &mut Convert<'_>,
) -> Result<Vec<Given>, Failure> {
    let mut loose = Vec::new();
    let mut arguments = arguments.into_iter().peekable();
    while let Some(argument) = arguments.next() {
        let (name, given) = match argument {
            Argument::Value(given) => {
                loose.push(given);
                continue;
            }
            Argument::EndOfParameters => {
                for rest in arguments.by_ref() {
                    match rest {
                        Argument::Value(given) => loose.push(given),
                        Argument::Named(name, given) => {
                            loose.push(Given::of(Val::from(format!("-{name}"))));
                            loose.extend(given);
                        }
                        Argument::EndOfParameters => loose.push(Given::of(Val::str("--"))),
                    }
                }
                break;
            }
            Argument::Named(name, given) => (name, given),
        };
        let found = match find(info, commons, &name) {
            // A function without declared parameters takes what it does not know as it is.
            Err(_) if takes_rest => {
                loose.push(Given::of(Val::from(format!("-{name}"))));
                loose.extend(given);
                continue;
            }
            found => found?,
        };
        let (canonical, switch) = match &found {
            Named::Parameter(at) => {
                let parameter = info.parameters.get(*at).ok_or_else(|| errors::not_found(&name, info))?;
                (parameter.name.as_str(), parameter.value_type == ValueType::Switch)
            }
            Named::Common(common) => (*common, Common::is_switch(common)),
        };
        let taken = match given {
            Some(given) => given,
            None if switch => Given::of(Val::Bool(true)),
            None => match arguments.next_if(|next| matches!(next, Argument::Value(_))) {
                Some(Argument::Value(given)) => given,
                _ => return Err(errors::missing_argument(canonical)),
            },
        };
        match found {
            Named::Common(common) => {
                if bound.common.has(common) {
                    return Err(errors::already_bound(common));
                }
                bound.common.set(common, &taken)?;
            }
            Named::Parameter(at) => bind_one(info, at, &taken, bound, convert)?,
        }
    }
    Ok(loose)
}

fn bind_one(
    info: &CommandInfo,
    at: usize,
    given: &Given,
    bound: &mut Bound,
    convert: &mut Convert<'_>,
) -> Result<(), Failure> {
    let Some(parameter) = info.parameters.get(at) else { return Ok(()) };
    if bound.has(at) {
        return Err(errors::already_bound(&parameter.name));
    }
    let value = convert(parameter, given)?;
    bound.values.push((at, value));
    if !parameter.sets.is_empty() {
        bound.sets.retain(|set| parameter.sets.contains(set));
        if bound.sets.is_empty() {
            return Err(errors::ambiguous_set());
        }
    }
    Ok(())
}

fn positional(
    info: &CommandInfo,
    loose: Vec<Given>,
    bound: &mut Bound,
    takes_rest: bool,
    convert: &mut Convert<'_>,
) -> Result<(), Failure> {
    for given in loose {
        let mut candidates: Vec<usize> = (0..info.parameters.len())
            .filter(|at| {
                info.parameters.get(*at).is_some_and(|p| p.position.is_some() && in_sets(p, &bound.sets))
                    && !bound.has(*at)
            })
            .collect();
        let lowest = candidates.iter().filter_map(|at| info.parameters.get(*at)?.position).min();
        candidates.retain(|at| info.parameters.get(*at).is_some_and(|p| p.position == lowest));
        // Of several sets' parameters at one position the default set's is tried first.
        candidates.sort_by_key(|at| {
            info.parameters
                .get(*at)
                .is_some_and(|p| !p.sets.is_empty() && !p.sets.contains(&info.default_set))
        });
        let mut first_failure = None;
        let mut done = false;
        for at in candidates {
            match bind_one(info, at, &given, bound, convert) {
                Ok(()) => {
                    done = true;
                    break;
                }
                Err(failure) => first_failure = first_failure.or(Some(failure)),
            }
        }
        if done {
            continue;
        }
        match first_failure {
            Some(failure) => return Err(failure),
            None if takes_rest => bound.rest.push(given.value),
            None => return Err(errors::no_position(&given.value)),
        }
    }
    Ok(())
}

/// Narrows the sets to one where that can be told already, and refuses what can no longer become complete.
fn resolve_sets(info: &CommandInfo, bound: &mut Bound, fed: bool) -> Result<(), Failure> {
    let missing_in = |sets: &[String], bound: &Bound| -> Vec<String> {
        info.parameters
            .iter()
            .enumerate()
            .filter(|(at, p)| p.mandatory && in_sets(p, sets) && !bound.has(*at))
            .filter(|(_, p)| !(fed && (p.by_value || p.by_property_name)))
            .map(|(_, p)| p.name.clone())
            .collect()
    };
    if bound.sets.len() > 1 {
        let complete: Vec<String> = bound
            .sets
            .iter()
            .filter(|set| missing_in(std::slice::from_ref(set), bound).is_empty())
            .cloned()
            .collect();
        if fed {
            // Several sets may stay possible until a record decides.
            if !complete.is_empty() {
                bound.sets = complete;
            }
        } else if complete.contains(&info.default_set)
            || complete.is_empty() && bound.sets.contains(&info.default_set)
        {
            bound.sets = vec![info.default_set.clone()];
        } else {
            match complete.as_slice() {
                [one] => bound.sets = vec![one.clone()],
                [] => {}
                _ => return Err(errors::ambiguous_set()),
            }
        }
    }
    let sets = bound.sets.clone();
    let first = sets.first().map(std::slice::from_ref).unwrap_or_default();
    let missing = if sets.len() > 1 && fed { Vec::new() } else { missing_in(first, bound) };
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(String::as_str).collect();
    Err(errors::missing(&names))
}
