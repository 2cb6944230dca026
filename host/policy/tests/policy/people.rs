//! Users, credentials, and who holds what.

use bailiwick_policy::{IdentityError, Policy, UserId};

use crate::support::{USERS, load, load_roles};

const KEY_A: &str = "spki-sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

fn with_users(users: &str) -> Result<Policy, String> {
    let endpoint = "version = 1\n[endpoint]\n[endpoint.roles]\n\"group:ops\" = []\n";
    load(&[("endpoints/a.toml", endpoint), ("users.toml", users)]).map(|loaded| loaded.policy)
}

#[test]
fn a_certificate_is_one_users() {
    let policy =
        with_users(&format!("version = 1\n[users.alice]\nid = \"a\"\ncertificates = [\"{KEY_A}\"]\n"))
            .unwrap();
    assert_eq!(&*policy.subject_of_certificate(&[0; 32]).unwrap().user, "alice");
    assert_eq!(policy.subject_of_certificate(&[1; 32]), Err(IdentityError::Unknown));
}

#[test]
fn a_certificate_of_two_users_is_a_fault_that_names_both() {
    let users = format!(
        "version = 1\n[users.alice]\nid = \"a\"\ncertificates = [\"{KEY_A}\"]\n[users.bob]\nid = \"b\"\ncertificates = [\"{KEY_A}\"]\n"
    );
    let faults = with_users(&users).unwrap_err();
    assert!(
        faults.starts_with("users.toml:7:17: the certificate maps to two users, `alice` and `bob`"),
        "{faults}"
    );
    assert!(faults.contains("note: `alice` has it at users.toml:4:17"), "{faults}");
}

#[test]
fn row_b24_two_users_never_share_an_id() {
    let faults = with_users("version = 1\n[users.alice]\nid = \"x\"\n[users.bob]\nid = \"x\"\n").unwrap_err();
    assert!(
        faults.starts_with("users.toml:5:6: the id `x` belongs to two users, `alice` and `bob`"),
        "{faults}"
    );
}

#[test]
fn row_b24_an_id_can_name_a_folder_and_nothing_else() {
    for text in ["../bob", "a/b", ".", "..", "-rf", "alice\n", "Alice", "", "a b", "é", "a\0"] {
        assert_eq!(UserId::parse(text), None, "{text:?}");
    }
    assert!(UserId::parse(&"a".repeat(65)).is_none());
    for text in ["a", "alice-1f0c", "0", &"a".repeat(64)] {
        assert_eq!(UserId::parse(text).unwrap().as_str(), text);
    }
}

#[test]
fn row_f19_a_user_name_has_one_form() {
    for name in
        ["Alice", "ALICE", "DOMAIN\\\\alice", "alice@realm", "#0", "%grp", "-1", "a b", "", "0", "аlice"]
    {
        let users = format!("version = 1\n[users.\"{name}\"]\nid = \"a\"\n");
        let faults = with_users(&users).unwrap_err();
        assert!(faults.contains("is not a user name"), "{name}: {faults}");
    }
    for name in ["alice", "_svc", "a.b-c_d", "a1"] {
        let policy = with_users(&format!("version = 1\n[users.\"{name}\"]\nid = \"a\"\n")).unwrap();
        assert!(policy.subject(name).is_some(), "{name}");
        assert!(
            policy.subject(&name.to_uppercase()).is_none() || name == "_svc" && name.to_uppercase() == name
        );
    }
}

#[test]
fn a_user_without_an_id_is_a_fault() {
    let faults = with_users("version = 1\n[users.alice]\ngroups = [\"ops\"]\n").unwrap_err();
    assert!(faults.starts_with("users.toml:2:8: the user has no `id`"), "{faults}");
}

#[test]
fn roles_come_in_the_order_of_the_file_each_once() {
    let endpoint = "version = 1\n[endpoint]\n[endpoint.roles]\n\"user:carol\" = [\"b\"]\n\"group:ops\" = [\"c\", \"b\", \"a\"]\n\"group:extra\" = [\"d\"]\n";
    let role = "version = 1\n";
    let policy = load(&[
        ("endpoints/e.toml", endpoint),
        ("roles/a.toml", role),
        ("roles/b.toml", role),
        ("roles/c.toml", role),
        ("roles/d.toml", role),
        ("users.toml", USERS),
    ])
    .unwrap()
    .policy;
    let roles = |user: &str| {
        let subject = policy.subject(user).unwrap();
        let authority = policy.authority("e", &subject);
        authority.map(|authority| authority.roles().iter().map(|role| role.to_string()).collect::<Vec<_>>())
    };
    assert_eq!(roles("carol").unwrap(), ["b", "c", "a", "d"]);
    assert_eq!(roles("alice").unwrap(), ["c", "b", "a"]);
    assert_eq!(roles("dave"), None);
}

#[test]
fn row_f18_a_group_named_like_a_user_is_not_that_user() {
    let endpoint = "version = 1\n[endpoint]\n[endpoint.roles]\n\"group:alice\" = []\n";
    let loaded = load(&[("endpoints/e.toml", endpoint), ("users.toml", USERS)]).unwrap();
    assert!(loaded.policy.authority("e", &loaded.policy.subject("alice").unwrap()).is_none());
    assert!(loaded.lints[0].to_string().contains("no user is in the group `alice`"));
}

#[test]
fn the_digest_tells_policies_apart() {
    let digest = |role: &str| load_roles(&[("ops", role)]).unwrap().policy.digest().to_owned();
    let bare = digest("");
    assert_eq!(bare.len(), 64);
    assert_eq!(bare, digest(""));
    assert_ne!(bare, digest("# a comment\n"));
}
