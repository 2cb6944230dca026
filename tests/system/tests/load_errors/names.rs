//! Names that do not exist, or are spelled otherwise: one fault each, in the shipped policies.

use crate::doors::policy_faults;

policy_faults! {
    row_f29_an_unknown_command: "roles/log-reader.toml",
        r#""Get-ChildItem""# => r#""Get-ChildItems""#,
        r#"policies/roles/log-reader.toml:12:8: there is no command `Get-ChildItems`
  12 | name = "Get-ChildItems"
     |        ^^^^^^^^^^^^^^^^
  help: did you mean `Get-ChildItem`?"#;

    row_f29_an_unknown_command_near_none_lists_the_installed_ones: "roles/log-reader.toml",
        r#""Get-ChildItem""# => r#""Restart-Computer""#,
        r#"policies/roles/log-reader.toml:12:8: there is no command `Restart-Computer`
  12 | name = "Restart-Computer"
     |        ^^^^^^^^^^^^^^^^^^
  help: installed: Add-Content, Copy-Item, Get-ChildItem, Get-Content, Get-Item, Move-Item, New-Item, Remove-Item, Set-Content, Test-Path"#;

    row_f29_an_unknown_parameter: "roles/account-reader.toml",
        "TotalCount" => "TotalCuont",
        r#"policies/roles/account-reader.toml:14:1: `Get-Content` has no parameter `TotalCuont`
  14 | TotalCuont = { range = "1..200", optional = true }
     | ^^^^^^^^^^
  help: did you mean `TotalCount`?"#;

    row_f29_an_unknown_parameter_near_none_lists_the_commands: "roles/account-reader.toml",
        "TotalCount" => "Wait",
        r#"policies/roles/account-reader.toml:14:1: `Get-Content` has no parameter `Wait`
  14 | Wait = { range = "1..200", optional = true }
     | ^^^^
  help: its parameters: Path, LiteralPath, Filter, Include, Exclude, TotalCount, Tail, Raw, Encoding, Force"#;

    row_f29_a_role_that_is_missing: "endpoints/helpdesk.toml",
        r#""settings-reader""# => r#""settings-raeder""#,
        r#"policies/endpoints/helpdesk.toml:14:21: there is no role `settings-raeder`
  14 | "user:alice"     = ["settings-raeder"]
     |                     ^^^^^^^^^^^^^^^^^
  help: did you mean `settings-reader`?"#;

    row_f29_a_role_near_none_says_which_file_to_add: "endpoints/helpdesk.toml",
        r#""settings-reader""# => r#""auditor""#,
        r#"policies/endpoints/helpdesk.toml:14:21: there is no role `auditor`
  14 | "user:alice"     = ["auditor"]
     |                     ^^^^^^^^^
  help: add the file `roles/auditor.toml`"#;

    row_f29_a_user_that_is_missing: "endpoints/helpdesk.toml",
        r#""user:alice"    "# => r#""user:alcie"    "#,
        r#"policies/endpoints/helpdesk.toml:14:1: there is no user `alcie`
  14 | "user:alcie"     = ["settings-reader"]
     | ^^^^^^^^^^^^
  help: did you mean `alice`?"#;

    row_f29_a_drive_that_the_role_does_not_hold: "roles/notes-owner.toml",
        r#"within = "User:/""# => r#"within = "Logs:/""#,
        r#"policies/roles/notes-owner.toml:15:22: the role does not hold the drive `Logs`
  15 | Path    = { within = "Logs:/", pattern = 'User:/.+' }   # what is on the drive, never the drive itself
     |                      ^^^^^^^^
  help: add `[drives.Logs]` to this role"#;

    row_f29_a_value_that_the_parameter_never_has: "roles/notes.toml",
        r#"["File", "Directory"]"# => r#"["File", "Folder"]"#,
        r#"policies/roles/notes.toml:43:32: the parameter `ItemType` never has the value `Folder`
  43 | ItemType = { one_of = ["File", "Folder"], optional = true }
     |                                ^^^^^^^^
  help: its values: File, Directory"#;

    row_f29_a_native_command: "roles/notes-owner.toml",
        r#""Move-Item""# => r#""Where-Object""#,
        r#"policies/roles/notes-owner.toml:23:8: `Where-Object` is a native command and takes no grant
  23 | name = "Where-Object"
     |        ^^^^^^^^^^^^^^
  help: native commands have no effect; `core` of the endpoint says whether sessions see them"#;

    row_f30_an_alias_of_a_command: "roles/log-reader.toml",
        r#""Get-ChildItem""# => r#""gci""#,
        r#"policies/roles/log-reader.toml:12:8: `gci` is another spelling of `Get-ChildItem`
  12 | name = "gci"
     |        ^^^^^
  help: write `Get-ChildItem`"#;

    row_f30_a_command_in_another_case: "roles/log-reader.toml",
        r#""Get-ChildItem""# => r#""get-childitem""#,
        r#"policies/roles/log-reader.toml:12:8: `get-childitem` is another spelling of `Get-ChildItem`
  12 | name = "get-childitem"
     |        ^^^^^^^^^^^^^^^
  help: write `Get-ChildItem`"#;

    row_f30_a_qualified_command: "roles/log-reader.toml",
        r#""Get-ChildItem""# => r#"'Microsoft.PowerShell.Management\Get-ChildItem'"#,
        r#"policies/roles/log-reader.toml:12:8: `Microsoft.PowerShell.Management\Get-ChildItem` is another spelling of `Get-ChildItem`
  12 | name = 'Microsoft.PowerShell.Management\Get-ChildItem'
     |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  help: write `Get-ChildItem`"#;

    row_f30_an_alias_of_a_parameter: "roles/log-reader.toml",
        "Tail        =" => "Last        =",
        r#"policies/roles/log-reader.toml:29:1: `Last` is another spelling of the parameter `Tail`
  29 | Last        = { range = "1..200", optional = true }
     | ^^^^
  help: write `Tail`"#;

    row_f30_a_parameter_in_another_case: "roles/log-reader.toml",
        "Tail        =" => "tail        =",
        r#"policies/roles/log-reader.toml:29:1: `tail` is another spelling of the parameter `Tail`
  29 | tail        = { range = "1..200", optional = true }
     | ^^^^
  help: write `Tail`"#;

    row_f30_an_abbreviated_parameter: "roles/account-reader.toml",
        "TotalCount" => "TotalC",
        r#"policies/roles/account-reader.toml:14:1: `TotalC` is another spelling of the parameter `TotalCount`
  14 | TotalC = { range = "1..200", optional = true }
     | ^^^^^^
  help: write `TotalCount`"#;

    row_f30_a_drive_in_another_case: "roles/notes-owner.toml",
        r#"within = "User:/""# => r#"within = "user:/""#,
        r#"policies/roles/notes-owner.toml:15:22: the drive `user` is spelled `User` in this role
  15 | Path    = { within = "user:/", pattern = 'User:/.+' }   # what is on the drive, never the drive itself
     |                      ^^^^^^^^
  help: write `User:`"#;

    row_f30_a_path_that_is_not_canonical: "roles/account-reader.toml",
        r#""Etc:/passwd""# => r#""Etc:/apt/../passwd""#,
        r#"policies/roles/account-reader.toml:13:26: the path `Etc:/apt/../passwd` is not in its canonical form
  13 | Path       = { one_of = ["Etc:/apt/../passwd", "Etc:/group"] }
     |                          ^^^^^^^^^^^^^^^^^^^^
  help: write "Etc:/passwd""#;

    row_f11_a_wildcard_in_a_command: "roles/log-reader.toml",
        r#""Get-ChildItem""# => r#""Get-*""#,
        r#"policies/roles/log-reader.toml:12:8: wildcards in command names are not supported by this version
  12 | name = "Get-*"
     |        ^^^^^^^
  help: name each command: a wildcard grants what is installed later, too"#;

    row_f06_a_command_twice_in_a_role: "roles/log-reader.toml",
        r#""Test-Path""# => r#""Get-ChildItem""#,
        r#"policies/roles/log-reader.toml:16:8: the command `Get-ChildItem` is granted twice in this role
  16 | name = "Get-ChildItem"                     # Set-Location asks this first
     |        ^^^^^^^^^^^^^^^
  note: first at policies/roles/log-reader.toml:12:8
  help: join the two, or move one to a role of its own"#;

    row_f06_a_role_twice_in_a_list: "endpoints/helpdesk.toml",
        r#""account-reader", "notes""# => r#""account-reader", "account-reader""#,
        r#"policies/endpoints/helpdesk.toml:13:53: the role `account-reader` stands twice in this list
  13 | "group:helpdesk" = ["log-reader", "account-reader", "account-reader"]
     |                                                     ^^^^^^^^^^^^^^^^
  help: remove one"#;

    row_f06_a_value_twice_in_a_list: "roles/account-reader.toml",
        r#""Etc:/group""# => r#""Etc:/passwd""#,
        r#"policies/roles/account-reader.toml:13:41: the value `Etc:/passwd` stands twice in `one_of`
  13 | Path       = { one_of = ["Etc:/passwd", "Etc:/passwd"] }
     |                                         ^^^^^^^^^^^^^"#;

    a_common_parameter_that_reaches_variables: "roles/account-reader.toml",
        r#"TotalCount = { range = "1..200", optional = true }"# => r#"OutVariable = "any""#,
        r#"policies/roles/account-reader.toml:14:1: the common parameter `OutVariable` cannot be granted
  14 | OutVariable = "any"
     | ^^^^^^^^^^^
  help: sessions of `language = "full"` have it; in others it would reach variables or the debugger"#;

    a_common_parameter_with_a_rule: "roles/account-reader.toml",
        r#"TotalCount = { range = "1..200", optional = true }"# => r#"ErrorAction = { one_of = ["Stop"] }"#,
        r#"policies/roles/account-reader.toml:14:1: the common parameter `ErrorAction` takes no rule
  14 | ErrorAction = { one_of = ["Stop"] }
     | ^^^^^^^^^^^
  help: write `ErrorAction = "any"`, or leave it out"#;

    a_selector_of_no_kind: "endpoints/helpdesk.toml",
        r#""group:helpdesk""# => r#""helpdesk""#,
        r#"policies/endpoints/helpdesk.toml:13:1: roles are given to `user:NAME` or `group:NAME`
  13 | "helpdesk" = ["log-reader", "account-reader", "notes"]
     | ^^^^^^^^^^
  help: write for example "group:helpdesk" = ["log-reader"]"#;
}
