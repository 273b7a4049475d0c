"""Rules of a user's own in place of shipped ones, as source text that travels with a scenario."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, ValuesView
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from trustabm.errors import InvalidInput, nearest, problems, shown
from trustabm.inputs import catalog, library
from trustabm.inputs.lever import OWN, Lever, levers_of, look_for
from trustabm.inputs.records import OWN_MAX

__all__ = ["NOT_FITTED", "Rule", "Rules", "all_of", "learned", "levers_in", "rule", "rules_in"]

NOT_FITTED = "the posterior was not fitted with this rule"


class Rule(catalog.Strict):
    """A rule of one's own, compiled into the week in place of one that ships.

    Made by `trustabm.rule` from a function, or read from a Python file. In JSON and TOML it is a
    table of `replaces`, `source` and `digest`.

    Args:
        replaces: The name of the rule that it takes the place of; docs/rules.md has them all, with
            the units of what they are given and return.
        source: Its Python: numbers, imports of math and numpy, and functions, the last of them the
            rule.
        digest: That of the others, which are held against it; made if not given.
        levers: The levers of one's own that it reads; those that are known here if not given.

    Raises:
        InvalidInput: for a rule that does not exist, other inputs than its, or a source that holds
            what a rule may not.

    Example:
        >>> nobody = Rule(replaces="witness_there", source="def nobody(p, kind): return 0.0")
        >>> nobody.title
        'nobody in place of witness_there'
    """

    replaces: str
    source: str
    digest: str = ""
    levers: tuple[Lever, ...] = Field(default=(), exclude_if=lambda levers: not levers)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        _ = self.function
        self.__dict__["levers"] = self._levers_read()
        text = "\n".join([self.replaces, self.source, *(x.model_dump_json() for x in self.levers)])
        found = hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=8).hexdigest()
        if self.digest not in ("", found):
            raise ValueError(f"digest: expected {found}, that of the source, got {self.digest}")
        self.__dict__["digest"] = found
        return self

    def _levers_read(self) -> tuple[Lever, ...]:
        """Return the levers of one's own that it reads, by name.

        Raises:
            ValueError: for one that does not exist.
        """
        from trustabm.inputs.policy import Policy
        from trustabm.inputs.records import record_dtype
        from trustabm.rules.own import levers_read

        ship = {*(record_dtype(Policy).names or ())} - {"own"}
        strange = sorted(levers_read(self.source) - ship)
        look_for(strange)
        for name in strange:
            if name not in OWN:
                hint = nearest(name, ship | OWN.keys())
                raise ValueError(f"rule {self.replaces}: levers.{name}: no such lever; {hint}")
        given = {x.name: x for x in self.levers}
        return tuple(given.get(name) or Lever.of(OWN[name]) for name in strange)

    @cached_property
    def function(self) -> Callable[..., Any]:
        """The rule as plain Python."""
        from trustabm.rules.own import checked

        return checked(self.replaces, self.source)

    @property
    def title(self) -> str:
        """What it is called."""
        return f"{self.function.__name__} in place of {self.replaces}"

    @property
    def notice(self) -> str:
        """What its results are to be read with, one line."""
        return f"{self.title}: {NOT_FITTED}"

    def __call__(self, *inputs: Any) -> Any:
        """Return what the rule gives, as plain Python, to try it out."""
        return self.function(*inputs)

    def __getstate__(self) -> dict[Any, Any]:
        """Leave the function out: it travels as its source."""
        state = super().__getstate__()
        inside = {k: v for k, v in state["__dict__"].items() if k != "function"}
        return {**state, "__dict__": inside}

    def __eq__(self, other: object) -> bool:
        """Say whether it is the same rule."""
        return isinstance(other, Rule) and self.digest == other.digest

    def __hash__(self) -> int:
        """Return a hash of the source."""
        return hash(self.digest)


def rule(name: str) -> Callable[[Callable[..., Any]], Rule]:
    """Make a rule of the function below it, in place of the shipped rule of that name.

    The function is compiled into the week, so that it costs as much as the shipped one. It may use
    numbers, `math`, `np`, other functions of these, whatever the file of the shipped rule has,
    and that rule itself as `shipped`. What it is given and returns, with units, stands in
    docs/rules.md.

    Args:
        name: The rule that it replaces.

    Returns:
        What makes a `Rule` of a function. Give that as `rules=[...]` to `Scenario` or `compare`.

    Raises:
        InvalidInput: for a rule that does not exist, or a function with other inputs.

    Example:
        >>> import trustabm as ta
        >>> @ta.rule("witness_there")
        ... def nobody_saw(p, kind):
        ...     return 0.0
        >>> result = ta.run(ta.Scenario(rules=[nobody_saw], weeks=4, residents=300))
        >>> result.notices[0]
        'nobody_saw in place of witness_there: the posterior was not fitted with this rule'
    """

    def made(function: Callable[..., Any]) -> Rule:
        from trustabm.rules.own import replaceable, source_of

        if isinstance(name, str) and name not in replaceable():
            return _rule({"replaces": name, "source": ""})
        return _rule({"replaces": name, "source": source_of(name, function)})

    return made


def _rule(values: dict[str, Any], where: str = "") -> Rule:
    try:
        return Rule.model_validate(values)
    except ValidationError as e:
        lines = [f"{where}: {line}" if where else line for line in problems(e, [])]
        raise InvalidInput("\n".join(lines)) from e


def rules_in(name: str | Path, folder: Path | None = None) -> tuple[Rule, ...]:
    """Return the rules of a Python file, or those that a library has under a name.

    The file is read, not run: its functions with `@trustabm.rule("NAME")` are the rules.

    Args:
        name: The path of a .py file, or the name of one in a library's folder `rules`.
        folder: The folder from which a path starts; the current one if not given.

    Raises:
        InvalidInput: where there is none, or what is in it is no rule.
    """
    from trustabm.rules.own import in_file

    known = library.files("rules")
    path = known.get(str(name), Path(catalog.seen_from(folder, str(name))))
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, ValueError) as e:
        hint = f"; {nearest(str(name), known)}" if known else ""
        raise InvalidInput(
            f"expected the path of a Python file, got {shown(str(name))}{hint}"
        ) from e
    _ = levers_of(text, str(path))  # known from here on
    return tuple(
        _rule({"replaces": replaced, "source": source}, str(name))
        for replaced, source in in_file(text, str(path))
    )


def _read(value: Any, info: ValidationInfo) -> Any:
    """Return rules from a list of rules, of files and of tables, or from one of them."""
    folder = (info.context or {}).get("folder")
    given = [value] if isinstance(value, str | Rule | dict | Path) else value
    if not isinstance(given, list | tuple):
        raise ValueError(f"expected a list of rules, got {shown(value)}")
    found: list[Any] = []
    for one in given:
        found += rules_in(one, folder) if isinstance(one, str | Path) else [one]
    return tuple(found)


def all_of(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return rules in the order of what they replace.

    Raises:
        ValueError: where two replace the same rule.
    """
    found: dict[str, Rule] = {}
    for one in rules:
        if found.setdefault(one.replaces, one) != one:
            raise ValueError(f"expected one rule in place of {one.replaces}, got two")
    rules = tuple(found[name] for name in sorted(found))
    _ = levers_in(rules)
    return rules


