# bash completion for vblade4j. Generated from the program's own model: see HACKING.md.
# shellcheck shell=bash

_vblade4j_exports() {
    sed -n 's/^[[:blank:]]*\(export[[:blank:]]\+\)\{0,1\}config_\([A-Za-z0-9_]*\)=.*/\2/p' \
        /etc/conf.d/vblade 2>/dev/null
}

_vblade4j() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local command=
    local i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        supervise | start | stop | restart | status | list | clients | reload | checkconfig | dump | harden | import | bench | ping | shutdown)
            command=${COMP_WORDS[i]}
            break
            ;;
        esac
    done
    case $command,$before in
    *,--socket)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    supervise,--confd)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    supervise,--settings)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    supervise,--state-dir)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -d -- "$word")
        return
        ;;
    supervise,--data-dir)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -d -- "$word")
        return
        ;;
    start,--line)
        return
        ;;
    checkconfig,--confd)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    checkconfig,--settings)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    checkconfig,--line)
        return
        ;;
    dump,--confd)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    dump,--settings)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    bench,-i | bench,--interface)
        mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -- "$word")
        return
        ;;
    bench,--port)
        mapfile -t COMPREPLY < <(compgen -W 'RING PCAP' -- "$word")
        return
        ;;
    bench,--op)
        mapfile -t COMPREPLY < <(compgen -W 'read write mixed' -- "$word")
        return
        ;;
    bench,--pattern)
        mapfile -t COMPREPLY < <(compgen -W 'random sequential' -- "$word")
        return
        ;;
    bench,--reads | bench,--sectors | bench,--depth | bench,--duration | bench,--warmup | bench,--offset | bench,--length | bench,--resend | bench,--seed)
        return
        ;;
    shutdown,--timeout)
        return
        ;;
    esac
    case $command,$word in
    ,-*)
        mapfile -t COMPREPLY < <(compgen -W '--socket -h --help -V --version' -- "$word")
        return
        ;;
    ,*)
        mapfile -t COMPREPLY < <(compgen -W 'supervise start stop restart status list clients reload checkconfig dump harden import bench ping shutdown' -- "$word")
        return
        ;;
    supervise,-*)
        mapfile -t COMPREPLY < <(compgen -W '--confd --settings --socket --state-dir --data-dir --no-autostart -h --help -V --version' -- "$word")
        return
        ;;
    start,-*)
        mapfile -t COMPREPLY < <(compgen -W '--socket --all --line -h --help -V --version' -- "$word")
        return
        ;;
    start,*)
        mapfile -t COMPREPLY < <(compgen -W "$(_vblade4j_exports)" -- "$word")
        return
        ;;
    stop,-*)
        mapfile -t COMPREPLY < <(compgen -W '--socket --all -h --help -V --version' -- "$word")
        return
        ;;
    stop,*)
        mapfile -t COMPREPLY < <(compgen -W "$(_vblade4j_exports)" -- "$word")
        return
        ;;
    restart,-*)
        mapfile -t COMPREPLY < <(compgen -W '--socket --all -h --help -V --version' -- "$word")
        return
        ;;
    restart,*)
        mapfile -t COMPREPLY < <(compgen -W "$(_vblade4j_exports)" -- "$word")
        return
        ;;
    status,-*)
        mapfile -t COMPREPLY < <(compgen -W '--socket --json -h --help -V --version' -- "$word")
        return
        ;;
    status,*)
        mapfile -t COMPREPLY < <(compgen -W "$(_vblade4j_exports)" -- "$word")
        return
        ;;
    list,-*)
        mapfile -t COMPREPLY < <(compgen -W '--socket --json -h --help -V --version' -- "$word")
        return
        ;;
    list,*)
        mapfile -t COMPREPLY < <(compgen -W "$(_vblade4j_exports)" -- "$word")
        return
        ;;
    clients,-*)
        mapfile -t COMPREPLY < <(compgen -W '--socket --json --acl --acl-confd -h --help -V --version' -- "$word")
        return
        ;;
    clients,*)
        mapfile -t COMPREPLY < <(compgen -W "$(_vblade4j_exports)" -- "$word")
        return
        ;;
    reload,-*)
        mapfile -t COMPREPLY < <(compgen -W '--socket --json -h --help -V --version' -- "$word")
        return
        ;;
    reload,*)
        mapfile -t COMPREPLY < <(compgen -W "$(_vblade4j_exports)" -- "$word")
        return
        ;;
    checkconfig,-*)
        mapfile -t COMPREPLY < <(compgen -W '--confd --settings --line --files-only -h --help -V --version' -- "$word")
        return
        ;;
    checkconfig,*)
        mapfile -t COMPREPLY < <(compgen -W "$(_vblade4j_exports)" -- "$word")
        return
        ;;
    dump,-*)
        mapfile -t COMPREPLY < <(compgen -W '--socket --confd --settings -h --help -V --version' -- "$word")
        return
        ;;
    harden,-*)
        mapfile -t COMPREPLY < <(compgen -W '--unit -h --help -V --version' -- "$word")
        return
        ;;
    import,-*)
        mapfile -t COMPREPLY < <(compgen -W '-h --help -V --version' -- "$word")
        return
        ;;
    import,*)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -d -- "$word")
        return
        ;;
    bench,-*)
        mapfile -t COMPREPLY < <(compgen -W '-i --interface --port --op --reads --pattern --sectors --depth --duration --warmup --offset --length --resend --verify --seed --overwrite --json -h --help -V --version' -- "$word")
        return
        ;;
    ping,-*)
        mapfile -t COMPREPLY < <(compgen -W '--socket -h --help -V --version' -- "$word")
        return
        ;;
    shutdown,-*)
        mapfile -t COMPREPLY < <(compgen -W '--socket --timeout -h --help -V --version' -- "$word")
        return
        ;;
    esac
}
complete -F _vblade4j vblade4j
