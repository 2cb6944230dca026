//! Users: one fault each, in the shipped policies.

use crate::doors::policy_faults;

policy_faults! {
    row_f19_a_user_in_no_form_of_a_name: "users.toml",
        "[users.bob]" => "[users.Bob]",
        "policies/users.toml:10:8: `Bob` is not a user name
  10 | [users.Bob]
     |        ^^^
  help: use 1 to 64 lower-case ASCII letters, digits, `.`, `_` and `-`, a letter or `_` first";

    row_b24_a_user_without_an_id: "users.toml",
        r#"id = "bob-93aa"
"# => "",
        "policies/users.toml:10:8: the user has no `id`
  10 | [users.bob]
     |        ^^^
  help: set `id` to a name that is never given to anyone else: it names the user's own drive";

    row_b24_an_id_that_is_a_path: "users.toml",
        r#""bob-93aa""# => r#""../alice-1f0c""#,
        r#"policies/users.toml:11:6: `../alice-1f0c` is not a user id
  11 | id = "../alice-1f0c"
     |      ^^^^^^^^^^^^^^^
  help: use 1 to 64 lower-case ASCII letters, digits and hyphens, no hyphen first"#;

    row_b24_an_id_of_two_users: "users.toml",
        r#""bob-93aa""# => r#""alice-1f0c""#,
        r#"policies/users.toml:11:6: the id `alice-1f0c` belongs to two users, `alice` and `bob`
  11 | id = "alice-1f0c"
     |      ^^^^^^^^^^^^
  note: `alice` has it at policies/users.toml:6:6
  help: give each user an id of its own: it names the user's own drive"#;

    a_certificate_that_is_no_fingerprint: "users.toml",
        "certificates = []            #" => r#"certificates = ["bob"]       #"#,
        r#"policies/users.toml:8:17: `bob` is not a certificate's fingerprint
  8 | certificates = ["bob"]       # replaced by the line that `bailiwick key user alice` prints
    |                 ^^^^^
  help: write "spki-sha256:" and the base64 of 32 bytes, as `bailiwick key` prints it"#;

    a_certificate_of_two_users: "users.toml",
        r#"certificates = []            # replaced by the line that `bailiwick key user alice` prints

[users.bob]
id = "bob-93aa"
groups = ["helpdesk"]
certificates = []"# => r#"certificates = ["spki-sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]

[users.bob]
id = "bob-93aa"
groups = ["helpdesk"]
certificates = ["spki-sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]"#,
        r#"policies/users.toml:13:17: the certificate maps to two users, `alice` and `bob`
  13 | certificates = ["spki-sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
     |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  note: `alice` has it at policies/users.toml:8:17
  help: keep it with one user: a credential must say who someone is"#;
}
