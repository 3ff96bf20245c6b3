# bash completion for aoe. Generated from the program's own model: see HACKING.md.
# shellcheck shell=bash

_aoe() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local command=
    local i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        discover | stat | ping | identify | config | mask | reserve | sancheck | smart | conflicts | verify | cat | dd | nbd | watch | torture)
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
    discover,--port)
        mapfile -t COMPREPLY < <(compgen -W 'RING PCAP' -- "$word")
        return
        ;;
    discover,--timeout)
        return
        ;;
    stat,-i | stat,--interface)
        mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -- "$word")
        return
        ;;
    stat,--port)
        mapfile -t COMPREPLY < <(compgen -W 'RING PCAP' -- "$word")
        return
        ;;
    stat,--timeout)
        return
        ;;
    ping,-i | ping,--interface)
        mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -- "$word")
        return
        ;;
    ping,--port)
        mapfile -t COMPREPLY < <(compgen -W 'RING PCAP' -- "$word")
        return
        ;;
    ping,--timeout | ping,-c | ping,--count | ping,--interval | ping,--wait)
        return
        ;;
    identify,-i | identify,--interface)
        mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -- "$word")
        return
        ;;
    identify,--port)
        mapfile -t COMPREPLY < <(compgen -W 'RING PCAP' -- "$word")
        return
        ;;
    identify,--timeout)
        return
        ;;
    config,-i | config,--interface)
        mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -- "$word")
        return
        ;;
    config,--port)
        mapfile -t COMPREPLY < <(compgen -W 'RING PCAP' -- "$word")
        return
        ;;
    config,--timeout)
        return
        ;;
    mask,-i | mask,--interface)
        mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -- "$word")
        return
        ;;
    mask,--port)
        mapfile -t COMPREPLY < <(compgen -W 'RING PCAP' -- "$word")
        return
        ;;
    mask,--timeout)
        return
        ;;
    reserve,-i | reserve,--interface)
        mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -- "$word")
        return
        ;;
    reserve,--port)
        mapfile -t COMPREPLY < <(compgen -W 'RING PCAP' -- "$word")
        return
        ;;
    reserve,--timeout)
        return
        ;;
    sancheck,-i | sancheck,--interface)
        mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -- "$word")
        return
        ;;
    sancheck,--port)
        mapfile -t COMPREPLY < <(compgen -W 'RING PCAP' -- "$word")
        return
        ;;
    sancheck,--timeout)
        return
        ;;
    smart,-i | smart,--interface)
        mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -- "$word")
        return
        ;;
    smart,--port)
        mapfile -t COMPREPLY < <(compgen -W 'RING PCAP' -- "$word")
        return
        ;;
    smart,--timeout)
        return
        ;;
    conflicts,-i | conflicts,--interface)
        mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -- "$word")
        return
        ;;
    conflicts,--port)
        mapfile -t COMPREPLY < <(compgen -W 'RING PCAP' -- "$word")
        return
        ;;
    conflicts,--timeout)
        return
        ;;
    verify,-i | verify,--interface)
        mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -- "$word")
        return
        ;;
    verify,--port)
        mapfile -t COMPREPLY < <(compgen -W 'RING PCAP' -- "$word")
        return
        ;;
    verify,--compare)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    verify,--depth | verify,--timeout | verify,--skip | verify,--length | verify,--seed)
        return
        ;;
    cat,-i | cat,--interface)
        mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -- "$word")
        return
        ;;
    cat,--port)
        mapfile -t COMPREPLY < <(compgen -W 'RING PCAP' -- "$word")
        return
        ;;
    cat,--depth | cat,--timeout | cat,--skip | cat,--length)
        return
        ;;
    dd,-i | dd,--interface)
        mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -- "$word")
        return
        ;;
    dd,--port)
        mapfile -t COMPREPLY < <(compgen -W 'RING PCAP' -- "$word")
        return
        ;;
    dd,--state)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    dd,--depth | dd,--timeout | dd,--skip | dd,--seek | dd,--length | dd,--resume-at)
        return
        ;;
    nbd,-i | nbd,--interface)
        mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -- "$word")
        return
        ;;
    nbd,--via)
        mapfile -t COMPREPLY < <(compgen -W 'RING PCAP' -- "$word")
        return
        ;;
    nbd,--tls-cert)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    nbd,--tls-key)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    nbd,--tls-ca)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    nbd,--socket)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    nbd,--allow | nbd,--port | nbd,--bind | nbd,--timeout)
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
    torture,-i | torture,--interface)
        mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -- "$word")
        return
        ;;
    torture,--port)
        mapfile -t COMPREPLY < <(compgen -W 'RING PCAP' -- "$word")
        return
        ;;
    torture,--hosts | torture,--seconds | torture,--offset | torture,--length | torture,--burst | torture,--pattern | torture,--seed)
        return
        ;;
    esac
    case $command,$word in
    ,-*)
        mapfile -t COMPREPLY < <(compgen -W '-h --help -V --version' -- "$word")
        return
        ;;
    ,*)
        mapfile -t COMPREPLY < <(compgen -W 'discover stat ping identify config mask reserve sancheck smart conflicts verify cat dd nbd watch torture' -- "$word")
        return
        ;;
    discover,-*)
        mapfile -t COMPREPLY < <(compgen -W '-i --interface --port --json --timeout -h --help -V --version' -- "$word")
        return
        ;;
    stat,-*)
        mapfile -t COMPREPLY < <(compgen -W '-i --interface --port --json --timeout -h --help -V --version' -- "$word")
        return
        ;;
    ping,-*)
        mapfile -t COMPREPLY < <(compgen -W '-i --interface --port --json --timeout -c --count --interval --wait --identify -q --quiet -h --help -V --version' -- "$word")
        return
        ;;
    identify,-*)
        mapfile -t COMPREPLY < <(compgen -W '-i --interface --port --json --timeout --raw -h --help -V --version' -- "$word")
        return
        ;;
    config,-*)
        mapfile -t COMPREPLY < <(compgen -W '-i --interface --port --json --timeout -h --help -V --version' -- "$word")
        return
        ;;
    config,*)
        mapfile -t COMPREPLY < <(compgen -W 'read test prefix set force-set' -- "$word")
        return
        ;;
    mask,-*)
        mapfile -t COMPREPLY < <(compgen -W '-i --interface --port --json --timeout --force -h --help -V --version' -- "$word")
        return
        ;;
    mask,*)
        mapfile -t COMPREPLY < <(compgen -W 'list add remove' -- "$word")
        return
        ;;
    reserve,-*)
        mapfile -t COMPREPLY < <(compgen -W '-i --interface --port --json --timeout --force -h --help -V --version' -- "$word")
        return
        ;;
    reserve,*)
        mapfile -t COMPREPLY < <(compgen -W 'show set force release' -- "$word")
        return
        ;;
    sancheck,-*)
        mapfile -t COMPREPLY < <(compgen -W '-i --interface --port --json --timeout -v --verbose -h --help -V --version' -- "$word")
        return
        ;;
    smart,-*)
        mapfile -t COMPREPLY < <(compgen -W '-i --interface --port --json --timeout -h --help -V --version' -- "$word")
        return
        ;;
    smart,*)
        mapfile -t COMPREPLY < <(compgen -W 'status data test log enable disable' -- "$word")
        return
        ;;
    conflicts,-*)
        mapfile -t COMPREPLY < <(compgen -W '-i --interface --port --json --timeout -h --help -V --version' -- "$word")
        return
        ;;
    verify,-*)
        mapfile -t COMPREPLY < <(compgen -W '-i --interface --port --depth --timeout -q --quiet --json --write --compare --skip --length --seed -h --help -V --version' -- "$word")
        return
        ;;
    cat,-*)
        mapfile -t COMPREPLY < <(compgen -W '-i --interface --port --depth --timeout -q --quiet --json --skip --length --force -h --help -V --version' -- "$word")
        return
        ;;
    dd,-*)
        mapfile -t COMPREPLY < <(compgen -W '-i --interface --port --depth --timeout -q --quiet --json --skip --seek --length --force --in-place --no-sparse --skip-holes --resume-at --state -h --help -V --version' -- "$word")
        return
        ;;
    nbd,-*)
        mapfile -t COMPREPLY < <(compgen -W '-i --interface --via --allow --tls-cert --tls-key --tls-ca --socket --port --bind -r --read-only --once --timeout --json -h --help -V --version' -- "$word")
        return
        ;;
    watch,-*)
        mapfile -t COMPREPLY < <(compgen -W '-i --interface --read --write -c --count --quiet --json -h --help -V --version' -- "$word")
        return
        ;;
    torture,-*)
        mapfile -t COMPREPLY < <(compgen -W '-i --interface --port --overwrite --hosts --seconds --offset --length --burst --pattern --in-order --keep-going --seed --json -h --help -V --version' -- "$word")
        return
        ;;
    esac
}
complete -F _aoe aoe
