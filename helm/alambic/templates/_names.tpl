{{- define "alambic.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* The release's name, and the chart's where the release's does not say it. 40 characters leave
room for suffixes within the 63 of a label. */}}
{{- define "alambic.fullname" -}}
{{- $name := include "alambic.name" . }}
{{- $both := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) }}
{{- .Values.fullnameOverride | default $both | trunc 40 | trimSuffix "-" }}
{{- end }}

{{/* Also where bindings point, so an account that the chart does not make must be named. */}}
{{- define "alambic.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ .Values.serviceAccount.name | default (include "alambic.fullname" .) }}
{{- else -}}
{{ required "serviceAccount.name is needed where serviceAccount.create is false" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* Never changes in the life of a release: a Deployment's selector is immutable. */}}
{{- define "alambic.selector" -}}
app.kubernetes.io/name: {{ include "alambic.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/component: operator
{{- end }}

{{- define "alambic.labels" -}}
{{ include "alambic.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* Takes image (repository, tag, digest) and version. */}}
{{- define "alambic.image" -}}
{{- if .image.digest -}}
{{ .image.repository }}@{{ .image.digest }}
{{- else -}}
{{ .image.repository }}:{{ .image.tag | default .version }}
{{- end }}
{{- end }}

{{/* Whether pods name the user that they run as: if asked for, or auto and this is not OpenShift. */}}
{{- define "alambic.fixedUser" -}}
{{- $own := .Capabilities.APIVersions.Has "security.openshift.io/v1" }}
{{- if eq (toString .Values.fixedUser) "auto" }}{{ not $own }}{{ else }}{{ .Values.fixedUser }}{{ end }}
{{- end }}

{{/* Whether to make an object of the Prometheus operator: if asked for, or auto and it is there. */}}
{{- define "alambic.wanted" -}}
{{- $there := .context.Capabilities.APIVersions.Has "monitoring.coreos.com/v1" }}
{{- if or (eq (toString .enabled) "true") (and (eq (toString .enabled) "auto") $there) }}yes{{ end }}
{{- end }}