def levers_in(rules: Iterable[Rule]) -> tuple[Lever, ...]:
    """Return the levers of one's own that some rules read, in the order in which they look.

    Raises:
        ValueError: where one is declared in two ways, or there are too many.
    """
    found: dict[str, Lever] = {}
    for lever in (lever for rule in rules for lever in rule.levers):
        if found.setdefault(lever.name, lever) != lever:
            raise ValueError(f"expected one declaration of the lever {lever.name}, got two")
    if len(found) > OWN_MAX:
        raise ValueError(f"expected at most {OWN_MAX} levers of one's own, got {sorted(found)}")
    return tuple(found[name] for name in sorted(found))


def learned(values: Mapping[str, Any], folder: Path | None) -> None:
    """Learn the levers that the rules of an experiment read, before its policies are looked at.

    Args:
        values: As somebody gives them: `rules`, and `arms` of which each may have some.
        folder: The folder from which paths start; the current one if not given.
    """
    arms = values.get("arms")
    every = arms.values() if isinstance(arms, Mapping) else arms
    tables = [values, *(every if isinstance(every, list | tuple | ValuesView) else ())]
    for given in [t["rules"] for t in tables if isinstance(t, Mapping) and "rules" in t]:
        for one in given if isinstance(given, list | tuple) else [given]:
            with suppress(ValueError):  # which the field says
                if isinstance(one, str | Path):
                    rules_in(one, folder)
                elif isinstance(one, Mapping):
                    Rule.model_validate(dict(one))


Rules = Annotated[tuple[Rule, ...], BeforeValidator(_read), AfterValidator(all_of)]
"""Rules of one's own: a list of rules, paths of Python files, or their names in a library."""
