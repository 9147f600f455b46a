# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_mlflow_trace_global_optspecs
    string join \n u/tracking-uri= x/experiment= o/output= 0/null color= q/quiet v/verbose no-progress timeout= concurrency= h/help V/version
end

function __fish_mlflow_trace_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_mlflow_trace_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_mlflow_trace_using_subcommand
    set -l cmd (__fish_mlflow_trace_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -s V -l version -d 'Print version'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "search" -d 'Find traces with a filter'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "get" -d 'Show traces with their spans'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "count" -d 'Count traces'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "tag" -d 'Set and delete tags'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "feedback" -d 'Log feedback: what people, judges or programs think of a trace'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "expectation" -d 'Log expectations: what a trace should have answered'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "assessment" -d 'List, show, change and delete feedback and expectations'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "delete" -d 'Delete traces for good'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "retention" -d 'Expire old traces, by a policy or by age'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "apply" -d 'Carry out a plan that --plan of another command wrote'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "undo" -d 'Take a run back that changed traces'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "runs" -d 'List and show the runs that changed traces'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "export" -d 'Write traces to a file, a directory or an object store'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "import" -d 'Bring exported traces back to a server'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "filter" -d 'Check, explain and format filters'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "experiments" -d 'List and create experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "man" -d 'Print the manual page'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l filter -d 'A filter as a flag' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l order-by -l sort -d 'Order by a field: -duration or "duration DESC" for the largest first; repeatable [default: newest first]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -s n -l limit -d 'Stop after this many traces; 0 for all' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l fields -d 'What to show: names such as status or tags.team, or paths such as info.trace_metadata.`a.b`, separated by commas' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l status -d 'Status: OK, ERROR (or failed) or IN_PROGRESS (or running), in any case' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l name -d 'Name of the trace' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l tag -d 'A tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l meta -d 'A piece of metadata; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l session -d 'Session, or a path such as trip/day-2 for it and all sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l user -d 'User of the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l run -d 'Run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l client-request-id -d 'The id the application gave the request' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l since -d 'Started at this time or later: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00, or a Unix time; UTC unless it says otherwise' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l min-duration -d 'Took at least this long, for example 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l text -d 'A span holds this text in its inputs, outputs or attributes; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l feedback -d 'A feedback has this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l model -d 'A span called this language model' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l all -d 'Return every match'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l all-experiments -d 'Search every active experiment of the server'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l verify -d 'First hold an archive against the SHA-256 in its manifest'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l fail-if-empty -d 'Exit with 8 if nothing matches'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l server-only -d 'Refuse filters of which the server cannot evaluate every part'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -s n -l limit -d 'Show the first N of them' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l content -d 'Show the inputs and outputs of every span'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l verify -d 'First hold an archive against the SHA-256 in its manifest'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l filter -d 'A filter as a flag' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l status -d 'Status: OK, ERROR (or failed) or IN_PROGRESS (or running), in any case' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l name -d 'Name of the trace' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l tag -d 'A tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l meta -d 'A piece of metadata; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l session -d 'Session, or a path such as trip/day-2 for it and all sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l user -d 'User of the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l run -d 'Run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l client-request-id -d 'The id the application gave the request' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l since -d 'Started at this time or later: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00, or a Unix time; UTC unless it says otherwise' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l min-duration -d 'Took at least this long, for example 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l text -d 'A span holds this text in its inputs, outputs or attributes; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l feedback -d 'A feedback has this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l model -d 'A span called this language model' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l all-experiments -d 'Count in every active experiment of the server'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l verify -d 'First hold an archive against the SHA-256 in its manifest'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l fail-if-empty -d 'Exit with 8 if nothing matches'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l server-only -d 'Refuse filters of which the server cannot evaluate every part'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -f -a "set" -d 'Set tags on traces'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -f -a "delete" -d 'Delete tags from traces'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l filter -d 'Change what matches this filter instead' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -s n -l limit -d 'Take only the newest N of them; what is shown before says of how many' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l max -d 'Change nothing if more traces than this would be changed' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l plan -d 'Write what would be changed to a new file, for apply, and stop' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l lock-wait -d 'Wait so long for another run that changes the same [default: leave with exit code 7 at once]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l status -d 'Status: OK, ERROR (or failed) or IN_PROGRESS (or running), in any case' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l name -d 'Name of the trace' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l tag -d 'A tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l meta -d 'A piece of metadata; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l session -d 'Session, or a path such as trip/day-2 for it and all sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l user -d 'User of the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l run -d 'Run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l client-request-id -d 'The id the application gave the request' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l since -d 'Started at this time or later: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00, or a Unix time; UTC unless it says otherwise' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l min-duration -d 'Took at least this long, for example 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l text -d 'A span holds this text in its inputs, outputs or attributes; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l feedback -d 'A feedback has this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l model -d 'A span called this language model' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l ignore-missing -d 'Leave out ids that the server does not know instead of stopping'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l dry-run -d 'Show what would be changed and stop'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -s y -l yes -d 'Do not ask; needed for a filter without a terminal'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l server-only -d 'Refuse filters of which the server cannot evaluate every part'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l key -d 'A tag key; with it every other word is a trace id; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l filter -d 'Change what matches this filter instead' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -s n -l limit -d 'Take only the newest N of them; what is shown before says of how many' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l max -d 'Change nothing if more traces than this would be changed' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l plan -d 'Write what would be changed to a new file, for apply, and stop' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l lock-wait -d 'Wait so long for another run that changes the same [default: leave with exit code 7 at once]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l status -d 'Status: OK, ERROR (or failed) or IN_PROGRESS (or running), in any case' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l name -d 'Name of the trace' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l tag -d 'A tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l meta -d 'A piece of metadata; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l session -d 'Session, or a path such as trip/day-2 for it and all sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l user -d 'User of the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l run -d 'Run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l client-request-id -d 'The id the application gave the request' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l since -d 'Started at this time or later: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00, or a Unix time; UTC unless it says otherwise' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l min-duration -d 'Took at least this long, for example 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l text -d 'A span holds this text in its inputs, outputs or attributes; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l feedback -d 'A feedback has this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l model -d 'A span called this language model' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l ignore-missing -d 'Leave out ids that the server does not know instead of stopping'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l dry-run -d 'Show what would be changed and stop'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Do not ask; needed for a filter without a terminal'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l server-only -d 'Refuse filters of which the server cannot evaluate every part'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -f -a "log" -d 'Log feedback on a trace or one of its spans'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -f -a "import" -d 'Log feedback on many traces, from the rows of a file'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -f -a "export" -d 'Write feedback as rows that import reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -f -a "override" -d 'Put another judgement in the place of one, which stays on record'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l client-request-id -d 'The id the application gave the request, instead of trace ids; exactly one trace must have it' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l name -d 'Name of the feedback or expectation; with it every word is a trace id' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l value -d 'The judgement, or what is expected' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l type -d 'How to read the value: auto, string, number, bool or json' -r -f -a "auto\t'true and false are booleans, numbers are numbers, JSON objects and lists are JSON, the rest is text'
string\t'Text, whatever it looks like'
number\t'A number'
bool\t'true or false'
json\t'Any JSON value'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l source-type -d 'Who judges: HUMAN, LLM_JUDGE or CODE' -r -f -a "HUMAN\t'A person'
LLM_JUDGE\t'A model that judges'
CODE\t'A program'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l source-id -d 'Name of the judge [default for HUMAN: user@host]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l metadata -d 'Additional information; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l span-id -d 'The span it is about, in hex or base64 [default: the whole trace]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l on-existing -d 'What to do where the source has said something else of this name on the trace or span: skip, override (the newest; others that still count are named) or append [default: append, and say so; what says the same is not logged twice]' -r -f -a "skip\t'Leave it'
override\t'Override it'
append\t'Add another one'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l rationale -d 'Why' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l format -d 'csv or jsonl [default: by the file\'s ending]' -r -f -a "csv\t'Comma-separated values with a header'
jsonl\t'One JSON object per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l map -d 'Take a field from a column of another name, or from no column: name=label, name=@correctness; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l column -d 'Take the values of a feedback or expectation from a column that is called as it, or otherwise; with several of them a line is several: correct, tone=Tonality; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l value-type -d 'What values are in rows without a value_type: number, boolean, text or json, of all names or of one: boolean, tone=text; repeatable [default for JSON: what they are]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l delimiter -d 'What stands between cells of CSV: a comma, a semicolon, | or tab [default: what the header shows]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l decimal -d 'How numbers are written in CSV: . as in 0.8 or , as in 0,8 [default: .]' -r -f -a ".\t'0.8'
\,\t'0,8'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l source-type -d 'Who judges in rows without a source_type: HUMAN, LLM_JUDGE or CODE' -r -f -a "HUMAN\t'A person'
LLM_JUDGE\t'A model that judges'
CODE\t'A program'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l source-id -d 'Name of the judge in rows without a source_id' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l on-existing -d 'What to do where the source has said something else of this name on the trace or span: skip, override (the newest; others that still count are named) or append [default: skip; but a row with an assessment_id that says something else than that assessment was edited, and overrides it]' -r -f -a "skip\t'Leave it'
override\t'Override it'
append\t'Add another one'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l wait -d 'Wait so long, in all, for traces that are still arriving' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l results -d 'Write what became of each row to this file, as JSON lines; if it is there, go on behind it' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l max -d 'Change nothing if more traces than this would be changed' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l plan -d 'Write what would be changed to a new file, for apply, and stop' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l lock-wait -d 'Wait so long for another run that changes the same [default: leave with exit code 7 at once]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l ignore-unknown-columns -d 'Leave out columns that mean nothing here instead of stopping'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l dry-run -d 'Say what would be created and send nothing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l format -d 'csv or jsonl [default: by the file\'s ending, else jsonl]' -r -f -a "csv\t'Comma-separated values with a header'
jsonl\t'One JSON object per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l delimiter -d 'What stands between cells of CSV: a comma, a semicolon, | or tab [default: ,]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l decimal -d 'How numbers are written in CSV: . as in 0.8 or , as in 0,8 [default: .]' -r -f -a ".\t'0.8'
\,\t'0,8'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l filter -d 'A filter as a flag' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -s n -l limit -d 'Stop after this many traces, newest first; 0 for all' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l status -d 'Status: OK, ERROR (or failed) or IN_PROGRESS (or running), in any case' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l name -d 'Name of the trace' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l tag -d 'A tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l meta -d 'A piece of metadata; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l session -d 'Session, or a path such as trip/day-2 for it and all sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l user -d 'User of the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l run -d 'Run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l client-request-id -d 'The id the application gave the request' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l since -d 'Started at this time or later: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00, or a Unix time; UTC unless it says otherwise' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l min-duration -d 'Took at least this long, for example 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l text -d 'A span holds this text in its inputs, outputs or attributes; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l feedback -d 'A feedback has this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l model -d 'A span called this language model' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l bom -d 'Begin CSV with a byte order mark, without which some spreadsheets take UTF-8 for something else'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l overwrite -d 'Replace the file if it is there'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l all -d 'Write those that another one overrides, too'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l all-experiments -d 'Of every active experiment of the server'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l server-only -d 'Refuse filters of which the server cannot evaluate every part'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l value -d 'The judgement that counts from now on' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l type -d 'How to read the value: auto, string, number, bool or json' -r -f -a "auto\t'true and false are booleans, numbers are numbers, JSON objects and lists are JSON, the rest is text'
string\t'Text, whatever it looks like'
number\t'A number'
bool\t'true or false'
json\t'Any JSON value'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l rationale -d 'Why' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l source-type -d 'Who judges: HUMAN, LLM_JUDGE or CODE' -r -f -a "HUMAN\t'A person'
LLM_JUDGE\t'A model that judges'
CODE\t'A program'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l source-id -d 'Name of the judge [default for HUMAN: user@host]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l metadata -d 'Additional information; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -f -a "log" -d 'Log an expectation on a trace or one of its spans'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -f -a "import" -d 'Log expectations on many traces, from the rows of a file'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -f -a "export" -d 'Write expectations as rows that import reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l client-request-id -d 'The id the application gave the request, instead of trace ids; exactly one trace must have it' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l name -d 'Name of the feedback or expectation; with it every word is a trace id' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l value -d 'The judgement, or what is expected' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l type -d 'How to read the value: auto, string, number, bool or json' -r -f -a "auto\t'true and false are booleans, numbers are numbers, JSON objects and lists are JSON, the rest is text'
string\t'Text, whatever it looks like'
number\t'A number'
bool\t'true or false'
json\t'Any JSON value'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l source-type -d 'Who judges: HUMAN, LLM_JUDGE or CODE' -r -f -a "HUMAN\t'A person'
LLM_JUDGE\t'A model that judges'
CODE\t'A program'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l source-id -d 'Name of the judge [default for HUMAN: user@host]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l metadata -d 'Additional information; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l span-id -d 'The span it is about, in hex or base64 [default: the whole trace]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l on-existing -d 'What to do where the source has said something else of this name on the trace or span: skip, override (the newest; others that still count are named) or append [default: append, and say so; what says the same is not logged twice]' -r -f -a "skip\t'Leave it'
override\t'Override it'
append\t'Add another one'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l format -d 'csv or jsonl [default: by the file\'s ending]' -r -f -a "csv\t'Comma-separated values with a header'
jsonl\t'One JSON object per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l map -d 'Take a field from a column of another name, or from no column: name=label, name=@correctness; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l column -d 'Take the values of a feedback or expectation from a column that is called as it, or otherwise; with several of them a line is several: correct, tone=Tonality; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l value-type -d 'What values are in rows without a value_type: number, boolean, text or json, of all names or of one: boolean, tone=text; repeatable [default for JSON: what they are]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l delimiter -d 'What stands between cells of CSV: a comma, a semicolon, | or tab [default: what the header shows]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l decimal -d 'How numbers are written in CSV: . as in 0.8 or , as in 0,8 [default: .]' -r -f -a ".\t'0.8'
\,\t'0,8'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l source-type -d 'Who judges in rows without a source_type: HUMAN, LLM_JUDGE or CODE' -r -f -a "HUMAN\t'A person'
LLM_JUDGE\t'A model that judges'
CODE\t'A program'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l source-id -d 'Name of the judge in rows without a source_id' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l on-existing -d 'What to do where the source has said something else of this name on the trace or span: skip, override (the newest; others that still count are named) or append [default: skip; but a row with an assessment_id that says something else than that assessment was edited, and overrides it]' -r -f -a "skip\t'Leave it'
override\t'Override it'
append\t'Add another one'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l wait -d 'Wait so long, in all, for traces that are still arriving' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l results -d 'Write what became of each row to this file, as JSON lines; if it is there, go on behind it' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l max -d 'Change nothing if more traces than this would be changed' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l plan -d 'Write what would be changed to a new file, for apply, and stop' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l lock-wait -d 'Wait so long for another run that changes the same [default: leave with exit code 7 at once]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l ignore-unknown-columns -d 'Leave out columns that mean nothing here instead of stopping'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l dry-run -d 'Say what would be created and send nothing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l format -d 'csv or jsonl [default: by the file\'s ending, else jsonl]' -r -f -a "csv\t'Comma-separated values with a header'
jsonl\t'One JSON object per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l delimiter -d 'What stands between cells of CSV: a comma, a semicolon, | or tab [default: ,]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l decimal -d 'How numbers are written in CSV: . as in 0.8 or , as in 0,8 [default: .]' -r -f -a ".\t'0.8'
\,\t'0,8'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l filter -d 'A filter as a flag' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -s n -l limit -d 'Stop after this many traces, newest first; 0 for all' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l status -d 'Status: OK, ERROR (or failed) or IN_PROGRESS (or running), in any case' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l name -d 'Name of the trace' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l tag -d 'A tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l meta -d 'A piece of metadata; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l session -d 'Session, or a path such as trip/day-2 for it and all sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l user -d 'User of the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l run -d 'Run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l client-request-id -d 'The id the application gave the request' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l since -d 'Started at this time or later: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00, or a Unix time; UTC unless it says otherwise' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l min-duration -d 'Took at least this long, for example 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l text -d 'A span holds this text in its inputs, outputs or attributes; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l feedback -d 'A feedback has this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l model -d 'A span called this language model' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l bom -d 'Begin CSV with a byte order mark, without which some spreadsheets take UTF-8 for something else'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l overwrite -d 'Replace the file if it is there'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l all -d 'Write those that another one overrides, too'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l all-experiments -d 'Of every active experiment of the server'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l server-only -d 'Refuse filters of which the server cannot evaluate every part'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -f -a "list" -d 'List the feedback, expectations and issues of traces'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -f -a "get" -d 'Show one assessment'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -f -a "update" -d 'Change a feedback or an expectation'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -f -a "delete" -d 'Delete an assessment'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -l include-overridden -d 'Show assessments that another one overrides, too'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l value -d 'New value' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l type -d 'How to read the value: auto, string, number, bool or json' -r -f -a "auto\t'true and false are booleans, numbers are numbers, JSON objects and lists are JSON, the rest is text'
string\t'Text, whatever it looks like'
number\t'A number'
bool\t'true or false'
json\t'Any JSON value'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l name -d 'New name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l rationale -d 'New rationale of a feedback; empty to remove it' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l metadata -d 'Metadata to add or replace; the server cannot remove any; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l filter -d 'Delete what matches this filter instead' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -s n -l limit -d 'Take only the newest N of them; what is shown before says of how many' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l max-delete -d 'Delete nothing if more traces than this would go' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l plan -d 'Write what would be deleted to a new file, for apply, and stop' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l artifacts -d 'keep or delete what deleted traces leave in the artifact store: span files and attachments [default: keep]' -r -f -a "keep\t'They stay'
delete\t'They are deleted when their trace is gone'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l sleep-between -d 'Wait so long after each batch of a deletion' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l max-seconds -d 'Begin no other batch of a deletion after so many seconds; the rest is left for the next run' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l lock-wait -d 'Wait so long for another run that changes the same [default: leave with exit code 7 at once]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l status -d 'Status: OK, ERROR (or failed) or IN_PROGRESS (or running), in any case' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l name -d 'Name of the trace' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l tag -d 'A tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l meta -d 'A piece of metadata; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l session -d 'Session, or a path such as trip/day-2 for it and all sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l user -d 'User of the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l run -d 'Run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l client-request-id -d 'The id the application gave the request' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l since -d 'Started at this time or later: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00, or a Unix time; UTC unless it says otherwise' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l min-duration -d 'Took at least this long, for example 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l text -d 'A span holds this text in its inputs, outputs or attributes; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l feedback -d 'A feedback has this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l model -d 'A span called this language model' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l dry-run -d 'Show what would be deleted and stop'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -s y -l yes -d 'Do not ask; needed without a terminal'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l trust-clock -d 'Go on by this machine\'s clock where the server does not say what time it is'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l server-only -d 'Refuse filters of which the server cannot evaluate every part'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -f -a "check" -d 'Read a policy and say what it means; nothing is sent'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -f -a "plan" -d 'Show what a policy would delete, and delete nothing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -f -a "run" -d 'Delete what a policy lets go, or traces older than a given age'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -f -a "explain" -d 'Say what a policy does with a trace, why, and when it would expire'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -f -a "simulate" -d 'Show what would go on each of the next days if nothing new came'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -f -a "schedule" -d 'Print what runs a policy every day: for cron, systemd or Kubernetes'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -l policy -d 'The policy' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -l as-of -d 'Count ages from this moment: 2026-11-01, 2026-11-01T08:00+01:00, 2h (ago); UTC unless it says otherwise [default: now]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l policy -d 'The policy' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l as-of -d 'Count ages from this moment: 2026-11-01, 2026-11-01T08:00+01:00, 2h (ago); UTC unless it says otherwise [default: now]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l max-delete -d 'Refuse if more traces than this would go [default: as the policy says]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l allow-growth -d 'Do not refuse because far more would go than in the last run'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l allow-unmatched-keep -d 'Do not refuse because no trace has a key that a keep_if asks for'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l trust-clock -d 'Go on by this machine\'s clock where the server does not say what time it is'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l policy -d 'The policy; it names the experiments itself' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l as-of -d 'Count the policy\'s ages from this moment in the past [default: now]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l older-than -d 'Age from which traces expire, for example 30d or 12h; a day is 24 hours' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l filter -d 'The same, as a flag' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l keep-if -d 'Keep what matches this filter, whatever its age; repeatable, any match keeps' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l max-delete -d 'Delete nothing if more traces than this would go' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l plan -d 'Write what would be deleted and what kept to a new file, for apply, and stop' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l artifacts -d 'keep or delete what deleted traces leave in the artifact store: span files and attachments [default: keep]' -r -f -a "keep\t'They stay'
delete\t'They are deleted when their trace is gone'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l sleep-between -d 'Wait so long after each batch of a deletion' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l max-seconds -d 'Begin no other batch of a deletion after so many seconds; the rest is left for the next run' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l lock-wait -d 'Wait so long for another run that changes the same [default: leave with exit code 7 at once]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l jitter -d 'Wait for a random time, this long at the most, before the first request; 0s for none [default with --cron: 60s]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l log -d 'Append the line to this file, too; it is created for its owner alone' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l metrics-file -d 'Write how it went to a file for Prometheus, in the folder of node_exporter\'s textfile collector; each policy needs a file of its own, FILE.prom; not written by --dry-run' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l heartbeat-url -d 'Send a GET to this URL after a run that ended with 0, and nothing after another: its silence is the alarm; for healthchecks.io, Uptime Kuma, Cronitor and the like [env: MLFLOW_TRACE_HEARTBEAT_URL]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l status -d 'Status: OK, ERROR (or failed) or IN_PROGRESS (or running), in any case' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l name -d 'Name of the trace' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l tag -d 'A tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l meta -d 'A piece of metadata; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l session -d 'Session, or a path such as trip/day-2 for it and all sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l user -d 'User of the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l run -d 'Run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l client-request-id -d 'The id the application gave the request' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l since -d 'Started at this time or later: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00, or a Unix time; UTC unless it says otherwise' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l min-duration -d 'Took at least this long, for example 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l text -d 'A span holds this text in its inputs, outputs or attributes; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l feedback -d 'A feedback has this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l model -d 'A span called this language model' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l allow-growth -d 'Do not refuse because far more would go than in the last run of the policy'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l dry-run -d 'Show what would be deleted and stop'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -s y -l yes -d 'Do not ask; needed without a terminal'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l allow-unmatched-keep -d 'Do not refuse because no trace has a key that a keep_if asks for'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l trust-clock -d 'Go on by this machine\'s clock where the server does not say what time it is'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l cron -d 'Run for a scheduler: ask nothing, write one line of JSON to standard output, and to standard error only what went wrong'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l server-only -d 'Refuse filters of which the server cannot evaluate every part'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -l policy -d 'The policy' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -l as-of -d 'Count ages from this moment: 2026-11-01, 2026-11-01T08:00+01:00, 2h (ago); UTC unless it says otherwise [default: now]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -l days -d 'How many days to look ahead' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -l policy -d 'The policy' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -l as-of -d 'Count ages from this moment: 2026-11-01, 2026-11-01T08:00+01:00, 2h (ago); UTC unless it says otherwise [default: now]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l format -d 'cron, systemd or kubernetes' -r -f -a "cron\t'A crontab line'
systemd\t'A service and a timer'
kubernetes\t'A CronJob with a ConfigMap and a Secret'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l policy -d 'The policy; it is read and checked now' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l at -d 'When to run every day, in the scheduler\'s time zone (Kubernetes: UTC)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l name -d 'Name of the units or objects' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l program -d 'The program, with its path' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l image -d 'Container image with the program, for Kubernetes' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l max-delete -d 'Delete nothing if more traces than this would go' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l metrics-file -d 'Write how each run went to a file for Prometheus' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l log -d 'Append the line of each run to this file; Kubernetes keeps it anyway, in the log of the pod' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l artifacts -d 'keep or delete what deleted traces leave in the artifact store: span files and attachments [default: keep]' -r -f -a "keep\t'They stay'
delete\t'They are deleted when their trace is gone'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l sleep-between -d 'Wait so long after each batch of a deletion' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l max-seconds -d 'Begin no other batch of a deletion after so many seconds; the rest is left for the next run' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l lock-wait -d 'Wait so long for another run that changes the same [default: leave with exit code 7 at once]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l allow-unmatched-keep -d 'Do not refuse because no trace has a key that a keep_if asks for'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l trust-clock -d 'Go on by this machine\'s clock where the server does not say what time it is'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l plan-max-age -d 'Refuse a plan that is older; without this, one that has expired, 24h after it was made' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l sleep-between -d 'Wait so long after each batch of a deletion' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l max-seconds -d 'Begin no other batch of a deletion after so many seconds; the rest is left for the next run' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l lock-wait -d 'Wait so long for another run that changes the same [default: leave with exit code 7 at once]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -s y -l yes -d 'Do not ask; needed without a terminal'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l trust-clock -d 'Go on by this machine\'s clock where the server does not say what time it is'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -l lock-wait -d 'Wait so long for another run that changes the same [default: leave with exit code 7 at once]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -l dry-run -d 'Show what would be put back and stop'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -f -a "list" -d 'List the runs that changed traces or were to, oldest first'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -f -a "show" -d 'Show what a run changed'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -f -a "unlock" -d 'Show who holds the locks of this server and workspace, and remove those left behind'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -s y -l yes -d 'Do not ask; needed without a terminal'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -l force -d 'Remove also what a run at work holds; it stops when it finds its lock gone'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l filter -d 'A filter as a flag' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -s n -l limit -d 'Stop after this many traces, newest first; 0 for all' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l format -d 'jsonl, json, csv, parquet or otlp-json [default: by the file\'s ending, jsonl without one]' -r -f -a "jsonl\t'One trace per line, as `MLflow`\'s own trace JSON'
json\t'One array of all traces'
csv\t'One row per trace'
parquet\t'Apache Parquet, for query engines'
otlp-json\t'OpenTelemetry\'s JSON, one request per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l explode -d 'One row per span or per assessment instead of one per trace: spans, assessments' -r -f -a "spans\t'One row per span'
assessments\t'One row per assessment'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l fields -d 'Columns of CSV, or of exploded rows, separated by commas' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l compress -d 'Compress with zstd or gzip [default: by the file\'s ending .zst or .gz, else none]' -r -f -a "zstd\t'Zstandard, level 3'
gzip\t'gzip, level 6'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l split -d 'Cut the parts of a directory by day, hour (UTC) or number of traces [default: 50,000 traces or 128 MiB]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l sample -d 'Export this share of the traces, such as 0.1; chosen by id, the same ones every time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l since-last -d 'Export what this file does not know from earlier runs, and note in it what was exported' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l overlap -d 'How late a trace may arrive and still be found by the next --since-last' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l redact -d 'Blank a value such as metadata.email or span.inputs.$.user, or what matches a /regex/ anywhere; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l hash -d 'Replace a value such as metadata.user_id by its SHA-256; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l salt-file -d 'Put the contents of this file before what --hash hashes' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l to-otlp -d 'Send the spans to an OpenTelemetry backend instead of writing a file; an address alone gets /v1/traces [env: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_EXPORTER_OTLP_ENDPOINT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l header -d 'Header to send to the backend; repeatable [env: OTEL_EXPORTER_OTLP_TRACES_HEADERS, OTEL_EXPORTER_OTLP_HEADERS]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l status -d 'Status: OK, ERROR (or failed) or IN_PROGRESS (or running), in any case' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l name -d 'Name of the trace' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l tag -d 'A tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l meta -d 'A piece of metadata; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l session -d 'Session, or a path such as trip/day-2 for it and all sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l user -d 'User of the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l run -d 'Run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l client-request-id -d 'The id the application gave the request' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l since -d 'Started at this time or later: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00, or a Unix time; UTC unless it says otherwise' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l min-duration -d 'Took at least this long, for example 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l text -d 'A span holds this text in its inputs, outputs or attributes; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l feedback -d 'A feedback has this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l model -d 'A span called this language model' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l spans -d 'Fetch the spans of every trace, too'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l no-attachments -d 'Leave out the images and other files that spans refer to, which a directory gets beside its parts'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l csv-raw -d 'Write CSV cells as they are, without the guard against spreadsheet formulas'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l overwrite -d 'Replace a file or an object that is there'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l no-content -d 'Leave out requests, responses and whatever else users and models said'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l verify -d 'Read everything a second time where the server has no cheaper way to count what was to be read; first hold an archive against the SHA-256 in its manifest'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l all-experiments -d 'Export from every active experiment of the server'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l server-only -d 'Refuse filters of which the server cannot evaluate every part'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -l create-experiments -d 'Create the experiment of --experiment, or those of the archive, if the server does not have them'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -l dry-run -d 'Say what would be brought and send nothing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -f -a "check" -d 'Say whether a filter is right, and what is odd about it'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -f -a "explain" -d 'Say what the server evaluates, what is evaluated here, and what has to be fetched'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -f -a "fmt" -d 'Print a filter in its usual spelling'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -f -a "sql" -d 'Print a filter as the WHERE clause of a query engine'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -f -a "fields" -d 'List everything that a trace can be asked'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -l input -d 'Check many: a file with one JSON string per line (- for standard input); answers one JSON object per line' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -l strict -d 'Treat warnings as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -l dialect -d 'The engine' -r -f -a "duckdb\t'DuckDB 1.2 or later'
spark\t'Apache Spark 3.4 or later, Databricks'
postgres\t'PostgreSQL 12 or later'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -l table -d 'Name of the table or view, in which sessions that share feedback are looked up' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -f -a "list" -d 'List the experiments of the server'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -f -a "create" -d 'Create an experiment'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -l deleted -d 'Show deleted experiments, too'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -l tag -d 'A tag of the experiment; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -l artifact-location -d 'Where its files are kept [default: as the server decides]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -s u -l tracking-uri -d 'Tracking server, demo, or file:PATH of exported traces [env: MLFLOW_TRACKING_URI]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -s x -l experiment -d 'Experiment to work in, by name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -s o -l output -d 'Output format [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -l color -d 'When to colour: auto, always, never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -l timeout -d 'Give up on a request after this long; a number alone is seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -l concurrency -d 'Requests of one kind under way at once: searches, spans, tags, rows [default: as many as do good]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -s 0 -l null -d 'Ids with a NUL behind each, for xargs -0: those that -o ids writes and those that - reads'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -s q -l quiet -d 'Print no status messages, only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -s v -l verbose -d 'Say what is sent to the server; twice for every retry and timing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -l no-progress -d 'Show no progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -s h -l help -d 'Print help'
