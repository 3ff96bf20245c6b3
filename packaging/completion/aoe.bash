# bash completion for aoe. Generated from the program's own model: see HACKING.md.
# shellcheck shell=bash

_aoe() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local command=
    local i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        discover | verify | watch)
            command=${COMP_WORDS[i]}
            break
            ;;
        esac
    done
    case $command,$before in
    discover,-i | discover,--interface)
        mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -- "$word")
        return
        ;;
    discover,--timeout)
        return
        ;;
    verify,-i | verify,--interface)
        mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -- "$word")
        return
        ;;
    verify,--seed | verify,--depth)
        return
        ;;
    watch,-i | watch,--interface)
        mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -- "$word")
        return
        ;;
    watch,--read)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    watch,--write)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    watch,-c | watch,--count)
        return
        ;;
    esac
    case $command,$word in
    ,-*)
        mapfile -t COMPREPLY < <(compgen -W '-h --help -V --version' -- "$word")
        return
        ;;
    ,*)
        mapfile -t COMPREPLY < <(compgen -W 'discover verify watch' -- "$word")
        return
        ;;
    discover,-*)
        mapfile -t COMPREPLY < <(compgen -W '-i --interface --timeout --json -h --help -V --version' -- "$word")
        return
        ;;
    verify,-*)
        mapfile -t COMPREPLY < <(compgen -W '-i --interface --write --seed --depth -h --help -V --version' -- "$word")
        return
        ;;
    watch,-*)
        mapfile -t COMPREPLY < <(compgen -W '-i --interface --read --write -c --count --quiet --json -h --help -V --version' -- "$word")
        return
        ;;
    esac
}
complete -F _aoe aoe
