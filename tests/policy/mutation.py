"""Makes mutants of the policy: each has one condition, grant, exception or guard taken out of one function."""

import __future__

import ast
import inspect
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from types import FunctionType, ModuleType

import pytest

from infohub.members.models import membership as members
from infohub.policy import clause, models, people, viewer

MODULES: tuple[ModuleType, ...] = (members, clause, people, viewer, models)
VIEWER_CALLS = {"Viewer", "replace"}
SOURCES = {module: ast.parse(inspect.getsource(module)) for module in MODULES}
NARROWING_CALLS = {"Q", "filter", "exclude", "min"} | VIEWER_CALLS
SAYS_NOTHING_ABOUT_READING = {"person", "administrator", "token", "scopes", "labels"}


@dataclass(frozen=True)
class Target:
    """One function of the policy, where it lives, and the form of the rule that it serves."""

    owner: type | ModuleType
    name: str
    form: str

    @property
    def function(self) -> FunctionType:
        """The function as the product has it."""
        found = inspect.getattr_static(self.owner, self.name)
        assert isinstance(found, FunctionType), self.name
        return found

    @property
    def home(self) -> ModuleType:
        """The module the function is written in."""
        return next(module for module in MODULES if module.__name__ == self.function.__module__)

    @property
    def tree(self) -> ast.FunctionDef:
        """The function as it is written."""
        place: ast.Module | ast.ClassDef = SOURCES[self.home]
        for name in self.function.__qualname__.split("."):
            found = next(n for n in place.body if isinstance(n, ast.ClassDef | ast.FunctionDef) and n.name == name)
            if isinstance(found, ast.FunctionDef):
                return found
            place = found
        raise LookupError(self.name)


TARGETS = (
    Target(clause.Clause, "matches", "predicate"),
    Target(clause.Clause, "_grants", "predicate"),
    Target(clause.Clause, "_excepts", "predicate"),
    Target(models.Label, "readable_by", "predicate"),
    Target(models.Label, "written_by", "predicate"),
    Target(models.Label, "_left_to_steward", "predicate"),
    Target(models.LabelQuerySet, "readable", "query"),
    Target(models.AudienceQuerySet, "matching", "query"),
    Target(models, "_granting", "query"),
    Target(models.Label, "audience", "audience"),
    Target(models.Label, "addressed", "audience"),
    Target(people, "people_of", "audience"),
    Target(people, "_named", "audience"),
    Target(people, "_seated", "audience"),
    Target(people, "_reviewing", "audience"),
    Target(people, "_excepted", "audience"),
    Target(people, "_exception", "audience"),
    Target(people, "frozen", "roster"),
    Target(members.MembershipQuerySet, "running", "roster"),
    Target(members.MembershipQuerySet, "current", "audience"),
    Target(viewer, "person_viewer", "viewer"),
    Target(viewer, "_as_member", "viewer"),
    Target(viewer, "_sectors", "viewer"),
    Target(viewer, "token_viewer", "viewer"),
    Target(viewer, "token_ceiling", "viewer"),
    Target(viewer, "_personal", "viewer"),
)


@dataclass(frozen=True)
class Mutant:
    """A target without one of its parts; `title` says which, in the words of the code."""

    target: Target
    title: str
    tree: ast.FunctionDef

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Put the mutant in the place of the function, wherever that was imported to, for a while."""
        original = self.target.function
        made: dict[str, FunctionType] = {}
        module = ast.fix_missing_locations(ast.Module(body=[self.tree], type_ignores=[]))
        flags = __future__.annotations.compiler_flag
        exec(compile(module, "<mutant>", "exec", flags=flags, dont_inherit=True), vars(self.target.home), made)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self.target.owner, self.target.name, made[original.__name__])
            for place in MODULES:
                if vars(place).get(original.__name__) is original:
                    patch.setattr(place, original.__name__, made[original.__name__])
            yield


def mutants(target: Target) -> Iterator[Mutant]:
    """Every mutant of one function."""
    parsed = target.tree
    seen = Counter[str]()
    body = {id(inner) for statement in parsed.body for inner in ast.walk(statement)}
    for position, node in enumerate(ast.walk(parsed)):
        if id(node) not in body:
            continue  # an argument's type says nothing about reading
        for title, variant in _variants(node):
            copied = deepcopy(parsed)
            twin = next(islice(ast.walk(copied), position, None))
            tree = _Exchange(twin, variant).visit(copied)
            assert isinstance(tree, ast.FunctionDef)
            seen[title] += 1
            again = f" ({seen[title]})" if seen[title] > 1 else ""
            yield Mutant(target, f"{target.name} without {' '.join(title.split())}{again}", tree)


@dataclass
class _Exchange(ast.NodeTransformer):
    """Puts one node in the place of another."""

    old: ast.AST
    new: ast.AST

    def visit(self, node: ast.AST) -> ast.AST:
        """Exchange the node, or look further down."""
        return self.new if node is self.old else self.generic_visit(node)


def _variants(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What a node becomes when one part of it is taken out, and what that part was."""
    match node:
        case ast.BoolOp():
            yield from _shorter_conditions(node)
        case ast.BinOp(left=left, op=ast.BitOr() | ast.BitAnd(), right=right):
            yield ast.unparse(left), right
            yield ast.unparse(right), left
        case ast.AugAssign():
            yield ast.unparse(node), ast.Pass()
        case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
            yield f"the negation in {ast.unparse(node)}", operand
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield f"the condition {ast.unparse(test)}", body
            yield f"the case {ast.unparse(test)}", orelse
        case ast.If():
            yield f"the condition {ast.unparse(node.test)}", _if(node, always=True)
            yield f"the case {ast.unparse(node.test)}", _if(node, always=False)
        case ast.Call():
            yield from _shorter_calls(node)


def _if(node: ast.If, *, always: bool) -> ast.If:
    return ast.If(test=ast.Constant(always), body=node.body, orelse=node.orelse)


def _shorter_conditions(node: ast.BoolOp) -> Iterator[tuple[str, ast.AST]]:
    for index, value in enumerate(node.values):
        rest = node.values[:index] + node.values[index + 1 :]
        yield ast.unparse(value), rest[0] if len(rest) == 1 else ast.BoolOp(op=node.op, values=rest)


def _shorter_calls(call: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    """A filter, or the making of a viewer, with one argument less."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
    if name not in NARROWING_CALLS:
        return
    if name == "min":
        for index, kept in enumerate(call.args):
            yield ast.unparse(call.args[1 - index]), kept
        return
    for index, argument in enumerate(call.args if name != "replace" else ()):
        rest = call.args[:index] + call.args[index + 1 :]
        yield f"{ast.unparse(argument)} in {name}", ast.Call(func=call.func, args=rest, keywords=call.keywords)
    for index, keyword in enumerate(call.keywords):
        if name in VIEWER_CALLS and keyword.arg in SAYS_NOTHING_ABOUT_READING:
            continue
        fewer = call.keywords[:index] + call.keywords[index + 1 :]
        yield f"{ast.unparse(keyword)} in {name}", ast.Call(func=call.func, args=call.args, keywords=fewer)
