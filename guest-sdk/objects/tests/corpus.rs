//! The fuzz corpus of the decoder of batches, replayed.
#![cfg(test)]

use bailiwick_objects::{Limits, decode, encode};

#[test]
fn row_d13_the_corpus_of_batches_holds() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fuzz/corpus/batches");
    let (mut taken, mut refused) = (0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        match decode(&bytes, &Limits::default()) {
            Ok(values) => {
                assert_eq!(encode(&values), bytes, "{}", path.display());
                taken += 1;
            }
            Err(_) => refused += 1,
        }
    }
    assert!(taken >= 12 && refused >= 8, "{taken} batches and {refused} others in {folder}");
}
