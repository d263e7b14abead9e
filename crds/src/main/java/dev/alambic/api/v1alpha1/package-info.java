/**
 * The DistillationJob resource: spec, status, condition types and reasons. The CRD is generated
 * from these types; their comments are what {@code kubectl explain} prints.
 */
package dev.alambic.api.v1alpha1;
