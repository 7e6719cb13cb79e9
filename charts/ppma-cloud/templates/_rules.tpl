{{/*
What the operator may do; it reads no Secret. Why each line is there: docs/reference/operator.md.
A test runs the operator with exactly this on a real API server and fails on any refusal, and on any line that is not used.
*/}}
{{- define "ppma.operatorRules" -}}
- apiGroups: [ppma.cloud]
  resources: [pretrainruns, evalruns, videodatasets]
  verbs: [get, list, watch]
- apiGroups: [ppma.cloud]
  resources: [pretrainruns/status, evalruns/status, videodatasets/status]
  verbs: [update]
- apiGroups: [ppma.cloud]
  resources: [pretrainruns/finalizers, evalruns/finalizers, videodatasets/finalizers]
  verbs: [update]
- apiGroups: [batch]
  resources: [jobs]
  verbs: [create, get, list, watch, delete]
- apiGroups: [""]
  resources: [pods]
  verbs: [create, list, watch]
- apiGroups: [""]
  resources: [configmaps]
  verbs: [create, get, delete]
- apiGroups: [""]
  resources: [serviceaccounts]
  verbs: [get]
- apiGroups: [""]
  resources: [events]
  verbs: [list]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end }}
