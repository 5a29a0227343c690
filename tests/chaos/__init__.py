"""The kill matrix: whole lives of cases and batches while everything under them is killed, and a judge who counts afterwards."""
