//! A small catalog and policies made of text, for the tests of this crate.

use bailiwick_objects::metadata::{CommandInfo, ModuleInfo, ParameterInfo, ValueType};
use bailiwick_objects::{Hashtable, Value};
use bailiwick_policy::{Authority, Catalog, Decision, Denial, Loaded, Policy};

pub(crate) fn parameter(name: &str, value_type: ValueType) -> ParameterInfo {
    ParameterInfo::new(name, value_type)
}

pub(crate) fn command(name: &str, parameters: Vec<ParameterInfo>) -> CommandInfo {
    CommandInfo {
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
    }
}

/// `Restart-Service` (aliases, an enumeration, one parameter of each type), `Get-Content`, `Copy-Item`, `Get-Thing`
/// (parameter sets), and two native commands.
pub(crate) fn catalog() -> Catalog {
    let mut name = parameter("Name", ValueType::Text);
    name.collection = true;
    name.mandatory = true;
    name.aliases = vec!["ServiceName".to_owned(), "SN".to_owned()];
    let mut mode = parameter("Mode", ValueType::Text);
    mode.one_of = vec!["Fast".to_owned(), "Slow".to_owned()];
    let mut restart = command(
        "Restart-Service",
        vec![
            name,
            parameter("Force", ValueType::Switch),
            parameter("Count", ValueType::Int32),
            parameter("Big", ValueType::Int64),
            parameter("Ratio", ValueType::Double),
            mode,
            parameter("Note", ValueType::Text),
            parameter("Any", ValueType::Any),
            parameter("Table", ValueType::Hashtable),
            parameter("InputObject", ValueType::Object),
            parameter("DisplayName", ValueType::Text),
        ],
    );
    restart.aliases = vec!["rsv".to_owned()];
    let path = |name: &str, collection: bool| {
        let mut path = parameter(name, ValueType::Text);
        path.path = true;
        path.collection = collection;
        path
    };
    let content = command("Get-Content", vec![path("Path", true), parameter("TotalCount", ValueType::Int64)]);
    let copy = command("Copy-Item", vec![path("Path", true), path("Destination", false)]);
    let sets = |mut parameter: ParameterInfo, sets: &[&str], mandatory: bool| {
        parameter.sets = sets.iter().map(|set| (*set).to_owned()).collect();
        parameter.mandatory = mandatory;
        parameter
    };
    let mut thing = command(
        "Get-Thing",
        vec![
            sets(parameter("Name", ValueType::Text), &["ByName"], true),
            sets(parameter("Id", ValueType::Int32), &["ById"], true),
            parameter("Detail", ValueType::Switch),
        ],
    );
    thing.default_set = "ByName".to_owned();
    let module = ModuleInfo {
        name: "Test".to_owned(),
        version: "1.0.0".to_owned(),
        commands: vec![restart, content, copy, thing],
        views: Vec::new(),
    };
    Catalog::new(vec![module], vec!["Where-Object".to_owned(), "Select-Object".to_owned()]).unwrap()
}

pub(crate) const USERS: &str = r#"version = 1
[users.alice]
id = "u-alice"
groups = ["ops"]
[users.bob]
id = "u-bob"
groups = ["ops"]
[users.carol]
id = "u-carol"
groups = ["ops", "extra"]
[users.dave]
id = "u-dave"
"#;

/// An endpoint `svc-ops` that gives `roles` to the group `ops`.
pub(crate) fn endpoint(roles: &[&str]) -> String {
    format!("version = 1\n[endpoint]\n[endpoint.roles]\n\"group:ops\" = {roles:?}\n")
}

pub(crate) fn load(files: &[(&str, &str)]) -> Result<Loaded, String> {
    let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Policy::from_sources(files, &catalog()).map_err(|faults| faults.to_string())
}

/// The policy of the endpoint `svc-ops` with these roles, all of them given to the group `ops`.
pub(crate) fn load_roles(roles: &[(&str, &str)]) -> Result<Loaded, String> {
    let names: Vec<_> = roles.iter().map(|(name, _)| *name).collect();
    let endpoint = endpoint(&names);
    let mut files =
        vec![("endpoints/svc-ops.toml".to_owned(), endpoint), ("users.toml".to_owned(), USERS.to_owned())];
    for (name, text) in roles {
        files.push((format!("roles/{name}.toml"), format!("version = 1\n{text}")));
    }
    Policy::from_sources(files, &catalog()).map_err(|faults| faults.to_string())
}

/// What alice may do with one role, `ops`.
pub(crate) fn authority(role: &str) -> Authority {
    authority_of(&[("ops", role)])
}

pub(crate) fn authority_of(roles: &[(&str, &str)]) -> Authority {
    let loaded = load_roles(roles).unwrap_or_else(|faults| panic!("{faults}"));
    let alice = loaded.policy.subject("alice").unwrap();
    loaded.policy.authority("svc-ops", &alice).unwrap()
}

/// The verdict on one record: the role that allowed it, or the denial.
pub(crate) fn ask(
    authority: &Authority,
    command: &str,
    arguments: &[(&str, Value)],
) -> Result<String, Box<Denial>> {
    let table = Hashtable::of(arguments.iter().map(|(name, value)| (*name, value.clone())));
    let record = authority.bind(command, &table)?;
    match authority.decide(record) {
        Decision::Allow(allowed) => Ok(allowed.role.to_string()),
        Decision::Deny(denial) => Err(denial),
    }
}

/// `reason: rule` of a denial, or `allow: role`.
pub(crate) fn verdict(authority: &Authority, command: &str, arguments: &[(&str, Value)]) -> String {
    match ask(authority, command, arguments) {
        Ok(role) => format!("allow: {role}"),
        Err(denial) => match &denial.rule {
            Some(rule) => format!("{}: {}", denial.reason.name(), rule.key),
            None => denial.reason.name().to_owned(),
        },
    }
}

/// A role whose one grant rules one parameter of `Restart-Service`. `Name` may have any value unless it is the one.
pub(crate) fn ruled(parameter: &str, rule: &str) -> Authority {
    let name = if parameter == "Name" { "" } else { "Name = \"any\"\n" };
    authority(&format!(
        "[[command]]\nname = \"Restart-Service\"\n[command.parameters]\n{name}{parameter} = {rule}\n"
    ))
}

/// True if `Restart-Service` may be given this value.
pub(crate) fn admits(authority: &Authority, parameter: &str, value: Value) -> bool {
    let mut arguments = vec![(parameter, value)];
    if parameter != "Name" {
        arguments.push(("Name", Value::from("x")));
    }
    ask(authority, "Restart-Service", &arguments).is_ok()
}

/// The faults of a policy in which one file is replaced.
pub(crate) fn faults_with(name: &str, text: &str) -> String {
    let svc_ops = endpoint(&["ops"]);
    let mut files = vec![
        ("endpoints/svc-ops.toml", svc_ops.as_str()),
        ("roles/ops.toml", "version = 1\n"),
        ("users.toml", USERS),
    ];
    files.retain(|(file, _)| *file != name);
    files.push((name, text));
    load(&files).err().unwrap_or_default()
}

/// One test a fault: the file, its text, what is said.
macro_rules! faults {
    ($($name:ident: $file:literal, $text:expr => $expected:expr;)*) => {
        $(
            #[test]
            fn $name() {
                assert_eq!(crate::support::faults_with($file, $text), $expected);
            }
        )*
    };
}

pub(crate) use faults;
