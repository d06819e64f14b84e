"""A simulated terminal: it shows the text that is written to it as a person sees it."""

import io


class Terminal(io.StringIO):
    """Rows of characters; a carriage return moves to the start of the last row."""

    encoding = "utf-8"

    def __init__(self, width=100):
        super().__init__()
        self.resize(width)

    def resize(self, width):
        """Set a new width, and begin with an empty screen."""
        self.width, self.rows, self.column, self.widest = width, [""], 0, 0

    def write(self, text):
        for character in text:
            if character == "\n":
                self.rows.append("")
                self.column = 0
            elif character == "\r":
                self.column = 0
            else:
                if self.column == self.width:  # a full row: the terminal begins a new one
                    self.rows.append("")
                    self.column = 0
                row = self.rows[-1]
                self.rows[-1] = row[: self.column] + character + row[self.column + 1 :]
                self.column += 1
                self.widest = max(self.widest, self.column)
        return super().write(text)

    def isatty(self):
        return True

    def fileno(self):
        return -1

    def shown(self):
        """Return the rows that are not empty."""
        return [row.rstrip() for row in self.rows if row.strip()]
