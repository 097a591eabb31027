# bash completion for aibrixctl; written by `aibrixctl completion bash`
_aibrixctl_live() {
  local IFS=$'\n'
  COMPREPLY=($(compgen -W "$(aibrixctl __complete "$1" 2>/dev/null)" -- "$cur"))
}

_aibrixctl() {
  local cur prev word command=
  cur=${COMP_WORDS[COMP_CWORD]}
  prev=${COMP_WORDS[COMP_CWORD-1]}
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
      doctor|endpoint|trace|fix|undo|preflight|explain|snapshot|rbac|completion|version) [[ -z $command ]] && command=$word ;;
    esac
    case "$command $word" in
      'endpoint print'|'endpoint test'|'fix finalizers'|'fix referencegrants'|'fix service-type'|'fix webhooks'|'preflight uninstall'|'rbac print') command="$command $word"; break ;;
    esac
  done
  local flags
  case $command in
  doctor)
    case $prev in
    -f|--filename) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --now) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --only) _aibrixctl_live checks; return ;;
    --skip) _aibrixctl_live checks; return ;;
    --fail-on) COMPREPLY=($(compgen -W 'error warning info never' -- "$cur")); return ;;
    --wait) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --kubeconfig) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --context) _aibrixctl_live contexts; return ;;
    --cluster) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --user) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -s|--server) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --token) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -n|--namespace) _aibrixctl_live namespaces; return ;;
    --as) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-uid) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-group) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --certificate-authority) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-certificate) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-key) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-server-name) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --request-timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --max-memory) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --install-namespace) _aibrixctl_live namespaces; return ;;
    -o|--output) COMPREPLY=($(compgen -W 'text plain json yaml kubectl' -- "$cur")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    flags='-h --help -f --filename --whole-cluster --now --only --skip --fail-on --require-complete --with-cluster --ci --wait --kubeconfig --context --cluster --user -s --server --token -n --namespace -A --all-namespaces --as --as-uid --as-group --certificate-authority --client-certificate --client-key --tls-server-name --insecure-skip-tls-verify --request-timeout --timeout --max-memory --install-namespace -o --output --color --ascii -v --verbose --version'
    if [[ $cur != -* ]]; then _aibrixctl_live models; return; fi ;;
  endpoint)
    case $prev in
    --kubeconfig) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --context) _aibrixctl_live contexts; return ;;
    --cluster) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --user) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -s|--server) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --token) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -n|--namespace) _aibrixctl_live namespaces; return ;;
    --as) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-uid) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-group) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --certificate-authority) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-certificate) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-key) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-server-name) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --request-timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --max-memory) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --install-namespace) _aibrixctl_live namespaces; return ;;
    -o|--output) COMPREPLY=($(compgen -W 'text plain json yaml kubectl' -- "$cur")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    flags='-h --help --kubeconfig --context --cluster --user -s --server --token -n --namespace -A --all-namespaces --as --as-uid --as-group --certificate-authority --client-certificate --client-key --tls-server-name --insecure-skip-tls-verify --request-timeout --timeout --max-memory --install-namespace -o --output --color --ascii -v --verbose --version'
    if [[ $cur != -* ]]; then COMPREPLY=($(compgen -W 'print test' -- "$cur")); return; fi ;;
  'endpoint print')
    case $prev in
    --from) COMPREPLY=($(compgen -W 'outside node inside' -- "$cur")); return ;;
    --scheme) COMPREPLY=($(compgen -W 'http https' -- "$cur")); return ;;
    -f|--filename) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --now) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -o|--output) COMPREPLY=($(compgen -W 'url env curl python text json yaml' -- "$cur")); return ;;
    --kubeconfig) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --context) _aibrixctl_live contexts; return ;;
    --cluster) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --user) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -s|--server) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --token) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -n|--namespace) _aibrixctl_live namespaces; return ;;
    --as) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-uid) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-group) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --certificate-authority) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-certificate) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-key) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-server-name) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --request-timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --max-memory) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --install-namespace) _aibrixctl_live namespaces; return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    flags='-h --help --from --scheme -f --filename --whole-cluster --now --all -q --quiet -o --output --kubeconfig --context --cluster --user -s --server --token -n --namespace -A --all-namespaces --as --as-uid --as-group --certificate-authority --client-certificate --client-key --tls-server-name --insecure-skip-tls-verify --request-timeout --timeout --max-memory --install-namespace --color --ascii -v --verbose --version'
    if [[ $cur != -* ]]; then _aibrixctl_live models; return; fi ;;
  'endpoint test')
    case $prev in
    --from) COMPREPLY=($(compgen -W 'outside node inside' -- "$cur")); return ;;
    --scheme) COMPREPLY=($(compgen -W 'http https' -- "$cur")); return ;;
    --address) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --via) COMPREPLY=($(compgen -W 'api-server' -- "$cur")); return ;;
    --strategy) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --header) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --api-key-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --cacert) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    -o|--output) COMPREPLY=($(compgen -W 'text json yaml' -- "$cur")); return ;;
    --kubeconfig) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --context) _aibrixctl_live contexts; return ;;
    --cluster) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --user) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -s|--server) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --token) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -n|--namespace) _aibrixctl_live namespaces; return ;;
    --as) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-uid) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-group) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --certificate-authority) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-certificate) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-key) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-server-name) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --request-timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --max-memory) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --install-namespace) _aibrixctl_live namespaces; return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    flags='-h --help --from --scheme --address --via --strategy --header --api-key-file --cacert -o --output --kubeconfig --context --cluster --user -s --server --token -n --namespace -A --all-namespaces --as --as-uid --as-group --certificate-authority --client-certificate --client-key --tls-server-name --insecure-skip-tls-verify --request-timeout --timeout --max-memory --install-namespace --color --ascii -v --verbose --version'
    if [[ $cur != -* ]]; then _aibrixctl_live models; return; fi ;;
  trace)
    case $prev in
    -f|--filename) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --now) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -o|--output) COMPREPLY=($(compgen -W 'text json yaml mermaid' -- "$cur")); return ;;
    --kubeconfig) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --context) _aibrixctl_live contexts; return ;;
    --cluster) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --user) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -s|--server) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --token) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -n|--namespace) _aibrixctl_live namespaces; return ;;
    --as) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-uid) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-group) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --certificate-authority) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-certificate) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-key) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-server-name) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --request-timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --max-memory) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --install-namespace) _aibrixctl_live namespaces; return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    flags='-h --help -f --filename --whole-cluster --now -o --output --kubeconfig --context --cluster --user -s --server --token -n --namespace -A --all-namespaces --as --as-uid --as-group --certificate-authority --client-certificate --client-key --tls-server-name --insecure-skip-tls-verify --request-timeout --timeout --max-memory --install-namespace --color --ascii -v --verbose --version'
    if [[ $cur != -* ]]; then _aibrixctl_live models; return; fi ;;
  fix)
    case $prev in
    --confirm) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --wait) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --select) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --plan) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --kubeconfig) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --context) _aibrixctl_live contexts; return ;;
    --cluster) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --user) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -s|--server) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --token) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -n|--namespace) _aibrixctl_live namespaces; return ;;
    --as) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-uid) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-group) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --certificate-authority) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-certificate) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-key) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-server-name) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --request-timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --max-memory) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --install-namespace) _aibrixctl_live namespaces; return ;;
    -o|--output) COMPREPLY=($(compgen -W 'text plain json yaml kubectl' -- "$cur")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    flags='-h --help --apply --yes --confirm --wait --exit-code --select --plan --kubeconfig --context --cluster --user -s --server --token -n --namespace -A --all-namespaces --as --as-uid --as-group --certificate-authority --client-certificate --client-key --tls-server-name --insecure-skip-tls-verify --request-timeout --timeout --max-memory --install-namespace -o --output --color --ascii -v --verbose --version'
    if [[ $cur != -* ]]; then COMPREPLY=($(compgen -W 'finalizers referencegrants service-type webhooks' -- "$cur")); return; fi ;;
  'fix finalizers')
    case $prev in
    --min-age) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --include) COMPREPLY=($(compgen -W 'ray gatewayclass' -- "$cur")); return ;;
    --confirm) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --wait) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --select) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --plan) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --kubeconfig) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --context) _aibrixctl_live contexts; return ;;
    --cluster) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --user) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -s|--server) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --token) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -n|--namespace) _aibrixctl_live namespaces; return ;;
    --as) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-uid) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-group) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --certificate-authority) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-certificate) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-key) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-server-name) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --request-timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --max-memory) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --install-namespace) _aibrixctl_live namespaces; return ;;
    -o|--output) COMPREPLY=($(compgen -W 'text plain json yaml kubectl' -- "$cur")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    flags='-h --help --min-age --include --include-healthy --restart-controller --delete-routes --apply --yes --confirm --wait --exit-code --select --plan --kubeconfig --context --cluster --user -s --server --token -n --namespace -A --all-namespaces --as --as-uid --as-group --certificate-authority --client-certificate --client-key --tls-server-name --insecure-skip-tls-verify --request-timeout --timeout --max-memory --install-namespace -o --output --color --ascii -v --verbose --version'
    if [[ $cur != -* ]]; then COMPREPLY=($(compgen -W '' -- "$cur")); return; fi ;;
  'fix referencegrants')
    case $prev in
    --scope) COMPREPLY=($(compgen -W 'service namespace' -- "$cur")); return ;;
    --confirm) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --wait) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --select) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --plan) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --kubeconfig) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --context) _aibrixctl_live contexts; return ;;
    --cluster) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --user) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -s|--server) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --token) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -n|--namespace) _aibrixctl_live namespaces; return ;;
    --as) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-uid) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-group) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --certificate-authority) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-certificate) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-key) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-server-name) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --request-timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --max-memory) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --install-namespace) _aibrixctl_live namespaces; return ;;
    -o|--output) COMPREPLY=($(compgen -W 'text plain json yaml kubectl' -- "$cur")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    flags='-h --help --scope --apply --yes --confirm --wait --exit-code --select --plan --kubeconfig --context --cluster --user -s --server --token -n --namespace -A --all-namespaces --as --as-uid --as-group --certificate-authority --client-certificate --client-key --tls-server-name --insecure-skip-tls-verify --request-timeout --timeout --max-memory --install-namespace -o --output --color --ascii -v --verbose --version'
    if [[ $cur != -* ]]; then COMPREPLY=($(compgen -W '' -- "$cur")); return; fi ;;
  'fix service-type')
    case $prev in
    --to) COMPREPLY=($(compgen -W 'NodePort LoadBalancer ClusterIP' -- "$cur")); return ;;
    --external-traffic-policy) COMPREPLY=($(compgen -W 'Local Cluster' -- "$cur")); return ;;
    --node-port) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --annotation) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --confirm) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --wait) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --select) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --plan) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --kubeconfig) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --context) _aibrixctl_live contexts; return ;;
    --cluster) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --user) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -s|--server) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --token) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -n|--namespace) _aibrixctl_live namespaces; return ;;
    --as) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-uid) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-group) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --certificate-authority) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-certificate) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-key) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-server-name) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --request-timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --max-memory) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --install-namespace) _aibrixctl_live namespaces; return ;;
    -o|--output) COMPREPLY=($(compgen -W 'text plain json yaml kubectl' -- "$cur")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    flags='-h --help --to --external-traffic-policy --node-port --annotation --expose --apply --yes --confirm --wait --exit-code --select --plan --kubeconfig --context --cluster --user -s --server --token -n --namespace -A --all-namespaces --as --as-uid --as-group --certificate-authority --client-certificate --client-key --tls-server-name --insecure-skip-tls-verify --request-timeout --timeout --max-memory --install-namespace -o --output --color --ascii -v --verbose --version'
    if [[ $cur != -* ]]; then COMPREPLY=($(compgen -W '' -- "$cur")); return; fi ;;
  'fix webhooks')
    case $prev in
    --confirm) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --wait) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --select) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --plan) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --kubeconfig) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --context) _aibrixctl_live contexts; return ;;
    --cluster) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --user) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -s|--server) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --token) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -n|--namespace) _aibrixctl_live namespaces; return ;;
    --as) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-uid) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-group) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --certificate-authority) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-certificate) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-key) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-server-name) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --request-timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --max-memory) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --install-namespace) _aibrixctl_live namespaces; return ;;
    -o|--output) COMPREPLY=($(compgen -W 'text plain json yaml kubectl' -- "$cur")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    flags='-h --help --delete --apply --yes --confirm --wait --exit-code --select --plan --kubeconfig --context --cluster --user -s --server --token -n --namespace -A --all-namespaces --as --as-uid --as-group --certificate-authority --client-certificate --client-key --tls-server-name --insecure-skip-tls-verify --request-timeout --timeout --max-memory --install-namespace -o --output --color --ascii -v --verbose --version'
    if [[ $cur != -* ]]; then COMPREPLY=($(compgen -W '' -- "$cur")); return; fi ;;
  undo)
    case $prev in
    --confirm) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --wait) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --kubeconfig) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --context) _aibrixctl_live contexts; return ;;
    --cluster) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --user) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -s|--server) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --token) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -n|--namespace) _aibrixctl_live namespaces; return ;;
    --as) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-uid) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-group) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --certificate-authority) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-certificate) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-key) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-server-name) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --request-timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --max-memory) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --install-namespace) _aibrixctl_live namespaces; return ;;
    -o|--output) COMPREPLY=($(compgen -W 'text plain json yaml kubectl' -- "$cur")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    flags='-h --help --apply --yes --confirm --wait --exit-code --kubeconfig --context --cluster --user -s --server --token -n --namespace -A --all-namespaces --as --as-uid --as-group --certificate-authority --client-certificate --client-key --tls-server-name --insecure-skip-tls-verify --request-timeout --timeout --max-memory --install-namespace -o --output --color --ascii -v --verbose --version'
    if [[ $cur != -* ]]; then COMPREPLY=($(compgen -W '' -- "$cur")); return; fi ;;
  preflight)
    case $prev in
    --kubeconfig) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --context) _aibrixctl_live contexts; return ;;
    --cluster) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --user) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -s|--server) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --token) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -n|--namespace) _aibrixctl_live namespaces; return ;;
    --as) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-uid) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-group) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --certificate-authority) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-certificate) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-key) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-server-name) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --request-timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --max-memory) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --install-namespace) _aibrixctl_live namespaces; return ;;
    -o|--output) COMPREPLY=($(compgen -W 'text plain json yaml kubectl' -- "$cur")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    flags='-h --help --kubeconfig --context --cluster --user -s --server --token -n --namespace -A --all-namespaces --as --as-uid --as-group --certificate-authority --client-certificate --client-key --tls-server-name --insecure-skip-tls-verify --request-timeout --timeout --max-memory --install-namespace -o --output --color --ascii -v --verbose --version'
    if [[ $cur != -* ]]; then COMPREPLY=($(compgen -W 'uninstall' -- "$cur")); return; fi ;;
  'preflight uninstall')
    case $prev in
    -f|--filename) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --now) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --kubeconfig) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --context) _aibrixctl_live contexts; return ;;
    --cluster) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --user) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -s|--server) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --token) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -n|--namespace) _aibrixctl_live namespaces; return ;;
    --as) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-uid) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-group) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --certificate-authority) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-certificate) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-key) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-server-name) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --request-timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --max-memory) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --install-namespace) _aibrixctl_live namespaces; return ;;
    -o|--output) COMPREPLY=($(compgen -W 'text plain json yaml kubectl' -- "$cur")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    flags='-h --help -f --filename --whole-cluster --now --kubeconfig --context --cluster --user -s --server --token -n --namespace -A --all-namespaces --as --as-uid --as-group --certificate-authority --client-certificate --client-key --tls-server-name --insecure-skip-tls-verify --request-timeout --timeout --max-memory --install-namespace -o --output --color --ascii -v --verbose --version'
    if [[ $cur != -* ]]; then COMPREPLY=($(compgen -W '' -- "$cur")); return; fi ;;
  explain)
    case $prev in
    --model) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -f|--filename) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --now) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --kubeconfig) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --context) _aibrixctl_live contexts; return ;;
    --cluster) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --user) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -s|--server) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --token) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -n|--namespace) _aibrixctl_live namespaces; return ;;
    --as) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-uid) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-group) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --certificate-authority) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-certificate) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-key) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-server-name) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --request-timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --max-memory) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --install-namespace) _aibrixctl_live namespaces; return ;;
    -o|--output) COMPREPLY=($(compgen -W 'text plain json yaml kubectl' -- "$cur")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    flags='-h --help --list --doctor --model -f --filename --whole-cluster --now --kubeconfig --context --cluster --user -s --server --token -n --namespace -A --all-namespaces --as --as-uid --as-group --certificate-authority --client-certificate --client-key --tls-server-name --insecure-skip-tls-verify --request-timeout --timeout --max-memory --install-namespace -o --output --color --ascii -v --verbose --version'
    if [[ $cur != -* ]]; then _aibrixctl_live codes; return; fi ;;
  snapshot)
    case $prev in
    -f|--filename) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --now) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --to) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --kubeconfig) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --context) _aibrixctl_live contexts; return ;;
    --cluster) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --user) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -s|--server) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --token) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -n|--namespace) _aibrixctl_live namespaces; return ;;
    --as) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-uid) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-group) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --certificate-authority) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-certificate) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-key) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-server-name) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --request-timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --max-memory) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --install-namespace) _aibrixctl_live namespaces; return ;;
    -o|--output) COMPREPLY=($(compgen -W 'text plain json yaml kubectl' -- "$cur")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    flags='-h --help -f --filename --whole-cluster --now --to --anonymize --kubeconfig --context --cluster --user -s --server --token -n --namespace -A --all-namespaces --as --as-uid --as-group --certificate-authority --client-certificate --client-key --tls-server-name --insecure-skip-tls-verify --request-timeout --timeout --max-memory --install-namespace -o --output --color --ascii -v --verbose --version'
    if [[ $cur != -* ]]; then COMPREPLY=($(compgen -W '' -- "$cur")); return; fi ;;
  rbac)
    case $prev in
    --kubeconfig) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --context) _aibrixctl_live contexts; return ;;
    --cluster) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --user) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -s|--server) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --token) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -n|--namespace) _aibrixctl_live namespaces; return ;;
    --as) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-uid) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-group) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --certificate-authority) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-certificate) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-key) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-server-name) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --request-timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --max-memory) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --install-namespace) _aibrixctl_live namespaces; return ;;
    -o|--output) COMPREPLY=($(compgen -W 'text plain json yaml kubectl' -- "$cur")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    flags='-h --help --kubeconfig --context --cluster --user -s --server --token -n --namespace -A --all-namespaces --as --as-uid --as-group --certificate-authority --client-certificate --client-key --tls-server-name --insecure-skip-tls-verify --request-timeout --timeout --max-memory --install-namespace -o --output --color --ascii -v --verbose --version'
    if [[ $cur != -* ]]; then COMPREPLY=($(compgen -W 'print' -- "$cur")); return; fi ;;
  'rbac print')
    case $prev in
    --only) _aibrixctl_live checks; return ;;
    --skip) _aibrixctl_live checks; return ;;
    --name) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --for) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --via) COMPREPLY=($(compgen -W 'api-server' -- "$cur")); return ;;
    --kubeconfig) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --context) _aibrixctl_live contexts; return ;;
    --cluster) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --user) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -s|--server) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --token) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -n|--namespace) _aibrixctl_live namespaces; return ;;
    --as) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-uid) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-group) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --certificate-authority) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-certificate) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-key) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-server-name) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --request-timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --max-memory) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --install-namespace) _aibrixctl_live namespaces; return ;;
    -o|--output) COMPREPLY=($(compgen -W 'text plain json yaml kubectl' -- "$cur")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    flags='-h --help --only --skip --name --for --via --discovery --kubeconfig --context --cluster --user -s --server --token -n --namespace -A --all-namespaces --as --as-uid --as-group --certificate-authority --client-certificate --client-key --tls-server-name --insecure-skip-tls-verify --request-timeout --timeout --max-memory --install-namespace -o --output --color --ascii -v --verbose --version'
    if [[ $cur != -* ]]; then COMPREPLY=($(compgen -W '' -- "$cur")); return; fi ;;
  completion)
    case $prev in
    --kubeconfig) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --context) _aibrixctl_live contexts; return ;;
    --cluster) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --user) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -s|--server) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --token) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -n|--namespace) _aibrixctl_live namespaces; return ;;
    --as) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-uid) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-group) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --certificate-authority) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-certificate) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-key) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-server-name) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --request-timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --max-memory) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --install-namespace) _aibrixctl_live namespaces; return ;;
    -o|--output) COMPREPLY=($(compgen -W 'text plain json yaml kubectl' -- "$cur")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    flags='-h --help --kubeconfig --context --cluster --user -s --server --token -n --namespace -A --all-namespaces --as --as-uid --as-group --certificate-authority --client-certificate --client-key --tls-server-name --insecure-skip-tls-verify --request-timeout --timeout --max-memory --install-namespace -o --output --color --ascii -v --verbose --version'
    if [[ $cur != -* ]]; then COMPREPLY=($(compgen -W 'bash zsh fish' -- "$cur")); return; fi ;;
  version)
    case $prev in
    --kubeconfig) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --context) _aibrixctl_live contexts; return ;;
    --cluster) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --user) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -s|--server) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --token) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -n|--namespace) _aibrixctl_live namespaces; return ;;
    --as) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-uid) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-group) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --certificate-authority) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-certificate) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-key) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-server-name) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --request-timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --max-memory) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --install-namespace) _aibrixctl_live namespaces; return ;;
    -o|--output) COMPREPLY=($(compgen -W 'text plain json yaml kubectl' -- "$cur")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    flags='-h --help --kubeconfig --context --cluster --user -s --server --token -n --namespace -A --all-namespaces --as --as-uid --as-group --certificate-authority --client-certificate --client-key --tls-server-name --insecure-skip-tls-verify --request-timeout --timeout --max-memory --install-namespace -o --output --color --ascii -v --verbose --version'
    if [[ $cur != -* ]]; then COMPREPLY=($(compgen -W '' -- "$cur")); return; fi ;;
  '')
    case $prev in
    --kubeconfig) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --context) _aibrixctl_live contexts; return ;;
    --cluster) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --user) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -s|--server) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --token) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    -n|--namespace) _aibrixctl_live namespaces; return ;;
    --as) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-uid) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --as-group) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --certificate-authority) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-certificate) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --client-key) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-server-name) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --request-timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --timeout) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --max-memory) COMPREPLY=($(compgen -W '' -- "$cur")); return ;;
    --install-namespace) _aibrixctl_live namespaces; return ;;
    -o|--output) COMPREPLY=($(compgen -W 'text plain json yaml kubectl' -- "$cur")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    flags='-h --help --kubeconfig --context --cluster --user -s --server --token -n --namespace -A --all-namespaces --as --as-uid --as-group --certificate-authority --client-certificate --client-key --tls-server-name --insecure-skip-tls-verify --request-timeout --timeout --max-memory --install-namespace -o --output --color --ascii -v --verbose --version'
    if [[ $cur != -* ]]; then COMPREPLY=($(compgen -W 'doctor endpoint trace fix undo preflight explain snapshot rbac completion version' -- "$cur")); return; fi ;;
  esac
  COMPREPLY=($(compgen -W "$flags" -- "$cur"))
}
complete -F _aibrixctl aibrixctl
complete -F _aibrixctl kubectl-aibrix
