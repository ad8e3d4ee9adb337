"""What `seldom.unlikely` is where it is compiled: a word to the compiler, which changes no result."""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]  # it comes with numba
from numba import types
from numba.extending import intrinsic

BIT = ir.IntType(1)


@intrinsic
def expected_not(typing: Any, holds: Any) -> Any:  # noqa: ARG001 - how numba calls it
    """The condition, which LLVM is told to expect not to hold (`llvm.expect`)."""

    def written(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bit = context.cast(builder, arguments[0], signature.args[0], types.boolean)
        expect = builder.module.declare_intrinsic("llvm.expect", [BIT], ir.FunctionType(BIT, [BIT, BIT]))
        return builder.call(expect, [bit, ir.Constant(BIT, 0)])

    return types.boolean(holds), written
