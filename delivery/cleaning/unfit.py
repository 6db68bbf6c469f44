"""Why a file cannot be taken, as the confined process says it: a word, which ``outcome.REFUSALS`` puts in sentences."""


class Unfit(Exception):
    """The file stays outside; ``code`` is a key of ``outcome.REFUSALS``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
