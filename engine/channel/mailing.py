"""What regions' channels say about mails, written down where the cases' own code finds it."""

from __future__ import annotations

import logging

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.channel.files import settings_for
from engine.disclosure.mail_rules import keep_mail_rules
from engine.disclosure.models import DisclosureRegion
from engine.errors import DefinitionError
from engine.organisation.models import Region

log = logging.getLogger("alur.channel")


def keep_mail_times(session: Session) -> None:
    """The times of mails of every region that has keys, as its channel's file says now. One whose file cannot be used
    keeps what it had. The caller commits."""
    regions = select(Region.id, Region.key).join(DisclosureRegion, DisclosureRegion.region_id == Region.id)
    for region_id, key in session.execute(regions.order_by(Region.id)).all():
        try:
            rules = settings_for(key).mail
        except DefinitionError as fault:
            log.warning("region %s keeps its times for mails: %s", key, fault)
            continue
        if keep_mail_rules(session, region_id, rules):
            log.info("region %s has new times for mails", key)
