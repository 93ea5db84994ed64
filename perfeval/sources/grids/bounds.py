"""How much is read of one file: beyond these a file is refused with a clear message.

Together they bound what reading takes. A sheet is read as a stream, at some 20 MB of its markup a
second (a Word document at 5), and what stays in memory is the text of its cells: one to two minutes
and 2 GB for the worst file that passes all of them; a department's workbook takes milliseconds.
"""

from __future__ import annotations

MEGABYTE = 1_000_000

MOST_BYTES = 100 * MEGABYTE
"""Most bytes of a workbook or text on disk."""

MOST_INFLATED = 400 * MEGABYTE
"""Most bytes that the parts of a packed workbook may hold together once unpacked."""

MOST_RATIO = 250
"""Most times that a part may grow when it is unpacked; text of a million empty rows grows by 30."""

SMALL_PART = 10 * MEGABYTE
"""Parts below this size once unpacked may grow by any factor."""

MOST_PARTS = 10_000
"""Most parts in a packed workbook."""

MOST_SHEETS = 1_000
"""Most sheets in a workbook."""

MOST_TABLES = 10_000
"""Most tables in a document."""

MOST_NESTED = 20
"""Most tables of a document that may stand one inside the other."""

MOST_DEPTH = 1_000
"""Most elements of XML that may stand one inside the other."""

SHALLOW_PART = 2 * MEGABYTE
"""Parts below this size are too small for their depth to matter, and it is not counted."""

MOST_COLUMNS = 1_000
"""The column beyond which no text may stand (ALL)."""

MOST_CELLS = 5_000_000
"""Most cells that a file may hold, blank ones beside filled ones included."""

MOST_DOUBTS = 1_000
"""Most cells of a file of which it is kept why they cannot be read for certain."""

MOST_PAGES = 2_000
"""Most pages of a PDF."""

MOST_CHARACTERS = 500_000
"""Most characters in a PDF."""

MOST_PAGE_CHARACTERS = 100_000
"""Most characters on one page of a PDF."""

MOST_PAGE_RULES = 100_000
"""Most lines drawn on one page of a PDF."""

MOST_PAGE_EDGES = 4_000
"""Most lines on one page of a PDF once pieces of the same line are put together."""

MOST_OBJECTS = 3_000_000
"""Most drawings, and points in their outlines, in a PDF."""

PDF_SECONDS = 60
"""Most seconds that taking a PDF apart may take, of the processor and (twice that) of the clock."""

PDF_MEMORY = 1_000 * MEGABYTE
"""Most bytes of memory that taking a PDF apart may take, where the system can limit it."""
