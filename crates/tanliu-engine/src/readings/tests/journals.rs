//! The journal: what was answered for is found again, what was not is not.

use super::*;
use crate::readings::journal::{Frame, Journal};

fn frame(number: i64) -> Frame {
    Frame {
        batch: batch(number, number * 10),
        meters: vec![(Arc::from("甲表"), Arc::from("kWh")), (Arc::from("乙表"), Arc::from("m3"))],
        rows: vec![(0, quarter("2024-01-31T00:00"), 1.5), (1, quarter("1969-12-31T23:45"), -0.0)],
    }
}

fn written(folder: &TempDir, count: i64) -> PathBuf {
    let (mut journal, _) = Journal::open(folder.path()).unwrap();
    (1..=count).for_each(|number| journal.append(&frame(number), &calm).unwrap());
    folder.path().join("00000001.journal")
}

#[test]
fn frames_are_read_as_they_were_written() {
    let folder = tempfile::tempdir().unwrap();
    written(&folder, 3);
    let (_, frames) = Journal::open(folder.path()).unwrap();
    assert_eq!(frames, [frame(1), frame(2), frame(3)]);
}

#[test]
fn an_end_torn_at_any_byte_is_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(&folder, 2);
    let whole = std::fs::read(&path).unwrap();
    let half = whole.len() / 2;
    for length in half..whole.len() {
        std::fs::write(&path, &whole[..length]).unwrap();
        let (_, frames) = Journal::open(folder.path()).unwrap();
        assert_eq!(frames, [frame(1)], "{length} bytes");
        assert_eq!(std::fs::read(&path).unwrap().len(), half);
    }
    // As long as it should be, but not all of it came onto the disk.
    let mut holes = whole.clone();
    holes[half + 40..].fill(0);
    std::fs::write(&path, &holes).unwrap();
    assert_eq!(Journal::open(folder.path()).unwrap().1, [frame(1)]);
}

#[test]
fn damage_before_whole_frames_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(&folder, 2);
    let whole = std::fs::read(&path).unwrap();
    for at in 0..whole.len() / 2 {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        std::fs::write(&path, &damaged).unwrap();
        let error = Journal::open(folder.path()).unwrap_err();
        assert!(matches!(error, ReadingError::Journal { at: 0, .. }), "{at}: {error}");
        assert_eq!(std::fs::read(&path).unwrap(), damaged);
    }
}

#[test]
fn a_failed_write_is_as_if_it_had_never_been() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, _) = Journal::open(folder.path()).unwrap();
    let full = |step| match step {
        Step::JournalWritten => Err(ReadingError::Failed("no space".to_owned())),
        _ => Ok(()),
    };
    journal.append(&frame(1), &calm).unwrap();
    assert!(journal.append(&frame(2), &full).is_err());
    journal.append(&frame(3), &calm).unwrap();
    drop(journal);
    assert_eq!(Journal::open(folder.path()).unwrap().1, [frame(1), frame(3)]);
}

#[test]
fn one_process_at_a_time_has_it_open_and_ended_files_are_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, _) = Journal::open(folder.path()).unwrap();
    assert!(Journal::open(folder.path()).is_err());
    journal.append(&frame(1), &calm).unwrap();
    let ended = journal.turn();
    journal.append(&frame(2), &calm).unwrap();
    journal.forget(ended, &calm).unwrap();
    drop(journal);
    assert_eq!(Journal::open(folder.path()).unwrap().1, [frame(2)]);
}
