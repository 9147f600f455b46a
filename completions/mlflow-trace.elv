
set edit:completion:arg-completer[mlflow-trace] = { |@words|
    var index = (count $words)
    set index = (- $index 1)

    put (env _CLAP_IFS="\n" _CLAP_COMPLETE_INDEX=(to-string $index) MLFLOW_TRACE_COMPLETE="elvish" mlflow-trace -- $@words) | to-lines
}

