{{/* Name of the Deployment and what belongs to it: ppma-operator in a release called ppma. */}}
{{- define "ppma.operator" -}}
{{ .Release.Name }}-operator
{{- end }}

{{/* Labels by which the operator's own pods are found; they never change. */}}
{{- define "ppma.selector" -}}
app.kubernetes.io/name: ppma-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "ppma.labels" -}}
{{ include "ppma.selector" . }}
app.kubernetes.io/part-of: ppma-cloud
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* Image reference of (dict "image" VALUES "version" DEFAULT-TAG): a digest wins over a tag. */}}
{{- define "ppma.image" -}}
{{- if .image.digest -}}
{{ .image.repository }}@{{ .image.digest }}
{{- else -}}
{{ .image.repository }}:{{ .image.tag | default .version }}
{{- end -}}
{{- end }}

{{/* Namespaces for whose runs this release makes a service account and a network policy, as JSON. */}}
{{- define "ppma.workerNamespaces" -}}
{{- if .Values.worker.namespaces -}}
{{ toJson .Values.worker.namespaces }}
{{- else if .Values.watchNamespace -}}
{{ toJson (list .Values.watchNamespace) }}
{{- else -}}
[]
{{- end -}}
{{- end }}
