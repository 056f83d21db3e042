"""The rules of the house that no import linter can say, as functions from a parsed module to what breaks them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "infohub"

FACES = ("web", "taxii", "api", "misp")
PURE = ("analysis", "standards")

WRITES = {
    *("save", "create", "update", "delete", "get_or_create", "update_or_create", "bulk_create", "bulk_update"),
    *("asave", "acreate", "aupdate", "adelete", "aget_or_create", "aupdate_or_create", "abulk_create", "abulk_update"),
    *("raw", "execute", "executemany", "select_for_update"),
}
HTTP = ("django.http", "django.shortcuts", "django.views", "django.forms", "django.template", "django.contrib.sessions")
CLIENTS = (
    *("httpx", "httpcore", "requests", "urllib3", "aiohttp", "http.client", "urllib.request", "xmlrpc", "ftplib"),
    *("socket", "socketserver", "ssl", "asyncio"),
)
BEHIND_DOORS = tuple(f"infohub.{floor}" for floor in ("sharing", "intel", "register", "catalogue", "delivery", "audit"))
UNWANTED_NAMES = {
    *(
        "utils",
        "helpers",
        "common",
        "misc",
        "base",
        "manager",
        "service",
        "selectors",
        "mixins",
        "constants",
        "signals",
    ),
}
SHORT_CUTS = {"get_object_or_404", "get_list_or_404"}
CLOCKS = {"now", "utcnow", "today", "uuid1", "uuid4"}
CHANCE = ("time", "random", "secrets", "uuid.uuid1", "uuid.uuid4", "os", "django")
LISTS = {"values", "names", "choices", "labels"}  # asking whether a word is one of an enumeration judges nobody
GUARDED = {"Tlp", "Role", "RoleName", "OrganisationClass"}


@dataclass(frozen=True)
class Module:
    """One parsed source file; `name` is its path below `src/infohub`, as `web/sharing/views.py`."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @property
    def floor(self) -> str:
        return self.name.split("/")[0].removesuffix(".py")

    def at(self, node: ast.AST, complaint: str) -> str:
        """A complaint with its place, as an editor opens it."""
        return f"src/infohub/{self.name}:{getattr(node, 'lineno', 1)}: {complaint}"


@dataclass(frozen=True)
class Guarded:
    """What only the policy hands out: labelled models, and the names under which other rows lead to them."""

    models: frozenset[str]
    relations: frozenset[str]


def modules() -> list[Module]:
    """Every module of the product; the steps Django writes for the schema apart."""
    return [
        Module(str(path.relative_to(SOURCE)), path.read_text(encoding="utf-8"))
        for path in sorted(SOURCE.rglob("*.py"))
        if "migrations" not in path.parts
    ]


