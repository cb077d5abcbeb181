"""Make one function object call another one, so that every reference to it follows.

``time.sleep`` is a single object, however many modules, defaults, slots and closures hold it; a method is one, whoever
wraps it and takes such a wrapper away again. A builtin gets a method table of ours (two pointers of CPython's
``PyCFunctionObject`` are written); a Python function another ``__code__``. The layout is checked before anything is
written. Where it does not fit (PyPy, no ctypes, a closure), the attribute is patched instead: then only what looks the
function up there at each call follows.
"""

from __future__ import annotations

import functools
import inspect
import operator
import sys
import time
from collections.abc import Callable
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

from ..locks import new_lock
from ..originals import ORIGINALS
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
#: A function's module and its name there.
Place = tuple[str, str]
#: All Redirections of the process.
_ALL: list[Redirections] = []


class Redirections:
    """Functions that are redirected while anybody uses that; only those of imported modules.

    :param functions: where each is -> ``around``, which is called with the original function and its arguments.
    """

    def __init__(self, functions: dict[Place, Callable[..., Any]]) -> None:
        self.functions = functions
        #: Who uses them, the latest last.
        self.users: list[Any] = []
        #: Made once for a module and kept: another thread may be on its way through one at any time.
        self.kept: dict[tuple[Any, str], BuiltinRedirection | CodeRedirection] = {}
        self._undo: dict[Place, Callable[[], None]] = {}
        self._lock = new_lock()
        _ALL.append(self)

    def open(self, user: Any, on_close: Callable[[Callable[[], None]], object] = lambda close: None) -> None:
        """Redirect the functions for *user*; *on_close* gets what ends that."""
        with self._lock:
            self.users.append(user)
            on_close(functools.partial(self.close, user))
            try:
                self.look()
            except BaseException:
                self.close(user)
                raise

    def close(self, user: Any) -> None:
        """End what *user* has begun. May be called more than once."""
        with self._lock:
            if user in self.users:
                self.users.remove(user)
            while self._undo and not self.users:
                self._undo.popitem()[1]()

    def look(self) -> None:
        with self._lock:
            for place, around in self.functions.items() if self.users else ():
                if place not in self._undo and place[0] in sys.modules:
                    self._redirect(sys.modules[place[0]], place, around)

    def _redirect(self, module: ModuleType, place: Place, around: Callable[..., Any]) -> None:
        owner_path, _, name = place[1].rpartition(".")
        # By its class, where it has one: a module that is reloaded stays itself.
        key = getattr(module, owner_path, None) if owner_path else module, name
        made = self.kept.get(key)
        if made is None:
            try:
                owner: Any = operator.attrgetter(owner_path)(module) if owner_path else module
                found = getattr(owner, name)
            except AttributeError:  # the module is just being imported
                return
            function: Any = ORIGINALS.get(name, found) if module is time else inspect.unwrap(found)
            if any(kept.function is function for kept in self.kept.values()):
                return  # gevent gives one function two names
            if BuiltinRedirection.fits(owner, name, function):
                made = BuiltinRedirection(owner, name, function, around)
            elif CodeRedirection.fits(*place, function):
                made = CodeRedirection(function, around)
            else:
                # A user's Mock stays in charge: of a method, which does not tell it the object, and of time.sleep.
                is_mock = not hasattr(type(found), "__get__") and type(found) is not BuiltinFunctionType
                if not is_mock and (function is found or module is not time):
                    self._undo[place] = Patch(owner, name, around).remove
                return
            self.kept[key] = made
        made.open()
        self._undo[place] = made.close


def look_again() -> None:
    for redirections in _ALL:
        redirections.look()


class _Target(ModuleType):
    """What a redirected builtin has for its ``__self__``. A module, so that pickle and repr see a module's function."""

    function: Callable[..., Any]
    flags: int

    def __call__(self) -> Any:
        return self.function()

    def __getitem__(self, argument: Any) -> Any:
        return self.function(*argument) if self.flags == _VARARGS else self.function(argument)


class BuiltinRedirection:
    """A builtin, redirected by two pointers of its object: the method table and ``__self__``."""

    def __init__(self, module: ModuleType, name: str, function: Any, around: Callable[..., Any]) -> None:
        self.function = function
        method, self._pointers = _method_of(function), _pointers_of(function)
        self._before = (self._pointers[0], self._pointers[1])
        new = ctypes.pythonapi.PyCFunction_NewEx
        new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.py_object, ctypes.py_object]
        original = new(self._before[0], module, module.__name__)
        # The table and the target live as long as the process, as the builtin's own ones do.
        self._target = _Target(module.__name__)
        self._target.function, self._target.flags = functools.partial(around, original), method.ml_flags
        caller = ctypes.cast(getattr(ctypes.pythonapi, _CALLERS[method.ml_flags]), ctypes.c_void_p).value
        self._method = _PyMethodDef(method.ml_name, caller, method.ml_flags, method.ml_doc)

    @staticmethod
    def fits(module: Any, name: str, function: Any) -> bool:
        """Tell whether *function* has the layout of a builtin of *module*; nothing is written."""
        if ctypes is None or sys.implementation.name != "cpython" or type(function) is not BuiltinFunctionType:
            return False
        if not getattr(sys, "_is_gil_enabled", lambda: True)() or _pointers_of(function)[1] != id(module):
            return False
        method = _method_of(function)
        return bool(method.ml_flags in _CALLERS and method.ml_name == name.encode())

    def open(self) -> None:
        if self._pointers[1] != id(self._target):
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._target))
            # In this order: the original function pays no heed to its module, our caller needs its target.
            self._pointers[1] = id(self._target)
            self._pointers[0] = ctypes.addressof(self._method)

    def close(self) -> None:
        if self._pointers[1] == id(self._target):
            self._pointers[0], self._pointers[1] = self._before
            ctypes.pythonapi.Py_DecRef(ctypes.py_object(self._target))


class CodeRedirection:
    """A Python function without a closure, redirected by its ``__code__``; coroutine functions too."""

    def __init__(self, function: FunctionType, around: Callable[..., Any]) -> None:
        self.function = function
        self._code = code = function.__code__
        original = FunctionType(code, function.__globals__, function.__name__, function.__defaults__)
        original.__kwdefaults__ = function.__kwdefaults__
        self._redirected = _code_that_calls(functools.partial(around, original), function)

    @staticmethod
    def fits(module_name: str, path: str, function: Any) -> bool:
        """Tell whether *function* has no closure and is the library's own, not what somebody has put in its place."""
        if type(function) is not FunctionType or function.__closure__ or function.__qualname__ != path:
            return False
        return function.__module__.partition(".")[0] == module_name.partition(".")[0]

    def open(self) -> None:
        self.function.__code__ = self._redirected

    def close(self) -> None:
        if self.function.__code__ is self._redirected:  # nobody else has redirected it meanwhile
            self.function.__code__ = self._code


def _code_that_calls(replacement: Callable[..., Any], function: FunctionType) -> CodeType:
    """Return code with the parameters of *function* that calls *replacement*, which is one of its constants."""
    signature = inspect.signature(FunctionType(function.__code__, {}))  # without defaults and annotations
    handed_on = (f"{p.name}={p}" if p.kind is p.KEYWORD_ONLY else str(p) for p in signature.parameters.values())
    arguments = ", ".join(handed_on)
    is_async = inspect.iscoroutinefunction(function)
    source = (
        f"{'async ' if is_async else ''}def {function.__name__}{signature}:\n"
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
