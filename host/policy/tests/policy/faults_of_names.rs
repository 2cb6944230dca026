//! Faults of names: twice, unknown, or in another spelling, each with its exact text.

use crate::support::faults;

faults! {
    row_f06_a_key_twice_names_both_places: "roles/ops.toml", r#"version = 1
[[command]]
name = "Get-Content"
name = "Copy-Item"
"# => r#"roles/ops.toml:4:1: not TOML: duplicate key
  4 | name = "Copy-Item"
    | ^^^^
  note: first at roles/ops.toml:3:1"#;

    row_f06_a_command_twice_in_a_role_names_both_places: "roles/ops.toml", r#"version = 1
[[command]]
name = "Get-Content"
[[command]]
name = "Get-Content"
parameters = "any"
"# => r#"roles/ops.toml:5:8: the command `Get-Content` is granted twice in this role
  5 | name = "Get-Content"
    |        ^^^^^^^^^^^^^
  note: first at roles/ops.toml:3:8
  help: join the two, or move one to a role of its own"#;

    row_f06_drives_that_differ_in_case_only_name_both_places: "roles/ops.toml", r#"version = 1
[drives.Logs]
root = "/srv/logs"
access = "read"
[drives.logs]
root = "/srv/other"
access = "read"
"# => "roles/ops.toml:5:9: the drive `logs` stands twice in this role
  5 | [drives.logs]
    |         ^^^^
  note: first at roles/ops.toml:2:9
  help: drive names are equal without case: rename one";

    row_f06_a_user_twice_names_both_places: "users.toml", r#"version = 1
[users.alice]
id = "a"
[users.alice]
id = "b"
"# => r#"users.toml:4:8: not TOML: duplicate key
  4 | [users.alice]
    |        ^^^^^
  note: first at users.toml:2:8

users.toml:5:1: not TOML: duplicate key
  5 | id = "b"
    | ^^
  note: first at users.toml:3:1"#;

    row_f06_a_value_twice_in_a_list: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Name = { one_of = ["a", "a"] }
"# => r#"roles/ops.toml:5:25: the value `a` stands twice in `one_of`
  5 | Name = { one_of = ["a", "a"] }
    |                         ^^^"#;

    row_f06_a_role_twice_in_a_list: "endpoints/svc-ops.toml", r#"version = 1
[endpoint]
[endpoint.roles]
"group:ops" = ["ops", "ops"]
"# => r#"endpoints/svc-ops.toml:4:23: the role `ops` stands twice in this list
  4 | "group:ops" = ["ops", "ops"]
    |                       ^^^^^
  help: remove one"#;

    row_f11_wildcards_in_command_names_are_refused: "roles/ops.toml", r#"version = 1
[[command]]
name = "Get-*"
"# => r#"roles/ops.toml:3:8: wildcards in command names are not supported by this version
  3 | name = "Get-*"
    |        ^^^^^^^
  help: name each command: a wildcard grants what is installed later, too"#;

    row_f20_denying_is_not_of_this_version: "roles/ops.toml", r#"version = 1
[[command]]
name = "Get-Content"
deny = true
"# => "roles/ops.toml:4:1: `deny` in `[[command]]` is not supported by this version
  4 | deny = true
    | ^^^^
  help: remove it: a rule that is not enforced must not look as if it were";

    row_f29_an_unknown_command: "roles/ops.toml", r#"version = 1
[[command]]
name = "Get-Contnet"
"# => r#"roles/ops.toml:3:8: there is no command `Get-Contnet`
  3 | name = "Get-Contnet"
    |        ^^^^^^^^^^^^^
  help: did you mean `Get-Content`?"#;

    row_f29_an_unknown_parameter: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Nmae = { one_of = ["web-a"] }
"# => r#"roles/ops.toml:5:1: `Restart-Service` has no parameter `Nmae`
  5 | Nmae = { one_of = ["web-a"] }
    | ^^^^
  help: did you mean `Name`?"#;

    row_f29_an_unknown_role: "endpoints/svc-ops.toml", r#"version = 1
[endpoint]
[endpoint.roles]
"group:ops" = ["opz"]
"# => r#"endpoints/svc-ops.toml:4:16: there is no role `opz`
  4 | "group:ops" = ["opz"]
    |                ^^^^^
  help: did you mean `ops`?"#;

    row_f29_an_unknown_user: "endpoints/svc-ops.toml", r#"version = 1
[endpoint]
[endpoint.roles]
"user:alcie" = ["ops"]
"# => r#"endpoints/svc-ops.toml:4:1: there is no user `alcie`
  4 | "user:alcie" = ["ops"]
    | ^^^^^^^^^^^^
  help: did you mean `alice`?"#;

    row_f29_an_unknown_drive: "roles/ops.toml", r#"version = 1
[[command]]
name = "Get-Content"
[command.parameters]
Path = { within = "Lgos:/" }
[drives.Logs]
root = "/srv/logs"
access = "read"
"# => r#"roles/ops.toml:5:19: the role does not hold the drive `Lgos`
  5 | Path = { within = "Lgos:/" }
    |                   ^^^^^^^^
  help: did you mean `Logs`?"#;

    row_f29_an_unknown_value_of_an_enumeration: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Name = "any"
Mode = { one_of = ["Fats"] }
"# => r#"roles/ops.toml:6:20: the parameter `Mode` never has the value `Fats`
  6 | Mode = { one_of = ["Fats"] }
    |                    ^^^^^^
  help: did you mean `Fast`?"#;

    row_f29_a_native_command_takes_no_grant: "roles/ops.toml", r#"version = 1
[[command]]
name = "Where-Object"
"# => r#"roles/ops.toml:3:8: `Where-Object` is a native command and takes no grant
  3 | name = "Where-Object"
    |        ^^^^^^^^^^^^^^
  help: native commands have no effect; `core` of the endpoint says whether sessions see them"#;

    row_f30_a_commands_alias_is_refused_naming_the_command: "roles/ops.toml", r#"version = 1
[[command]]
name = "rsv"
"# => r#"roles/ops.toml:3:8: `rsv` is another spelling of `Restart-Service`
  3 | name = "rsv"
    |        ^^^^^
  help: write `Restart-Service`"#;

    row_f30_a_command_in_another_case_is_refused: "roles/ops.toml", r#"version = 1
[[command]]
name = "get-content"
"# => r#"roles/ops.toml:3:8: `get-content` is another spelling of `Get-Content`
  3 | name = "get-content"
    |        ^^^^^^^^^^^^^
  help: write `Get-Content`"#;

    row_f30_a_qualified_command_is_refused: "roles/ops.toml", r#"version = 1
[[command]]
name = "Test\\Get-Content"
"# => r#"roles/ops.toml:3:8: `Test\Get-Content` is another spelling of `Get-Content`
  3 | name = "Test\\Get-Content"
    |        ^^^^^^^^^^^^^^^^^^^
  help: write `Get-Content`"#;

    row_f30_a_parameters_alias_is_refused_naming_the_parameter: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
SN = { one_of = ["a"] }
"# => r#"roles/ops.toml:5:1: `SN` is another spelling of the parameter `Name`
  5 | SN = { one_of = ["a"] }
    | ^^
  help: write `Name`"#;

    row_f30_an_abbreviated_parameter_is_refused: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Name = "any"
Forc = "any"
"# => r#"roles/ops.toml:6:1: `Forc` is another spelling of the parameter `Force`
  6 | Forc = "any"
    | ^^^^
  help: write `Force`"#;

    row_f30_a_parameter_in_another_case_is_refused: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
name = "any"
"# => r#"roles/ops.toml:5:1: `name` is another spelling of the parameter `Name`
  5 | name = "any"
    | ^^^^
  help: write `Name`"#;

    row_f30_a_drive_in_another_case_is_refused: "roles/ops.toml", r#"version = 1
[[command]]
name = "Get-Content"
[command.parameters]
Path = { within = "logs:/" }
[drives.Logs]
root = "/srv/logs"
access = "read"
"# => r#"roles/ops.toml:5:19: the drive `logs` is spelled `Logs` in this role
  5 | Path = { within = "logs:/" }
    |                   ^^^^^^^^
  help: write `Logs:`"#;

    row_f30_a_path_in_a_closed_list_is_canonical: "roles/ops.toml", r#"version = 1
[[command]]
name = "Get-Content"
[command.parameters]
Path = { one_of = ["Logs:/a/../b"] }
[drives.Logs]
root = "/srv/logs"
access = "read"
"# => r#"roles/ops.toml:5:20: the path `Logs:/a/../b` is not in its canonical form
  5 | Path = { one_of = ["Logs:/a/../b"] }
    |                    ^^^^^^^^^^^^^^
  help: write "Logs:/b""#;

    within_rules_paths: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Name = { within = "Logs:/" }
[drives.Logs]
root = "/srv/logs"
access = "read"
"# => r#"roles/ops.toml:5:19: `within` cannot rule the parameter `Name`
  5 | Name = { within = "Logs:/" }
    |                   ^^^^^^^^
  help: `within` is for parameters that take paths"#;

    within_names_a_folder_and_no_wildcard: "roles/ops.toml", r#"version = 1
[[command]]
name = "Get-Content"
[command.parameters]
Path = { within = "Logs:/*" }
[drives.Logs]
root = "/srv/logs"
access = "read"
"# => r#"roles/ops.toml:5:19: `within` is a folder, not a wildcard
  5 | Path = { within = "Logs:/*" }
    |                   ^^^^^^^^^
  help: everything below the folder is within it"#;

    within_names_a_drive: "roles/ops.toml", r#"version = 1
[[command]]
name = "Get-Content"
[command.parameters]
Path = { within = "/srv/logs" }
[drives.Logs]
root = "/srv/logs"
access = "read"
"# => r#"roles/ops.toml:5:19: `/srv/logs` is not a drive path: it names no drive
  5 | Path = { within = "/srv/logs" }
    |                   ^^^^^^^^^^^
  help: write it as "Drive:/folder""#;

    a_common_parameter_that_reaches_variables_is_never_granted: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Name = "any"
OutVariable = "any"
"# => r#"roles/ops.toml:6:1: the common parameter `OutVariable` cannot be granted
  6 | OutVariable = "any"
    | ^^^^^^^^^^^
  help: sessions of `language = "full"` have it; in others it would reach variables or the debugger"#;

    a_common_parameter_takes_no_rule: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Name = "any"
ErrorAction = { one_of = ["Stop"] }
"# => r#"roles/ops.toml:6:1: the common parameter `ErrorAction` takes no rule
  6 | ErrorAction = { one_of = ["Stop"] }
    | ^^^^^^^^^^^
  help: write `ErrorAction = "any"`, or leave it out"#;
}
