//! Rules, limits and drives: one fault each, in the shipped policies.

use crate::doors::policy_faults;

policy_faults! {
    row_f08_an_invalid_pattern: "roles/notes-owner.toml",
        "'User:/.+'" => "'User:/(.+'",
        r#"policies/roles/notes-owner.toml:15:42: the pattern is invalid: unclosed group
  15 | Path    = { within = "User:/", pattern = 'User:/(.+' }   # what is on the drive, never the drive itself
     |                                          ^^^^^^^^^^^
  help: patterns are regular expressions in the syntax of the Rust crate `regex`"#;

    row_f08_a_pattern_that_compiles_only_in_a_group: "roles/notes-owner.toml",
        "'User:/.+'" => "'User:/a)|(User:/b'",
        r#"policies/roles/notes-owner.toml:15:42: the pattern is invalid: unopened group
  15 | Path    = { within = "User:/", pattern = 'User:/a)|(User:/b' }   # what is on the drive, never the drive itself
     |                                          ^^^^^^^^^^^^^^^^^^^
  help: patterns are regular expressions in the syntax of the Rust crate `regex`"#;

    row_f08_look_around: "roles/notes-owner.toml",
        "'User:/.+'" => "'User:/(?!keep).+'",
        r#"policies/roles/notes-owner.toml:15:42: the pattern is invalid: look-around, including look-ahead and look-behind, is not supported
  15 | Path    = { within = "User:/", pattern = 'User:/(?!keep).+' }   # what is on the drive, never the drive itself
     |                                          ^^^^^^^^^^^^^^^^^^
  help: patterns are regular expressions in the syntax of the Rust crate `regex`"#;

    row_f10_a_pattern_too_large_once_compiled: "roles/notes-owner.toml",
        "'User:/.+'" => "'User:/(?:a{1000}){1000}'",
        r#"policies/roles/notes-owner.toml:15:42: the pattern is invalid: it is too large once compiled
  15 | Path    = { within = "User:/", pattern = 'User:/(?:a{1000}){1000}' }   # what is on the drive, never the drive itself
     |                                          ^^^^^^^^^^^^^^^^^^^^^^^^^
  help: patterns are regular expressions in the syntax of the Rust crate `regex`"#;

    row_f14_a_closed_list_and_a_pattern: "roles/account-reader.toml",
        r#"one_of = ["Etc:/passwd", "Etc:/group"]"# => r#"one_of = ["Etc:/passwd"], pattern = 'Etc:/.*'"#,
        r#"policies/roles/account-reader.toml:13:25: `one_of` and `pattern` cannot stand in one rule
  13 | Path       = { one_of = ["Etc:/passwd"], pattern = 'Etc:/.*' }
     |                         ^^^^^^^^^^^^^^^
  note: `pattern` is set at policies/roles/account-reader.toml:13:52
  help: a closed list says everything: keep one of them"#;

    a_condition_of_another_kind_of_parameter: "roles/notes-owner.toml",
        r#"Recurse = "any""# => "Recurse = { pattern = 'yes' }",
        "policies/roles/notes-owner.toml:16:23: `pattern` cannot rule the parameter `Recurse`
  16 | Recurse = { pattern = 'yes' }
     |                       ^^^^^
  help: `pattern` is for parameters that take text";

    a_range_that_is_none: "roles/account-reader.toml",
        r#""1..200""# => r#""1-200""#,
        r#"policies/roles/account-reader.toml:14:24: `range` is not of the form "LOW..HIGH"
  14 | TotalCount = { range = "1-200", optional = true }
     |                        ^^^^^^^
  help: write two whole numbers, both included, for example "1..100""#;

    a_range_that_is_inverted: "roles/account-reader.toml",
        r#""1..200""# => r#""200..1""#,
        r#"policies/roles/account-reader.toml:14:24: `range` is inverted: 200 is more than 1
  14 | TotalCount = { range = "200..1", optional = true }
     |                        ^^^^^^^^
  help: write two whole numbers, both included, for example "1..100""#;

    within_a_wildcard: "roles/notes-owner.toml",
        r#"within = "User:/""# => r#"within = "User:/*""#,
        r#"policies/roles/notes-owner.toml:15:22: `within` is a folder, not a wildcard
  15 | Path    = { within = "User:/*", pattern = 'User:/.+' }   # what is on the drive, never the drive itself
     |                      ^^^^^^^^^
  help: everything below the folder is within it"#;

    row_f33_a_limit_of_zero: "endpoints/helpdesk.toml",
        r#""5s""# => r#""0s""#,
        r#"policies/endpoints/helpdesk.toml:21:22: `0s` is not a duration: 0 never means unlimited
  21 | cpu_per_command    = "0s"
     |                      ^^^^
  help: write a whole number and a unit (ms, s, m, h, d), without a space"#;

    row_f33_a_negative_limit: "endpoints/helpdesk.toml",
        r#""5s""# => r#""-5s""#,
        r#"policies/endpoints/helpdesk.toml:21:22: `-5s` is not a duration: the number is missing
  21 | cpu_per_command    = "-5s"
     |                      ^^^^^
  help: write a whole number and a unit (ms, s, m, h, d), without a space"#;

    row_f33_a_limit_without_a_unit: "endpoints/helpdesk.toml",
        r#""64MiB""# => r#""64""#,
        r#"policies/endpoints/helpdesk.toml:22:22: `64` is not a size: the unit is missing
  22 | memory             = "64"
     |                      ^^^^
  help: write a whole number and a unit (B, KiB, MiB, GiB), without a space"#;

    row_f33_a_limit_in_an_unknown_unit: "endpoints/helpdesk.toml",
        r#""64MiB""# => r#""64MB""#,
        r#"policies/endpoints/helpdesk.toml:22:22: `64MB` is not a size: the unit is unknown
  22 | memory             = "64MB"
     |                      ^^^^^^
  help: write a whole number and a unit (B, KiB, MiB, GiB), without a space"#;

    row_f33_a_limit_beyond_measure: "endpoints/helpdesk.toml",
        r#""64MiB""# => r#""99999999999999999999GiB""#,
        r#"policies/endpoints/helpdesk.toml:22:22: `99999999999999999999GiB` is not a size: the number is too large
  22 | memory             = "99999999999999999999GiB"
     |                      ^^^^^^^^^^^^^^^^^^^^^^^^^
  help: write a whole number and a unit (B, KiB, MiB, GiB), without a space"#;

    row_f33_a_count_of_zero: "endpoints/helpdesk.toml",
        "sessions_per_user  = 5" => "sessions_per_user  = 0",
        "policies/endpoints/helpdesk.toml:24:22: expected an integer from 1 to 4294967295
  24 | sessions_per_user  = 0
     |                      ^
  help: 0 never means unlimited; leave the key out for the default";

    row_f33_limits_that_contradict_each_other: "endpoints/helpdesk.toml",
        r#""5m""# => r#""1s""#,
        r#"policies/endpoints/helpdesk.toml:21:22: `cpu_per_command` is longer than `command_time`
  21 | cpu_per_command    = "5s"
     |                      ^^^^
  note: `command_time` is set at policies/endpoints/helpdesk.toml:20:22
  help: lower the one or raise the other: the longer could never be reached"#;

    a_quota_of_a_drive_that_is_only_read: "roles/log-reader.toml",
        r#"access = "read""# => r#"access = "read"
quota = "1MiB""#,
        r#"policies/roles/log-reader.toml:9:9: a drive that is only read needs no `quota`
  9 | quota = "1MiB"
    |         ^^^^^^
  help: remove it, or set `access = "write"`"#;

    a_drive_without_a_root: "roles/log-reader.toml",
        r#"root = "/var/log"
"# => "",
        r#"policies/roles/log-reader.toml:6:9: the drive has no `root`
  6 | [drives.Logs]
    |         ^^^^
  help: set `root = "/…"`, or `per_user = true` for the user's own drive"#;

    a_drive_with_two_roots: "roles/log-reader.toml",
        r#"access = "read""# => r#"per_user = true
access = "read""#,
        "policies/roles/log-reader.toml:8:12: a drive has either `root` or `per_user = true`
  8 | per_user = true
    |            ^^^^
  note: `root` is set at policies/roles/log-reader.toml:7:8
  help: remove one of them";

    row_f28_a_relative_root: "roles/log-reader.toml",
        r#""/var/log""# => r#""var/log""#,
        r#"policies/roles/log-reader.toml:7:8: the root `var/log` is not a plain absolute path
  7 | root = "var/log"
    |        ^^^^^^^^^
  help: write it out from `/`, without `.`, `..`, `~`, variables or placeholders"#;

    row_f28_a_root_with_a_placeholder: "roles/log-reader.toml",
        r#""/var/log""# => r#""/home/{user}""#,
        r#"policies/roles/log-reader.toml:7:8: the root `/home/{user}` is not a plain absolute path
  7 | root = "/home/{user}"
    |        ^^^^^^^^^^^^^^
  help: write it out from `/`, without `.`, `..`, `~`, variables or placeholders"#;

    row_f28_a_root_that_climbs: "roles/log-reader.toml",
        r#""/var/log""# => r#""/var/log/../lib""#,
        r#"policies/roles/log-reader.toml:7:8: the root `/var/log/../lib` is not a plain absolute path
  7 | root = "/var/log/../lib"
    |        ^^^^^^^^^^^^^^^^^
  help: write it out from `/`, without `.`, `..`, `~`, variables or placeholders"#;

    row_b16_a_root_in_a_tree_of_the_kernel: "roles/log-reader.toml",
        r#""/var/log""# => r#""/proc/self""#,
        r#"policies/roles/log-reader.toml:7:8: the root `/proc/self` is in or around `/proc`
  7 | root = "/proc/self"
    |        ^^^^^^^^^^^^
  help: choose a folder of ordinary files"#;

    row_f06_a_drive_twice_in_a_role: "roles/log-reader.toml",
        r#""The host's logs""# => r#""The host's logs"
[drives.LOGS]
root = "/var/log"
access = "read""#,
        "policies/roles/log-reader.toml:10:9: the drive `LOGS` stands twice in this role
  10 | [drives.LOGS]
     |         ^^^^
  note: first at policies/roles/log-reader.toml:6:9
  help: drive names are equal without case: rename one";

    one_drive_name_with_two_roots_for_one_user: "roles/settings-reader.toml",
        r#"root = "/etc""# => r#"root = "/etc/default""#,
        "policies/roles/settings-reader.toml:7:9: the drive `Etc` is not the same in the roles `account-reader` and `settings-reader`, which `alice` holds on `helpdesk`
  7 | [drives.Etc]
    |         ^^^
  note: the other is at policies/roles/account-reader.toml:5:9
  help: give both the same spelling, root and quota, or rename one";

    one_drive_name_with_two_quotas_for_one_user: "roles/notes-owner.toml",
        r#""50MiB""# => r#""1GiB""#,
        "policies/roles/notes-owner.toml:6:9: the drive `User` is not the same in the roles `notes` and `notes-owner`, which `alice` holds on `toolbox`
  6 | [drives.User]
    |         ^^^^
  note: the other is at policies/roles/notes.toml:5:9
  help: give both the same spelling, root and quota, or rename one";
}
