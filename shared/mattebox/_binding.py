"""Methods that can be called on a class, which then has to be told which object is meant, or on the object itself."""

from collections.abc import Callable
from types import MethodType
from typing import Concatenate, Generic, ParamSpec, TypeVar, cast

T = TypeVar("T")
P = ParamSpec("P")
R = TypeVar("R")


class on_class_or_instance(Generic[T, P, R]):  # noqa: N801 - used as a decorator
    """Pass the object, or the class where there is none, as the first argument."""

    def __init__(self, function: Callable[Concatenate[T | type[T], P], R]) -> None:
        self._function = function
        self.__doc__ = function.__doc__

    def __get__(self, instance: T | None, owner: type[T]) -> Callable[P, R]:
        bound = MethodType(self._function, owner if instance is None else instance)
        return cast("Callable[P, R]", bound)
