"""A record's digest says whether a reader would see another run."""

from dataclasses import replace

from pipeline.tracking.records.run_record import run_record


def record_of(make_pairs):
    return run_record(*make_pairs(1, 1)[0], "7")


def test_equal_content_has_an_equal_digest_and_anything_seen_changes_it(make_pairs):
    record = record_of(make_pairs)
    assert record_of(make_pairs).digest == record.digest
    for change in (
        {"name": "x"},
        {"status": "FAILED"},
        {"params": {}},
        {"tags": {}},
        {"metrics": record.metrics[1:]},
        {"dataset": None},
        {"end": 0},
    ):
        assert replace(record, **change).digest != record.digest
