"""A definition as a BPMN process: states become nodes, arrows become flows that never cross a subprocess' border.

What leaves a subprocess ends inside it with an escalation that is caught at its edge; what enters its middle goes to
its start, where a gateway leads on. BPMN knows no history: such a flow leads to the subprocess.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.bpmn_model import Flow, Node, Process, Scope
from engine.definitions.bpmn_nodes import joined, node_of, timer_of
from engine.definitions.diff.values import Comparison
from engine.definitions.diff.words import effect
from engine.definitions.model import Definition, State


def build(definition: Definition, language: str) -> Process:
    """All scopes of the process, names in ``language``."""
    builder = _Builder(definition, language)
    builder.run()
    return builder.process


class _Builder:
    """Builds one process."""

    def __init__(self, definition: Definition, language: str) -> None:
        self.definition = definition
        self.states = definition.states
        self.language = language
        self.process = Process()
        self.words = Comparison(definition, definition)
        self.asked: set[str] = set()  # states whose automatic steps are drawn
        self.entries: dict[str, dict[str, str]] = {}  # by subprocess: other states it is entered at, and by what

    def run(self) -> None:
        """Nodes first, then what leads on, then how subprocesses are entered, the outer before the inner."""
        containers = [None, *(key for key, state in self.states.items() if state.children)]
        for container in containers:
            self.process.scopes[container] = Scope(container)
        for key, state in self.states.items():
            node = node_of(self.definition, state, self.language)
            node.inner = self.process.scopes.get(key)
            self._scope(key).nodes[node.id] = node
        for state in self.states.values():
            self._leave(state)
        self._begin()
        for container in containers:
            if container is not None:
                self._enter(self.states[container])

    # -- scopes and flows ------------------------------------------------------------------------------------------

    def _scope(self, key: str) -> Scope:
        """The scope a state's node stands in."""
        return self.process.scopes[self.states[key].parent]

    def _add(self, scope: Scope, node: Node) -> str:
        scope.nodes.setdefault(node.id, node)
        return node.id

    def _flow(self, scope: Scope, source: str, target: str, name: str = "", condition: str | None = None) -> None:
        for flow in scope.flows:
            if (flow.source, flow.target, flow.name, flow.condition) == (source, target, name, condition):
                return
        place = scope.state or "process"
        scope.flows.append(Flow(f"flow_{place}_{len(scope.flows) + 1}", source, target, name, condition))

    def _entry(self, key: str) -> str:
        """The node by which a state is entered: the gateway of its automatic steps, where it has some."""
        gateway = f"always_{key}"
        return gateway if gateway in self._scope(key).nodes else f"state_{key}"

    def _path(self, key: str) -> list[str]:
        """The state, then what it stands in, outwards."""
        found: list[str] = []
        current: str | None = key
        while current is not None:
            found.append(current)
            current = self.states[current].parent
        return found

    def _route(self, container: str | None, source: str, to: str, name: str, condition: str | None = None) -> None:
        """A flow from a node of ``container``'s inside to a state anywhere."""
        scope = self.process.scopes[container]
        path = self._path(to)
        if container is None or container in path[1:]:
            child = path[path.index(container) - 1] if container is not None else path[-1]
            if child != to:
                self.entries.setdefault(child, {})[to] = name
            self._always_gateway(self.states[child])
            self._flow(scope, source, self._entry(child), name, condition)
            return
        reference = f"escalation_{container}_{to}"
        title = self.states[to].title.into(self.language)
        self.process.escalations[reference] = title
        leaving = Node(f"leave_{container}_{to}", "endEvent", title, event="escalation", value=(reference,))
        self._flow(scope, source, self._add(scope, leaving), name, condition)
        edge = Node(f"left_{container}_{to}", "boundaryEvent", title, event="escalation", value=(reference,))
        edge.attached_to = f"state_{container}"
        outer = self._scope(container)
        if edge.id not in outer.nodes:
            self._add(outer, edge)
            self._route(outer.state, edge.id, to, "")

    # -- leaving ---------------------------------------------------------------------------------------------------

    def _leave(self, state: State) -> None:
        scope, node = self._scope(state.key), f"state_{state.key}"
        self._always_gateway(state)
        exits = [each for each in state.transitions.values() if each.to in self.states]
        if state.children:
            for each in exits:
                guard = each.guard.text if each.guard is not None else None
                source = node
                if each.action != "done":
                    edge = Node(f"act_{state.key}_{each.action}", "boundaryEvent", each.title.into(self.language))
                    edge.event, edge.attached_to = "message", node
                    source = self._add(scope, edge)
                self._route(scope.state, source, str(each.to), each.title.into(self.language), guard)
        elif exits:
            source = node
            if len(exits) > 1:
                source = self._add(scope, Node(f"choice_{state.key}", "exclusiveGateway", ""))
                self._flow(scope, node, source)
            for each in exits:
                guard = each.guard.text if each.guard is not None else None
                self._route(scope.state, source, str(each.to), each.title.into(self.language), guard)
        for timer in state.timers.values():
            self._time(state, timer_of(state, timer, self.language), timer.to or self._done_by(state, timer.do))

    def _done_by(self, state: State, action: str | None) -> str | None:
        """Where the transition leads that a timer makes."""
        for key in self._path(state.key):
            transition = self.states[key].transitions.get(action or "")
            if transition is not None:
                return transition.to
        return None

    def _time(self, state: State, edge: Node, to: str | None) -> None:
        scope = self._scope(state.key)
        if scope.nodes[edge.attached_to or ""].tag not in ("userTask", "task", "subProcess"):
            return
        self._add(scope, edge)
        if to in self.states:
            self._route(scope.state, edge.id, str(to), edge.name)
            return
        timer = state.timers[edge.id.removeprefix(f"timer_{state.key}_")]
        doing = [effect(call, self.words).into(self.language) for call in timer.effects]
        is_mail = all(call.kind == "notify" for call in timer.effects)
        deed = Node(f"deed_{state.key}_{timer.key}", "sendTask" if is_mail else "serviceTask", "; ".join(doing))
        over = Node(f"over_{state.key}_{timer.key}", "endEvent", "")
        self._flow(scope, edge.id, self._add(scope, deed))
        self._flow(scope, deed.id, self._add(scope, over))

    def _always_gateway(self, state: State) -> None:
        """Automatic steps are asked on entering: a gateway before the work, or the state itself where it has none."""
        if not state.always or state.key in self.asked:
            return
        self.asked.add(state.key)
        scope, node = self._scope(state.key), f"state_{state.key}"
        gateway = node if scope.nodes[node].tag == "exclusiveGateway" else f"always_{state.key}"
        if gateway != node:
            self._add(scope, Node(gateway, "exclusiveGateway", ""))
        scope.nodes[gateway].has_default = True
        for always in state.always:
            if always.to in self.states:
                self._route(
                    scope.state, gateway, always.to, "", always.guard.text if always.guard is not None else None
                )
        if gateway != node:
            self._flow(scope, gateway, node)

    # -- entering --------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        if self.definition.initial in self.states:
            start = self._add(self.process.scopes[None], Node("start", "startEvent", ""))
            self._route(None, start, self.definition.initial, "")

    def _enter(self, state: State) -> None:
        """Start and end of a subprocess' inside."""
        scope = self.process.scopes[state.key]
        start = self._add(scope, Node(f"start_{state.key}", "startEvent", ""))
        if state.kind != "parallel":
            self._choose(state, start, "", state.initial or state.children[0], list(state.children))
            return
        fork = self._add(scope, Node(f"fork_{state.key}", "parallelGateway", ""))
        self._flow(scope, start, fork)
        for region in state.regions.values():
            self._choose(state, fork, f"_{region.key}", region.initial, list(region.children))
        self._join(state, scope)

    def _choose(self, state: State, source: str, suffix: str, initial: str, children: list[str]) -> None:
        """From the start to where one begins, or to another state that something from outside leads to."""
        inside = {key for child in children for key in self.states if child in self._path(key)}
        others = {
            key: name for key, name in self.entries.get(state.key, {}).items() if key in inside and key != initial
        }
        if others:
            scope = self.process.scopes[state.key]
            gateway = self._add(scope, Node(f"enter_{state.key}{suffix}", "exclusiveGateway", ""))
            self._flow(scope, source, gateway)
            source = gateway
        if initial in self.states:
            self._route(state.key, source, initial, "")
        for key, name in others.items():
            self._route(state.key, source, key, name)

    def _join(self, state: State, scope: Scope) -> None:
        wanted = joined(state)
        quorum = state.join.quorum if state.join is not None else None
        gateway = Node(f"join_{state.key}", "parallelGateway" if quorum is None else "complexGateway", "")
        if quorum is not None:
            gateway.value = (f"{quorum} / {len(wanted)}",)
            gateway.name = gateway.value[0]
        self._add(scope, gateway)
        for region in wanted:
            for source in self._merged(state, scope, region):
                self._flow(scope, source, gateway.id)
        end = Node(f"end_{state.key}", "endEvent", "")
        if quorum is not None or set(wanted) != set(state.regions):
            end.event = "terminate"  # the branches that are not waited for end with it
        self._flow(scope, gateway.id, self._add(scope, end))

    def _merged(self, state: State, scope: Scope, region: str) -> Iterator[str]:
        """The one node by which a branch comes to its end."""
        finals = [key for key in state.regions[region].children if self.states[key].kind == "final"]
        if len(finals) < 2:
            yield from (f"state_{key}" for key in finals)
            return
        merge = self._add(scope, Node(f"merge_{state.key}_{region}", "exclusiveGateway", ""))
        for key in finals:
            self._flow(scope, f"state_{key}", merge)
        yield merge
