//! What belongs to a later version is refused by its name: one fault each, in the shipped policies.

use crate::doors::policy_faults;

policy_faults! {
    row_f40_a_restricted_language: "endpoints/helpdesk.toml",
        r#""none"        #"# => r#""restricted"  #"#,
        r#"policies/endpoints/helpdesk.toml:7:15: `language = "restricted"` is not supported by this version
  7 | language    = "restricted"  # none | full; a missing language means none
    |               ^^^^^^^^^^^^
  help: use "none" or "full""#;

    row_f40_a_constrained_language: "endpoints/helpdesk.toml",
        r#""none"        #"# => r#""constrained" #"#,
        r#"policies/endpoints/helpdesk.toml:7:15: `language = "constrained"` is not supported by this version
  7 | language    = "constrained" # none | full; a missing language means none
    |               ^^^^^^^^^^^^^
  help: use "none" or "full""#;

    row_f20_a_deny_rule: "roles/notes-owner.toml",
        r#"name = "Move-Item""# => r#"name = "Move-Item"
deny = true"#,
        "policies/roles/notes-owner.toml:24:1: `deny` in `[[command]]` is not supported by this version
  24 | deny = true
     | ^^^^
  help: remove it: a rule that is not enforced must not look as if it were";

    row_f07_an_include: "roles/log-reader.toml",
        "version = 1" => r#"version = 1
include = ["common.toml"]"#,
        r#"policies/roles/log-reader.toml:3:1: `include` in a role file is not supported by this version
  3 | include = ["common.toml"]
    | ^^^^^^^
  help: remove it: a rule that is not enforced must not look as if it were"#;

    row_f07_a_role_that_extends_another: "roles/log-reader.toml",
        "version = 1" => r#"version = 1
extends = "notes""#,
        r#"policies/roles/log-reader.toml:3:1: `extends` in a role file is not supported by this version
  3 | extends = "notes"
    | ^^^^^^^
  help: remove it: a rule that is not enforced must not look as if it were"#;

    an_executable: "roles/notes-owner.toml",
        r#"[[command]]
name = "Move-Item"
parameters = "any""# => r#"[[command]]
name = "journalctl"
executable = "/usr/bin/journalctl""#,
        r#"policies/roles/notes-owner.toml:24:1: `executable` in `[[command]]` is not supported by this version
  24 | executable = "/usr/bin/journalctl"
     | ^^^^^^^^^^
  help: remove it: a rule that is not enforced must not look as if it were"#;

    services_of_a_role: "roles/log-reader.toml",
        "version = 1" => r#"version = 1
services = ["nginx.service"]"#,
        r#"policies/roles/log-reader.toml:3:1: `services` in a role file is not supported by this version
  3 | services = ["nginx.service"]
    | ^^^^^^^^
  help: remove it: a rule that is not enforced must not look as if it were"#;

    transcripts_of_an_endpoint: "endpoints/helpdesk.toml",
        r#"core        = "standard""# => "transcripts = true",
        "policies/endpoints/helpdesk.toml:8:1: `transcripts` in `[endpoint]` is not supported by this version
  8 | transcripts = true    # native commands (Where-Object, Select-Object, …): standard | minimal | none
    | ^^^^^^^^^^^
  help: remove it: a rule that is not enforced must not look as if it were";

    a_limit_that_is_not_yet_enforced: "endpoints/helpdesk.toml",
        "memory " => "jobs = 2
memory ",
        "policies/endpoints/helpdesk.toml:22:1: `jobs` in `[limits]` is not supported by this version
  22 | jobs = 2
     | ^^^^
  help: remove it: a rule that is not enforced must not look as if it were";

    tokens_of_a_user: "users.toml",
        r#"id = "bob-93aa""# => r#"id = "bob-93aa"
tokens = ["sha256:00"]"#,
        r#"policies/users.toml:12:1: `tokens` in a user is not supported by this version
  12 | tokens = ["sha256:00"]
     | ^^^^^^
  help: remove it: a rule that is not enforced must not look as if it were"#;

    an_account_of_the_system_as_a_user: "users.toml",
        r#"id = "bob-93aa""# => r#"id = "bob-93aa"
unix = "bob""#,
        r#"policies/users.toml:12:1: `unix` in a user is not supported by this version
  12 | unix = "bob"
     | ^^^^
  help: remove it: a rule that is not enforced must not look as if it were"#;

    groups_of_the_system: "endpoints/helpdesk.toml",
        r#""group:helpdesk""# => r#""os-group:wheel""#,
        r#"policies/endpoints/helpdesk.toml:13:1: `os-group:` is not supported by this version
  13 | "os-group:wheel" = ["log-reader", "account-reader", "notes"]
     | ^^^^^^^^^^^^^^^^
  help: use `group:` with the groups of `users.toml`"#;
}
