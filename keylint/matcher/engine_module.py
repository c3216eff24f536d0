"""Load the compiled module of Hyperscan without its package, which imports `typing`.

That import takes longer than a scan. The front of the hook uses this module too.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType


def load_engine() -> tuple[ModuleType, str]:
    """Return Hyperscan's compiled module and its version. Raises ImportError if there is none.

    The name of the compiled module is private, so the package is the fallback.
    """
    try:
        return _load_compiled()
    except ImportError:
        package = __import__('hyperscan')
        return package, str(getattr(package, '__version__', '0'))


def _load_compiled() -> tuple[ModuleType, str]:
    """Import from an empty package that temporarily stands in for the real one."""
    if 'hyperscan' in sys.modules:
        raise ImportError('the package is loaded already, or barred')
    found = (finder.find_spec('hyperscan', None) for finder in sys.meta_path)
    spec = next((spec for spec in found if spec), None)
    if spec is None:
        raise ImportError('there is no Hyperscan')
    package = type(sys)('hyperscan')
    package.__path__ = spec.submodule_search_locations or []
    sys.modules['hyperscan'] = package
    try:
        engine = __import__('hyperscan._hs_ext', fromlist=['Database'])
        version: str = __import__('hyperscan._version', fromlist=['__version__']).__version__
    finally:
        del sys.modules['hyperscan']
    return engine, version
