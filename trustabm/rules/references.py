"""Named tuples of arrays that compiled functions hand on by reference.

numba hands a tuple on item by item, and an array is seven: a week would be some three hundred
values in every call, to be put in their places and to be compiled. By reference it is one.
"""

from __future__ import annotations

import hashlib
from typing import Any

from numba.core import cgutils, types
from numba.core.datamodel.models import PrimitiveModel
from numba.core.extending import (
    NativeValue,
    lower_builtin,
    register_model,
    type_callable,
    typeof_impl,
    unbox,
)
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr

__all__ = ["by_reference", "referred"]


class Reference(types.Type):
    """A reference to a named tuple that nothing writes to."""

    def __init__(self, of: types.NamedTuple) -> None:
        self.of = of
        super().__init__(f"Reference({of})")

    @property
    def key(self) -> Any:
        """What makes two of these types the same."""
        return self.of

    @property
    def mangling_args(self) -> tuple[str, tuple[()]]:
        """What the names of compiled functions say of the type."""
        return _short(self.of.instance_class.__name__, self), ()


def _short(what: str, kind: types.Type) -> str:
    return f"{what}_{hashlib.blake2b(str(kind).encode(), digest_size=8).hexdigest()}"


# A compiled function's name has the types it takes in it, and a record's all its fields: of some
# parameters ten thousand letters, wherever the function is called.
setattr(types.Record, "mangling_args", property(lambda self: (_short("Record", self), ())))  # noqa: B010


@register_model(Reference)
class _Model(PrimitiveModel):
    def __init__(self, manager: Any, kind: Reference) -> None:
        super().__init__(manager, kind, manager.lookup(kind.of).get_value_type().as_pointer())


@infer_getattr
class _Fields(AttributeTemplate):
    key = Reference

    def generic_resolve(self, kind: Any, name: str) -> Any:  # type: ignore[override]
        return kind.of[kind.of.fields.index(name)] if name in kind.of.fields else None


@lower_getattr_generic(Reference)
def _field(context: Any, builder: Any, kind: Reference, value: Any, name: str) -> Any:
    return builder.load(cgutils.gep_inbounds(builder, value, 0, kind.of.fields.index(name)))


@unbox(Reference)
def _from_python(kind: Reference, found: Any, inside: Any) -> NativeValue:
    whole = inside.unbox(kind.of, found)
    at = cgutils.alloca_once_value(inside.builder, whole.value)
    return NativeValue(at, is_error=whole.is_error, cleanup=whole.cleanup)


def by_reference[T](items: T) -> T:
    """Return a reference to a named tuple made in a compiled function, for as long as that runs."""
    return items


@type_callable(by_reference)
def _kind(context: Any) -> Any:
    # No class: numba would read what it is called with from its metaclass.
    return lambda items: Reference(items)


@lower_builtin(by_reference, types.NamedTuple)
def _refer(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    return cgutils.alloca_once_value(builder, args[0])


def referred[T: type[Any]](kind: T) -> T:
    """Let compiled functions take what Python makes of this named tuple by reference."""

    @typeof_impl.register(kind)
    def _(items: Any, inside: Any) -> Any:
        return Reference(types.NamedTuple([typeof_impl(item, inside) for item in items], kind))

    return kind
