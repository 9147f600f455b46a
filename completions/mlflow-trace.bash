# Asks mlflow-trace what the line can go on with. Bash splits words at = and : too; they are put together again.
_mlflow_trace() {
    local IFS=$'\013' words=() last=-1 before="" is_joined="" i word
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $i -eq $COMP_CWORD && $word != [=:] ]]; then
            word=$2
        fi
        if [[ $last -gt 0 && (-n $is_joined || $word == [=:]) ]]; then
            before=${words[last]}
            words[last]+=$word
        else
            before=""
            words[++last]=$word
        fi
        is_joined=""
        if [[ $word == [=:] ]]; then
            before=${words[last]}
            is_joined=1
        fi
    done
    COMPREPLY=($(
        MLFLOW_TRACE_COMPLETE=bash _CLAP_IFS="$IFS" _CLAP_COMPLETE_INDEX="$last" \
            "$1" -- "${words[@]}" 2>/dev/null
    ))
    COMPREPLY=("${COMPREPLY[@]#"$before"}")
    if [[ ${COMPREPLY-} == *[=:/.] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -o bashdefault -F _mlflow_trace mlflow-trace
