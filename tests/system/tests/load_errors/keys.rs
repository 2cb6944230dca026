//! Keys, words and types: one fault each, in the shipped policies.

use crate::doors::policy_faults;

policy_faults! {
    row_f01_an_unknown_key_near_a_known_one: "roles/log-reader.toml",
        r#"description = "The host"# => r#"descripton = "The host"#,
        r#"policies/roles/log-reader.toml:9:1: unknown key `descripton` in a drive
  9 | descripton = "The host's logs"
    | ^^^^^^^^^^
  help: did you mean `description`?"#;

    row_f01_an_unknown_key_near_none_lists_the_known_ones: "endpoints/helpdesk.toml",
        r#"core        = "standard""# => r#"colour      = "standard""#,
        r#"policies/endpoints/helpdesk.toml:8:1: unknown key `colour` in `[endpoint]`
  8 | colour      = "standard"    # native commands (Where-Object, Select-Object, …): standard | minimal | none
    | ^^^^^^
  help: known keys: `description`, `language`, `core`, `roles`"#;

    row_f01_an_unknown_condition_of_a_rule: "roles/account-reader.toml",
        "one_of" => "oneof",
        r#"policies/roles/account-reader.toml:13:16: unknown key `oneof` in a parameter rule
  13 | Path       = { oneof = ["Etc:/passwd", "Etc:/group"] }
     |                ^^^^^
  help: did you mean `one_of`?"#;

    row_f01_an_unknown_key_of_a_user: "users.toml",
        r#"groups = ["helpdesk"]
certificates = []            #"# => r#"group = ["helpdesk"]
certificates = []            #"#,
        r#"policies/users.toml:7:1: unknown key `group` in a user
  7 | group = ["helpdesk"]
    | ^^^^^
  help: did you mean `groups`?"#;

    row_f02_an_unknown_word: "roles/log-reader.toml",
        r#""read""# => r#""readonly""#,
        r#"policies/roles/log-reader.toml:8:10: `access` cannot be `readonly`
  8 | access = "readonly"
    |          ^^^^^^^^^^
  help: use "read" or "write""#;

    row_f02_a_word_in_another_case: "endpoints/helpdesk.toml",
        r#""none"        #"# => r#""None"        #"#,
        r#"policies/endpoints/helpdesk.toml:7:15: `language` cannot be `None`
  7 | language    = "None"        # none | full; a missing language means none
    |               ^^^^^^
  help: did you mean `none`?"#;

    row_f03_a_string_where_a_boolean_belongs: "roles/notes-owner.toml",
        "per_user = true" => r#"per_user = "true""#,
        r#"policies/roles/notes-owner.toml:7:12: expected `true` or `false`, found a string
  7 | per_user = "true"
    |            ^^^^^^"#;

    row_f03_a_number_where_a_string_belongs: "endpoints/helpdesk.toml",
        r#""64MiB""# => "64",
        "policies/endpoints/helpdesk.toml:22:22: expected a string, found an integer
  22 | memory             = 64
     |                      ^^";

    row_f03_a_string_where_a_list_belongs: "endpoints/helpdesk.toml",
        r#"["settings-reader"]"# => r#""settings-reader""#,
        r#"policies/endpoints/helpdesk.toml:14:20: expected a list, found a string
  14 | "user:alice"     = "settings-reader"
     |                    ^^^^^^^^^^^^^^^^^"#;

    row_f03_a_table_where_a_list_of_tables_belongs: "roles/settings-reader.toml",
        "[[command]]" => "[command]",
        "policies/roles/settings-reader.toml:12:1: expected a list, found a table
  12 | [command]
     | ^^^^^^^^^";

    row_f03_parameters_that_are_neither_any_nor_a_table: "roles/notes-owner.toml",
        r#"name = "Copy-Item"
parameters = "any""# => r#"name = "Copy-Item"
parameters = "all""#,
        r#"policies/roles/notes-owner.toml:20:14: `parameters` must be "any" or a table of parameter rules
  20 | parameters = "all"
     |              ^^^^^
  help: leave it out to allow no parameter"#;

    row_f03_text_that_is_not_toml: "endpoints/helpdesk.toml",
        "[limits]" => "[limits",
        "policies/endpoints/helpdesk.toml:17:8: not TOML: unclosed table, expected `]`
  17 | [limits
     |        ^";

    row_f06_a_key_twice_names_both_places: "endpoints/helpdesk.toml",
        r#"memory             = "64MiB""# => r#"memory             = "64MiB"
memory             = "1GiB""#,
        r#"policies/endpoints/helpdesk.toml:23:1: not TOML: duplicate key
  23 | memory             = "1GiB"
     | ^^^^^^
  note: first at policies/endpoints/helpdesk.toml:22:1"#;

    row_f06_a_table_twice_names_both_places: "endpoints/helpdesk.toml",
        "# What one session may use" => "[limits]
# What one session may use",
        "policies/endpoints/helpdesk.toml:18:2: not TOML: duplicate key
  18 | [limits]
     |  ^^^^^^
  note: first at policies/endpoints/helpdesk.toml:16:2";

    row_f34_a_version_of_the_future: "roles/log-reader.toml",
        "version = 1" => "version = 2",
        "policies/roles/log-reader.toml:2:11: this version of the policy format is not supported
  2 | version = 2
    |           ^
  help: this program reads `version = 1` only";

    row_f34_no_version: "roles/log-reader.toml",
        "version = 1
" => "",
        "policies/roles/log-reader.toml:1:1: the key `version` is missing
  1 | # Looks through the host's logs, and reads those that are text.
    | ^
  help: begin the file with `version = 1`";

    row_f01_an_endpoint_without_its_table: "endpoints/toolbox.toml",
        r#"[endpoint]
description = "Scripts over your own files"
language    = "full"

[endpoint.roles]
"group:helpdesk" = ["notes", "notes-owner"]

"# => "",
        "policies/endpoints/toolbox.toml:1:1: the key `endpoint` is missing in an endpoint file
  1 | # The whole language, and one drive to use it on. Scripts are computation inside a sandbox: what they can reach is what
    | ^";

    row_f29_a_command_without_a_name: "roles/notes-owner.toml",
        r#"name = "Move-Item"
"# => "",
        "policies/roles/notes-owner.toml:22:1: the key `name` is missing in `[[command]]`
  22 | [[command]]
     | ^^^^^^^^^^^";
}
