"""What no inner session is to load again: the package under test but for its plugin, which is pytest's to import, and
what botocore reads of its files. Reading those for each session was a fifth of the suite's seconds.
"""

import importlib
import pkgutil

from botocore.loaders import JSONFileLoader, Loader


def import_package():
    for name in ("markers", "reporting", "intercept"):
        module = importlib.import_module(f"pytest_rekognition_cl.{name}")
        for inner in pkgutil.iter_modules(getattr(module, "__path__", [])):
            importlib.import_module(f"{module.__name__}.{inner.name}")


def remember(cls, name, key):
    """Make the method *name* of *cls* run once for each ``key(instance)`` and each argument."""
    method, results = vars(cls)[name], {}

    def get(instance, argument):
        place = key(instance), argument
        if results.get(place) is None:
            results[place] = method(instance, argument)
        return results[place]

    setattr(cls, name, get)


import_package()
remember(JSONFileLoader, "load_file", key=lambda loader: None)
remember(Loader, "list_available_services", key=lambda loader: tuple(loader.search_paths))
