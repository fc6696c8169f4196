{{/* Labels of everything in this chart. */}}
{{- define "entrance.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: coderaws
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
