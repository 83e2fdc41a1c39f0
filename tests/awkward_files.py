"""What happens to files of every kind, as the table in docs/guide/files.md.

python tests/awkward_files.py            # print the table
python tests/awkward_files.py --write    # put it into the page
"""

import sys
from pathlib import Path

from awkward import SECTIONS, table

PAGE = Path(__file__).parents[1] / "docs" / "guide" / "files.md"
START, END = "% awkward files: made by tests/awkward_files.py --write\n", "% end of awkward files\n"

if __name__ == "__main__":
    made = table(SECTIONS)
    if "--write" in sys.argv:
        text = PAGE.read_text(encoding="utf-8")
        before, after = text.index(START) + len(START), text.index(END)
        PAGE.write_text(f"{text[:before]}\n{made}\n{text[after:]}", encoding="utf-8")
    else:
        print(made)
