"""Make one function object call another one, so that every reference to it follows.

``time.sleep`` is a single object, however many modules, defaults, slots and closures hold it. A builtin gets a method
table of ours (two pointers of CPython's ``PyCFunctionObject`` are written); a Python function another ``__code__``. The
layout is checked before anything is written. Where it does not fit (PyPy, no ctypes), the attribute of the module is
patched instead: then only what looks the function up there at each call follows.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

from .patching import Patch

ctypes: Any
try:
    import ctypes
except ImportError:  # a Python without ctypes
    ctypes = None

#: CPython's flags of a method table's entry -> the C function that calls ``m_self``, our object, in its place.
_CALLERS = {
    0x0001: "PyObject_GetItem",  # METH_VARARGS: the arguments come as one tuple
    0x0004: "PyObject_CallObject",  # METH_NOARGS
    0x0008: "PyObject_GetItem",  # METH_O: one argument
}
_VARARGS = 0x0001
_FIELDS = ("ml_name", "c_char_p"), ("ml_meth", "c_void_p"), ("ml_flags", "c_int"), ("ml_doc", "c_void_p")
#: CPython's struct of this name: an entry of a method table.
_PyMethodDef: Any = ctypes and type(
    "PyMethodDef", (ctypes.Structure,), {"_fields_": [(name, getattr(ctypes, kind)) for name, kind in _FIELDS]}
)


class Redirection:
    """The *function* of a module, which can be made to call ``make(original)``.

    Make it once in a process and keep it: another thread may be on its way through it at any time. This one, for what
    fits neither of the other two, patches the module's attribute.
    """

    def __init__(self, module: ModuleType, name: str, function: Any, make: Callable[[Any], Any]) -> None:
        self.function = function
        #: Does what the function did before, also while it is redirected.
        self.original: Callable[..., Any] = function
        self._module, self._name = module, name
        self._replacement = make(function)
        self._patch: Patch | None = None

    def open(self) -> None:
        """Redirect the function."""
        if self._patch is None and vars(self._module).get(self._name) is self.function:
            self._patch = Patch(self._module, self._name, self._make)

    def close(self) -> None:
        """Let the function be what it was."""
        if self._patch is not None:
            self._patch.remove()
            self._patch = None

    def _make(self, patch: Patch) -> Callable[..., Any]:
        def replacement(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            return (patch.found if patch.inert else self._replacement)(*args, **kwargs)

        return replacement


class _Target(ModuleType):
    """What a redirected builtin has for its ``__self__``. A module, so that pickle and repr see a module's function."""

    function: Callable[..., Any]

    def __call__(self) -> Any:
        return self.function()

    def __getitem__(self, argument: Any) -> Any:
        return self.function(argument)


class _TupleTarget(_Target):
    """The same for a builtin that takes its arguments as a tuple."""

    def __getitem__(self, arguments: Any) -> Any:
        return self.function(*arguments)


class BuiltinRedirection(Redirection):
    """A builtin, redirected by two pointers of its object: the method table and ``__self__``."""

    def __init__(self, module: ModuleType, name: str, function: Any, make: Callable[[Any], Any]) -> None:
        self.function = function
        method, self._pointers = _method_of(function), _pointers_of(function)
        self._before = (self._pointers[0], self._pointers[1])
        new = ctypes.pythonapi.PyCFunction_NewEx
        new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.py_object, ctypes.py_object]
        self.original = new(self._before[0], module, module.__name__)
        # The table and the target live as long as the process, as the builtin's own ones do.
        self._target = (_TupleTarget if method.ml_flags == _VARARGS else _Target)(module.__name__)
        self._target.function = make(self.original)
        caller = ctypes.cast(getattr(ctypes.pythonapi, _CALLERS[method.ml_flags]), ctypes.c_void_p).value
        self._method = _PyMethodDef(method.ml_name, caller, method.ml_flags, method.ml_doc)

    @staticmethod
    def fits(module: ModuleType, name: str, function: Any) -> bool:
        """Tell whether *function* has the layout of a builtin of *module*; nothing is written."""
        if ctypes is None or sys.implementation.name != "cpython" or type(function) is not BuiltinFunctionType:
            return False
        if not getattr(sys, "_is_gil_enabled", lambda: True)() or _pointers_of(function)[1] != id(module):
            return False
        method = _method_of(function)
        return bool(method.ml_flags in _CALLERS and method.ml_name == name.encode())

    def open(self) -> None:
        """Redirect the function."""
        if self._pointers[1] != id(self._target):
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._target))
            # In this order: the original function pays no heed to its module, our caller needs its target.
            self._pointers[1] = id(self._target)
            self._pointers[0] = ctypes.addressof(self._method)

    def close(self) -> None:
        """Let the function be what it was."""
        if self._pointers[1] == id(self._target):
            self._pointers[0], self._pointers[1] = self._before
            ctypes.pythonapi.Py_DecRef(ctypes.py_object(self._target))


class CodeRedirection(Redirection):
    """A Python function without a closure, redirected by its ``__code__``; coroutine functions too."""

    def __init__(self, module: ModuleType, name: str, function: FunctionType, make: Callable[[Any], Any]) -> None:
        self.function = function
        self._code = code = function.__code__
        self.original = FunctionType(code, function.__globals__, function.__name__, function.__defaults__)
        self._redirected = _calling(make(self.original), code)

    @staticmethod
    def fits(function: Any) -> bool:
        """Tell whether *function* is a plain function whose parameters are all positional or keyword ones."""
        if type(function) is not FunctionType or function.__closure__:
            return False
        return not function.__code__.co_kwonlyargcount and not function.__code__.co_flags & 0x0C  # *args, **kwargs

    def open(self) -> None:
        """Redirect the function."""
        self.function.__code__ = self._redirected

    def close(self) -> None:
        """Let the function be what it was, unless somebody else has redirected it meanwhile."""
        if self.function.__code__ is self._redirected:
            self.function.__code__ = self._code


def redirection(module: ModuleType, name: str, function: Any, make: Callable[[Any], Any]) -> Redirection:
    """Return the redirection that fits *function*, found as *name* in *module*, to ``make(original)``."""
    if BuiltinRedirection.fits(module, name, function):
        return BuiltinRedirection(module, name, function, make)
    return (CodeRedirection if CodeRedirection.fits(function) else Redirection)(module, name, function, make)


def _calling(replacement: Callable[..., Any], like: CodeType) -> CodeType:
    """Return code with the parameters of *like* that calls *replacement*, which is one of its constants."""
    is_async = bool(like.co_flags & 0x80)  # CO_COROUTINE
    arguments = ", ".join(like.co_varnames[: like.co_argcount])
    source = (
        f"{'async ' if is_async else ''}def {like.co_name}({arguments}):\n"
        "    __tracebackhide__ = True\n"
        "    __replacement = 0.5\n"
        f"    return {'await ' if is_async else ''}__replacement({arguments})\n"
    )
    compiled = compile(source, f"<{__name__}>", "exec", dont_inherit=True)
    code = next(constant for constant in compiled.co_consts if isinstance(constant, CodeType))
    # The globals are the function's own, so the replacement comes as a constant.
    return code.replace(co_consts=tuple(replacement if value == 0.5 else value for value in code.co_consts))


def _pointers_of(function: Any) -> Any:
    """Return ``m_ml`` and ``m_self`` of a builtin, as an array of two addresses in its very object."""
    return (ctypes.c_size_t * 2).from_address(id(function) + object.__basicsize__)


def _method_of(function: Any) -> Any:
    return _PyMethodDef.from_address(_pointers_of(function)[0])
