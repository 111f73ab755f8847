#!/bin/sh
# Starts Prometheus, Alertmanager, Pushgateway, Grafana and node exporter with Docker Compose (or podman compose).
#
#   ./start_monitoring.sh           start; makes secrets that are missing
#   ./start_monitoring.sh --check   only check that all is there
#   ./start_monitoring.sh --stop    stop; the data stays
set -eu
umask 077
cd "$(dirname "$0")"

compose() {
    if command -v docker >/dev/null 2>&1 && docker compose version >/dev/null 2>&1; then
        docker compose "$@"
    elif command -v podman >/dev/null 2>&1 && podman compose version >/dev/null 2>&1; then
        podman compose "$@"
    else
        echo "error: there is neither 'docker compose' nor 'podman compose'. Install one of them and run this again." >&2
        exit 1
    fi
}

secret() {
    [ -s "secrets/$1" ] || head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"secrets/$1"
}

case "${1:-}" in
    "")
        mkdir -p secrets textfile
        chmod 700 secrets
        chmod 755 textfile
        secret grafana-password
        secret stackmill-token
        # The containers have users of their own; nobody else gets into the folder.
        chmod 644 secrets/grafana-password secrets/stackmill-token
        compose up -d
        echo "Grafana       http://127.0.0.1:3000  user stackmill, password in $(pwd)/secrets/grafana-password"
        echo "Prometheus    http://127.0.0.1:9090"
        echo "Alertmanager  http://127.0.0.1:9093"
        echo "Pushgateway   http://127.0.0.1:9091"
        echo "Runs: export PUSHGATEWAY_URL=http://127.0.0.1:9091; stackmill health says whether all is well."
        ;;
    --check)
        compose config --quiet
        echo "the compose file is well-formed"
        ;;
    --stop)
        compose down
        ;;
    *)
        sed -n '2,6p' "$0" >&2
        exit 2
        ;;
esac
