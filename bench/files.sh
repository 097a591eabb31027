# The part of bench/run that reads files: doctor -f against the parsers alone. Sourced after common.sh.
# shellcheck shell=bash

readers=$root/build/release/bench-readers

files() {
  local size
  say 'files'
  size=$(stat -c %s "$work/dump.json")
  in_turn json 2 "$readers simdjson $work/dump.json" "$program doctor -f $work/dump.json"
  header "Files: one PodList in JSON, $(megabytes "$size")"
  row 'simdjson alone' json.0 "$(peak "$readers" simdjson "$work/dump.json")"
  row 'aibrixctl doctor -f' json.1 "$(peak "$program" doctor -f "$work/dump.json")"
  printf '\ndoctor reads **%s MB/s**, simdjson alone %s MB/s.\n' "$(rate "$size" json.1)" "$(rate "$size" json.0)"
  size=$(stat -c %s "$work/dump.yaml")
  in_turn yaml 1 "$readers libyaml $work/dump.yaml" "$program doctor -f $work/dump.yaml --whole-cluster" "$readers yaml $work/dump.yaml"
  header "Files: a dump of the cluster with 2,000 pods in YAML, $(megabytes "$size")"
  row "libyaml's event parser alone" yaml.0 "$(peak "$readers" libyaml "$work/dump.yaml")"
  row 'aibrixctl doctor -f --whole-cluster' yaml.1 "$(peak "$program" doctor -f "$work/dump.yaml" --whole-cluster)"
  row "yaml-cpp's event parser alone" yaml.2 "$(peak "$readers" yaml "$work/dump.yaml")"
  printf "\ndoctor reads %s MB/s; doctor : libyaml's event parser = **%s** (CPU: %s).\n" "$(rate "$size" yaml.1)" \
    "$(ratio "$(median yaml.1)" "$(median yaml.0)")" "$(ratio "$(cpu yaml.1)" "$(cpu yaml.0)")"
  many_files 1000
  many_files 5000
  in_turn start 10 "$program --version" "$program --help" "curl --version"
  header 'Start'
  row 'aibrixctl --version' start.0 "$(peak "$program" --version)"
  row 'aibrixctl --help' start.1 "$(peak "$program" --help)"
  row 'curl --version' start.2 "$(peak curl --version)"
}

# many_files N: a folder of N files of 8.8 kB, a model and its Service in each.
many_files() {
  local folder=$work/files-$1 size
  mkdir -p "$folder"
  python3 - "$1" "$folder" <<'END'
import sys
count, folder = int(sys.argv[1]), sys.argv[2]
for i in range(count):
    labels = f'{{model.aibrix.ai/name: m{i}, model.aibrix.ai/port: "8000"}}'
    lines = "".join(f'  line-{j}: "text of a line that is as long as lines are {j}"\n' for j in range(125))
    with open(f"{folder}/m{i}.yaml", "w") as file:
        file.write(f"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: m{i}
  namespace: team-{i % 20}
  labels: {labels}
spec:
  selector:
    matchLabels: {{model.aibrix.ai/name: m{i}}}
  template:
    metadata:
      labels: {labels}
    spec:
      containers:
      - name: engine
        image: vllm/vllm-openai:v0.11.0
        command: [vllm, serve, org/m{i}, --served-model-name, m{i}, --port, "8000"]
        ports: [{{containerPort: 8000}}]
---
apiVersion: v1
kind: Service
metadata:
  name: m{i}
  namespace: team-{i % 20}
  labels: {{model.aibrix.ai/name: m{i}}}
spec:
  selector: {{model.aibrix.ai/name: m{i}}}
  ports: [{{port: 8000, targetPort: 8000, name: serve}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: m{i}, namespace: team-{i % 20}}}
data:
{lines}""")
END
  size=$(cat "$folder"/*.yaml | wc -c)
  in_turn "files$1" 1 "$readers libyaml $folder" "$program doctor -f $folder"
  header "Files: a folder of $1 files, $(megabytes "$size")"
  row "libyaml's event parser alone" "files$1.0" "$(peak "$readers" libyaml "$folder")"
  row 'aibrixctl doctor -f' "files$1.1" "$(peak "$program" doctor -f "$folder")"
  printf "\ndoctor : libyaml's event parser = **%s** (CPU: %s).\n" "$(ratio "$(median "files$1.1")" "$(median "files$1.0")")" \
    "$(ratio "$(cpu "files$1.1")" "$(cpu "files$1.0")")"
}

rate() { jq -n "$1 / 1e6 / $(median "$2") * 10 | round / 10"; }
