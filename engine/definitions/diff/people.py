"""Who is who: the roles of a case type and how each finds its people."""

from __future__ import annotations

from engine.definitions.diff.plain import plain
from engine.definitions.diff.standing import compare_separation, compare_substitution, compare_visibility
from engine.definitions.diff.uses import Uses
from engine.definitions.diff.values import ALARM, RULE, Comparison, both_keys, quoted
from engine.definitions.model import Role, Text


def compare_people(comparison: Comparison) -> None:
    """Roles, substitution, separation of duties, visibility."""
    _compare_roles(comparison)
    compare_substitution(comparison)
    compare_separation(comparison)
    compare_visibility(comparison)


def _compare_roles(comparison: Comparison) -> None:
    old, new = comparison.old.roles, comparison.new.roles
    for key in both_keys(old, new):
        before, after = old.get(key), new.get(key)
        states = comparison.using(Uses.role, key)
        words: dict[str, Text | str | int] = {"role": quoted((after or before).title)}  # type: ignore[union-attr]
        path = f"roles.{key}"
        if before is None or after is None:
            is_new = before is None
            comparison.add(
                "role_added" if is_new else "role_removed",
                RULE,
                path,
                "Peran baru {role}: {who}" if is_new else "Peran {role} dihapus",
                "New role {role}: {who}" if is_new else "Role {role} removed",
                words | {"who": who(comparison, after or before)},  # type: ignore[arg-type]
                states=states,
                old=before,
                new=after,
            )
            continue
        _compare_role(comparison, before, after, states)


def _compare_role(comparison: Comparison, before: Role, after: Role, states: frozenset[str]) -> None:
    words: dict[str, Text | str | int] = {"role": quoted(after.title)}
    path = f"roles.{after.key}"
    if (before.resolve, plain(before.options)) != (after.resolve, plain(after.options)):
        comparison.add(
            "permission_changed",
            ALARM,
            f"{path}.resolve",
            "Peran {role}: kini {new}, semula {old}",
            "Role {role}: now {new}, before {old}",
            words | {"old": who(comparison, before), "new": who(comparison, after)},
            states=states,
            old={before.resolve: before.options},
            new={after.resolve: after.options},
        )
    if before.is_external != after.is_external:
        comparison.add(
            "permission_changed",
            ALARM,
            f"{path}.external",
            "Peran {role} kini orang luar" if after.is_external else "Peran {role} kini pegawai",
            "Role {role} is now an outsider" if after.is_external else "Role {role} is now staff",
            words,
            states=states,
            old=before.is_external,
            new=after.is_external,
        )
    comparison.retitled(path, "Peran", "role", before.title, after.title)


def who(comparison: Comparison, role: Role) -> Text:
    """Whom a role finds, in words."""
    options = role.options
    if role.resolve == "initiator":
        return Text("pembuka kasus", "whoever opened the case")
    if role.resolve == "group":
        return Text(f"anggota kelompok '{options['group']}'", f"members of group '{options['group']}'")
    if role.resolve == "position":
        level = options.get("level")
        of = options.get("of") or "initiator.unit"
        return Text(
            f"pemegang jabatan '{options['position']}'" + (f" tingkat '{level}'" if level else "") + f" dari {of}",
            f"holder of post '{options['position']}'" + (f" at level '{level}'" if level else "") + f" of {of}",
        )
    if role.resolve == "superior_of":
        below = comparison.role(str(options.get("role")))
        return Text(f"atasan {below.id}", f"superior of {below.en}")
    if role.resolve == "case_role":
        many = Text("orang", "people") if options.get("cardinality") != "one" else Text("satu orang", "one person")
        group = options.get("group")
        return Text(
            f"{many.id} yang dipilih untuk kasus" + (f" dari kelompok '{group}'" if group else ""),
            f"{many.en} chosen for the case" + (f" from group '{group}'" if group else ""),
        )
    if role.resolve == "field":
        return Text(f"orang pada isian '{options.get('field')}'", f"the person in field '{options.get('field')}'")
    state = comparison.title(str(options.get("state")))
    return Text(f"pelaksana {state.id}", f"whoever did {state.en}")
