{{/* What the operator may do where it runs jobs: in a ClusterRole, or in a Role per namespace. */}}
{{- define "alambic.rules" -}}
# Jobs are read; patched for a finalizer; deleted once their ttlSecondsAfterFinished is over.
- apiGroups: [alambic.dev]
  resources: [distillationjobs]
  verbs: [get, list, watch, patch, delete]
# What the operator reports of a job.
- apiGroups: [alambic.dev]
  resources: [distillationjobs/status]
  verbs: [get, patch, update]
# Owner references that block deletion, where the API server enforces their permission.
- apiGroups: [alambic.dev]
  resources: [distillationjobs/finalizers]
  verbs: [update]
# Teachers; deleted when a job needs them no more.
- apiGroups: [apps]
  resources: [deployments]
  verbs: [get, list, watch, create, patch, delete]
# Trainers; deleted to suspend a job, or to start one anew.
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, list, watch, create, patch, delete]
# Names of the pods, and the run specification that they read. Collected with their owner.
- apiGroups: [""]
  resources: [services, configmaps]
  verbs: [get, list, watch, create, patch]
# Checkpoint volumes. The operator cannot delete one: retention Delete is an owner reference.
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [get, list, watch, create, patch]
# Why a pod does not start, and how it ended.
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch]
# What is said of a job in events, and what others say of its children.
- apiGroups: [""]
  resources: [events]
  verbs: [list, create, patch]
# Who reaches a job's teacher and trainer.
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, list, watch, create, patch]
# Teachers stay while nodes are drained.
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch]
{{- if .Values.kueue.enabled }}
# Requests for quota; deleted when a job is suspended or needs other pods.
- apiGroups: [kueue.x-k8s.io]
  resources: [workloads]
  verbs: [get, list, watch, create, delete]
# Quota is given back there, and the end is told.
- apiGroups: [kueue.x-k8s.io]
  resources: [workloads/status]
  verbs: [get, patch]
{{- end }}
{{- end }}

{{/* Who may do it. */}}
{{- define "alambic.subjects" -}}
- kind: ServiceAccount
  name: {{ include "alambic.serviceAccount" . }}
  namespace: {{ .Release.Namespace }}
{{- end }}
