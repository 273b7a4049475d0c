"""Rows of arrays that are asked for before they are read.

The rows of those to whom something happens lie apart in memory, and one that the processor does not
hold takes as long to come as a hundred steps of arithmetic. Asked for ahead it comes meanwhile.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.extending import lower_builtin, type_callable
from numba.np.arrayobj import make_array

__all__ = ["fetch"]


def fetch(rows: Any, i: int) -> None:
    """Ask for row `i` of an array, at most 64 bytes, and wait for nothing.

    Only a compiled function does; it may ask for rows that there are not.
    """


@type_callable(fetch)
def _kind(context: Any) -> Any:
    return lambda rows, i: types.void


@lower_builtin(fetch, types.Array, types.Integer)
def _fetch(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    rows = make_array(signature.args[0])(context, builder, args[0])
    stride = cgutils.unpack_tuple(builder, rows.strides)[0]
    i = context.cast(builder, args[1], signature.args[1], types.intp)
    first = builder.bitcast(rows.data, cgutils.voidptr_t)
    row = cgutils.pointer_add(builder, first, builder.mul(i, stride))
    end = cgutils.pointer_add(builder, row, builder.sub(stride, ir.Constant(stride.type, 1)))
    number = ir.IntType(32)
    kinds = [cgutils.voidptr_t, number, number, number]
    ask = builder.module.declare_intrinsic(
        "llvm.prefetch", [cgutils.voidptr_t], ir.FunctionType(ir.VoidType(), kinds)
    )
    for byte in (row, end):  # it may lie in two lines of memory
        builder.call(ask, [byte, number(0), number(3), number(1)])  # to read; to be kept; data
    return context.get_dummy_value()
