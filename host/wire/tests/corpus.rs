//! The fuzz corpus of the frame decoder, replayed.
#![cfg(test)]

#[test]
fn row_e17_the_corpus_of_frames_holds() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fuzz/corpus/frames");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        bailiwick_wire::fuzzing::frames(&std::fs::read(entry.unwrap().path()).unwrap());
        count += 1;
    }
    assert!(count >= 8, "only {count} inputs in {folder}");
}
