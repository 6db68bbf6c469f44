"""Does an expression make sense: known names, fitting types, no empty value where one must be calculated with."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from engine.definitions.environment import Environment, NotKnown
from engine.definitions.expression_rules import (
    NOTHING_KNOWN,
    Known,
    common_type,
    filled_by,
    kind_title,
    literal_type,
    matching_signature,
    result_of,
)
from engine.definitions.expression_syntax import ExpressionFinding
from engine.definitions.expression_tree import (
    Arithmetic,
    Call,
    Comparison,
    Junction,
    Listed,
    Literal,
    Negative,
    Node,
    Not,
    Path,
)
from engine.definitions.expression_types import (
    BOOLEAN,
    NUMBERS,
    ORDERED,
    UNKNOWN,
    Type,
    fits,
    list_of,
)
from engine.definitions.model import Text
from engine.definitions.vocabulary_protocol import Signature, Slot


class Checker:
    """Walks a tree once, writes the type to every node and collects findings."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.findings: list[ExpressionFinding] = []
        self.names: set[str] = set()

    def report(self, code: str, offset: int, indonesian: str, english: str, suggestion: str | None = None) -> None:
        self.findings.append(ExpressionFinding(code, offset, Text(indonesian, english), suggestion))

    def _wrong_kind(self, node: Node, indonesian: str, english: str) -> None:
        """WF053 at ``node``, with its kind in place of {}."""
        title = kind_title(node.type.kind)
        self.report("WF053", node.offset, indonesian.format(title.id), english.format(title.en))

    def check(self, node: Node, known: Known = NOTHING_KNOWN) -> Type:
        """The type of ``node`` where the paths in ``known`` are certainly filled."""
        match node:
            case Literal():
                node.type = literal_type(node.value)
            case Path():
                node.type = self._path(node, known)
            case Junction():
                node.type = self._junction(node, known)
            case Not():
                self._boolean(node.part, known)
                node.type = BOOLEAN
            case Comparison():
                node.type = self._comparison(node, known)
            case Arithmetic():
                node.type = self._arithmetic(node, known)
            case Negative():
                node.type = self._negative(node, known)
            case Listed():
                node.type = self._listed(node, known)
            case Call():
                node.type = self._call(node, known)
        return node.type

    def _path(self, node: Path, known: Known) -> Type:
        found = self.environment.resolve(node.names)
        if isinstance(found, NotKnown):
            self._unknown(node, found)
            return UNKNOWN
        node.title, node.field_key, node.run, node.is_private = found.title, found.field, found.read, found.is_private
        if found.field is not None:
            self.names.add(found.field)
        return found.type.emptied(False) if node.names in known else found.type

    def _unknown(self, node: Path, found: NotKnown) -> None:
        name, place = node.names[found.position], node.places[found.position]
        if not found.candidates and found.position == 0:
            self.report(
                "WF053",
                place,
                f"{name!r} sendiri bukan nilai; sebut isiannya.",
                f"{name!r} alone is no value; name one of its fields.",
            )
            return
        self._not_known(name, place, found.candidates)

    def _not_known(self, name: str, place: int, candidates: Collection[str]) -> None:
        suggestion = self.environment.guesses.nearest(name, sorted(candidates))
        hint = (f" Maksudnya {suggestion!r}?", f" Did you mean {suggestion!r}?") if suggestion else ("", "")
        self.report("WF052", place, f"{name!r} tidak dikenal.{hint[0]}", f"{name!r} is not known.{hint[1]}", suggestion)

    def _junction(self, node: Junction, known: Known) -> Type:
        for part in node.parts:
            self._boolean(part, known)
            if node.is_and:
                known = known | filled_by(part)
        return BOOLEAN

    def _boolean(self, node: Node, known: Known) -> None:
        kind = self.check(node, known)
        if kind.kind not in ("boolean", "unknown"):
            self._wrong_kind(node, "Di sini harus syarat ya/tidak, bukan {}.", "This must be yes or no, not {}.")

    def _calculated(self, node: Node, kind: Type) -> None:
        """Reports a field that may be empty where it is ordered or calculated with (functions never are)."""
        if kind.may_be_empty and kind.kind != "unknown" and isinstance(node, Path) and self._is_answer(node):
            name = ".".join(node.names)
            self.report(
                "WF050",
                node.offset,
                f"{name} mungkin kosong; dahului dengan 'filled({name}) and …'.",
                f"{name} may be empty; put 'filled({name}) and …' before it.",
                f"filled({name}) and …",
            )

    def _is_answer(self, node: Path) -> bool:
        return node.field_key is not None or node.names[0] == "item" or node.names[0] in self.environment.inputs

    def _comparison(self, node: Comparison, known: Known) -> Type:
        kinds = [self.check(operand, known) for operand in node.operands]
        for position, operator in enumerate(node.operators):
            left, right = node.operands[position], node.operands[position + 1]
            if operator in ("==", "!="):
                self._comparable(left, right)
            elif operator in ("in", "not in"):
                self._membership(left, right)
            else:
                self._ordered(left, right)
        for position, operand in enumerate(node.operands):
            around = node.operators[max(position - 1, 0) : position + 1]
            if any(operator in ("<", "<=", ">", ">=") for operator in around):
                self._calculated(operand, kinds[position])
        return BOOLEAN

    def _comparable(self, left: Node, right: Node) -> None:
        if not fits(left.type, right.type):
            self._mismatch(left, right)
        else:
            self._possible(left.type, right)
            self._possible(right.type, left)

    def _membership(self, left: Node, right: Node) -> None:
        if right.type.kind == "unknown":
            return
        if right.type.kind != "list":
            self._wrong_kind(right, "Setelah 'in' harus ada daftar, bukan {}.", "After 'in' a list is needed, not {}.")
            return
        if isinstance(right, Listed):
            for item in right.items:
                self._comparable(left, item)
            return
        held = right.type.of or UNKNOWN
        if not fits(left.type, held):
            self._mismatch(left, right, held)
        else:
            self._possible(held, left)

    def _ordered(self, left: Node, right: Node) -> None:
        for node in (left, right):
            if node.type.kind not in ORDERED and node.type.kind != "unknown":
                self._wrong_kind(node, "Tidak ada urutan pada {}.", "There is no order in {}.")
                return
        self._comparable(left, right)

    def _mismatch(self, left: Node, right: Node, held: Type | None = None) -> None:
        one, other = kind_title(left.type.kind), kind_title((held or right.type).kind)
        self.report(
            "WF053",
            right.offset,
            f"{one.id[:1].upper()}{one.id[1:]} tidak dapat dibandingkan dengan {other.id}.",
            f"{one.en[:1].upper()}{one.en[1:]} cannot be compared with {other.en}.",
        )

    def _possible(self, kind: Type, literal: Node) -> None:
        if kind.choices is None or not isinstance(literal, Literal) or not isinstance(literal.value, str):
            return
        if literal.value not in kind.choices:
            suggestion = self.environment.guesses.nearest(literal.value, kind.choices)
            hint = (f" Maksudnya {suggestion!r}?", f" Did you mean {suggestion!r}?") if suggestion else ("", "")
            self.report(
                "WF053",
                literal.offset,
                f"Pilihan {literal.value!r} tidak ada.{hint[0]}",
                f"There is no choice {literal.value!r}.{hint[1]}",
                suggestion,
            )

    def _arithmetic(self, node: Arithmetic, known: Known) -> Type:
        left, right = self.check(node.left, known), self.check(node.right, known)
        self._calculated(node.left, left)
        self._calculated(node.right, right)
        if "unknown" in (left.kind, right.kind):
            return UNKNOWN
        result = result_of(node.operator, left.kind, right.kind)
        if result is None:
            one, other = kind_title(left.kind), kind_title(right.kind)
            self.report(
                "WF053",
                node.right.offset,
                f"'{node.operator}' tidak dapat dipakai antara {one.id} dan {other.id}.",
                f"'{node.operator}' cannot be used between {one.en} and {other.en}.",
            )
            return UNKNOWN
        return result

    def _negative(self, node: Negative, known: Known) -> Type:
        kind = self.check(node.part, known)
        self._calculated(node.part, kind)
        if kind.kind in NUMBERS or kind.kind in ("duration", "unknown"):
            return kind.emptied(False)
        self._wrong_kind(node.part, "Tanda minus sebelum {}.", "A minus before {}.")
        return UNKNOWN

    def _listed(self, node: Listed, known: Known) -> Type:
        kinds = [self.check(item, known) for item in node.items]
        return list_of(common_type(kinds) if self._of_one_kind(node.items, kinds) else UNKNOWN)

    def _of_one_kind(self, nodes: Sequence[Node], kinds: Sequence[Type]) -> bool:
        for node, kind in zip(nodes[1:], kinds[1:], strict=True):
            if not fits(kinds[0], kind):
                self._mismatch(nodes[0], node)
                return False
        return True

    def _call(self, node: Call, known: Known) -> Type:
        function = self.environment.functions.get(node.name)
        kinds = [self.check(argument, known) for argument in node.arguments]
        if function is None:
            self._not_known(node.name, node.offset, tuple(self.environment.functions))
            return UNKNOWN
        node.function = function
        signature = matching_signature(function.signatures, node.arguments, kinds)
        if signature is None:
            self._wrong_count(node, function.signatures)
            return UNKNOWN
        slots = signature.slots
        for position, argument in enumerate(node.arguments):
            if not self._argument(node, argument, slots[min(position, len(slots) - 1)]):
                return UNKNOWN
        if signature.repeats and slots[0] == slots[-1] and not self._of_one_kind(node.arguments, kinds):
            return UNKNOWN  # of min and max; lists beside their labels may differ
        return signature.result if isinstance(signature.result, Type) else signature.result(kinds)

    def _wrong_count(self, node: Call, signatures: tuple[Signature, ...]) -> None:
        counts = sorted({len(each.slots) for each in signatures})
        wanted = " / ".join(map(str, counts)) + ("+" if any(each.repeats for each in signatures) else "")
        self.report(
            "WF053",
            node.offset,
            f"{node.name}() memerlukan {wanted} masukan, bukan {len(node.arguments)}.",
            f"{node.name}() takes {wanted} arguments, not {len(node.arguments)}.",
        )

    def _argument(self, call: Call, node: Node, slot: Slot) -> bool:
        kind = node.type
        if kind.kind == "unknown":
            return True
        if slot.is_state:
            return self._state(node)
        held = kind.of.kind if kind.of else "unknown"
        is_fitting = "any" in slot.kinds or kind.kind in slot.kinds
        if is_fitting and kind.kind == "list" and slot.of is not None and held not in ("unknown", "null"):
            is_fitting = held in slot.of
        if not is_fitting:
            self._wrong_kind(
                node, f"{call.name}() tidak menerima {{}} di sini.", f"{call.name}() does not take {{}} here."
            )
            return False
        if not slot.accepts_empty:
            self._calculated(node, kind)
        return True

    def _state(self, node: Node) -> bool:
        if not isinstance(node, Literal) or not isinstance(node.value, str):
            self.report(
                "WF053", node.offset, "Tulis nama tahap dalam tanda petik.", "Write the state's name in quotes."
            )
            return False
        if node.value not in self.environment.states:
            self._not_known(node.value, node.offset, tuple(self.environment.states))
        return True
