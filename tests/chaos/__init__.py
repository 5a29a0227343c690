"""The kill matrix: whole lives of cases and batches while every process under them is killed, and a judge who checks the result."""
