"""Templates of one language, with all that is the same on every rendering settled when they are compiled.

What stays is what a page is about. A sentence, the address of a file, a button with its words, a part that
always stands there: those are worked out once, by the very templates and functions that would do it later.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2 import nodes
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping, Sequence

PARTS, PARTS_NAME = "components.html", "c"
"""The template whose macros are the parts of pages, and the name that every template has it by."""
SENTENCE = "_"
OWN_NAMES = (nodes.Assign, nodes.AssignBlock, nodes.Import, nodes.FromImport, nodes.Macro)
"""What gives a template names of its own, which must not be mixed up with those of who includes it."""
_GAP = re.compile(r"%\((\w+)\)[sd]")


class _Context(Context):
    """Calls a macro without asking first whether it wants to be given surroundings: ours never do."""

    def call(self, called: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 as in jinja2
        """Call it; what jinja2 hands along for others is no argument of a macro."""
        if type(called) is not Macro:
            return super().call(called, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return called(*args, **kwargs)


class _Template(jinja2.Template):
    """A template that is imported as it is: no template of ours is given globals of its own."""

    def _get_default_module(self, ctx: Context | None = None) -> Any:  # noqa: ANN401, ARG002 as in jinja2
        return super()._get_default_module()


class Environment(jinja2.Environment):
    """Templates of one language, with what never changes settled."""

    context_class = _Context
    template_class = _Template

    def __init__(self, settled: Mapping[str, Callable[[str], str]]) -> None:
        """Make every value required and every text escaped; calls of `settled` with one text never change."""
        self._functions = settled
        super().__init__(
            loader=jinja2.PackageLoader("toegang.web"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            auto_reload=False,
            cache_size=-1,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        )

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Give every template the same globals as they are: nobody gives one its own."""
        return super().make_globals(d) if d else self.globals

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Parse, then settle."""
        parts = self.get_template(PARTS).module if name != PARTS else None
        settling = _Settled(self, self._functions, parts)
        parsed: nodes.Template = settling.visit(super()._parse(source, name, filename))
        return parsed


class _Settled(NodeTransformer):
    """Replaces what is the same on every rendering by its value.

    Each language has templates of its own, so a sentence is settled when the template is compiled, with what
    is missing in it put between its pieces; a part of a page with nothing but constants is its markup; and
    what a template includes stands in its place.
    """

    def __init__(
        self, environment: Environment, functions: Mapping[str, Callable[[str], str]], parts: object
    ) -> None:
        """Settle calls of `functions`, and of the macros of `parts` where there is such a module."""
        self._environment = environment
        self._evaluating = nodes.EvalContext(environment)
        self._functions = functions
        self._parts = parts

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 jinja2 names visitors after nodes
        """Replace `node` if it never changes."""
        self.generic_visit(node)
        if isinstance(node.node, nodes.Name) and node.node.name in self._functions:
            return self._said(node, node.node.name)
        part = self._part(node, {})
        return node if part is None else part

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node:  # noqa: N802
        """Replace a part around something, if neither changes."""
        for argument in (*node.call.args, *node.call.kwargs):
            self.generic_visit(argument)
        node.call.args = [self.visit(each) for each in node.call.args]
        node.body = _flat([self.visit(each) for each in node.body])
        inner = self._text(node.body)
        if inner is None or node.args:
            return node
        part = self._part(node.call, {"caller": lambda: inner})
        return node if part is None else nodes.Output([part], lineno=node.lineno)

    def visit_Include(self, node: nodes.Include) -> nodes.Node | list[nodes.Node]:  # noqa: N802
        """Put what is included in its place, unless it has names of its own."""
        if not isinstance(node.template, nodes.Const) or not self._environment.loader:
            return node
        name = node.template.value
        source, file, _ = self._environment.loader.get_source(self._environment, name)
        body: list[nodes.Node] = self._environment._parse(source, name, file).body  # noqa: SLF001 its own class
        whole = nodes.Template(body)
        return node if any(whole.find(kind) is not None for kind in OWN_NAMES) else body

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802
        """Write the pieces of a sentence one by one: those that never change join what stands around."""
        self.generic_visit(node)
        node.nodes = _flat([each.nodes if isinstance(each, nodes.Concat) else each for each in node.nodes])
        return node

    def _said(self, node: nodes.Call, function: str) -> nodes.Expr:
        """Return what a function makes of a text, with the values that a sentence has in it."""
        match node.args, node.dyn_args, node.dyn_kwargs:
            case [nodes.Const(value=text)], None, None:
                said = self._functions[function](text)
            case _:
                return node
        if not node.kwargs:
            return nodes.Const(said, lineno=node.lineno)
        values = {keyword.key: keyword.value for keyword in node.kwargs}
        pieces = _GAP.split(said)
        literal, names = pieces[::2], pieces[1::2]
        if function != SENTENCE or "%" in "".join(literal) or not set(names) <= values.keys():
            return node
        found: list[nodes.Expr] = [_markup(literal[0], node.lineno)]
        for name, after in zip(names, literal[1:], strict=True):
            found += [values[name], _markup(after, node.lineno)]
        return nodes.Concat(found, lineno=node.lineno)

    def _part(self, node: nodes.Call, more: Mapping[str, object]) -> nodes.Expr | None:
        """Return the markup of a part of which everything is known; None for all else."""
        match node.node:
            case nodes.Getattr(node=nodes.Name(name=name), attr=macro) if name == PARTS_NAME and self._parts:
                pass
            case _:
                return None
        if node.dyn_args or node.dyn_kwargs:
            return None
        try:
            args = [each.as_const(self._evaluating) for each in node.args]
            kwargs = {each.key: each.value.as_const(self._evaluating) for each in node.kwargs}
        except nodes.Impossible:
            return None
        return _markup(getattr(self._parts, macro)(*args, **kwargs, **more), node.lineno)

    def _text(self, body: Sequence[nodes.Node]) -> Markup | None:
        """Return what nodes write, if that never changes."""
        found = Markup()
        for node in body:
            if not isinstance(node, nodes.Output):
                return None
            try:
                values = [each.as_const(self._evaluating) for each in node.nodes]
            except nodes.Impossible:
                return None
            found += Markup().join(values)
        return found


def _markup(text: str, lineno: int) -> nodes.Expr:
    return nodes.MarkSafe(nodes.Const(str(text), lineno=lineno), lineno=lineno)


def _flat(found: Sequence[Any]) -> list[Any]:
    """Return the nodes of which some are lists."""
    return [node for each in found for node in (each if isinstance(each, list) else [each])]
