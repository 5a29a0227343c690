"""What people are told: the words of the field and the sentences of facts, in Chinese and in English."""
