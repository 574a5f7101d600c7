"""What a verdict of the verifier means, in a sentence for whoever asked.

What it found, line by line, the verifier says itself, in English alone: so two readers anywhere compare one text, and
the file inside a package needs nothing beside it.
"""

from corroborate.translation import Sentence

MEANS = {
    "valid": Sentence("Every file is as it was packed, and every record was sealed and witnessed as the policy asks."),
    "invalid": Sentence("Something does not fit. Do not rely on this copy; ask for another one."),
    "incomplete": Sentence("What is here fits, and something is missing, as is said below."),
}
