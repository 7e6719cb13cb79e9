# shellcheck shell=bash
# What a node (eng/node.sh) is made of: its mounts and network, and each part's configuration, command line and health.

# shellcheck disable=SC2034
parts=(etcd kube-apiserver kube-controller-manager kube-scheduler containerd kubelet kube-proxy)

host=10.99.0.1         # this machine as pods see it, and the node's own address
service_range=10.96.0.0/16
first_service=10.96.0.1 # the API server's own Service
pod_range=10.244.0.0/24

cni_folder() {
    local folder
    for folder in /usr/lib/cni /opt/cni/bin; do
        if [[ -x $folder/bridge && -x $folder/host-local && -x $folder/portmap ]]; then
            echo "$folder"
            return
        fi
    done
    return 1
}

# --- its surroundings

prepare_mounts() {
    mkdir -p "$PPMA_NODE"/{run,log,tmp,pki,kubelet,containerd,cni,host-lib}
    : >"$PPMA_NODE/resolv.conf"
    # What the parts write at fixed paths stays in the node; what the machine has in /var/lib shows through.
    mount -t tmpfs -o mode=755 tmpfs /run
    mount --bind "$PPMA_NODE/log" /var/log
    mount --bind /var/lib "$PPMA_NODE/host-lib"
    mount -t tmpfs -o mode=755 tmpfs /var/lib
    ln -s "$PPMA_NODE"/host-lib/* /var/lib/
    rm -f /var/lib/{kubelet,cni,containerd}
    mkdir -p /run/lock
    # For pods that ask for propagation. Its peers are in this node only: the namespace was split off as private.
    mount --make-rshared /
}

prepare_network() {
    ip link set lo up
    ip link add node0 type bridge
    ip address add "$host/24" dev node0
    ip link set node0 up
    # No default route: what looks for a cloud's metadata or a registry is told at once that there is none.
    echo 1 >/proc/sys/net/ipv4/ip_forward
    [[ ! -e /proc/sys/net/bridge/bridge-nf-call-iptables ]] || echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables
}

snapshotter() { # overlayfs does not lie on every file system, such as another overlay
    local probe=$PPMA_NODE/containerd/.probe found=native
    mkdir -p "$probe"/{lower,upper,work,merged}
    if mount -t overlay -o "lowerdir=$probe/lower,upperdir=$probe/upper,workdir=$probe/work" overlay "$probe/merged" 2>/dev/null; then
        umount "$probe/merged"
        found=overlayfs
    fi
    rm -rf "$probe"
    echo "$found"
}

# --- certificates and client configurations

sign() { # NAME SUBJECT [EXTENSIONS]
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "$2" -keyout "$1.key" -out "$1.csr" 2>>openssl.log
    openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -out "$1.crt" \
        -extfile <(printf '%b' "keyUsage=digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\n${3:-}") 2>>openssl.log
}

client() { # NAME SUBJECT: a certificate, and a kubeconfig around it
    sign "$1" "$2"
    cat >"$PPMA_NODE/$1.kubeconfig" <<END
apiVersion: v1
kind: Config
clusters: [{name: node, cluster: {server: "https://$host:6443", certificate-authority-data: $(base64 -w0 ca.crt)}}]
users: [{name: $1, user: {client-certificate-data: $(base64 -w0 "$1.crt"), client-key-data: $(base64 -w0 "$1.key")}}]
contexts: [{name: $1, context: {cluster: node, user: $1}}]
current-context: $1
END
}

prepare_pki() (
    umask 077
    cd "$PPMA_NODE/pki"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=ppma-node -days 30 -keyout ca.key -out ca.crt 2>>openssl.log
    openssl ecparam -name prime256v1 -genkey -noout -out service-accounts.key
    sign api-server /CN=kube-apiserver \
        "subjectAltName=IP:$host,IP:$first_service,IP:127.0.0.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc\n"
    sign kubelet-server "/CN=$PPMA_NODE_NAME" "subjectAltName=IP:$host,DNS:$PPMA_NODE_NAME\n"
    sign kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client
    client admin /O=system:masters/CN=admin
    client kube-controller-manager /CN=system:kube-controller-manager
    client kube-scheduler /CN=system:kube-scheduler
    client kube-proxy /CN=system:kube-proxy
    client kubelet "/O=system:nodes/CN=system:node:$PPMA_NODE_NAME"
)

# --- configuration files

prepare_configuration() {
    prepare_pki
    snapshotter >"$PPMA_NODE/snapshotter"
    cat >"$PPMA_NODE/containerd.toml" <<END
version = 2
root = "$PPMA_NODE/containerd"
state = "/run/containerd"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "docker.io/ppma-cloud/pause:dev"
  # Not every machine lets its root lower the score, and a sandbox that may not does not start.
  restrict_oom_score_adj = true
  stream_server_address = "127.0.0.1"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$(cni_folder)"
    conf_dir = "$PPMA_NODE/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "$(<"$PPMA_NODE/snapshotter")"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
END
    cat >"$PPMA_NODE/cni/10-node.conflist" <<END
{"cniVersion": "0.4.0", "name": "node", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "$pod_range"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
END
    cat >"$PPMA_NODE/kubelet.yaml" <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $host
healthzBindAddress: 127.0.0.1
tlsCertFile: $PPMA_NODE/pki/kubelet-server.crt
tlsPrivateKeyFile: $PPMA_NODE/pki/kubelet-server.key
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $PPMA_NODE/pki/ca.crt}}
authorization: {mode: Webhook}
cgroupDriver: cgroupfs
cgroupRoot: $PPMA_NODE_CGROUP
failSwapOn: false
nodeStatusUpdateFrequency: 1s
volumePluginDir: $PPMA_NODE/kubelet/plugins
resolvConf: $PPMA_NODE/resolv.conf
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%}
imageGCHighThresholdPercent: 100
END
    if (($(minor_version) >= 31)); then
        echo "failCgroupV1: false" >>"$PPMA_NODE/kubelet.yaml"
    fi
}

minor_version() { "$KUBE_PROGRAMS/kubelet" --version | sed -E 's/.*v1\.([0-9]+).*/\1/'; }

pause_image() ( # what every pod's sandbox runs: a process that waits, and nothing else
    cd "$(mktemp -d)"
    mkdir layer
    echo 'int pause(void); int main(void) { for (;;) pause(); }' | cc -Os -static -s -x c -o layer/pause -
    tar -C layer --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -cf layer.tar pause
    local digest
    digest=$(sha256sum layer.tar | cut -d' ' -f1)
    echo '{"architecture":"amd64","os":"linux","config":{"Entrypoint":["/pause"],"User":"65535:65535"},"rootfs":{"type":"layers","diff_ids":["sha256:'"$digest"'"]}}' >config.json
    echo '[{"Config":"config.json","RepoTags":["ppma-cloud/pause:dev"],"Layers":["layer.tar"]}]' >manifest.json
    tar -cf "$PPMA_NODE/pause.tar" manifest.json config.json layer.tar
)

# --- the parts

arguments_of() { # PART: sets the caller's arguments
    local pki=$PPMA_NODE/pki
    case "$1" in
        etcd)
            # Its data is gone with the node: nothing is worth waiting for the disk.
            arguments=("$KUBE_PROGRAMS/etcd" --name=node --data-dir="$PPMA_NODE/etcd" --unsafe-no-fsync
                --listen-client-urls=http://127.0.0.1:2379 --advertise-client-urls=http://127.0.0.1:2379
                --listen-peer-urls=http://127.0.0.1:2380 --initial-advertise-peer-urls=http://127.0.0.1:2380
                --initial-cluster=node=http://127.0.0.1:2380)
            ;;
        kube-apiserver)
            arguments=("$KUBE_PROGRAMS/kube-apiserver" --etcd-servers=http://127.0.0.1:2379 --bind-address=0.0.0.0
                --advertise-address="$host" --secure-port=6443 --cert-dir="$PPMA_NODE/api-server"
                --tls-cert-file="$pki/api-server.crt" --tls-private-key-file="$pki/api-server.key" --client-ca-file="$pki/ca.crt"
                --kubelet-client-certificate="$pki/kubelet-client.crt" --kubelet-client-key="$pki/kubelet-client.key"
                --kubelet-preferred-address-types=InternalIP --authorization-mode=Node,RBAC
                --enable-admission-plugins=NodeRestriction --allow-privileged=true --service-cluster-ip-range="$service_range"
                --service-account-issuer=https://kubernetes.default.svc --service-account-key-file="$pki/service-accounts.key"
                --service-account-signing-key-file="$pki/service-accounts.key")
            ;;
        kube-controller-manager)
            arguments=("$KUBE_PROGRAMS/kube-controller-manager" --kubeconfig="$PPMA_NODE/$1.kubeconfig" --bind-address=127.0.0.1
                --authentication-kubeconfig="$PPMA_NODE/$1.kubeconfig" --authorization-kubeconfig="$PPMA_NODE/$1.kubeconfig"
                --leader-elect=false --use-service-account-credentials=true --root-ca-file="$pki/ca.crt"
                --service-account-private-key-file="$pki/service-accounts.key" --cert-dir="$PPMA_NODE/controller-manager")
            ;;
        kube-scheduler)
            arguments=("$KUBE_PROGRAMS/kube-scheduler" --kubeconfig="$PPMA_NODE/$1.kubeconfig" --bind-address=127.0.0.1
                --authentication-kubeconfig="$PPMA_NODE/$1.kubeconfig" --authorization-kubeconfig="$PPMA_NODE/$1.kubeconfig"
                --leader-elect=false --cert-dir="$PPMA_NODE/scheduler")
            ;;
        containerd) arguments=(containerd --config="$PPMA_NODE/containerd.toml") ;;
        kubelet)
            arguments=("$KUBE_PROGRAMS/kubelet" --config="$PPMA_NODE/kubelet.yaml" --kubeconfig="$PPMA_NODE/$1.kubeconfig"
                --root-dir="$PPMA_NODE/kubelet" --cert-dir="$PPMA_NODE/kubelet-pki" --hostname-override="$PPMA_NODE_NAME"
                --node-ip="$host" --container-runtime-endpoint=unix:///run/containerd/containerd.sock)
            (($(minor_version) >= 27)) || arguments+=(--container-runtime=remote)
            ;;
        kube-proxy)
            # The kernel's connection tracking is the machine's, not the node's: its sizes stay.
            arguments=("$KUBE_PROGRAMS/kube-proxy" --kubeconfig="$PPMA_NODE/$1.kubeconfig" --hostname-override="$PPMA_NODE_NAME"
                --proxy-mode=iptables --cluster-cidr="$pod_range" --healthz-bind-address=127.0.0.1:10256
                --conntrack-max-per-core=0 --conntrack-tcp-timeout-established=0 --conntrack-tcp-timeout-close-wait=0)
            ;;
    esac
}

answers() { curl --fail --silent --max-time 2 --noproxy '*' "$@"; }

is_healthy() { # PART
    case "$1" in
        etcd) answers http://127.0.0.1:2379/health ;;
        kube-apiserver) answers --cacert "$PPMA_NODE/pki/ca.crt" "https://$host:6443/readyz" ;;
        kube-controller-manager) answers --insecure https://127.0.0.1:10257/healthz ;;
        kube-scheduler) answers --insecure https://127.0.0.1:10259/healthz ;;
        containerd) ctr --address /run/containerd/containerd.sock version ;;
        kubelet) answers http://127.0.0.1:10248/healthz ;;
        kube-proxy) answers http://127.0.0.1:10256/healthz ;;
    esac
}

node_is_known() { kubectl "--kubeconfig=$PPMA_NODE/admin.kubeconfig" get node "$PPMA_NODE_NAME"; }

node_is_ready() { # and pods can be made: they need their namespace's service account
    local kubectl=(kubectl "--kubeconfig=$PPMA_NODE/admin.kubeconfig")
    [[ $("${kubectl[@]}" get node "$PPMA_NODE_NAME" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}') == True ]] &&
        "${kubectl[@]}" get serviceaccount default
}
