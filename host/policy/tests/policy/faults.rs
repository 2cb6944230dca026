//! Faults of rules, drives and limits, each with its exact text; and what is told together.

use crate::support::{USERS, endpoint, faults, load};

#[test]
fn a_good_policy_has_no_faults() {
    assert_eq!(crate::support::faults_with("roles/ops.toml", "version = 1\n"), "");
}

#[test]
fn all_faults_of_all_files_are_told_at_once() {
    let faults = load(&[
        ("endpoints/a.toml", "version = 1\n[endpoint]\nlanguag = \"none\"\n[limits]\nmemory = \"5\"\n"),
        (
            "roles/ops.toml",
            "version = 1\n[[command]]\nname = \"Nope\"\n[drives.Logs]\nroot = \"logs\"\naccess = \"all\"\n",
        ),
        ("users.toml", "version = 1\n[users.alice]\n"),
    ])
    .unwrap_err();
    let first_lines: Vec<_> =
        faults.split("\n\n").filter_map(|fault| fault.lines().next()).map(str::to_owned).collect();
    assert_eq!(
        first_lines,
        [
            "endpoints/a.toml:3:1: unknown key `languag` in `[endpoint]`",
            "endpoints/a.toml:5:10: `5` is not a size: the unit is missing",
            "roles/ops.toml:3:8: there is no command `Nope`",
            "roles/ops.toml:5:8: the root `logs` is not a plain absolute path",
            "roles/ops.toml:6:10: `access` cannot be `all`",
            "users.toml:2:8: the user has no `id`",
        ]
    );
}

#[test]
fn one_drive_name_with_two_roots_for_one_user_names_both_places() {
    let drive = |root: &str| format!("version = 1\n[drives.Logs]\nroot = \"{root}\"\naccess = \"read\"\n");
    let roots = |first: &str, second: &str| {
        load(&[
            ("endpoints/svc-ops.toml", &endpoint(&["a", "b"])),
            ("roles/a.toml", &drive(first)),
            ("roles/b.toml", &drive(second)),
            ("users.toml", USERS),
        ])
    };
    assert_eq!(
        roots("/srv/logs", "/srv/other").unwrap_err(),
        "roles/b.toml:2:9: the drive `Logs` is not the same in the roles `a` and `b`, which `alice` holds on `svc-ops`
  2 | [drives.Logs]
    |         ^^^^
  note: the other is at roles/a.toml:2:9
  help: give both the same spelling, root and quota, or rename one"
    );
    assert!(roots("/srv/logs", "/srv/logs/").is_ok());
}

#[test]
fn unequal_drives_of_different_users_are_no_fault() {
    let drive = |root: &str| format!("version = 1\n[drives.Logs]\nroot = \"{root}\"\naccess = \"read\"\n");
    let endpoint =
        "version = 1\n[endpoint]\n[endpoint.roles]\n\"user:alice\" = [\"a\"]\n\"user:bob\" = [\"b\"]\n";
    let loaded = load(&[
        ("endpoints/svc-ops.toml", endpoint),
        ("roles/a.toml", &drive("/srv/logs")),
        ("roles/b.toml", &drive("/srv/other")),
        ("users.toml", USERS),
    ]);
    assert!(loaded.is_ok());
}

#[test]
fn a_missing_limit_gives_way_to_the_one_that_is_set() {
    let endpoint = "version = 1\n[endpoint]\n[endpoint.roles]\n\"user:alice\" = []\n[limits]\ncommand_time = \"2s\"\nidle_timeout = \"24h\"\n";
    let policy = load(&[("endpoints/a.toml", endpoint), ("users.toml", USERS)]).unwrap().policy;
    let alice = policy.subject("alice").unwrap();
    let limits = policy.authority("a", &alice).unwrap().endpoint().limits;
    assert_eq!(limits.cpu_per_command.as_secs(), 2);
    assert_eq!(limits.max_idle_timeout.as_secs(), 24 * 3_600);
}

#[test]
fn row_f13_a_role_that_nobody_is_given_is_pointed_out() {
    let loaded = load(&[
        ("endpoints/svc-ops.toml", &endpoint(&["ops"])),
        ("roles/ops.toml", "version = 1\n"),
        ("roles/spare.toml", "version = 1\n"),
        ("users.toml", USERS),
    ]);
    let lints: Vec<_> = loaded.unwrap().lints.iter().map(ToString::to_string).collect();
    assert_eq!(
        lints,
        [
            "roles/spare.toml: no endpoint gives this role to anyone\n  help: name it under `[endpoint.roles]` of an endpoint, or remove the file"
        ]
    );
}

