# Starts Prometheus, Alertmanager, Pushgateway, Grafana and node exporter with Docker Compose.
#
#   .\start_monitoring.ps1          start; makes secrets that are missing
#   .\start_monitoring.ps1 -Check   only check that all is there
#   .\start_monitoring.ps1 -Stop    stop; the data stays
[CmdletBinding()]
param([switch]$Check, [switch]$Stop)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Set-Location -LiteralPath $PSScriptRoot

if (-not (Get-Command docker -ErrorAction SilentlyContinue)) {
    Write-Error "There is no 'docker' on the PATH. Install Docker Desktop and run this again."
    exit 1
}

function Invoke-Compose {
    & docker compose @args
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

function New-Secret([string]$Name) {
    $path = Join-Path 'secrets' $Name
    if ((Test-Path -LiteralPath $path) -and (Get-Item -LiteralPath $path).Length -gt 0) { return }
    $bytes = New-Object byte[] 24
    $generator = [System.Security.Cryptography.RandomNumberGenerator]::Create()
    try { $generator.GetBytes($bytes) } finally { $generator.Dispose() }
    $text = -join ($bytes | ForEach-Object { $_.ToString('x2') })
    [System.IO.File]::WriteAllText((Join-Path (Get-Location) $path), $text)
}

if ($Check) {
    Invoke-Compose config --quiet
    Write-Output 'the compose file is well-formed'
    exit 0
}

if ($Stop) {
    Invoke-Compose down
    exit 0
}

New-Item -ItemType Directory -Force -Path 'secrets', 'textfile' | Out-Null
New-Secret 'grafana-password'
New-Secret 'stackmill-token'
Invoke-Compose up -d
Write-Output "Grafana       http://127.0.0.1:3000  user stackmill, password in $(Join-Path $PSScriptRoot 'secrets\grafana-password')"
Write-Output 'Prometheus    http://127.0.0.1:9090'
Write-Output 'Alertmanager  http://127.0.0.1:9093'
Write-Output 'Pushgateway   http://127.0.0.1:9091'
Write-Output 'Runs: $env:PUSHGATEWAY_URL = "http://127.0.0.1:9091"; stackmill health says whether all is well.'
