"""Other field tools' exports, read through a mapping into the bundles of the upload contract (docs/exports.md)."""
