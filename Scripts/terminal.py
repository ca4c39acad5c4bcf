"""A program at a terminal of its own, as Scripts/prompt_latency.py and Scripts/interrupt_trial.py use it."""

import os
import pty
import select
import sys


class Terminal:
    """A program that believes it has a person before it."""

    def __init__(self, words, state, settings="/nonexistent"):
        self.process, self.file = pty.fork()
        if self.process == 0:
            surroundings = {"TERM": "xterm", "LANG": "C.UTF-8", "INPUTRC": "/dev/null", "XDG_STATE_HOME": state}
            surroundings["XDG_CONFIG_HOME"] = settings
            os.execve(words[0], words, surroundings)
        self.text = b""

    def type(self, text):
        os.write(self.file, text.encode())

    def expect(self, text):
        """Reads until `text` has come and returns what came before it; what came later is kept."""
        while text.encode() not in self.text:
            if not select.select([self.file], [], [], 60)[0]:
                sys.exit(f"waited for {text!r}, found {self.text[-2000:]!r}")
            self.text += os.read(self.file, 65536)
        before, _, self.text = self.text.partition(text.encode())
        return before

    def rest(self):
        """Drops what comes until a tenth of a second was quiet."""
        while select.select([self.file], [], [], 0.1)[0]:
            os.read(self.file, 65536)
        self.text = b""

    def close(self):
        os.write(self.file, b"\x04")
        os.close(self.file)
        os.waitpid(self.process, 0)
