{{/* Names and the parts that every pod has. */}}
{{- define "postern.name" -}}
{{- if not (regexMatch "^[a-z][-a-z0-9]*$" .Release.Name) -}}
{{- $why := "release name %s: Services are named after it, so it begins with a letter, and has small letters, digits and - only" -}}
{{- fail (printf $why .Release.Name) -}}
{{- end -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{/* What the pods of the network call the controllers, whatever others call them. */}}
{{- define "postern.controllerService" -}}
{{ include "postern.name" . }}-controller.{{ .Release.Namespace }}.svc
{{- end }}

{{/* host:port of wsProxy.url, as clients call it. */}}
{{- define "postern.consoles" -}}
{{- $authority := .Values.wsProxy.url | trimPrefix "https://" | trimSuffix "/" -}}
{{ $authority }}{{ if not (contains ":" $authority) }}:443{{ end }}
{{- end }}

{{- define "postern.labels" -}}
app.kubernetes.io/part-of: postern
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "postern.selector" -}}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "postern.component" -}}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "postern.image" -}}
{{- with .root.Values.image.registry }}{{ . }}/{{ end -}}
postern-{{ .program }}:{{ .root.Values.image.tag }}
{{- end }}

{{- define "postern.caSecret" -}}
{{- .Values.pki.existingSecret | default (printf "%s-ca" (include "postern.name" .)) -}}
{{- end }}

{{- define "postern.controllerSecret" -}}
{{- .Values.controller.existingSecret | default (printf "%s-controller" (include "postern.name" .)) -}}
{{- end }}

{{- define "postern.databaseSecret" -}}
{{- if .Values.database.existingSecret -}}
{{- .Values.database.existingSecret -}}
{{- else if .Values.database.bundled.enabled -}}
{{- include "postern.name" . }}-postgres
{{- else -}}
{{- fail "database.existingSecret: name the Secret with username and password of the database" -}}
{{- end -}}
{{- end }}

{{- define "postern.databaseUrl" -}}
{{- if .Values.database.bundled.enabled -}}
postgresql://{{ include "postern.name" . }}-postgres:5432/postern
{{- else -}}
{{- required "database.url: give the address of a PostgreSQL, or set database.bundled.enabled for a trial" .Values.database.url -}}
{{- end -}}
{{- end }}

{{/* The port at which the database is reached. */}}
{{- define "postern.databasePort" -}}
{{- $host := include "postern.databaseUrl" . | trimPrefix "postgresql://" | regexFind "^[^/]+" -}}
{{ .Values.database.port | default (regexFind ":[0-9]+$" $host | trimPrefix ":") | default 5432 }}
{{- end }}

{{/* The restricted profile, whole. */}}
{{- define "postern.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "postern.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: { drop: [ALL] }
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "postern.spread" -}}
{{- range $i, $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" -}}
{{- if $i }}{{ "\n" }}{{ end -}}
- topologyKey: {{ $key }}
  maxSkew: 1
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "postern.selector" $ | nindent 6 }}
{{- end -}}
{{- end }}

{{/* How many there shall be. With an autoscaler as many as there are: without a number Kubernetes takes one, until it acts. */}}
{{- define "postern.replicas" -}}
{{- if not .values.autoscaling.enabled -}}
{{- .values.replicas -}}
{{- else -}}
{{- with lookup "apps/v1" "Deployment" .root.Release.Namespace (printf "%s-%s" (include "postern.name" .root) .component) -}}
{{- .spec.replicas -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "postern.maxReplicas" -}}
{{- if lt (int .values.autoscaling.maxReplicas) (int .values.replicas) -}}
{{- fail (printf "%s.autoscaling.maxReplicas: is less than %s.replicas, which is where it begins" .key .key) -}}
{{- end -}}
{{- .values.autoscaling.maxReplicas -}}
{{- end }}

{{- define "postern.pull" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Parts of network policies. */}}
{{- define "postern.pods" -}}
- podSelector:
    matchLabels:
      {{- include "postern.selector" . | nindent 6 }}
{{- end }}
{{- define "postern.clients" -}}
{{- $clients := list -}}
{{- range .Values.networkPolicy.clientNamespaces -}}
{{- $clients = append $clients (dict "namespaceSelector" (dict "matchLabels" (dict "kubernetes.io/metadata.name" .))) -}}
{{- end -}}
{{- toYaml $clients -}}
{{- end }}
{{- define "postern.dns" -}}
- to: [ { namespaceSelector: {}, podSelector: { matchLabels: { k8s-app: kube-dns } } } ]
  ports: [ { port: 53, protocol: UDP }, { port: 53, protocol: TCP } ]
{{- end }}
{{- define "postern.scrape" -}}
- from: [ { namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: {{ .Values.networkPolicy.monitoringNamespace | quote }} } } } ]
  ports: [ { port: 9000, protocol: TCP } ]
{{- end }}
