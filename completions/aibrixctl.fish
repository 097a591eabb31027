# fish completion for aibrixctl; written by `aibrixctl completion fish`
function __aibrixctl_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    type -q $program; or set program aibrixctl
    set -e words[1]
    for line in ($program __complete $words "$current" </dev/null 2>/dev/null)
        switch $line
            case :0
                __fish_complete_path (string replace -r '^--[^=]*=' '' -- "$current")
            case ':*'
            case '*'
                printf '%s\n' $line
        end
    end
end
complete -c aibrixctl -f -a '(__aibrixctl_complete)'
complete -c kubectl-aibrix -f -a '(__aibrixctl_complete)'
