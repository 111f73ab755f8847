{{- define "stackmill.name" -}}
stackmill-{{ trunc 8 .Values.plan.id }}
{{- end }}

{{- define "stackmill.labels" -}}
app.kubernetes.io/name: stackmill
app.kubernetes.io/version: {{ .Values.plan.program | quote }}
stackmill/plan: {{ trunc 8 .Values.plan.id | quote }}
{{- end }}
