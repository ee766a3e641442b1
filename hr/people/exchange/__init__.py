"""Whole personnel files out of one register and into another: a workbook with the files beside it."""
