"""Reads the log of inspect_ai argv[1] with inspect_ai. Exit code 77 says that it is missing."""
import sys

try:
    from inspect_ai.log import read_eval_log, read_eval_log_sample
except ImportError as missing:
    print(missing)
    sys.exit(77)

log = read_eval_log(sys.argv[1])
head = read_eval_log(sys.argv[1], header_only=True)
assert head.samples is None and head.results.total_samples == len(log.samples) == head.eval.dataset.samples
for sample in log.samples:
    assert sample.error or sample.messages[0].role == "user"
    assert read_eval_log_sample(sys.argv[1], id=sample.id, epoch=sample.epoch).uuid == sample.uuid
texts = sum(len(m.text) for s in log.samples for m in s.messages)
print(f"{len(log.samples)} samples, {texts} characters, status {log.status}")
