# bash completion for vbladed. Generated from the program's own model: see HACKING.md.
# shellcheck shell=bash

_vbladed() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local command=
    case $command,$before in
    *,--data-dir)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -d -- "$word")
        return
        ;;
    *,-b | *,-m | *,-o | *,-l | *,--device-in-use | *,--address-in-use | *,--port)
        return
        ;;
    esac
    case $command,$word in
    ,-*)
        mapfile -t COMPREPLY < <(compgen -W '-b -d -s -r -m -o -l --data-dir --device-in-use --address-in-use --port --help --version' -- "$word")
        return
        ;;
    ,*)
        mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -f -- "$word")
        return
        ;;
    esac
}
complete -F _vbladed vbladed
