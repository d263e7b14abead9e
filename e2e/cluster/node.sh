# shellcheck shell=bash
# One node: its namespaces and its processes; sourced by `up` and `second-node`. Which node, the variables in lib.sh say.

# The node's namespaces, and a cable to its gateway: to the host or, of another node than the first, to that one.
namespaces() {
  if ! running "holder$N"; then
    "${GATEWAY[@]}" ip link del "$VETH" 2>/dev/null || true   # a crash may have left it
    start "holder$N" unshare --mount --net --propagation private sleep infinity
    holder=$(pid_of "holder$N")
    wait_for 10 "holder$N" grep -qx sleep "/proc/$holder/comm"   # unshare has become sleep: its namespaces exist
    ENTER=(nsenter -t "$holder" -m -n)
    if ! inside_namespaces; then stop "holder$N"; die "the namespaces could not be set up"; fi
  fi
  ENTER=(nsenter -t "$(pid_of "holder$N")" -m -n)
  "${GATEWAY[@]}" ip route replace "$POD_CIDR" via "$NODE_IP"
}

inside_namespaces() {
  "${GATEWAY[@]}" ip link add "$VETH" type veth peer name "${VETH}p" &&
    "${GATEWAY[@]}" ip link set "${VETH}p" netns "$holder" &&
    "${GATEWAY[@]}" ip addr add "$HOST_IP/30" dev "$VETH" &&
    "${GATEWAY[@]}" ip link set "$VETH" up &&
    VETH=$VETH NODE_IP=$NODE_IP HOST_IP=$HOST_IP CGROUP=$CGROUP RUN=$RUN "${ENTER[@]}" bash -euo pipefail -s <<'INSIDE'
mount --make-rshared /    # the kubelet's volume mounts have to reach the containers

ip link set lo up
ip link set "${VETH}p" name eth0
ip addr add "$NODE_IP/30" dev eth0
ip link set eth0 up
ip route add default via "$HOST_IP"
echo 1 >/proc/sys/net/ipv4/ip_forward

# Some paths are compiled into containerd, the CNI library and the kubelet. Hidden here, they stay empty on the host.
for path in /run/netns /run/containerd /var/lib/cni /var/lib/kubelet /var/log/containers; do
  mkdir -p "$path"
  mount -t tmpfs tmpfs "$path"
done
mount --make-rshared /run/netns
mkdir -p "$RUN/volumes" /tmp/hostpath_pv    # the controller manager's host path provisioner knows only this one
mount --bind "$RUN/volumes" /tmp/hostpath_pv

# The kubelet does not make its own cgroup root.
if [ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ]; then
  mkdir -p "/sys/fs/cgroup/$CGROUP"
  for controller in cpu cpuset memory pids io hugetlb; do
    echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control || true
  done
else
  mkdir -p /sys/fs/cgroup/pids    # the kubelet insists on this hierarchy, which may not be mounted
  mountpoint -q /sys/fs/cgroup/pids || mount -t cgroup -o pids cgroup /sys/fs/cgroup/pids
  for controller in cpu cpuacct cpuset memory devices freezer blkio pids systemd; do
    if [ -d "/sys/fs/cgroup/$controller" ]; then mkdir -p "/sys/fs/cgroup/$controller/$CGROUP"; fi
  done
  for file in cpuset.cpus cpuset.mems; do    # empty in a new cpuset, and then no process may enter it
    cat "/sys/fs/cgroup/cpuset/$file" >"/sys/fs/cgroup/cpuset/$CGROUP/$file"
  done
fi
INSIDE
}

# With kept state, node and pods still look ready from last time. Marked unready, they are so again only when the kubelet
# says it, and waiting for them means something.
distrust() {
  local namespace pod condition='{"status": {"conditions": [{"type": "Ready", "status": "False", "reason": "Restarted"}]}}'
  if ! kubectl get node "$NODE_NAME" >/dev/null 2>&1; then return; fi
  kubectl patch node "$NODE_NAME" --subresource=status -p "$condition" >/dev/null
  kubectl get pods -A --no-headers -o custom-columns=N:.metadata.namespace,P:.metadata.name | while read -r namespace pod; do
    kubectl -n "$namespace" patch pod "$pod" --subresource=status -p "$condition" >/dev/null </dev/null || true   # it may be gone
  done
}

# containerd, kubelet and kube-proxy in the node's namespaces, until the node is ready.
node_processes() { # KUBELET-CERTIFICATE
  local snapshotter=overlayfs image
  if [ "$(stat -fc %T "$RUN")" = overlayfs ]; then snapshotter=native; fi   # overlayfs does not stack on itself
  mkdir -p "$NODE_RUN/containerd" "$NODE_RUN/cni" "$NODE_RUN/kubelet" "$NODE_RUN/pod-logs"

  # restrict_oom_score_adj: where CAP_SYS_RESOURCE is missing, runc may not lower a score, and dies with
  # "can't get final child's PID from pipe: EOF".
  cat >"$NODE_RUN/containerd.toml" <<T
version = 2
root = "$NODE_RUN/containerd"
state = "/run/containerd/state"
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]
[grpc]
  address = "$CONTAINERD_SOCKET"
