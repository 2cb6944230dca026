//! Faults of keys, words and types, and of what belongs to a later version, each with its exact text.

use crate::support::faults;

faults! {
    row_f01_an_unknown_key_is_shown_with_the_key_that_was_meant: "roles/ops.toml", r#"version = 1
[[command]]
name = "Get-Content"
parametres = "any"
"# => r#"roles/ops.toml:4:1: unknown key `parametres` in `[[command]]`
  4 | parametres = "any"
    | ^^^^^^^^^^
  help: did you mean `parameters`?"#;

    row_f01_an_unknown_key_far_from_any_lists_the_known_ones: "endpoints/svc-ops.toml", r#"version = 1
[endpoint]
colour = "red"
"# => r#"endpoints/svc-ops.toml:3:1: unknown key `colour` in `[endpoint]`
  3 | colour = "red"
    | ^^^^^^
  help: known keys: `description`, `language`, `core`, `roles`"#;

    row_f01_an_unknown_key_in_a_rule: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Name = { oneof = ["a"] }
"# => r#"roles/ops.toml:5:10: unknown key `oneof` in a parameter rule
  5 | Name = { oneof = ["a"] }
    |          ^^^^^
  help: did you mean `one_of`?"#;

    row_f01_an_unknown_key_in_a_drive: "roles/ops.toml", r#"version = 1
[drives.Logs]
root = "/srv/logs"
access = "read"
acess = "write"
"# => r#"roles/ops.toml:5:1: unknown key `acess` in a drive
  5 | acess = "write"
    | ^^^^^
  help: did you mean `access`?"#;

    row_f01_an_unknown_key_in_users: "users.toml", r#"version = 1
[users.alice]
id = "a"
group = ["ops"]
"# => r#"users.toml:4:1: unknown key `group` in a user
  4 | group = ["ops"]
    | ^^^^^
  help: did you mean `groups`?"#;

    row_f02_an_unknown_word_is_refused_with_the_known_ones: "endpoints/svc-ops.toml", r#"version = 1
[endpoint]
language = "NoLanguge"
"# => r#"endpoints/svc-ops.toml:3:12: `language` cannot be `NoLanguge`
  3 | language = "NoLanguge"
    |            ^^^^^^^^^^^
  help: use "none" or "full""#;

    row_f02_a_word_in_another_case_is_another_word: "endpoints/svc-ops.toml", r#"version = 1
[endpoint]
language = "None"
"# => r#"endpoints/svc-ops.toml:3:12: `language` cannot be `None`
  3 | language = "None"
    |            ^^^^^^
  help: did you mean `none`?"#;

    row_f02_a_word_with_a_space_is_another_word: "roles/ops.toml", r#"version = 1
[drives.Logs]
root = "/srv/logs"
access = "read "
"# => r#"roles/ops.toml:4:10: `access` cannot be `read `
  4 | access = "read "
    |          ^^^^^^^
  help: did you mean `read`?"#;

    row_f03_a_string_is_no_boolean: "roles/ops.toml", r#"version = 1
[drives.User]
per_user = "false"
access = "read"
"# => r#"roles/ops.toml:3:12: expected `true` or `false`, found a string
  3 | per_user = "false"
    |            ^^^^^^^"#;

    row_f03_a_number_is_no_boolean: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Name = { one_of = ["a"], optional = 1 }
"# => r#"roles/ops.toml:5:37: expected `true` or `false`, found an integer
  5 | Name = { one_of = ["a"], optional = 1 }
    |                                     ^"#;

    row_f03_a_string_is_no_list: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Name = { one_of = "a" }
"# => r#"roles/ops.toml:5:19: expected a list, found a string
  5 | Name = { one_of = "a" }
    |                   ^^^"#;

    row_f03_a_list_is_no_table: "endpoints/svc-ops.toml", r#"version = 1
[endpoint]
roles = ["ops"]
"# => r#"endpoints/svc-ops.toml:3:9: expected a table, found a list
  3 | roles = ["ops"]
    |         ^^^^^^^"#;

    row_f03_a_table_is_no_list_of_tables: "roles/ops.toml", r#"version = 1
[command]
name = "Get-Content"
"# => "roles/ops.toml:2:1: expected a list, found a table
  2 | [command]
    | ^^^^^^^^^";

    row_f03_a_number_is_no_string: "roles/ops.toml", "version = 1
[[command]]
name = 7
" => "roles/ops.toml:3:8: expected a string, found an integer
  3 | name = 7
    |        ^";

    row_f03_parameters_are_any_or_a_table: "roles/ops.toml", r#"version = 1
[[command]]
name = "Get-Content"
parameters = "all"
"# => r#"roles/ops.toml:4:14: `parameters` must be "any" or a table of parameter rules
  4 | parameters = "all"
    |              ^^^^^
  help: leave it out to allow no parameter"#;

    row_f03_a_rule_is_any_or_a_table: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Name = "*"
"# => r#"roles/ops.toml:5:8: a parameter's rule is "any" or a table
  5 | Name = "*"
    |        ^^^
  help: for example { one_of = ["a", "b"] }"#;

    row_f03_text_that_is_not_toml: "roles/ops.toml", "version = 1
[[command]
name = 
" => "roles/ops.toml:2:11: not TOML: unclosed array table, expected `]`
  2 | [[command]
    |           ^";

    row_f07_includes_are_not_of_this_version: "roles/ops.toml", r#"version = 1
include = ["other.toml"]
"# => r#"roles/ops.toml:2:1: `include` in a role file is not supported by this version
  2 | include = ["other.toml"]
    | ^^^^^^^
  help: remove it: a rule that is not enforced must not look as if it were"#;

    row_f07_extends_is_not_of_this_version: "roles/ops.toml", r#"version = 1
extends = "base"
"# => r#"roles/ops.toml:2:1: `extends` in a role file is not supported by this version
  2 | extends = "base"
    | ^^^^^^^
  help: remove it: a rule that is not enforced must not look as if it were"#;

    row_f34_a_missing_version: "roles/ops.toml", r#"[[command]]
name = "Get-Content"
"# => "roles/ops.toml:1:1: the key `version` is missing
  1 | [[command]]
    | ^
  help: begin the file with `version = 1`";

    row_f34_another_version: "roles/ops.toml", "version = 2
" => "roles/ops.toml:1:11: this version of the policy format is not supported
  1 | version = 2
    |           ^
  help: this program reads `version = 1` only";

    row_f34_a_version_of_another_type: "roles/ops.toml", r#"version = "1"
"# => r#"roles/ops.toml:1:11: this version of the policy format is not supported
  1 | version = "1"
    |           ^^^
  help: this program reads `version = 1` only"#;

    row_f40_restricted_is_not_of_this_version: "endpoints/svc-ops.toml", r#"version = 1
[endpoint]
language = "restricted"
"# => r#"endpoints/svc-ops.toml:3:12: `language = "restricted"` is not supported by this version
  3 | language = "restricted"
    |            ^^^^^^^^^^^^
  help: use "none" or "full""#;

    row_f40_constrained_is_not_of_this_version: "endpoints/svc-ops.toml", r#"version = 1
[endpoint]
language = "constrained"
"# => r#"endpoints/svc-ops.toml:3:12: `language = "constrained"` is not supported by this version
  3 | language = "constrained"
    |            ^^^^^^^^^^^^^
  help: use "none" or "full""#;

    an_executable_is_not_of_this_version: "roles/ops.toml", r#"version = 1
[[command]]
name = "journalctl"
[command.executable]
path = "/usr/bin/journalctl"
"# => "roles/ops.toml:4:10: `executable` in `[[command]]` is not supported by this version
  4 | [command.executable]
    |          ^^^^^^^^^^
  help: remove it: a rule that is not enforced must not look as if it were";

    a_gate_is_not_of_this_version: "roles/ops.toml", r#"version = 1
[[gate]]
name = "Restart-WebTier"
"# => "roles/ops.toml:2:3: `gate` in a role file is not supported by this version
  2 | [[gate]]
    |   ^^^^
  help: remove it: a rule that is not enforced must not look as if it were";

    tokens_are_not_of_this_version: "users.toml", r#"version = 1
[users.alice]
id = "a"
tokens = ["argon2:x"]
"# => r#"users.toml:4:1: `tokens` in a user is not supported by this version
  4 | tokens = ["argon2:x"]
    | ^^^^^^
  help: remove it: a rule that is not enforced must not look as if it were"#;

    groups_of_the_system_are_not_of_this_version: "endpoints/svc-ops.toml", r#"version = 1
[endpoint]
[endpoint.roles]
"os-group:wheel" = ["ops"]
"# => r#"endpoints/svc-ops.toml:4:1: `os-group:` is not supported by this version
  4 | "os-group:wheel" = ["ops"]
    | ^^^^^^^^^^^^^^^^
  help: use `group:` with the groups of `users.toml`"#;
}
