//! The policy of `--local` without policies: everything that cannot leave the sandbox, and one drive to work in.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::catalog::Catalog;
use crate::identity::{Subject, UserId, Users};
use crate::model::{
    Access, Assignment, CoreCommands, DriveGrant, DriveRoot, Endpoint, Grant, LanguageMode, Limits,
    Parameters, Role, RuleRef, Selector,
};
use crate::policy::Inner;

pub(crate) fn unrestricted(catalog: &Catalog) -> Inner {
    let (user, name): (Arc<str>, Arc<str>) = (Arc::from("local"), Arc::from("unrestricted"));
    let role = Role {
        name: Arc::clone(&name),
        grants: catalog.commands().map(|command| grant(&command.name)).collect(),
        drives: vec![DriveGrant {
            name: "Scratch".to_owned(),
            root: DriveRoot::PerUser,
            access: Access::Write,
            quota: None,
            description: "A place of your own to work in".to_owned(),
            rule: rule("drive Scratch"),
        }],
    };
    let endpoint = Endpoint {
        name: Arc::clone(&name),
        description: "The full language, every installed command, a scratch drive".to_owned(),
        language: LanguageMode::Full,
        core: CoreCommands::Standard,
        limits: limits(),
        assignments: vec![Assignment {
            selector: Selector::User(Arc::clone(&user)),
            roles: vec![Arc::clone(&name)],
        }],
    };
    let mut users = Users::default();
    users.add(Subject { id: UserId::checked(Arc::clone(&user)), user, groups: Vec::new() }, []);
    Inner {
        catalog: catalog.clone(),
        endpoints: BTreeMap::from([(Arc::clone(&name), Arc::new(endpoint))]),
        roles: BTreeMap::from([(name, Arc::new(role))]),
        users,
        digest: "built-in".to_owned(),
    }
}

/// Wider than an endpoint's: the session is the user's own, on the user's own machine.
fn limits() -> Limits {
    Limits {
        command_time: Duration::from_secs(12 * 3_600),
        cpu_per_command: Duration::from_secs(3_600),
        memory: 512 << 20,
        output_per_command: 1 << 30,
        ..Limits::default()
    }
}

fn grant(command: &str) -> Grant {
    Grant { command: command.into(), parameters: Parameters::Any, rule: rule(command) }
}

fn rule(of: &str) -> RuleRef {
    RuleRef { file: "built-in".into(), line: 0, key: format!("role unrestricted, {of}").into() }
}