[plugins."io.containerd.internal.v1.opt"]
  path = "$NODE_RUN/containerd/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "$snapshotter"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$CNI_BIN"
    conf_dir = "$NODE_RUN/cni"
T
  cat >"$NODE_RUN/cni/10-bridge.conflist" <<J
{"cniVersion": "1.0.0", "name": "alambic", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": false, "hairpinMode": true,
   "ipam": {"type": "host-local", "dataDir": "/var/lib/cni/addresses", "ranges": [[{"subnet": "$POD_CIDR"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
J
  echo "# no name server outside the cluster" >"$NODE_RUN/resolv.conf"

  # cgroupfs and failCgroupV1: there may be no systemd, and only cgroup v1. Thresholds: a full disk on a developer's
  # machine must not evict the pods under test.
  cat >"$NODE_RUN/kubelet.yaml" <<Y
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $RUN/pki/ca.crt}}
authorization: {mode: Webhook}
tlsCertFile: $RUN/pki/$1-server.crt
tlsPrivateKeyFile: $RUN/pki/$1-server.key
containerRuntimeEndpoint: unix://$CONTAINERD_SOCKET
cgroupDriver: cgroupfs
cgroupRoot: /$CGROUP
failCgroupV1: false
failSwapOn: false
clusterDNS: [$DNS_IP]
clusterDomain: cluster.local
resolvConf: $NODE_RUN/resolv.conf
makeIPTablesUtilChains: false
podLogsDir: $NODE_RUN/pod-logs
volumePluginDir: $NODE_RUN/kubelet/volume-plugins
healthzBindAddress: 127.0.0.1
readOnlyPort: 0
enforceNodeAllocatable: [pods]
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%, nodefs.inodesFree: 1%}
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
maxPods: 500
Y

  if ! running "containerd$N"; then
    start "containerd$N" containerd --config "$NODE_RUN/containerd.toml"
    wait_for 20 "containerd$N" ctr -a "$CONTAINERD_SOCKET" version
    for image in "$IMAGES"/*.tar; do CLUSTER_NODE=${N#-} "$HERE/load-image" "$image" >>"$RUN/log/images.log"; done
  fi
  if [ -z "$N" ] && ! running kubelet; then distrust; fi
  start "kubelet$N" kubelet --config="$NODE_RUN/kubelet.yaml" --kubeconfig="$RUN/$1.kubeconfig" \
    --hostname-override="$NODE_NAME" --node-ip="$NODE_IP" --root-dir="$NODE_RUN/kubelet" --cert-dir="$NODE_RUN/kubelet/pki"
  wait_for 60 "kubelet$N" kubectl get node "$NODE_NAME"
  if ! running "kube-proxy$N"; then   # it watches this file, and exits when it is written to
    cat >"$NODE_RUN/kube-proxy.yaml" <<Y
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
bindAddress: $NODE_IP
healthzBindAddress: 127.0.0.1:10256
metricsBindAddress: 127.0.0.1:10249
clientConnection: {kubeconfig: $RUN/kube-proxy.kubeconfig}
mode: nftables
hostnameOverride: $NODE_NAME
detectLocalMode: BridgeInterface
detectLocal: {bridgeInterface: cni0}
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}   # these limits are the host's
Y
    start "kube-proxy$N" kube-proxy --config="$NODE_RUN/kube-proxy.yaml"
  fi
  wait_for 60 "kubelet$N" kubectl wait --for=condition=Ready "node/$NODE_NAME" --timeout=1s
}

cgroups() { # every directory of our own cgroup tree, children first; v1 has one tree per controller
  local root
  for root in "/sys/fs/cgroup/$CGROUP" /sys/fs/cgroup/*/"$CGROUP"; do
    if [ -d "$root" ]; then find "$root" -depth -type d; fi
  done
}

shims() { # containerd's shims outlive it; ours are those that serve our socket
  local process
  for process in /proc/[0-9]*; do
    if tr '\0' ' ' 2>/dev/null <"$process/cmdline" | grep -q "^[^ ]*containerd-shim.* -address $CONTAINERD_SOCKET"; then
      echo "${process#/proc/}"
    fi
  done
}

# Containers are killed, not asked: first the kubelet, so that it doesn't restart them, then all in our cgroups.
kill_containers() {
  local pids
  if ! running "holder$N"; then return; fi
  stop "kubelet$N"
  for _ in $(seq 20); do
    pids=$(cgroups | while read -r cgroup; do cat "$cgroup/cgroup.procs" 2>/dev/null || true; done | sort -u)
    if [ -z "$pids" ]; then break; fi
    # shellcheck disable=SC2086  # a list
    kill -9 $pids 2>/dev/null || true
    sleep 0.1
  done
}

# What is left of a node whose processes have ended.
node_gone() {
  local pid
  for pid in $(shims); do kill -9 "$pid" 2>/dev/null || true; done
  if ! running "holder$N"; then return; fi
  stop "holder$N"
  "${GATEWAY[@]}" ip link del "$VETH" 2>/dev/null || true
  for _ in $(seq 20); do   # an empty cgroup stays busy until its last process is reaped
    cgroups | while read -r cgroup; do rmdir "$cgroup" 2>/dev/null || true; done
    if [ -z "$(cgroups)" ]; then break; fi
    sleep 0.1
  done
}
