{{/* Labels of everything in this chart. */}}
{{- define "foundation.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: coderaws
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* coderd's pods, as the chart coder labels them. */}}
{{- define "foundation.coderPods" -}}
app.kubernetes.io/name: coder
app.kubernetes.io/instance: {{ .Values.coder.name }}
{{- end }}

{{/* Provisioners' pods, as the chart coder-provisioner labels them. */}}
{{- define "foundation.provisionerPods" -}}
app.kubernetes.io/name: coder-provisioner
app.kubernetes.io/instance: {{ .Values.provisioners.name }}
{{- end }}

{{/* Pods of this chart meet the pod security standard "restricted", and have no file system to write to. */}}
{{- define "foundation.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "foundation.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: ["ALL"]
{{- end }}

{{/* Egress to the cluster's DNS. */}}
{{- define "foundation.dns" -}}
- to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
      podSelector:
        matchLabels:
          k8s-app: kube-dns
  ports:
    - { port: 53, protocol: UDP }
    - { port: 53, protocol: TCP }
{{- end }}

{{/* Egress to coderd. */}}
{{- define "foundation.toCoder" -}}
- to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ .Values.coder.namespace }}
      podSelector:
        matchLabels:
          {{- include "foundation.coderPods" . | nindent 10 }}
  ports:
    - { port: 8080, protocol: TCP }
{{- end }}

{{/* Egress to everywhere, but not to the credentials of the node. */}}
{{- define "foundation.everywhere" -}}
- to:
    - ipBlock:
        cidr: 0.0.0.0/0
        except: ["169.254.169.254/32"]
{{- end }}
