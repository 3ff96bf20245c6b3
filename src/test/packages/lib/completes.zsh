# SPDX-License-Identifier: Apache-2.0
# completes.zsh DIRECTORY: types words and a tab into a zsh of its own that has DIRECTORY's
# completions, and compares what the line becomes.
zmodload zsh/zpty
zpty terminal zsh -f -i

# Reads all the terminal shows until it has been silent for two seconds, as a busy machine may be for one.
listen() {
    local line
    local -i silent=0
    heard=
    while (( silent < 20 )); do
        if zpty -rt terminal line; then
            heard+=$line
            silent=0
        else
            sleep 0.1
            (( ++silent ))
        fi
    done
}

status_all=0
becomes() { # TYPED WANTED
    zpty -n -w terminal "$1"$'\t'
    listen
    if [[ $heard != *"$2"* ]]; then
        print -r -- "FAIL '$1' became ${(V)heard}, expected $2"
        status_all=1
    fi
    zpty -n -w terminal $'\x15'
    listen
}

zpty -w terminal "PS1='> '; fpath=($1 \$fpath); autoload -U compinit; compinit -u -D"
listen
becomes 'vblade4j checkc' 'vblade4j checkconfig'
becomes 'vblade4j supervise --conf' 'vblade4j supervise --confd'
becomes 'vblade4j start vbl' 'vblade4j start vblade0'
becomes 'vblade4j --socket /etc/fsta' 'vblade4j --socket /etc/fstab'
becomes 'aoe disc' 'aoe discover'
zpty -d terminal
exit $status_all
