"""Parse each of botocore's files once in a process: a megabyte each time was a fifth of the suite's seconds."""

from botocore.loaders import JSONFileLoader

_load_file = JSONFileLoader.load_file
_loaded = {}


def _load_file_once(self, file_path):
    if _loaded.get(file_path) is None:
        _loaded[file_path] = _load_file(self, file_path)
    return _loaded[file_path]


JSONFileLoader.load_file = _load_file_once
