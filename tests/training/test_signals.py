"""Signals raise exceptions that cross processes, and a forked process has none of our handlers."""

import pickle
import signal
from contextlib import closing

import pytest

from minddpg.training import lock, signals
from minddpg.training.lock import Lock
from minddpg.training.signals import HANGUP, Handlers, Terminated, as_exception

SIGNALS = [signum for signum in (signal.SIGINT, signal.SIGTERM, HANGUP) if signum is not None]


def test_a_signal_s_exception_crosses_processes_whole():
    """A terminated worker of a study sends it to the parent."""
    for signum in SIGNALS[1:]:
        found = pickle.loads(pickle.dumps(as_exception(signum, "stopped after step 7")))
        assert (type(found), found.code) == (Terminated, 128 + signum)
        assert str(found) == "stopped after step 7"
    assert isinstance(as_exception(signal.SIGINT, "x"), KeyboardInterrupt)


def test_handlers_are_installed_inside_the_block_only_and_an_ignored_hangup_stays_ignored():
    before = [signal.getsignal(signum) for signum in SIGNALS]
    with Handlers():
        for signum in SIGNALS:
            with pytest.raises((KeyboardInterrupt, Terminated), match="interrupted"):
                signal.raise_signal(signum)
    assert [signal.getsignal(signum) for signum in SIGNALS] == before
    if HANGUP is not None:
        signal.signal(HANGUP, signal.SIG_IGN)  # as nohup does
        try:
            with Handlers():
                signal.raise_signal(HANGUP)
            assert signal.getsignal(HANGUP) == signal.SIG_IGN
        finally:
            signal.signal(HANGUP, before[-1])


@pytest.mark.posix
def test_a_forked_process_has_the_handlers_of_before_and_no_lock(tmp_path):
    """The test calls in this process what os.fork calls in the child."""
    before = [signal.getsignal(signum) for signum in SIGNALS]
    with closing(Lock(tmp_path)), Handlers(), Handlers():
        signals._put_all_back()
        assert [signal.getsignal(signum) for signum in SIGNALS] == before
        lock._close_locks()
        Lock(tmp_path).close()
    assert [signal.getsignal(signum) for signum in SIGNALS] == before
