{{/* What the operator may do where it runs jobs: in a ClusterRole, or in a Role per namespace. */}}
{{- define "alambic.rules" -}}
# operator/src/test/resources/access.yaml has the same list; AccessTest shows that each verb is needed.
# Jobs are watched, and deleted once their ttlSecondsAfterFinished is over.
- apiGroups: [alambic.dev]
  resources: [distillationjobs]
  verbs: [list, watch, delete]
# What the operator reports of a job.
- apiGroups: [alambic.dev]
  resources: [distillationjobs/status]
  verbs: [patch]
# Owner references that block deletion, where the API server enforces their permission.
- apiGroups: [alambic.dev]
  resources: [distillationjobs/finalizers]
  verbs: [update]
# Teachers; scaled to zero when a job needs them no more.
- apiGroups: [apps]
  resources: [deployments]
  verbs: [list, watch, create, patch]
# Trainers; read where another has the name; deleted to suspend a job, or to start one anew; patched to
# write down what a trainer ended with while a sidecar goes on.
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, list, watch, create, patch, delete]
# Names of the pods, and the run specification that they read. Collected with their owner.
- apiGroups: [""]
  resources: [services, configmaps]
  verbs: [list, watch, create, patch]
# What a job's trainer shows its teacher. The operator cannot read it again, nor any other Secret.
- apiGroups: [""]
  resources: [secrets]
  verbs: [create]
# Checkpoint volumes. The operator cannot delete one: retention Delete is an owner reference.
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [list, watch, create, patch]
# Why a pod does not start, and how it ended; deleted where a sidecar goes on after a trainer that is to
# start again.
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch, delete]
# What is said of a job in events, and what others say of its children.
- apiGroups: [""]
  resources: [events]
  verbs: [list, watch, create]
# Who reaches a job's teacher and trainer.
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [list, watch, create, patch]
# Teachers stay while nodes are drained.
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [list, watch, create, patch]
{{- if .Values.kueue.enabled }}
# Requests for quota; deleted when a job is suspended or needs other pods.
- apiGroups: [kueue.x-k8s.io]
  resources: [workloads]
  verbs: [get, list, watch, create, delete]
# Quota is given back there, and the end is told.
- apiGroups: [kueue.x-k8s.io]
  resources: [workloads/status]
  verbs: [patch]
{{- end }}
{{- end }}

{{/* Who may do it. */}}
{{- define "alambic.subjects" -}}
- kind: ServiceAccount
  name: {{ include "alambic.serviceAccount" . }}
  namespace: {{ .Release.Namespace }}
{{- end }}
