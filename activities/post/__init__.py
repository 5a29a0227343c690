"""How notices and lists leave the house: what is due, and the ends of each channel."""
