//! An input of the target `policies`: how it becomes the files of a policy, and what holds whatever they say.

use bailiwick_objects::metadata::{CommandInfo, ModuleInfo, ParameterInfo, ValueType};
use bailiwick_objects::{Hashtable, Value};
use bailiwick_policy::{Catalog, Decision, Policy};

/// Loads the files of an input and asks what is in them; true if they are a policy.
///
/// A file begins at a line `=== NAME`; what stands before the first belongs to none.
pub(crate) fn policies(text: &str) -> bool {
    let Ok(loaded) = Policy::from_sources(files(text), &catalog()) else { return false };
    let policy = loaded.policy;
    assert!(policy.subject("nobody").is_none() || text.contains("nobody"), "a user that no file names");
    for subject in policy.subjects() {
        for endpoint in policy.endpoints_of(&subject) {
            let authority = policy.authority(&endpoint.name, &subject).expect("an endpoint of hers");
            for command in authority.commands() {
                let arguments =
                    Hashtable::of([("Name", Value::from("web-a")), ("Path", Value::from("Logs:/a"))]);
                let Ok(record) = authority.bind(&command.name, &arguments) else { continue };
                if let Decision::Allow(allowed) = authority.decide(record) {
                    assert!(text.contains(&*allowed.role), "a role that no file names");
                }
            }
        }
    }
    true
}

fn files(text: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(name) = line.strip_prefix("=== ") {
            files.push((name.trim_end_matches('\n').to_owned(), String::new()));
        } else if let Some((_, file)) = files.last_mut() {
            file.push_str(line);
        }
    }
    files
}

/// `Restart-Service` and `Get-Content`, and a native command.
fn catalog() -> Catalog {
    let mut name = ParameterInfo::new("Name", ValueType::Text);
    name.collection = true;
    let mut path = ParameterInfo::new("Path", ValueType::Text);
    path.path = true;
    let command = |name: &str, parameters| CommandInfo {
        name: name.to_owned(),
        module: "Test".to_owned(),
        aliases: Vec::new(),
        parameters,
        default_set: String::new(),
        output_types: Vec::new(),
        synopsis: String::new(),
        description: String::new(),
        examples: Vec::new(),
        common_parameters: Vec::new(),
    };
    let commands = vec![
        command("Restart-Service", vec![name, ParameterInfo::new("Count", ValueType::Int32)]),
        command("Get-Content", vec![path]),
    ];
    let (name, version) = ("Test".to_owned(), "1.0.0".to_owned());
    let module = ModuleInfo { name, version, commands, views: Vec::new() };
    Catalog::new(vec![module], vec!["Where-Object".to_owned()]).expect("names that do not clash")
}
