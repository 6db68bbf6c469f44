"""Administration forms in the language of the page: WTForms' own sentences are replaced by ours."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField
from wtforms.meta import DefaultMeta

# What WTForms says (the plural where there are two) -> what a person reads here.
SAID = {
    "Not a valid date value.": _l("This is not a date. Write it as 2026-12-31."),
    "Not a valid time value.": _l("This is not a time. Write it as 18:00."),
    "Not a valid integer value.": _l("This is not a whole number."),
    "Not a valid choice.": _l("This is not one of the choices."),
    "Invalid Choice: could not coerce.": _l("This is not one of the choices."),
    "Field cannot be longer than %(max)d characters.": _l("At most %(max)d characters fit here."),
    "Number must be at least %(min)s.": _l("The number is at least %(min)s."),
    "Number must be between %(min)s and %(max)s.": _l("The number is between %(min)s and %(max)s."),
}


def _without_controls(typed: Any) -> Any:
    return "".join(sign for sign in typed if ord(sign) >= 32) if isinstance(typed, str) else typed


class PageWords:
    """What WTForms asks for its translations."""

    def gettext(self, said: str) -> str:
        return str(SAID.get(said, said))

    def ngettext(self, one: str, several: str, count: int) -> str:
        return str(SAID.get(several, one if count == 1 else several))


class AdminForm(Form):
    """What every form of the administration is; forgery protection is that of all pages."""

    class Meta(DefaultMeta):
        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            """Typed lines lose signs that are none: no keyboard types them, and no database keeps them all."""
            if issubclass(unbound_field.field_class, StringField):
                options = {**options, "filters": (_without_controls,)}
            return unbound_field.bind(form=form, **options)

        def get_translations(self, form: Any) -> PageWords:  # noqa: ARG002
            return PageWords()
