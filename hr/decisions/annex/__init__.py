"""The people of a decision, from an annex: text pasted out of Word or Excel, or a workbook.

`reader` makes lines of it, `matching` says whom each line means; both are pure. `queries` brings the
people in reach, and is what the screens call.
"""
