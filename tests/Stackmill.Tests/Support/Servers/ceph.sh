#!/usr/bin/env bash
# A real S3 server on loopback: Ceph's gateway with one monitor and one object store in memory. No manager, no systemd, no disk.
#
#   ceph.sh FOLDER MONITOR_PORT OLD_MONITOR_PORT GATEWAY_PORT OWNER_PID
#
# Returns when the daemons were started; the gateway answers some seconds later. They end with the process OWNER_PID at the
# latest, so that a test program that was killed leaves none behind. Users: OWNER/ownersecret and OTHER/othersecret.
set -euo pipefail
folder=$1 monitor=$2 old=$3 gateway=$4 owner=$5
cd "$folder"
mkdir -p mon osd log
id=$(cat /proc/sys/kernel/random/uuid)
cat > ceph.conf <<CONF
[global]
fsid = $id
mon_host = [v2:127.0.0.1:$monitor,v1:127.0.0.1:$old]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_ipv6 = false
keyring = $folder/admin.keyring
run_dir = $folder
pid_file = $folder/\$name.pid
admin_socket = $folder/\$name.asok
log_file = $folder/log/\$name.log
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pg_autoscale_mode = off
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 500
osd_crush_chooseleaf_type = 0
osd_objectstore = memstore
memstore_device_bytes = 2147483648
osd_scrub_load_threshold = 0
mon_cluster_log_file = $folder/log/cluster.log
[mon]
keyring = $folder/mon.keyring
auth_allow_insecure_global_id_reclaim = false
mon_data = $folder/mon
[osd]
keyring = $folder/osd/keyring
osd_data = $folder/osd
[client.rgw]
keyring = $folder/rgw.keyring
rgw_frontends = beast endpoint=127.0.0.1:$gateway
rgw_dns_name = localhost
rgw_enable_usage_log = false
debug_rgw = 0
CONF
export CEPH_CONF=$folder/ceph.conf
options=(-c "$CEPH_CONF")
# As root a daemon would change to the user ceph, who can't read the folder.
[ "$(id -u)" -ne 0 ] || options+=(--setuser root --setgroup root)
ceph() { timeout 60 "$(type -P ceph)" -c "$CEPH_CONF" "$@"; }

# Started before the first daemon; ends them with the owner. Only processes whose command line names this folder are ended.
(
  exec > /dev/null 2>&1 < /dev/null
  trap '' HUP INT
  while kill -0 "$owner" && [ -d "$folder" ]; do sleep 1; done
  for pid in "$folder"/*.pid; do
    process=$(cat "$pid") && tr '\0' ' ' < "/proc/$process/cmdline" | grep -qF "$folder" && kill -9 "$process"
  done
  rm -rf "$folder"
) &

monmaptool --create --clobber --fsid "$id" --addv a "[v2:127.0.0.1:$monitor,v1:127.0.0.1:$old]" monmap
key=$(ceph-authtool --gen-print-key)
ceph-authtool --create-keyring mon.keyring --gen-key -n mon. --cap mon 'allow *'
ceph-authtool --create-keyring admin.keyring --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
ceph-authtool mon.keyring --import-keyring admin.keyring
ceph-mon "${options[@]}" -i a --mkfs --monmap monmap --keyring mon.keyring
ceph-mon "${options[@]}" -i a
disk=$(cat /proc/sys/kernel/random/uuid)
echo "{\"cephx_secret\": \"$key\"}" | ceph osd new "$disk" 0 -i -
ceph-authtool --create-keyring osd/keyring --name osd.0 --add-key "$key"
ceph-osd "${options[@]}" -i 0 --mkfs --osd-uuid "$disk"
ceph-osd "${options[@]}" -i 0
ceph osd crush add-bucket h host
ceph osd crush move h root=default
ceph osd crush create-or-move osd.0 1 host=h root=default
for _ in $(seq 120); do
  ceph osd stat | grep -q '1 up' && break
  sleep 0.25
done
ceph auth get-or-create client.rgw mon 'allow rw' osd 'allow rwx' -o rgw.keyring
radosgw "${options[@]}" -n client.rgw
timeout 60 radosgw-admin -c "$CEPH_CONF" user create --uid=owner --display-name=owner --access-key=OWNER --secret=ownersecret
timeout 60 radosgw-admin -c "$CEPH_CONF" user create --uid=other --display-name=other --access-key=OTHER --secret=othersecret
