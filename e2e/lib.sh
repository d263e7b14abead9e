# shellcheck shell=bash
# What the scenarios share; sourced, not run. Some of these settings are used by those who source it.
# shellcheck disable=SC2034
set -euo pipefail

E2E=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
HOME_DIR=$(dirname "$E2E")
OPERATOR_NAMESPACE=${E2E_OPERATOR_NAMESPACE:-alambic-system}
LOADER_IMAGE=${E2E_LOADER_IMAGE:-localhost/busybox:1}      # any image with sh, tar and ls
OPERATOR_IMAGE=${E2E_OPERATOR_IMAGE:-localhost/alambic-operator:e2e}
RUNTIME_IMAGE=${E2E_RUNTIME_IMAGE:-localhost/alambic-runtime:e2e}
OUT=${E2E_OUT:-$HOME_DIR/target/e2e}
mkdir -p "$OUT"
passed=0 failed=0

log() { echo "$*" >&2; }
die() { log "e2e: $*"; exit 1; }
k() { kubectl -n "$NAMESPACE" "$@"; }

# check WHAT COMMAND...: one line for each thing shown.
check() {
  local what=$1 output start=$SECONDS
  shift
  if output=$("$@" 2>&1); then
    passed=$((passed + 1))
    echo "ok: $what ($((SECONDS - start)) s)"
  else
    failed=$((failed + 1))
    echo "FAILED: $what"
    tail -n 8 <<<"$output" | sed 's/^/    /'
  fi
}

# within SECONDS COMMAND...: until the command succeeds.
within() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    if [ "$SECONDS" -ge "$end" ]; then
      echo "not within the time: $*"
      return 1
    fi
    sleep 1
  done
}

# namespace NAME: a new one under the restricted profile, with the quickstart's teacher and text on claims.
namespace() {
  NAMESPACE=$1
  kubectl delete namespace "$NAMESPACE" --ignore-not-found --timeout=180s >&2
  kubectl create namespace "$NAMESPACE" >&2
  kubectl label namespace "$NAMESPACE" pod-security.kubernetes.io/enforce=restricted >&2
  k apply -f "$E2E/volumes.yaml" >&2
  loader
  put "$HOME_DIR/runs/quickstart-teacher" model /models
  put "$HOME_DIR/runs/quickstart-teacher" text /corpus
  k delete pod loader --timeout=60s >&2
}

# loader: starts the pod that fills the claims.
loader() {
  sed "s#LOADER_IMAGE#$LOADER_IMAGE#" "$E2E/loader.yaml" | k apply -f - >&2
  k wait --for=condition=Ready pod/loader --timeout=120s >&2
}

put() { # FOLDER NAME VOLUME: copies FOLDER/NAME into a claim that the loader mounts
  tar -C "$1" -cf - "$2" | k exec -i loader -- tar -C "$3" -xf - 2>/dev/null
}

# job NAME BUDGET [LINE...]: the quickstart's job as YAML; each line is added to its spec.
job() {
  local name=$1 budget=$2
  shift 2
  sed "s/NAME/$name/; s/BUDGET/$budget/" "$E2E/job.yaml"
  local line
  for line; do echo "  $line"; done
}

field() { # JOB JSONPATH
  k get dj "$1" -o "jsonpath=$2"
}

phase_is() { # JOB PHASE
  [ "$(field "$1" '{.status.phase}')" = "$2" ]
}

condition() { # JOB TYPE: status, reason and message in one line
  field "$1" "{range .status.conditions[?(@.type=='$2')]}{.status} {.reason}: {.message}{end}"
}

says() { # JOB TYPE TEXT
  [[ $(condition "$1" "$2") == *"$3"* ]]
}

event() { # JOB REASON: whether the job has such an event
  [ -n "$(k get events --field-selector "involvedObject.name=$1,reason=$2" -o name)" ]
}

tokens_over() { # JOB TOKENS
  [ "$(field "$1" '{.status.progress.tokens}')" -gt "$2" ]
}

trainer_pods() { # JOB: names of the trainer pods that have not ended
  k get pods -l "alambic.dev/job=$1,app.kubernetes.io/component=trainer" \
    --field-selector status.phase!=Succeeded,status.phase!=Failed -o name
}

no_pods() { # JOB
  [ -z "$(k get pods -l "alambic.dev/job=$1" --field-selector status.phase!=Succeeded,status.phase!=Failed -o name)" ]
}

processes() { # UID: java processes of this machine in the pod's control groups
  local pid
  for pid in $(pgrep -x java); do
    if grep -qE "pod(${1}|${1//-/_})" "/proc/$pid/cgroup" 2>/dev/null; then echo "$pid"; fi
  done
}

refused() { # TEXT COMMAND...: the command fails and says TEXT
  local text=$1 answer
  shift
  if answer=$("$@" 2>&1); then
    echo "was accepted: $answer"
    return 1
  fi
  echo "$answer"
  [[ $answer == *"$text"* ]]
}

# students JOB OTHER: starts a pod that prints the digests of the students on both jobs' claims.
students() {
  k apply -f - >&2 <<POD
apiVersion: v1
kind: Pod
metadata: {name: students}
spec:
  terminationGracePeriodSeconds: 1
  securityContext: {runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, seccompProfile: {type: RuntimeDefault}}
  containers:
  - name: students
    image: $LOADER_IMAGE
    command: [sh, -c, "sha256sum /$1/$1/student/model.safetensors /$2/$2/student/model.safetensors"]
    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
    volumeMounts: [{name: one, mountPath: /$1}, {name: other, mountPath: /$2}]
  restartPolicy: Never
  volumes:
  - {name: one, persistentVolumeClaim: {claimName: $1-checkpoints}}
  - {name: other, persistentVolumeClaim: {claimName: $2-checkpoints}}
POD
}

same_students() { # whether both are the same
  k wait --for=jsonpath='{.status.phase}'=Succeeded pod/students --timeout=120s
  k logs students | tee /dev/stderr | awk '{ print $1 }' | sort | uniq -c | grep -q '^ *2 '
}

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}
