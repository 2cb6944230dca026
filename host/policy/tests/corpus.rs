//! The fuzz corpus of policy files, replayed.
#![cfg(test)]

#[path = "../../../tests/fuzz/fuzz_targets/input/policies.rs"]
mod input;

/// The inputs that are policies; all others have faults.
const WHOLE: [&str; 3] = ["any", "whole", "write-drive"];

#[test]
fn row_f38_the_corpus_of_policies_holds() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fuzz/corpus/policies");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_policy = input::policies(&std::fs::read_to_string(&path).unwrap());
        assert_eq!(is_policy, WHOLE.contains(&name), "{name}");
        count += 1;
    }
    assert!(count >= 12, "only {count} inputs in {folder}");
}
