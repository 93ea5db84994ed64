"""A department's own workbook again, with findings at the very cells and nothing else changed.

The file's parts are edited where they must be, byte by byte, and every other part is taken over as
it is: a library that loads a workbook and saves it again loses what it does not know (pictures,
charts, validations).

    marks      which cells, what is said there
    xml        places of elements in bytes, and edits at these places
    sheet      cells get their style, the sheet its drawing of comments
    styles     a cell's style again, with another fill
    comments   the comments, and the shapes that show them
    package    the parts together
"""
