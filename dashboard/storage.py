"""Static files under hashed names, for production."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Renames the imports inside our own ES modules too, so that a changed module is fetched anew everywhere.

    The scripts of packages are no modules, and have words in their comments that look like imports.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )
