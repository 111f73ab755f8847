#!/usr/bin/env bash
# Builds an image on nothing ('FROM scratch') with podman: the program with its runtime, and this machine's C libraries for it.
# Nothing is pulled. The image is for machines of this one's processor.
#
#   deploy/build_scratch_image.sh localhost/stackmill:0.1.0
#
# PODMAN is the command with its options (default: podman); STACKMILL_PUBLISHED a folder with the program, published self-contained.
set -euo pipefail
[ "$#" -eq 1 ] || { echo "usage: deploy/build_scratch_image.sh IMAGE" >&2; exit 2; }
image=$1
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
read -ra podman <<< "${PODMAN:-podman}"
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT

root=$context/root
mkdir -p "$root/app" "$root/lib" "$root/lib64" "$root/etc/ssl/certs" "$root/project" "$root/tmp"
if [ -n "${STACKMILL_PUBLISHED:-}" ]; then
  cp -a "$STACKMILL_PUBLISHED/." "$root/app/"
else
  case $(uname -m) in
    x86_64) machine=linux-x64 ;;
    aarch64) machine=linux-arm64 ;;
    *) echo "error: found a processor $(uname -m); expected x86_64 or aarch64." >&2; exit 1 ;;
  esac
  dotnet publish "$here/../src/Stackmill.Cli/Stackmill.Cli.csproj" -c Release -r "$machine" --self-contained -o "$root/app" --artifacts-path "$here/../artifacts/scratch" --nologo -v quiet
fi
[ -x "$root/app/Stackmill.Cli" ] && [ -e "$root/app/libcoreclr.so" ] || { echo "error: there is no program with its runtime in ${STACKMILL_PUBLISHED:-the output of dotnet publish}; expected one that was published with --self-contained." >&2; exit 1; }
# What only debuggers and tracers use, and what they need is not there.
rm -f "$root"/app/*.pdb "$root"/app/*.xml "$root/app/createdump" "$root/app/libcoreclrtraceptprovider.so"

# What the program's libraries name, and what they open by name: TLS.
libraries() {
  find "$root/app" -maxdepth 1 \( -name '*.so' -o -name Stackmill.Cli \) -exec ldd {} + 2> /dev/null
  ldconfig -p | grep -E '^\s*lib(ssl|crypto)\.so\.3 '
}
# shellcheck disable=SC2046 # paths of libraries have no spaces
for library in $(libraries | grep -oE '/[^ )]+\.so[^ )]*' | sort -u); do
  case $library in
    "$root"/*) ;;
    */ld-linux*) cp -L "$library" "$root$(dirname "$library")/" ;;
    *) cp -L "$library" "$root/lib/" ;;
  esac
done
[ ! -e /etc/ssl/certs/ca-certificates.crt ] || cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
printf 'root:x:0:0::/:\nstackmill:x:1654:1654::/project:\n' > "$root/etc/passwd"
printf 'root:x:0:\nstackmill:x:1654:\n' > "$root/etc/group"
# The mode of the copies is not that of whoever builds.
chmod -R u=rwX,go=rX "$root"
chmod 1777 "$root/tmp"

"${podman[@]}" build --pull=never --network=none --file "$here/Containerfile.scratch" --tag "$image" "$context"
