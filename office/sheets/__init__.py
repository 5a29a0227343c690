"""The 台账 as an .xlsx file: read where it can do no harm, imported, written."""