def imports(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """Every imported module and name, in full."""
    for node in module.nodes:
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def within(name: str, packages: tuple[str, ...]) -> bool:
    """Whether an imported name is one of these packages or inside one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def parents(tree: ast.Module) -> dict[ast.AST, ast.AST]:
    """From each node to the node that holds it."""
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def guarded(source: list[Module]) -> Guarded:
    """Find the labelled models, however deep they inherit, and every relation that leads back to one."""
    classes = [node for module in source for node in module.nodes if isinstance(node, ast.ClassDef)]
    found, before = {"Labelled"}, 0
    while before != len(found):
        before = len(found)
        found |= {made.name for made in classes if any(_last(base) in found for base in made.bases)}
    relations = {
        relation for made in classes if made.name in found for relation in _relations(made) if relation is not None
    }
    return Guarded(frozenset(found), frozenset(relations))


def _last(node: ast.AST) -> str:
    """The last word of a dotted name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _relations(model: ast.ClassDef) -> Iterator[str | None]:
    for node in ast.walk(model):
        if isinstance(node, ast.Call) and _last(node.func) in {"ForeignKey", "OneToOneField", "ManyToManyField"}:
            given = [word.value for word in node.keywords if word.arg == "related_name"]
            name = given[0].value if given and isinstance(given[0], ast.Constant) else f"{model.name.lower()}_set"
            yield None if name == "+" else str(name)


def reads_without_asking(module: Module, protected: Guarded) -> Iterator[str]:
    """A face reads rows of labelled models only through `.readable(viewer)`."""
    above = parents(module.tree)
    names = _names(module, protected.models)
    for node in module.nodes:
        if isinstance(node, ast.Call) and _last(node.func) in SHORT_CUTS and _last(node.args[0]) in names:
            yield module.at(node, f"{_last(node.func)} asks no policy")
        if not isinstance(node, ast.Attribute):
            continue
        if node.attr in {"as_system", "all_rows", "_base_manager", "_default_manager"}:
            yield module.at(node, f"a face never uses {node.attr}")
        manager = node.attr == "objects" and _last(node.value) in names
        related = node.attr in protected.relations and isinstance(above[node], ast.Attribute)
        if (manager or related) and not _asked(node, above):
            yield module.at(node, f"{ast.unparse(node)} without .readable(viewer)")


def _names(module: Module, models: frozenset[str]) -> set[str]:
    """The labelled models under the names this module imported them by."""
    aliases = {
        alias.asname
        for node in module.nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname and alias.name in models
    }
    return set(models) | aliases


def _asked(node: ast.AST, above: dict[ast.AST, ast.AST]) -> bool:
    following = above.get(node)
    if not (isinstance(following, ast.Attribute) and following.attr == "readable"):
        return False
    call = above.get(following)
    return isinstance(call, ast.Call) and call.func is following and bool(call.args)


def template_reads(text: str, protected: Guarded) -> Iterator[str]:
    """A template never follows a relation to labelled rows: the view hands it what the viewer may read."""
    for relation in sorted(protected.relations):
        for verb in ("all", "count", "exists", "first", "last"):
            if f".{relation}.{verb}" in text:
                yield f".{relation}.{verb} asks no policy"


def writes(module: Module) -> Iterator[str]:
    """A face never writes: actions do."""
    for node in module.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            yield module.at(node, f"a face calls .{node.func.attr}()")
    for node, name in imports(module):
        if within(name, ("django.db.transaction", "django.db.connection", "django.db.connections")):
            yield module.at(node, f"a face imports {name}")


def speaks_http(module: Module) -> Iterator[str]:
    """The domain imports nothing of HTTP."""
    for node, name in imports(module):
        if within(name, HTTP):
            yield module.at(node, f"the domain imports {name}")


def reaches_out(module: Module) -> Iterator[str]:
    """One client makes every request to other machines: it knows which must not be reached."""
    for node, name in imports(module):
        if within(name, CLIENTS):
            yield module.at(node, f"imports {name} instead of infohub.support.outbound")


def peeks_inside(module: Module) -> Iterator[str]:
    """The Public Zone reads releases and published figures only."""
    for node, name in imports(module):
        if within(name, BEHIND_DOORS):
            yield module.at(node, f"the Public Zone imports {name}")


def impure(module: Module) -> Iterator[str]:
    """The pure floors get clock, chance and outside world as arguments."""
    for node, name in imports(module):
        if within(name, CHANCE):
            yield module.at(node, f"a pure floor imports {name}")
    for node in module.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
            yield module.at(node, f"a pure floor asks clock or chance: {ast.unparse(node.func)}")
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"open", "print", "input"}
        ):
            yield module.at(node, f"a pure floor calls {node.func.id}()")


def too_large(module: Module, *, lines: int, function_lines: int) -> Iterator[str]:
    """Files and functions stay small enough to read in one go."""
    length = module.text.count("\n")
    if length > lines:
        yield module.at(module.tree, f"{length} lines, at most {lines}")
    for node in module.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            if size > function_lines:
                yield module.at(node, f"{node.name} has {size} lines, at most {function_lines}")


def badly_named(module: Module) -> Iterator[str]:
    """No file is named after nothing in particular."""
    for part in module.name.removesuffix(".py").split("/"):
        if part in UNWANTED_NAMES:
            yield module.at(module.tree, f"{part} says nothing about what is inside")


def hidden_imports(module: Module) -> Iterator[str]:
    """An import inside a function is an upward import in disguise."""
    for function in module.nodes:
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield module.at(node, f"{ast.unparse(node)} inside a function")


def catches_everything(module: Module) -> Iterator[str]:
    """Errors are caught by name, where something can be done about them."""
    for node in module.nodes:
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            if any(kind is None or _last(kind) in {"Exception", "BaseException"} for kind in caught):
                yield module.at(node, "catches everything")


def judges(module: Module) -> Iterator[str]:
    """Who may read and act is decided in `policy`: nobody else compares a TLP, a role or an organisation's class."""
    for node in module.nodes:
        if isinstance(node, ast.Compare | ast.MatchValue):
            for side in ast.walk(node):
                if isinstance(side, ast.Attribute) and _last(side.value) in GUARDED and side.attr not in LISTS:
                    yield module.at(node, f"compares {ast.unparse(side)} outside the policy")


def loose(module: Module) -> Iterator[str]:
    """A signature says what goes in and what comes out; `Any` says nothing."""
    for node in module.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = [
                *node.args.posonlyargs,
                *node.args.args,
                *node.args.kwonlyargs,
                node.args.vararg,
                node.args.kwarg,
            ]
            annotations = [node.returns, *(argument.annotation for argument in arguments if argument)]
            if any(_last(part) == "Any" for said in annotations if said for part in ast.walk(said)):
                yield module.at(node, f"{node.name} has Any in its signature")


def undocumented(module: Module) -> Iterator[str]:
    """A module begins with one sentence: what it is for."""
    if not ast.get_docstring(module.tree):
        yield module.at(module.tree, "begins without a sentence")
