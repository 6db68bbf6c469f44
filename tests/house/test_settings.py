"""Settings come from the environment, each documented, each refused in one sentence when it cannot be used."""

from pathlib import Path

import pytest

from config import ROOT, read_settings, reference
from engine.errors import EnvironmentFault

STRONG = "k" * 40


def test_the_reference_page_of_settings_is_what_the_code_says() -> None:
    assert Path(ROOT, "docs/reference/settings.md").read_text(encoding="utf-8") == reference()


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"ALUR_ENV": "staging"}, "ALUR_ENV must be one of"),
        ({"ALUR_MAIL_PORT": "smtp"}, "ALUR_MAIL_PORT must be a whole number"),
        ({"ALUR_DEMO": "perhaps"}, "ALUR_DEMO must be 'true' or 'false'"),
        ({"ALUR_DATABASE_URL": "mysql://x"}, "ALUR_DATABASE_URL must begin with"),
        ({"ALUR_LANGUAGE": "nl"}, "ALUR_LANGUAGE must be 'id' or 'en'"),
        ({"ALUR_ENV": "production"}, "ALUR_SECRET_KEY must be at least 32"),
        ({"ALUR_ENV": "production", "ALUR_SECRET_KEY": "short"}, "ALUR_SECRET_KEY must be at least 32"),
        ({"ALUR_ENV": "production", "ALUR_SECRET_KEY": STRONG, "ALUR_DEMO": "true"}, "ALUR_DEMO must not be set"),
        ({"ALUR_ENV": "production", "ALUR_SECRET_KEY": STRONG, "FLASK_DEBUG": "1"}, "FLASK_DEBUG must not be set"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_in_one_sentence(environ: dict[str, str], sentence: str) -> None:
    with pytest.raises(EnvironmentFault, match=sentence) as fault:
        read_settings({"ALUR_SECRET_KEY": STRONG, **environ} if "ALUR_ENV" not in environ else environ)
    assert "\n" not in str(fault.value)


def test_a_plain_postgresql_address_is_understood() -> None:
    settings = read_settings({"ALUR_DATABASE_URL": "postgresql://alur@localhost/alur", "ALUR_SECRET_KEY": STRONG})
    assert settings.database_url == "postgresql+psycopg://alur@localhost/alur"


def test_cookies_are_for_https_when_people_come_by_https() -> None:
    assert read_settings({"ALUR_BASE_URL": "https://alur.example", "ALUR_SECRET_KEY": STRONG}).is_https