#[test]
fn row_f40_a_missing_language_means_none() {
    let policy = load(&[
        ("endpoints/svc-ops.toml", &endpoint(&["ops"])),
        ("roles/ops.toml", "version = 1\n"),
        ("users.toml", USERS),
    ])
    .unwrap()
    .policy;
    let authority = policy.authority("svc-ops", &policy.subject("alice").unwrap()).unwrap();
    assert_eq!(authority.endpoint().language, bailiwick_policy::LanguageMode::No);
}

#[test]
fn row_f10_a_pattern_too_long_to_review_is_refused() {
    let role = |length| {
        let pattern = "a".repeat(length);
        let text = format!(
            "version = 1\n[[command]]\nname = \"Restart-Service\"\n[command.parameters]\nName = {{ pattern = '{pattern}' }}\n"
        );
        crate::support::faults_with("roles/ops.toml", &text)
    };
    assert_eq!(role(1_000), "");
    assert!(
        role(1_001)
            .starts_with("roles/ops.toml:5:20: the pattern is invalid: it is longer than 1000 characters")
    );
}

#[test]
fn one_broken_file_is_not_told_again_by_the_files_that_name_it() {
    let faults = load(&[
        ("endpoints/svc-ops.toml", "version = 1\n[endpoint]\n[endpoint.roles]\n\"user:alice\" = [\"ops\"]\n"),
        ("roles/ops.toml", "version = 1\n[[command]\n"),
        ("users.toml", "version = 1\n[users.alice\n"),
    ])
    .unwrap_err();
    let first_lines: Vec<_> =
        faults.split("\n\n").filter_map(|fault| fault.lines().next()).map(str::to_owned).collect();
    assert_eq!(
        first_lines,
        [
            "roles/ops.toml:2:11: not TOML: unclosed array table, expected `]`",
            "users.toml:2:13: not TOML: unclosed table, expected `]`",
        ]
    );
}

