"""Static files under hashed names, for production."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Renames the imports inside ES modules too, so that a changed module is fetched anew everywhere."""

    support_js_module_import_aggregation = True
