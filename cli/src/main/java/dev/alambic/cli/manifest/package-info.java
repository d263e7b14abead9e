/**
 * Manifests read as the API server reads them, without one: the same schema, defaults and rules,
 * taken from the CustomResourceDefinition itself.
 */
package dev.alambic.cli.manifest;