faults! {
    row_f08_a_pattern_that_does_not_compile: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Name = { pattern = '[a-' }
"# => "roles/ops.toml:5:20: the pattern is invalid: unclosed character class
  5 | Name = { pattern = '[a-' }
    |                    ^^^^^
  help: patterns are regular expressions in the syntax of the Rust crate `regex`";

    row_f08_a_pattern_that_compiles_only_in_a_group: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Name = { pattern = 'a)|(b' }
"# => "roles/ops.toml:5:20: the pattern is invalid: unopened group
  5 | Name = { pattern = 'a)|(b' }
    |                    ^^^^^^^
  help: patterns are regular expressions in the syntax of the Rust crate `regex`";

    row_f08_look_around_is_not_supported: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Name = { pattern = '(?!a)b' }
"# => "roles/ops.toml:5:20: the pattern is invalid: look-around, including look-ahead and look-behind, is not supported
  5 | Name = { pattern = '(?!a)b' }
    |                    ^^^^^^^^
  help: patterns are regular expressions in the syntax of the Rust crate `regex`";

    row_f08_back_references_are_not_supported: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Name = { pattern = '(a)\1' }
"# => r"roles/ops.toml:5:20: the pattern is invalid: backreferences are not supported
  5 | Name = { pattern = '(a)\1' }
    |                    ^^^^^^^
  help: patterns are regular expressions in the syntax of the Rust crate `regex`";

    row_f10_a_pattern_too_large_once_compiled: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Name = { pattern = '(?:a{1000}){1000}' }
"# => "roles/ops.toml:5:20: the pattern is invalid: it is too large once compiled
  5 | Name = { pattern = '(?:a{1000}){1000}' }
    |                    ^^^^^^^^^^^^^^^^^^^
  help: patterns are regular expressions in the syntax of the Rust crate `regex`";

    row_f14_a_closed_list_and_a_pattern_exclude_each_other: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Name = { one_of = ["a"], pattern = 'a' }
"# => r#"roles/ops.toml:5:19: `one_of` and `pattern` cannot stand in one rule
  5 | Name = { one_of = ["a"], pattern = 'a' }
    |                   ^^^^^
  note: `pattern` is set at roles/ops.toml:5:36
  help: a closed list says everything: keep one of them"#;

    row_f28_a_root_is_absolute: "roles/ops.toml", r#"version = 1
[drives.Logs]
root = "srv/logs"
access = "read"
"# => r#"roles/ops.toml:3:8: the root `srv/logs` is not a plain absolute path
  3 | root = "srv/logs"
    |        ^^^^^^^^^^
  help: write it out from `/`, without `.`, `..`, `~`, variables or placeholders"#;

    row_f28_a_root_has_no_placeholders: "roles/ops.toml", r#"version = 1
[drives.Logs]
root = "/home/$USER"
access = "read"
"# => r#"roles/ops.toml:3:8: the root `/home/$USER` is not a plain absolute path
  3 | root = "/home/$USER"
    |        ^^^^^^^^^^^^^
  help: write it out from `/`, without `.`, `..`, `~`, variables or placeholders"#;

    row_f28_a_root_does_not_climb: "roles/ops.toml", r#"version = 1
[drives.Logs]
root = "/srv/../etc"
access = "read"
"# => r#"roles/ops.toml:3:8: the root `/srv/../etc` is not a plain absolute path
  3 | root = "/srv/../etc"
    |        ^^^^^^^^^^^^^
  help: write it out from `/`, without `.`, `..`, `~`, variables or placeholders"#;

    row_b16_a_root_is_not_in_a_tree_of_the_kernel: "roles/ops.toml", r#"version = 1
[drives.Logs]
root = "/proc/self"
access = "read"
"# => r#"roles/ops.toml:3:8: the root `/proc/self` is in or around `/proc`
  3 | root = "/proc/self"
    |        ^^^^^^^^^^^^
  help: choose a folder of ordinary files"#;

    row_b16_a_root_is_not_around_a_tree_of_the_kernel: "roles/ops.toml", r#"version = 1
[drives.Logs]
root = "/"
access = "read"
"# => r#"roles/ops.toml:3:8: the root `/` is in or around `/proc`
  3 | root = "/"
    |        ^^^
  help: choose a folder of ordinary files"#;

    a_drive_needs_a_root: "roles/ops.toml", r#"version = 1
[drives.Logs]
access = "read"
"# => r#"roles/ops.toml:2:9: the drive has no `root`
  2 | [drives.Logs]
    |         ^^^^
  help: set `root = "/…"`, or `per_user = true` for the user's own drive"#;

    a_drive_has_one_root: "roles/ops.toml", r#"version = 1
[drives.Logs]
root = "/srv/logs"
per_user = true
access = "read"
"# => "roles/ops.toml:4:12: a drive has either `root` or `per_user = true`
  4 | per_user = true
    |            ^^^^
  note: `root` is set at roles/ops.toml:3:8
  help: remove one of them";

    a_drive_that_is_only_read_needs_no_quota: "roles/ops.toml", r#"version = 1
[drives.Logs]
root = "/srv/logs"
access = "read"
quota = "5MiB"
"# => r#"roles/ops.toml:5:9: a drive that is only read needs no `quota`
  5 | quota = "5MiB"
    |         ^^^^^^
  help: remove it, or set `access = "write"`"#;

    row_f33_a_limit_of_zero: "endpoints/svc-ops.toml", r#"version = 1
[endpoint]
[limits]
idle_timeout = "0s"
"# => r#"endpoints/svc-ops.toml:4:16: `0s` is not a duration: 0 never means unlimited
  4 | idle_timeout = "0s"
    |                ^^^^
  help: write a whole number and a unit (ms, s, m, h, d), without a space"#;

    row_f33_a_limit_without_a_unit: "endpoints/svc-ops.toml", r#"version = 1
[endpoint]
[limits]
memory = "5"
"# => r#"endpoints/svc-ops.toml:4:10: `5` is not a size: the unit is missing
  4 | memory = "5"
    |          ^^^
  help: write a whole number and a unit (B, KiB, MiB, GiB), without a space"#;

    row_f33_a_limit_in_an_unknown_unit: "endpoints/svc-ops.toml", r#"version = 1
[endpoint]
[limits]
memory = "5MB"
"# => r#"endpoints/svc-ops.toml:4:10: `5MB` is not a size: the unit is unknown
  4 | memory = "5MB"
    |          ^^^^^
  help: write a whole number and a unit (B, KiB, MiB, GiB), without a space"#;

    row_f33_a_limit_that_is_a_number: "endpoints/svc-ops.toml", "version = 1
[endpoint]
[limits]
memory = 5
" => "endpoints/svc-ops.toml:4:10: expected a string, found an integer
  4 | memory = 5
    |          ^";

    row_f33_a_negative_limit: "endpoints/svc-ops.toml", r#"version = 1
[endpoint]
[limits]
command_time = "-5s"
"# => r#"endpoints/svc-ops.toml:4:16: `-5s` is not a duration: the number is missing
  4 | command_time = "-5s"
    |                ^^^^^
  help: write a whole number and a unit (ms, s, m, h, d), without a space"#;

    row_f33_a_limit_beyond_measure: "endpoints/svc-ops.toml", r#"version = 1
[endpoint]
[limits]
memory = "1000000000000000000000000000000GiB"
"# => r#"endpoints/svc-ops.toml:4:10: `1000000000000000000000000000000GiB` is not a size: the number is too large
  4 | memory = "1000000000000000000000000000000GiB"
    |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  help: write a whole number and a unit (B, KiB, MiB, GiB), without a space"#;

    row_f33_a_count_of_zero: "endpoints/svc-ops.toml", "version = 1
[endpoint]
[limits]
sessions_per_user = 0
" => "endpoints/svc-ops.toml:4:21: expected an integer from 1 to 4294967295
  4 | sessions_per_user = 0
    |                     ^
  help: 0 never means unlimited; leave the key out for the default";

    row_f33_limits_that_contradict_each_other: "endpoints/svc-ops.toml", r#"version = 1
[endpoint]
[limits]
idle_timeout = "2h"
max_idle_timeout = "1h"
"# => r#"endpoints/svc-ops.toml:4:16: `idle_timeout` is longer than `max_idle_timeout`
  4 | idle_timeout = "2h"
    |                ^^^^
  note: `max_idle_timeout` is set at endpoints/svc-ops.toml:5:20
  help: lower the one or raise the other: the longer could never be reached"#;

    a_selector_is_of_a_user_or_a_group: "endpoints/svc-ops.toml", r#"version = 1
[endpoint]
[endpoint.roles]
"alice" = ["ops"]
"# => r#"endpoints/svc-ops.toml:4:1: roles are given to `user:NAME` or `group:NAME`
  4 | "alice" = ["ops"]
    | ^^^^^^^
  help: write for example "group:helpdesk" = ["log-reader"]"#;

    a_fingerprint_is_of_32_bytes: "users.toml", r#"version = 1
[users.alice]
id = "a"
certificates = ["spki-sha256:AAAA"]
"# => r#"users.toml:4:17: `spki-sha256:AAAA` is not a certificate's fingerprint
  4 | certificates = ["spki-sha256:AAAA"]
    |                 ^^^^^^^^^^^^^^^^^^
  help: write "spki-sha256:" and the base64 of 32 bytes, as `bailiwick key` prints it"#;

    a_range_is_not_inverted: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Name = "any"
Count = { range = "9..1" }
"# => r#"roles/ops.toml:6:19: `range` is inverted: 9 is more than 1
  6 | Count = { range = "9..1" }
    |                   ^^^^^^
  help: write two whole numbers, both included, for example "1..100""#;

    a_range_has_two_plain_ends: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Name = "any"
Count = { range = "1..1e3" }
"# => r#"roles/ops.toml:6:19: `range` is not of the form "LOW..HIGH"
  6 | Count = { range = "1..1e3" }
    |                   ^^^^^^^^
  help: write two whole numbers, both included, for example "1..100""#;

    a_range_rules_numbers: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Name = { range = "1..9" }
"# => r#"roles/ops.toml:5:18: `range` cannot rule the parameter `Name`
  5 | Name = { range = "1..9" }
    |                  ^^^^^^
  help: `range` is for parameters that take numbers"#;

    a_pattern_rules_text: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Name = "any"
Force = { pattern = 'x' }
"# => "roles/ops.toml:6:21: `pattern` cannot rule the parameter `Force`
  6 | Force = { pattern = 'x' }
    |                     ^^^
  help: `pattern` is for parameters that take text";

    a_range_on_a_double_is_exact: "roles/ops.toml", r#"version = 1
[[command]]
name = "Restart-Service"
[command.parameters]
Name = "any"
Ratio = { range = "0..9007199254740993" }
"# => r#"roles/ops.toml:6:19: the parameter `Ratio` cannot hold these bounds exactly
  6 | Ratio = { range = "0..9007199254740993" }
    |                   ^^^^^^^^^^^^^^^^^^^^^
  help: stay between -9007199254740992 and 9007199254740992"#;
}
