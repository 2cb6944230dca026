//! Keys, words and types: one fault each, in the shipped policies.

use crate::doors::policy_faults;

policy_faults! {
    row_f01_an_unknown_key_near_a_known_one: "roles/log-reader.toml", r#"access = "read""# => r#"acess = "read""#, r#"policies/roles/log-reader.toml:6:1: the key `access` is missing in a drive
  6 | [drives.Logs]
    | ^^^^^^^^^^^^^

policies/roles/log-reader.toml:8:1: unknown key `acess` in a drive
  8 | acess = "read"
    | ^^^^^
  help: did you mean `access`?"#;

    row_f01_an_unknown_key_near_none_lists_the_known_ones: "endpoints/helpdesk.toml", r#"core        = "standard""# => r#"colour      = "standard""#, r#"policies/endpoints/helpdesk.toml:8:1: unknown key `colour` in `[endpoint]`
  8 | colour      = "standard"    # native commands (Where-Object, Select-Object, …): standard | minimal | none
    | ^^^^^^
  help: known keys: `description`, `language`, `core`, `roles`"#;

    row_f01_an_unknown_condition_of_a_rule: "roles/account-reader.toml", "one_of" => "oneof", r#"policies/roles/account-reader.toml:13:16: unknown key `oneof` in a parameter rule
  13 | Path       = { oneof = ["Etc:/passwd", "Etc:/group"] }
     |                ^^^^^
  help: did you mean `one_of`?"#;

    row_f01_an_unknown_key_of_a_user: "users.toml", r#"groups = ["helpdesk"]
certificates = []            #"# => r#"group = ["helpdesk"]
certificates = []            #"#, r#"policies/users.toml:7:1: unknown key `group` in a user
  7 | group = ["helpdesk"]
    | ^^^^^
  help: did you mean `groups`?"#;

    row_f02_an_unknown_word: "roles/log-reader.toml", r#""read""# => r#""readonly""#, r#"policies/roles/log-reader.toml:8:10: `access` cannot be `readonly`
  8 | access = "readonly"
    |          ^^^^^^^^^^
  help: use "read" or "write""#;

    row_f02_a_word_in_another_case: "endpoints/helpdesk.toml", r#""none"        #"# => r#""None"        #"#, r#"policies/endpoints/helpdesk.toml:7:15: `language` cannot be `None`
  7 | language    = "None"        # none | full; a missing language means none
    |               ^^^^^^
  help: did you mean `none`?"#;

    row_f03_a_string_where_a_boolean_belongs: "roles/notes-owner.toml", "per_user = true" => r#"per_user = "true""#, r#"policies/roles/notes-owner.toml:7:12: expected `true` or `false`, found a string
  7 | per_user = "true"
    |            ^^^^^^"#;

    row_f03_a_number_where_a_string_belongs: "endpoints/helpdesk.toml", r#""64MiB""# => "64", "policies/endpoints/helpdesk.toml:22:22: expected a string, found an integer
  22 | memory             = 64
     |                      ^^";

    row_f03_a_string_where_a_list_belongs: "endpoints/helpdesk.toml", r#"["settings-reader"]"# => r#""settings-reader""#, r#"policies/endpoints/helpdesk.toml:14:20: expected a list, found a string
  14 | "user:alice"     = "settings-reader"
     |                    ^^^^^^^^^^^^^^^^^"#;

    row_f03_a_table_where_a_list_of_tables_belongs: "roles/settings-reader.toml", "[[command]]" => "[command]", "policies/roles/settings-reader.toml:12:1: expected a list, found a table
  12 | [command]
     | ^^^^^^^^^";

    row_f03_parameters_that_are_neither_any_nor_a_table: "roles/notes-owner.toml", r#"name = "Copy-Item"
parameters = "any""# => r#"name = "Copy-Item"
parameters = "all""#, r#"policies/roles/notes-owner.toml:20:14: `parameters` must be "any" or a table of parameter rules
  20 | parameters = "all"
     |              ^^^^^
  help: leave it out to allow no parameter"#;

    row_f03_text_that_is_not_toml: "endpoints/helpdesk.toml", r#"["settings-reader"]"# => r#"["settings-reader""#, r#"policies/endpoints/helpdesk.toml:17:1: not TOML: missing comma between array elements, expected `,`
  17 | [limits]
     | ^

policies/endpoints/helpdesk.toml:17:2: not TOML: string values must be quoted, expected literal string
  17 | [limits]
     |  ^^^^^^

policies/endpoints/helpdesk.toml:18:1: not TOML: missing comma between array elements, expected `,`
  18 | idle_timeout       = "15m"
     | ^

policies/endpoints/helpdesk.toml:18:1: not TOML: invalid float, expected `inf`
  18 | idle_timeout       = "15m"
     | ^^^^^^^^^^^^

policies/endpoints/helpdesk.toml:18:20: not TOML: unexpected `=` in array, expected value, `]`
  18 | idle_timeout       = "15m"
     |                    ^

policies/endpoints/helpdesk.toml:18:22: not TOML: missing comma between array elements, expected `,`
  18 | idle_timeout       = "15m"
     |                      ^

policies/endpoints/helpdesk.toml:19:1: not TOML: missing comma between array elements, expected `,`
  19 | max_idle_timeout   = "12h"
     | ^

policies/endpoints/helpdesk.toml:19:1: not TOML: string values must be quoted, expected literal string
  19 | max_idle_timeout   = "12h"
     | ^^^^^^^^^^^^^^^^

policies/endpoints/helpdesk.toml:19:20: not TOML: unexpected `=` in array, expected value, `]`
  19 | max_idle_timeout   = "12h"
     |                    ^

policies/endpoints/helpdesk.toml:19:22: not TOML: missing comma between array elements, expected `,`
  19 | max_idle_timeout   = "12h"
     |                      ^

policies/endpoints/helpdesk.toml:20:1: not TOML: missing comma between array elements, expected `,`
  20 | command_time       = "5m"
     | ^

policies/endpoints/helpdesk.toml:20:1: not TOML: string values must be quoted, expected literal string
  20 | command_time       = "5m"
     | ^^^^^^^^^^^^

policies/endpoints/helpdesk.toml:20:20: not TOML: unexpected `=` in array, expected value, `]`
  20 | command_time       = "5m"
     |                    ^

policies/endpoints/helpdesk.toml:20:22: not TOML: missing comma between array elements, expected `,`
  20 | command_time       = "5m"
     |                      ^

policies/endpoints/helpdesk.toml:21:1: not TOML: missing comma between array elements, expected `,`
  21 | cpu_per_command    = "5s"
     | ^

policies/endpoints/helpdesk.toml:21:1: not TOML: string values must be quoted, expected literal string
  21 | cpu_per_command    = "5s"
     | ^^^^^^^^^^^^^^^

policies/endpoints/helpdesk.toml:21:20: not TOML: unexpected `=` in array, expected value, `]`
  21 | cpu_per_command    = "5s"
     |                    ^

policies/endpoints/helpdesk.toml:21:22: not TOML: missing comma between array elements, expected `,`
  21 | cpu_per_command    = "5s"
     |                      ^

policies/endpoints/helpdesk.toml:22:1: not TOML: missing comma between array elements, expected `,`
  22 | memory             = "64MiB"
     | ^

policies/endpoints/helpdesk.toml:22:1: not TOML: string values must be quoted, expected literal string
  22 | memory             = "64MiB"
     | ^^^^^^

policies/endpoints/helpdesk.toml:22:20: not TOML: unexpected `=` in array, expected value, `]`
  22 | memory             = "64MiB"
     |                    ^

policies/endpoints/helpdesk.toml:22:22: not TOML: missing comma between array elements, expected `,`
  22 | memory             = "64MiB"
     |                      ^

policies/endpoints/helpdesk.toml:23:1: not TOML: missing comma between array elements, expected `,`
  23 | output_per_command = "16MiB"
     | ^

policies/endpoints/helpdesk.toml:23:1: not TOML: string values must be quoted, expected literal string
  23 | output_per_command = "16MiB"
     | ^^^^^^^^^^^^^^^^^^

policies/endpoints/helpdesk.toml:23:20: not TOML: unexpected `=` in array, expected value, `]`
  23 | output_per_command = "16MiB"
     |                    ^

policies/endpoints/helpdesk.toml:23:22: not TOML: missing comma between array elements, expected `,`
  23 | output_per_command = "16MiB"
     |                      ^

policies/endpoints/helpdesk.toml:24:1: not TOML: missing comma between array elements, expected `,`
  24 | sessions_per_user  = 5
     | ^

policies/endpoints/helpdesk.toml:24:1: not TOML: string values must be quoted, expected literal string
  24 | sessions_per_user  = 5
     | ^^^^^^^^^^^^^^^^^

policies/endpoints/helpdesk.toml:24:20: not TOML: unexpected `=` in array, expected value, `]`
  24 | sessions_per_user  = 5
     |                    ^

policies/endpoints/helpdesk.toml:24:22: not TOML: missing comma between array elements, expected `,`
  24 | sessions_per_user  = 5
     |                      ^

policies/endpoints/helpdesk.toml:24:23: not TOML: unclosed array, expected `]`
  24 | sessions_per_user  = 5
     |                       ^"#;

    row_f06_a_key_twice_names_both_places: "endpoints/helpdesk.toml", r#"memory             = "64MiB""# => r#"memory             = "64MiB"
memory             = "1GiB""#, r#"policies/endpoints/helpdesk.toml:23:1: not TOML: duplicate key
  23 | memory             = "1GiB"
     | ^^^^^^
  note: first at policies/endpoints/helpdesk.toml:22:1"#;

    row_f06_a_table_twice_names_both_places: "users.toml", "[users.bob]" => "[users.alice]", r#"policies/users.toml:10:8: not TOML: duplicate key
  10 | [users.alice]
     |        ^^^^^
  note: first at policies/users.toml:5:8

policies/users.toml:11:1: not TOML: duplicate key
  11 | id = "bob-93aa"
     | ^^
  note: first at policies/users.toml:6:1

policies/users.toml:12:1: not TOML: duplicate key
  12 | groups = ["helpdesk"]
     | ^^^^^^
  note: first at policies/users.toml:7:1

policies/users.toml:13:1: not TOML: duplicate key
  13 | certificates = []
     | ^^^^^^^^^^^^
  note: first at policies/users.toml:8:1"#;

    row_f34_a_version_of_the_future: "roles/log-reader.toml", "version = 1" => "version = 2", "policies/roles/log-reader.toml:2:11: this version of the policy format is not supported
  2 | version = 2
    |           ^
  help: this program reads `version = 1` only";

    row_f34_no_version: "roles/log-reader.toml", "version = 1
" => "", "policies/roles/log-reader.toml:1:1: the key `version` is missing
  1 | # Looks through the host's logs, and reads those that are text.
    | ^
  help: begin the file with `version = 1`";

    row_f01_an_endpoint_without_its_table: "endpoints/toolbox.toml", r#"[endpoint]
description = "Scripts over your own files"
language    = "full"

[endpoint.roles]
"group:helpdesk" = ["notes", "notes-owner"]

"# => "", "policies/endpoints/toolbox.toml:1:1: the key `endpoint` is missing in an endpoint file
  1 | # The whole language, and one drive to use it on. Scripts are computation inside a sandbox: what they can reach is what
    | ^";

    row_f29_a_command_without_a_name: "roles/notes-owner.toml", r#"name = "Move-Item"
"# => "", "policies/roles/notes-owner.toml:22:1: the key `name` is missing in `[[command]]`
  22 | [[command]]
     | ^^^^^^^^^^^";
}
