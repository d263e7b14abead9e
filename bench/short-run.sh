# shellcheck shell=bash
# Short local runs whose trainer and teacher are processes of their own; sourced by chaos and full-disk, not run.
tokens=98304 port=${ALAMBIC_BENCH_PORT:-19090} teacher='' trainer=''

[ -e runs/quickstart/run.json ] || ./alambic run examples/quickstart.yaml >&2

spec() { # FOLDER [CHECKPOINTS [KEEP]]: a run of 96 steps with a checkpoint every 8, its files in FOLDER
  python3 - "$1" "$tokens" "$port" "${2:-$1/checkpoints}" "${3:-}" <<'EOF'
import json, sys
folder, tokens, port, checkpoints, keep = sys.argv[1], int(sys.argv[2]), *sys.argv[3:]
spec = json.load(open("runs/quickstart/run.json"))
training, batch = spec["training"], spec["training"]["batchSequences"] * spec["training"]["sequenceLength"]
training["tokenBudget"], training["steps"] = tokens, tokens // batch
training["decaySteps"] = training["steps"] // 5
spec["teacher"]["endpoints"] = ["127.0.0.1:" + port]
spec["checkpoint"]["path"] = checkpoints
spec["checkpoint"]["everyTokens"] = 8 * batch
spec["checkpoint"]["keep"] = int(keep or spec["checkpoint"]["keep"])
spec["student"]["outputPath"] = folder + "/student"
json.dump(spec, open(folder + "/run.json", "w"), indent=1)
EOF
}

teacher() { # FOLDER
  ./alambic teacher --spec "$1/run.json" --port "$port" --status-port 0 >>"$1/teacher.log" 2>&1 &
  teacher=$!
}

trainer() { # FOLDER
  ./alambic train --spec "$1/run.json" --port 0 >>"$1/trainer.log" 2>&1 &
  trainer=$!
}

alive() { kill -0 "$1" 2>/dev/null; }

slay() { # PID: waits until it is gone, so that the port is free
  kill -9 "$1" 2>/dev/null || return 1
  wait "$1" 2>/dev/null || true
}
trap 'kill -9 $teacher $trainer 2>/dev/null || true' EXIT

ended() { # CHECKPOINTS: the curve and the state, without speeds and times
  python3 - "$1" <<'EOF'
import json, sys
end = json.load(open(sys.argv[1] + "/progress.json"))
print(end["state"], json.dumps([[p["tokens"], p["crossEntropy"], p["divergence"]] for p in end["curve"]]))
EOF
}

undisturbed() { # FOLDER [COMMAND...]: runs it, its specification changed by the command
  mkdir -p "$1"
  spec "$1"
  [ $# -eq 1 ] || "${@:2}"
  teacher "$1"
  trainer "$1"
  wait "$trainer"
  slay "$teacher" || true
}

alike() { # FOLDER OTHER: whether two runs have the same student and curve
  cmp -s "$1/student/model.safetensors" "$2/student/model.safetensors" &&
    [ "$(ended "$1/checkpoints")" = "$(ended "$2/checkpoints")" ]
}
