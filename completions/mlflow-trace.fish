# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_mlflow_trace_global_optspecs
    string join \n u/tracking-uri= profile= x/experiment= o/output= 0/null color= q/quiet no-pager v/verbose no-progress timeout= concurrency= allow-database-writes header= token-file= token-command= h/help V/version
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

complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -s V -l version -d 'Print version'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "search" -d 'Search traces'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "get" -d 'Show traces with their spans'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "open" -d 'Print or open the page of a trace in the user interface'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "tail" -d 'Show traces as they end'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "count" -d 'Count traces'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "stats" -d 'Measure traces: durations, errors, tokens, costs and feedback'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "check" -d 'Check traces against limits; for releases and cron'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "diff" -d 'Compare two sets of traces, and show what sets them apart'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "sample" -d 'Draw traces at random'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "review" -d 'Judge traces one by one on the terminal'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "sessions" -d 'List and show sessions'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "users" -d 'List and show users of the application'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "keys" -d 'List the tags, metadata, assessments and span attributes in use'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "tag" -d 'Set and delete trace tags'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "feedback" -d 'Log, import, export and override feedback: judgements on traces'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "expectation" -d 'Log, import and export expectations: the right answers for traces'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "assessment" -d 'List, show, update and delete feedback and expectations'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "delete" -d 'Delete traces permanently'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "retention" -d 'Expire old traces by policy or by age'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "apply" -d 'Apply a plan file written by --plan'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "undo" -d 'Undo the changes a run made'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "runs" -d 'List and show past runs, and release their locks'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "export" -d 'Export traces to a file, a directory, an object store or an OpenTelemetry backend'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "import" -d 'Import exported traces into a tracking server'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "filter" -d 'Check, explain, format and translate filters'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "experiments" -d 'List and create experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "dataset" -d 'List, create and fill evaluation datasets'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "datasets" -d 'List, create and fill evaluation datasets'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "doctor" -d 'Check connection, credentials, permissions, spans and speed'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "config" -d 'Profiles: named servers with credentials and safety limits'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "mcp" -d 'Serve read-only tools to agents by the Model Context Protocol'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "agent-skill" -d 'Print a skill file for coding agents'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "completions" -d 'Print a shell completion script'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "topic" -d 'Explain a topic'
complete -c mlflow-trace -n "__fish_mlflow_trace_needs_command" -f -a "man" -d 'Print the manual page, or write one for each command'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l filter -d 'The filter, given as a flag' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l order-by -l sort -d 'Sort by this field; -duration or "duration DESC" sorts in descending order; repeatable [default: newest first]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -s n -l limit -d 'Stop after this many traces; 0 means no limit' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l fields -d 'Fields to show, separated by commas: names such as status or tags.team, or paths such as info.trace_metadata.`a.b`' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l columns -d 'Columns of the table: fields, separated by commas [default: those that fit]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l status -d 'Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l name -d 'Trace name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l tag -d 'Tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l meta -d 'Metadata entry; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l session -d 'Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l user -d 'Application user' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l run -d 'MLflow run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l client-request-id -d 'Client request id, set by the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l since -d 'Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time; UTC unless an offset is given' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l min-duration -d 'Took at least this long, such as 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l text -d 'Text in the inputs, outputs or attributes of a span; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l feedback -d 'Feedback with this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l model -d 'Language model called by a span' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l slowest -d 'Slowest first; same as --order-by -duration'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l all -d 'Return all matches; same as --limit 0'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l all-experiments -d 'Use all active experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l verify -d 'Verify an archive against the SHA-256 sums in its manifest first'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l fail-if-empty -d 'Exit with code 8 if nothing matches'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l server-only -d 'Refuse filters that the server cannot evaluate completely'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand search" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l filter -d 'With --last-error: only traces that match this filter' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -s n -l limit -d 'Show only the first N' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l view -d 'How to show traces: tree, waterfall, chat or digest' -r -f -a "tree\t'Spans as a tree'
waterfall\t'Spans as bars over time'
chat\t'The conversation: messages, tool calls, results'
digest\t'A short summary within a number of tokens'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l type -d 'Tree, waterfall: show only spans of this type, such as TOOL, and those above them' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l span -d 'Tree, waterfall: show only this span and those below it' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l depth -d 'Tree, waterfall: show N levels of spans' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l max-tokens -d 'Digest: maximum tokens, estimated from above' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l status -d 'Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l name -d 'Trace name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l tag -d 'Tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l meta -d 'Metadata entry; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l session -d 'Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l user -d 'Application user' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l run -d 'MLflow run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l client-request-id -d 'Client request id, set by the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l since -d 'Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time; UTC unless an offset is given' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l min-duration -d 'Took at least this long, such as 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l text -d 'Text in the inputs, outputs or attributes of a span; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l feedback -d 'Feedback with this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l model -d 'Language model called by a span' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l last-error -d 'Show the newest failed trace of those selected'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l all-experiments -d 'With --last-error: search all active experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l content -d 'Show the inputs and outputs of every span, stacks of errors, and whole texts'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l errors-only -d 'Tree, waterfall: show only failed spans and those above them'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l attributes -d 'Tree: show the attributes, events and links of every span'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l markdown -d 'Chat: write Markdown'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l ascii -d 'Waterfall: draw with ASCII characters; the default in a locale that is not UTF-8'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l verify -d 'Verify an archive against the SHA-256 sums in its manifest first'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l server-only -d 'Refuse filters that the server cannot evaluate completely'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand get" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand open" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand open" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand open" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand open" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand open" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand open" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand open" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand open" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand open" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand open" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand open" -s b -l browser -d 'Open the page in a browser, too [env: BROWSER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand open" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand open" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand open" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand open" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand open" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand open" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand open" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l filter -d 'The filter, given as a flag' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -s n -l limit -d 'Start with this many traces that have already ended; with --since, all of them since then [default: 10]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l interval -d 'Look for new traces this often' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l lookback -d 'Skip traces that end or arrive longer than this after they started' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l max-time -d 'Stop after this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l view -d 'How to show each trace; digest reads spans' -r -f -a "line\t'One line'
digest\t'A digest: what was asked, what came out, the failing or slowest path'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l status -d 'Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l name -d 'Trace name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l tag -d 'Tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l meta -d 'Metadata entry; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l session -d 'Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l user -d 'Application user' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l run -d 'MLflow run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l client-request-id -d 'Client request id, set by the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l since -d 'Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time; UTC unless an offset is given' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l min-duration -d 'Took at least this long, such as 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l text -d 'Text in the inputs, outputs or attributes of a span; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l feedback -d 'Feedback with this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l model -d 'Language model called by a span' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -s f -l follow -d 'Keep showing traces as they end, until interrupted'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l all-experiments -d 'Use all active experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l server-only -d 'Refuse filters that the server cannot evaluate completely'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tail" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l filter -d 'The filter, given as a flag' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l by -l group-by -d 'Count by fields, separated by commas; error, error.span, model, span.type and span.name read spans' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l top -d 'With --by: show this many groups; the others are added up as the rest' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l status -d 'Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l name -d 'Trace name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l tag -d 'Tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l meta -d 'Metadata entry; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l session -d 'Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l user -d 'Application user' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l run -d 'MLflow run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l client-request-id -d 'Client request id, set by the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l since -d 'Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time; UTC unless an offset is given' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l min-duration -d 'Took at least this long, such as 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l text -d 'Text in the inputs, outputs or attributes of a span; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l feedback -d 'Feedback with this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l model -d 'Language model called by a span' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l all-experiments -d 'Use all active experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l verify -d 'Verify an archive against the SHA-256 sums in its manifest first'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l fail-if-empty -d 'Exit with code 8 if nothing matches'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l server-only -d 'Refuse filters that the server cannot evaluate completely'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand count" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l by -d 'Group by fields, separated by commas: status, name, user, session, version, error, tags.KEY, hour, weekday, or model, span.type and span.name, which read spans' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l every -d 'Group by time in UTC: a length such as 1h or 1d, or auto' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -s m -l metric -d 'What to measure, separated by commas: traces, errors, error_rate, or AGGREGATE:FIELD such as p95:duration, sum:cost.total, mean:feedback.score, yes:feedback.helpful' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l order-by -l sort -d 'Show the groups in which this metric is largest first [default: most traces first]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l top -d 'Show this many groups; the others are added up as the rest' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l compare -d 'Compare the last period of this length, such as 7d, with the one before it, and say which differences are significant' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l prices -d 'Compute costs from a TOML file of prices; reads spans' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l svg -d 'Write a chart to an SVG file' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l html -d 'Write table and chart to an HTML page' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l watch -d 'Ask again this often [default: 10s]; relative times move along' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l max-time -d 'With --watch: stop after this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l filter -d 'The filter, given as a flag' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l status -d 'Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l name -d 'Trace name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l tag -d 'Tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l meta -d 'Metadata entry; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l session -d 'Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l user -d 'Application user' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l run -d 'MLflow run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l client-request-id -d 'Client request id, set by the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l since -d 'Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time; UTC unless an offset is given' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l min-duration -d 'Took at least this long, such as 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l text -d 'Text in the inputs, outputs or attributes of a span; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l feedback -d 'Feedback with this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l model -d 'Language model called by a span' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l cross-check -d 'Read the spans and compare their tokens and costs with those of the traces'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l chart -d 'Draw a chart below the table'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l overwrite -d 'Replace existing files'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l all-experiments -d 'Use all active experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l verify -d 'Verify an archive against the SHA-256 sums in its manifest first'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l fail-if-empty -d 'Exit with code 8 if nothing matches'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l server-only -d 'Refuse filters that the server cannot evaluate completely'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand stats" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l max -d 'Upper limit of a metric of stats, such as p95:duration=8s or max:tokens.total=20000; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l min -d 'Lower limit of a metric, such as traces=100 or yes:feedback.helpful=80%; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l max-error-rate -d 'Maximum error rate, such as 2%' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l max-p95 -d 'Maximum 95th percentile of durations, such as 8s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l max-cost-per-trace -d 'Maximum mean cost per trace in US dollars' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l min-feedback -d 'Minimum mean value of a feedback (yes counts as 1, no as 0); repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l none -d 'Filter that no trace may match; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l min-count -d 'Minimum number of traces with data for a rule; with fewer, the check fails [default: 1]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l baseline -d 'Compare with this long before --since: error rate and median duration must not be significantly worse' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l junit -d 'Write a JUnit XML report to a file' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l markdown -d 'Append a Markdown summary to a file, such as $GITHUB_STEP_SUMMARY' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l filter -d 'Filter that selects the traces to check' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l status -d 'Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l name -d 'Trace name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l tag -d 'Tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l meta -d 'Metadata entry; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l session -d 'Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l user -d 'Application user' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l run -d 'MLflow run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l client-request-id -d 'Client request id, set by the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l since -d 'Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time; UTC unless an offset is given' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l min-duration -d 'Took at least this long, such as 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l text -d 'Text in the inputs, outputs or attributes of a span; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l feedback -d 'Feedback with this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l model -d 'Language model called by a span' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l github -d 'Print GitHub annotations for broken rules on standard error'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l overwrite -d 'Replace an existing JUnit file'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l all-experiments -d 'Use all active experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l verify -d 'Verify an archive against the SHA-256 sums in its manifest first'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l server-only -d 'Refuse filters that the server cannot evaluate completely'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand check" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l versions -d 'Compare two versions of the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l runs -d 'Compare two MLflow runs' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l window -d 'Compare the last period of this length (B), such as 1d, with the one before it (A)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l baseline -d 'Compare the selected traces (B) with those of an exported file or directory (A)' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -s m -l metric -d 'What to measure, as for stats' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l top -d 'Show this many of what is more frequent in B, and as many in A' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l min-count -d 'Leave out values that fewer traces than this have' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l filter -d 'Filter for both sides' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l status -d 'Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l name -d 'Trace name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l tag -d 'Tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l meta -d 'Metadata entry; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l session -d 'Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l user -d 'Application user' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l run -d 'MLflow run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l client-request-id -d 'Client request id, set by the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l since -d 'Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time; UTC unless an offset is given' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l min-duration -d 'Took at least this long, such as 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l text -d 'Text in the inputs, outputs or attributes of a span; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l feedback -d 'Feedback with this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l model -d 'Language model called by a span' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l spans -d 'Read spans: compare models, span names, span types, attributes and errors, too'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l all-experiments -d 'Use all active experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l verify -d 'Verify an archive against the SHA-256 sums in its manifest first'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l server-only -d 'Refuse filters that the server cannot evaluate completely'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand diff" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -s n -l limit -l size -d 'How many traces to draw' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l stratify -d 'Draw from each group of these fields, separated by commas, in proportion to its size but at least one' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l per-group -d 'With --stratify: draw this many from each group' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l weight -d 'Draw traces with a higher value of this numeric field more often; traces without it are not drawn' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l seed -d 'Seed: another number gives another sample' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l filter -d 'The filter, given as a flag' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l status -d 'Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l name -d 'Trace name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l tag -d 'Tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l meta -d 'Metadata entry; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l session -d 'Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l user -d 'Application user' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l run -d 'MLflow run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l client-request-id -d 'Client request id, set by the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l since -d 'Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time; UTC unless an offset is given' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l min-duration -d 'Took at least this long, such as 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l text -d 'Text in the inputs, outputs or attributes of a span; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l feedback -d 'Feedback with this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l model -d 'Language model called by a span' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l all-experiments -d 'Use all active experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l verify -d 'Verify an archive against the SHA-256 sums in its manifest first'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l fail-if-empty -d 'Exit with code 8 if nothing matches'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l server-only -d 'Refuse filters that the server cannot evaluate completely'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sample" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l name -d 'Name of the feedback or expectation' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l schema -d 'Ask as this label schema of the experiment says, and give the answers its name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l type -d 'Kind of answer: bool (yes or no), rating (1 to 5), number or text [default: as the label schema of the name says, else bool]' -r -f -a "bool\t'Yes or no'
rating\t'1 to 5'
number\t'Any number'
text\t'Any text'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l choices -d 'Answers to choose from, separated by commas' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l sample -d 'Draw a random sample of this many traces' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l stratify -d 'With --sample: draw from each group of these fields, separated by commas' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l seed -d 'With --sample: another number gives another sample' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l order-by -l sort -d 'Order of the traces, such as cost.total DESC; repeatable [default: newest first]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l source-type -d 'Source type: HUMAN, LLM_JUDGE or CODE' -r -f -a "HUMAN\t'A person'
LLM_JUDGE\t'A model that judges'
CODE\t'A program'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l source-id -d 'Source id: who judges [default for HUMAN: user@host]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l filter -d 'The filter, given as a flag' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l status -d 'Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l tag -d 'Tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l meta -d 'Metadata entry; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l session -d 'Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l user -d 'Application user' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l run -d 'MLflow run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l client-request-id -d 'Client request id, set by the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l since -d 'Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time; UTC unless an offset is given' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l min-duration -d 'Took at least this long, such as 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l text -d 'Text in the inputs, outputs or attributes of a span; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l feedback -d 'Feedback with this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l model -d 'Language model called by a span' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l trace-name -d 'Trace name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l expectation -d 'Log expectations instead of feedback'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l blind -d 'Hide what others said'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l all-experiments -d 'Use all active experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l verify -d 'Verify an archive against the SHA-256 sums in its manifest first'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l fail-if-empty -d 'Exit with code 8 if nothing matches'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l server-only -d 'Refuse filters that the server cannot evaluate completely'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand review" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and not __fish_seen_subcommand_from list show" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and not __fish_seen_subcommand_from list show" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and not __fish_seen_subcommand_from list show" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and not __fish_seen_subcommand_from list show" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and not __fish_seen_subcommand_from list show" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and not __fish_seen_subcommand_from list show" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and not __fish_seen_subcommand_from list show" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and not __fish_seen_subcommand_from list show" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and not __fish_seen_subcommand_from list show" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and not __fish_seen_subcommand_from list show" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and not __fish_seen_subcommand_from list show" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and not __fish_seen_subcommand_from list show" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and not __fish_seen_subcommand_from list show" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and not __fish_seen_subcommand_from list show" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and not __fish_seen_subcommand_from list show" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and not __fish_seen_subcommand_from list show" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and not __fish_seen_subcommand_from list show" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and not __fish_seen_subcommand_from list show" -f -a "list" -d 'List sessions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and not __fish_seen_subcommand_from list show" -f -a "show" -d 'Show the conversation of a session'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l order-by -l sort -d 'Sort by turns, first, last, duration, errors, tokens, cost or session; a minus sign in front reverses [default: -last]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -s n -l limit -d 'Stop after this many sessions; 0 means no limit' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l level -d 'Group hierarchical sessions (MLflow 3.18) by their first N levels' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l filter -d 'The filter, given as a flag' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l status -d 'Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l name -d 'Trace name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l tag -d 'Tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l meta -d 'Metadata entry; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l session -d 'Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l user -d 'Application user' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l run -d 'MLflow run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l client-request-id -d 'Client request id, set by the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l since -d 'Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time; UTC unless an offset is given' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l min-duration -d 'Took at least this long, such as 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l text -d 'Text in the inputs, outputs or attributes of a span; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l feedback -d 'Feedback with this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l model -d 'Language model called by a span' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l all -d 'List all sessions; same as --limit 0'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l all-experiments -d 'Use all active experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l verify -d 'Verify an archive against the SHA-256 sums in its manifest first'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l fail-if-empty -d 'Exit with code 8 if nothing matches'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l server-only -d 'Refuse filters that the server cannot evaluate completely'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from show" -l view -d 'How to show it: chat (the conversation) or table (one line per turn)' -r -f -a "chat\t'The conversation over its turns'
table\t'One line per turn'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from show" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from show" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from show" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from show" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from show" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from show" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from show" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from show" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from show" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from show" -l content -d 'Show long messages in full'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from show" -l all-experiments -d 'Search all active experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from show" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from show" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from show" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from show" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand sessions; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and not __fish_seen_subcommand_from list show" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and not __fish_seen_subcommand_from list show" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and not __fish_seen_subcommand_from list show" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and not __fish_seen_subcommand_from list show" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and not __fish_seen_subcommand_from list show" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and not __fish_seen_subcommand_from list show" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and not __fish_seen_subcommand_from list show" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and not __fish_seen_subcommand_from list show" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and not __fish_seen_subcommand_from list show" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and not __fish_seen_subcommand_from list show" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and not __fish_seen_subcommand_from list show" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and not __fish_seen_subcommand_from list show" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and not __fish_seen_subcommand_from list show" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and not __fish_seen_subcommand_from list show" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and not __fish_seen_subcommand_from list show" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and not __fish_seen_subcommand_from list show" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and not __fish_seen_subcommand_from list show" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and not __fish_seen_subcommand_from list show" -f -a "list" -d 'List users'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and not __fish_seen_subcommand_from list show" -f -a "show" -d 'Show a user and their sessions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l order-by -l sort -d 'Sort by traces, sessions, first, last, errors, tokens, cost or user; a minus sign in front reverses [default: -traces]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -s n -l limit -d 'Stop after this many users; 0 means no limit' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l filter -d 'The filter, given as a flag' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l status -d 'Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l name -d 'Trace name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l tag -d 'Tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l meta -d 'Metadata entry; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l session -d 'Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l user -d 'Application user' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l run -d 'MLflow run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l client-request-id -d 'Client request id, set by the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l since -d 'Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time; UTC unless an offset is given' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l min-duration -d 'Took at least this long, such as 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l text -d 'Text in the inputs, outputs or attributes of a span; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l feedback -d 'Feedback with this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l model -d 'Language model called by a span' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l all -d 'List all users; same as --limit 0'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l all-experiments -d 'Use all active experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l verify -d 'Verify an archive against the SHA-256 sums in its manifest first'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l fail-if-empty -d 'Exit with code 8 if nothing matches'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l server-only -d 'Refuse filters that the server cannot evaluate completely'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from show" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from show" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from show" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from show" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from show" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from show" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from show" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from show" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from show" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from show" -l all-experiments -d 'Search all active experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from show" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from show" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from show" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from show" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand users; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l values -d 'Show this many of the commonest values of each key' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l filter -d 'The filter, given as a flag' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l status -d 'Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l name -d 'Trace name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l tag -d 'Tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l meta -d 'Metadata entry; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l session -d 'Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l user -d 'Application user' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l run -d 'MLflow run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l client-request-id -d 'Client request id, set by the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l since -d 'Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time; UTC unless an offset is given' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l min-duration -d 'Took at least this long, such as 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l text -d 'Text in the inputs, outputs or attributes of a span; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l feedback -d 'Feedback with this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l model -d 'Language model called by a span' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l spans -d 'Read the spans, too: their names, types, models and attributes'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l all-experiments -d 'Use all active experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l verify -d 'Verify an archive against the SHA-256 sums in its manifest first'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l fail-if-empty -d 'Exit with code 8 if nothing matches'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l server-only -d 'Refuse filters that the server cannot evaluate completely'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand keys" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -f -a "set" -d 'Set tags on traces'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and not __fish_seen_subcommand_from set delete" -f -a "delete" -d 'Delete tags from traces'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l filter -d 'Change all traces that match this filter' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -s n -l limit -d 'Change only the newest N matches' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l max -d 'Change nothing if more than this many traces would change' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l plan -d 'Write a plan to a new file for apply; change nothing' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l lock-wait -d 'Wait up to this long for a conflicting run to finish [default: exit with code 7 at once]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l status -d 'Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l name -d 'Trace name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l tag -d 'Tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l meta -d 'Metadata entry; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l session -d 'Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l user -d 'Application user' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l run -d 'MLflow run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l client-request-id -d 'Client request id, set by the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l since -d 'Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time; UTC unless an offset is given' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l min-duration -d 'Took at least this long, such as 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l text -d 'Text in the inputs, outputs or attributes of a span; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l feedback -d 'Feedback with this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l model -d 'Language model called by a span' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l ignore-missing -d 'Skip unknown trace ids instead of stopping'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l dry-run -d 'Show what would change; change nothing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -s y -l yes -d 'Skip the confirmation prompt; required with a filter when not on a terminal'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l server-only -d 'Refuse filters that the server cannot evaluate completely'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l key -d 'Tag key; all other arguments are then trace ids; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l filter -d 'Change all traces that match this filter' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -s n -l limit -d 'Change only the newest N matches' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l max -d 'Change nothing if more than this many traces would change' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l plan -d 'Write a plan to a new file for apply; change nothing' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l lock-wait -d 'Wait up to this long for a conflicting run to finish [default: exit with code 7 at once]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l status -d 'Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l name -d 'Trace name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l tag -d 'Tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l meta -d 'Metadata entry; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l session -d 'Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l user -d 'Application user' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l run -d 'MLflow run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l client-request-id -d 'Client request id, set by the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l since -d 'Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time; UTC unless an offset is given' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l min-duration -d 'Took at least this long, such as 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l text -d 'Text in the inputs, outputs or attributes of a span; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l feedback -d 'Feedback with this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l model -d 'Language model called by a span' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l ignore-missing -d 'Skip unknown trace ids instead of stopping'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l dry-run -d 'Show what would change; change nothing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Skip the confirmation prompt; required with a filter when not on a terminal'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l server-only -d 'Refuse filters that the server cannot evaluate completely'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand tag; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -f -a "log" -d 'Log feedback on a trace or one of its spans'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -f -a "import" -d 'Import feedback from a CSV or JSON Lines file'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -f -a "export" -d 'Export feedback to a file that import can read'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and not __fish_seen_subcommand_from log import export override" -f -a "override" -d 'Override a feedback with a new value; the old one stays on record'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l client-request-id -d 'Select the trace by its client request id instead; exactly one trace must match' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l name -d 'Name of the feedback or expectation; all arguments are then trace ids' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l value -d 'Value of the feedback or expectation' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l type -d 'Type of the value: auto, string, number, bool or json' -r -f -a "auto\t'true and false are booleans, numbers are numbers, JSON objects and lists are JSON, the rest is text'
string\t'Text, whatever it looks like'
number\t'A number'
bool\t'true or false'
json\t'Any JSON value'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l source-type -d 'Source type: HUMAN, LLM_JUDGE or CODE' -r -f -a "HUMAN\t'A person'
LLM_JUDGE\t'A model that judges'
CODE\t'A program'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l source-id -d 'Source id: who judges [default for HUMAN: user@host]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l metadata -d 'Metadata entry of the assessment; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l span-id -d 'Span id, in hex or base64 [default: the whole trace]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l on-existing -d 'What to do if the source already gave this name another value on the trace or span: skip, override (the newest one) or append [default: append with a warning; the same value is never logged twice]' -r -f -a "skip\t'Leave it'
override\t'Override it'
append\t'Add another one'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l rationale -d 'Rationale' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from log" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l format -d 'File format: csv or jsonl [default: from the file extension]' -r -f -a "csv\t'Comma-separated values with a header'
jsonl\t'One JSON object per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l map -d 'Read a field from another column (name=label) or set it to a constant (name=@correctness); repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l column -d 'Read the values of this feedback or expectation from a column of the same or the given name, such as correct or tone=Tonality; repeatable: each column adds one per row' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l value-type -d 'Value type of rows without value_type: number, boolean, text or json; for all names or for one, such as tone=text; repeatable [default for JSON: the JSON type]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l delimiter -d 'Cell delimiter of CSV: comma, semicolon, | or tab [default: detected from the header]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l decimal -d 'Decimal mark in CSV: . (0.8) or , (0,8) [default: .]' -r -f -a ".\t'0.8'
\,\t'0,8'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l source-type -d 'Source type of rows without source_type: HUMAN, LLM_JUDGE or CODE' -r -f -a "HUMAN\t'A person'
LLM_JUDGE\t'A model that judges'
CODE\t'A program'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l source-id -d 'Source id of rows without source_id' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l on-existing -d 'What to do if the source already gave this name another value on the trace or span: skip, override (the newest one) or append [default: skip; a row whose value differs from the assessment in its assessment_id overrides it]' -r -f -a "skip\t'Leave it'
override\t'Override it'
append\t'Add another one'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l wait -d 'Wait up to this long in total for traces that have not arrived yet' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l results -d 'Write the result of each row to this file as JSON Lines; an existing file is resumed' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l max -d 'Change nothing if more than this many traces would change' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l plan -d 'Write a plan to a new file for apply; change nothing' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l lock-wait -d 'Wait up to this long for a conflicting run to finish [default: exit with code 7 at once]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l ignore-unknown-columns -d 'Ignore unknown columns instead of stopping'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l dry-run -d 'Show what would be created; send nothing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l format -d 'File format: csv or jsonl [default: from the file extension, else jsonl]' -r -f -a "csv\t'Comma-separated values with a header'
jsonl\t'One JSON object per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l delimiter -d 'Cell delimiter of CSV: comma, semicolon, | or tab [default: comma]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l decimal -d 'Decimal mark in CSV: . (0.8) or , (0,8) [default: .]' -r -f -a ".\t'0.8'
\,\t'0,8'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l filter -d 'The filter, given as a flag' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -s n -l limit -d 'Stop after this many traces, newest first; 0 means no limit' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l status -d 'Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l name -d 'Trace name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l tag -d 'Tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l meta -d 'Metadata entry; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l session -d 'Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l user -d 'Application user' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l run -d 'MLflow run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l client-request-id -d 'Client request id, set by the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l since -d 'Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time; UTC unless an offset is given' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l min-duration -d 'Took at least this long, such as 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l text -d 'Text in the inputs, outputs or attributes of a span; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l feedback -d 'Feedback with this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l model -d 'Language model called by a span' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l bom -d 'Start CSV with a byte order mark, so that spreadsheets detect UTF-8'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l overwrite -d 'Replace an existing file'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l include-overridden -d 'Include overridden assessments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l all-experiments -d 'Export from all active experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l server-only -d 'Refuse filters that the server cannot evaluate completely'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l value -d 'New value' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l type -d 'Type of the value: auto, string, number, bool or json' -r -f -a "auto\t'true and false are booleans, numbers are numbers, JSON objects and lists are JSON, the rest is text'
string\t'Text, whatever it looks like'
number\t'A number'
bool\t'true or false'
json\t'Any JSON value'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l rationale -d 'Rationale' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l source-type -d 'Source type: HUMAN, LLM_JUDGE or CODE' -r -f -a "HUMAN\t'A person'
LLM_JUDGE\t'A model that judges'
CODE\t'A program'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l source-id -d 'Source id: who judges [default for HUMAN: user@host]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l metadata -d 'Metadata entry of the assessment; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand feedback; and __fish_seen_subcommand_from override" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -f -a "log" -d 'Log an expectation on a trace or one of its spans'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -f -a "import" -d 'Import expectations from a CSV or JSON Lines file'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and not __fish_seen_subcommand_from log import export" -f -a "export" -d 'Export expectations to a file that import can read'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l client-request-id -d 'Select the trace by its client request id instead; exactly one trace must match' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l name -d 'Name of the feedback or expectation; all arguments are then trace ids' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l value -d 'Value of the feedback or expectation' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l type -d 'Type of the value: auto, string, number, bool or json' -r -f -a "auto\t'true and false are booleans, numbers are numbers, JSON objects and lists are JSON, the rest is text'
string\t'Text, whatever it looks like'
number\t'A number'
bool\t'true or false'
json\t'Any JSON value'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l source-type -d 'Source type: HUMAN, LLM_JUDGE or CODE' -r -f -a "HUMAN\t'A person'
LLM_JUDGE\t'A model that judges'
CODE\t'A program'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l source-id -d 'Source id: who judges [default for HUMAN: user@host]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l metadata -d 'Metadata entry of the assessment; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l span-id -d 'Span id, in hex or base64 [default: the whole trace]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l on-existing -d 'What to do if the source already gave this name another value on the trace or span: skip, override (the newest one) or append [default: append with a warning; the same value is never logged twice]' -r -f -a "skip\t'Leave it'
override\t'Override it'
append\t'Add another one'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from log" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l format -d 'File format: csv or jsonl [default: from the file extension]' -r -f -a "csv\t'Comma-separated values with a header'
jsonl\t'One JSON object per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l map -d 'Read a field from another column (name=label) or set it to a constant (name=@correctness); repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l column -d 'Read the values of this feedback or expectation from a column of the same or the given name, such as correct or tone=Tonality; repeatable: each column adds one per row' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l value-type -d 'Value type of rows without value_type: number, boolean, text or json; for all names or for one, such as tone=text; repeatable [default for JSON: the JSON type]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l delimiter -d 'Cell delimiter of CSV: comma, semicolon, | or tab [default: detected from the header]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l decimal -d 'Decimal mark in CSV: . (0.8) or , (0,8) [default: .]' -r -f -a ".\t'0.8'
\,\t'0,8'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l source-type -d 'Source type of rows without source_type: HUMAN, LLM_JUDGE or CODE' -r -f -a "HUMAN\t'A person'
LLM_JUDGE\t'A model that judges'
CODE\t'A program'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l source-id -d 'Source id of rows without source_id' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l on-existing -d 'What to do if the source already gave this name another value on the trace or span: skip, override (the newest one) or append [default: skip; a row whose value differs from the assessment in its assessment_id overrides it]' -r -f -a "skip\t'Leave it'
override\t'Override it'
append\t'Add another one'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l wait -d 'Wait up to this long in total for traces that have not arrived yet' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l results -d 'Write the result of each row to this file as JSON Lines; an existing file is resumed' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l max -d 'Change nothing if more than this many traces would change' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l plan -d 'Write a plan to a new file for apply; change nothing' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l lock-wait -d 'Wait up to this long for a conflicting run to finish [default: exit with code 7 at once]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l ignore-unknown-columns -d 'Ignore unknown columns instead of stopping'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l dry-run -d 'Show what would be created; send nothing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l format -d 'File format: csv or jsonl [default: from the file extension, else jsonl]' -r -f -a "csv\t'Comma-separated values with a header'
jsonl\t'One JSON object per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l delimiter -d 'Cell delimiter of CSV: comma, semicolon, | or tab [default: comma]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l decimal -d 'Decimal mark in CSV: . (0.8) or , (0,8) [default: .]' -r -f -a ".\t'0.8'
\,\t'0,8'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l filter -d 'The filter, given as a flag' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -s n -l limit -d 'Stop after this many traces, newest first; 0 means no limit' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l status -d 'Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l name -d 'Trace name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l tag -d 'Tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l meta -d 'Metadata entry; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l session -d 'Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l user -d 'Application user' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l run -d 'MLflow run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l client-request-id -d 'Client request id, set by the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l since -d 'Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time; UTC unless an offset is given' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l min-duration -d 'Took at least this long, such as 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l text -d 'Text in the inputs, outputs or attributes of a span; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l feedback -d 'Feedback with this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l model -d 'Language model called by a span' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l bom -d 'Start CSV with a byte order mark, so that spreadsheets detect UTF-8'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l overwrite -d 'Replace an existing file'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l include-overridden -d 'Include overridden assessments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l all-experiments -d 'Export from all active experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l server-only -d 'Refuse filters that the server cannot evaluate completely'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand expectation; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -f -a "list" -d 'List the assessments of traces'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -f -a "get" -d 'Show one assessment'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -f -a "update" -d 'Update a feedback or an expectation'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and not __fish_seen_subcommand_from list get update delete" -f -a "delete" -d 'Delete an assessment'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -l include-overridden -d 'Include overridden assessments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l value -d 'New value' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l type -d 'Type of the value: auto, string, number, bool or json' -r -f -a "auto\t'true and false are booleans, numbers are numbers, JSON objects and lists are JSON, the rest is text'
string\t'Text, whatever it looks like'
number\t'A number'
bool\t'true or false'
json\t'Any JSON value'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l name -d 'New name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l rationale -d 'New rationale of a feedback; an empty string removes it' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l metadata -d 'Metadata entry to add or replace (entries cannot be removed); repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from update" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand assessment; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l filter -d 'Delete all traces that match this filter' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -s n -l limit -d 'Change only the newest N matches' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l max-delete -d 'Delete nothing if more than this many traces would be deleted' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l plan -d 'Write a plan to a new file for apply; delete nothing' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l artifacts -d 'What to do with span files and attachments of deleted traces in the artifact store: keep or delete [default: keep]' -r -f -a "keep\t'Keep them'
delete\t'Delete them once the trace is deleted'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l sleep-between -d 'Pause this long after each batch of deletions' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l max-time -d 'Start no new batch of deletions after this long; the next run continues' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l lock-wait -d 'Wait up to this long for a conflicting run to finish [default: exit with code 7 at once]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l status -d 'Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l name -d 'Trace name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l tag -d 'Tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l meta -d 'Metadata entry; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l session -d 'Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l user -d 'Application user' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l run -d 'MLflow run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l client-request-id -d 'Client request id, set by the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l since -d 'Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time; UTC unless an offset is given' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l min-duration -d 'Took at least this long, such as 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l text -d 'Text in the inputs, outputs or attributes of a span; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l feedback -d 'Feedback with this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l model -d 'Language model called by a span' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l dry-run -d 'Show what would be deleted; delete nothing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -s y -l yes -d 'Skip the confirmation prompt; required when not on a terminal'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l trust-clock -d 'Trust this machine\'s clock if the server sends no time'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l server-only -d 'Refuse filters that the server cannot evaluate completely'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand delete" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -f -a "check" -d 'Check a policy file and show what it means'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -f -a "plan" -d 'Show what a policy would delete'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -f -a "run" -d 'Delete traces that a policy expires, or traces older than a given age'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -f -a "explain" -d 'Explain why a policy keeps or expires a trace, and when'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -f -a "simulate" -d 'Forecast the deletions of the coming days'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and not __fish_seen_subcommand_from check plan run explain simulate schedule" -f -a "schedule" -d 'Print a daily job for cron, systemd or Kubernetes'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -l policy -d 'Policy file' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -l as-of -d 'Evaluate ages as of this time: 2026-11-01, 2026-11-01T08:00+01:00, 2h (ago); UTC unless an offset is given [default: now]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l policy -d 'Policy file' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l as-of -d 'Evaluate ages as of this time: 2026-11-01, 2026-11-01T08:00+01:00, 2h (ago); UTC unless an offset is given [default: now]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l max-delete -d 'Refuse if more than this many traces would be deleted [default: from the policy]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l allow-growth -d 'Accept a plan that deletes far more than the last run did'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l allow-unmatched-keep -d 'Accept a keep_if whose key no trace has'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l trust-clock -d 'Trust this machine\'s clock if the server sends no time'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from plan" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l policy -d 'Policy file; it names its own experiments' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l as-of -d 'Evaluate the policy as of this time in the past [default: now]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l older-than -d 'Expire traces older than this, such as 30d or 12h; a day is 24 hours' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l filter -d 'The filter, given as a flag' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l keep-if -d 'Keep traces that match this filter, whatever their age; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l max-delete -d 'Delete nothing if more than this many traces would be deleted' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l plan -d 'Write a plan of what is deleted and kept to a new file for apply; delete nothing' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l artifacts -d 'What to do with span files and attachments of deleted traces in the artifact store: keep or delete [default: keep]' -r -f -a "keep\t'Keep them'
delete\t'Delete them once the trace is deleted'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l sleep-between -d 'Pause this long after each batch of deletions' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l max-time -d 'Start no new batch of deletions after this long; the next run continues' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l lock-wait -d 'Wait up to this long for a conflicting run to finish [default: exit with code 7 at once]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l jitter -d 'Wait a random time up to this long before starting; 0s disables [default with --cron: 60s]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l log -d 'Also append the JSON summary to this file (created with mode 0600)' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l metrics-file -d 'Write Prometheus metrics to this file, for the textfile collector of node_exporter; use one FILE.prom per policy; not written with --dry-run' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l heartbeat-url -d 'Send a GET request to this URL after each successful run, for dead man\'s switches such as healthchecks.io, Uptime Kuma or Cronitor [env: MLFLOW_TRACE_HEARTBEAT_URL]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l status -d 'Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l name -d 'Trace name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l tag -d 'Tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l meta -d 'Metadata entry; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l session -d 'Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l user -d 'Application user' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l run -d 'MLflow run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l client-request-id -d 'Client request id, set by the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l since -d 'Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time; UTC unless an offset is given' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l min-duration -d 'Took at least this long, such as 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l text -d 'Text in the inputs, outputs or attributes of a span; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l feedback -d 'Feedback with this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l model -d 'Language model called by a span' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l allow-growth -d 'Accept a run that deletes far more than the last run of the policy did'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l dry-run -d 'Show what would be deleted; delete nothing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -s y -l yes -d 'Skip the confirmation prompt; required when not on a terminal'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l allow-unmatched-keep -d 'Accept a keep_if whose key no trace has'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l trust-clock -d 'Trust this machine\'s clock if the server sends no time'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l cron -d 'Run unattended: no prompts, a one-line JSON summary on standard output, only problems on standard error'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l server-only -d 'Refuse filters that the server cannot evaluate completely'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from run" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -l policy -d 'Policy file' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -l as-of -d 'Evaluate ages as of this time: 2026-11-01, 2026-11-01T08:00+01:00, 2h (ago); UTC unless an offset is given [default: now]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from explain" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -l days -d 'Number of days to forecast' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -l policy -d 'Policy file' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -l as-of -d 'Evaluate ages as of this time: 2026-11-01, 2026-11-01T08:00+01:00, 2h (ago); UTC unless an offset is given [default: now]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from simulate" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l format -d 'Scheduler: cron, systemd or kubernetes' -r -f -a "cron\t'A crontab line'
systemd\t'A service and a timer'
kubernetes\t'A CronJob with a ConfigMap and a Secret'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l policy -d 'Policy file; checked now' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l at -d 'Time of day to run, in the scheduler\'s time zone (Kubernetes: UTC)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l name -d 'Name of the systemd units or Kubernetes objects' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l program -d 'Path of the mlflow-trace binary' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l image -d 'Container image with mlflow-trace, for Kubernetes' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l max-delete -d 'Delete nothing if more than this many traces would be deleted' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l metrics-file -d 'Write Prometheus metrics of each run to this file' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l log -d 'Append the JSON summary of each run to this file (on Kubernetes it is in the pod\'s log)' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l artifacts -d 'What to do with span files and attachments of deleted traces in the artifact store: keep or delete [default: keep]' -r -f -a "keep\t'Keep them'
delete\t'Delete them once the trace is deleted'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l sleep-between -d 'Pause this long after each batch of deletions' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l max-time -d 'Start no new batch of deletions after this long; the next run continues' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l lock-wait -d 'Wait up to this long for a conflicting run to finish [default: exit with code 7 at once]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l allow-unmatched-keep -d 'Accept a keep_if whose key no trace has'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l trust-clock -d 'Trust this machine\'s clock if the server sends no time'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand retention; and __fish_seen_subcommand_from schedule" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l plan-max-age -d 'Refuse a plan older than this [default: 24h]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l sleep-between -d 'Pause this long after each batch of deletions' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l max-time -d 'Start no new batch of deletions after this long; the next run continues' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l lock-wait -d 'Wait up to this long for a conflicting run to finish [default: exit with code 7 at once]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -s y -l yes -d 'Skip the confirmation prompt; required when not on a terminal'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l trust-clock -d 'Trust this machine\'s clock if the server sends no time'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand apply" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -l lock-wait -d 'Wait up to this long for a conflicting run to finish [default: exit with code 7 at once]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -l dry-run -d 'Show what would be restored; change nothing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand undo" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -f -a "list" -d 'List all runs that changed traces or tried to, oldest first'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -f -a "show" -d 'Show what a run changed'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and not __fish_seen_subcommand_from list show unlock" -f -a "unlock" -d 'Show the locks on this server and workspace, and remove stale ones'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -s y -l yes -d 'Skip the confirmation prompt; required when not on a terminal'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -l force -d 'Also remove locks of active runs; such a run stops when it notices'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand runs; and __fish_seen_subcommand_from unlock" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l filter -d 'The filter, given as a flag' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -s n -l limit -d 'Stop after this many traces, newest first; 0 means no limit' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l format -d 'File format: jsonl, json, csv, parquet, otlp-json or eval-dataset [default: from the file extension, else jsonl]' -r -f -a "jsonl\t'One trace per line, as `MLflow`\'s own trace JSON'
json\t'One array of all traces'
csv\t'One row per trace'
parquet\t'Apache Parquet, for query engines'
otlp-json\t'OpenTelemetry\'s JSON, one request per line'
eval-dataset\t'Records of an evaluation dataset, one per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l explode -d 'Write one row per span or per assessment instead of one per trace: spans or assessments' -r -f -a "spans\t'One row per span'
assessments\t'One row per assessment'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l fields -d 'Columns of CSV or exploded rows, separated by commas' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l delimiter -d 'Cell delimiter of CSV: comma, semicolon, | or tab [default: comma]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l decimal -d 'Decimal mark in CSV: . (0.8) or , (0,8) [default: .]' -r -f -a ".\t'0.8'
\,\t'0,8'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l compress -d 'Compression: zstd or gzip [default: from the file extension .zst or .gz, else none]' -r -f -a "zstd\t'Zstandard, level 3'
gzip\t'gzip, level 6'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l split -d 'Start a new part in a directory by day, by hour (UTC) or after N traces [default: 50,000 traces or 128 MiB]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l sample -d 'Export a sample of the traces, such as 0.1; the choice depends only on the trace id' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l since-last -d 'Export only traces not recorded in this state file, then update the file' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l overlap -d 'Look back this far for traces that arrived late or have changed, for example by new feedback' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l redact -d 'Redact a value such as metadata.email or span.inputs.$.user, or every match of a /regex/; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l hash -d 'Replace a value such as metadata.user_id with its SHA-256 hash; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l salt-file -d 'Salt for --hash: the contents of this file' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l to-otlp -d 'Send spans to an OpenTelemetry backend instead of writing a file; a URL without a path gets /v1/traces [env: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_EXPORTER_OTLP_ENDPOINT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l otlp-header -d 'Header for the OpenTelemetry backend; repeatable [env: OTEL_EXPORTER_OTLP_TRACES_HEADERS, OTEL_EXPORTER_OTLP_HEADERS]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l status -d 'Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l name -d 'Trace name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l tag -d 'Tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l meta -d 'Metadata entry; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l session -d 'Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l user -d 'Application user' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l run -d 'MLflow run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l client-request-id -d 'Client request id, set by the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l since -d 'Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time; UTC unless an offset is given' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l min-duration -d 'Took at least this long, such as 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l text -d 'Text in the inputs, outputs or attributes of a span; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l feedback -d 'Feedback with this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l model -d 'Language model called by a span' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l spans -d 'Include spans'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l no-attachments -d 'Do not export attachments (images and other files that spans refer to)'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l csv-raw -d 'Do not escape CSV cells that a spreadsheet would run as formulas'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l bom -d 'Start CSV with a byte order mark, so that spreadsheets detect UTF-8'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l overwrite -d 'Replace an existing file or object'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l no-content -d 'Omit requests, responses and all other user and model content'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l verify -d 'Verify that the export is complete: read everything a second time if the server cannot count the matches; verify an archive against the SHA-256 sums in its manifest first'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l all-experiments -d 'Export from all active experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l server-only -d 'Refuse filters that the server cannot evaluate completely'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand export" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -l lock-wait -d 'Wait up to this long for a conflicting run to finish [default: exit with code 7 at once]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -l create-experiments -d 'Create missing experiments: that of --experiment, or those named in the archive'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -l dry-run -d 'Show what would be imported; send nothing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand import" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -f -a "check" -d 'Check a filter for errors and likely mistakes'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -f -a "explain" -d 'Show which parts of a filter run on the server and which run locally'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -f -a "fmt" -d 'Format a filter'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -f -a "sql" -d 'Translate a filter into an SQL WHERE clause'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and not __fish_seen_subcommand_from check explain fmt sql fields" -f -a "fields" -d 'List the fields that filters can use'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -l input -d 'Check many filters: a file with one JSON string per line (- for standard input); prints one JSON object per line' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -l strict -d 'Treat warnings as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from explain" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fmt" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -l dialect -d 'Query engine: duckdb, spark or postgres' -r -f -a "duckdb\t'DuckDB 1.2 or later'
spark\t'Apache Spark 3.4 or later, Databricks'
postgres\t'PostgreSQL 12 or later'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -l table -d 'Table or view to query for feedback shared within a session' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from sql" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand filter; and __fish_seen_subcommand_from fields" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -f -a "list" -d 'List experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and not __fish_seen_subcommand_from list create" -f -a "create" -d 'Create an experiment'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -l deleted -d 'Include deleted experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -l tag -d 'Experiment tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -l artifact-location -d 'Where to store artifacts [default: chosen by the server]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand experiments; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and not __fish_seen_subcommand_from list create add" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and not __fish_seen_subcommand_from list create add" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and not __fish_seen_subcommand_from list create add" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and not __fish_seen_subcommand_from list create add" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and not __fish_seen_subcommand_from list create add" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and not __fish_seen_subcommand_from list create add" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and not __fish_seen_subcommand_from list create add" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and not __fish_seen_subcommand_from list create add" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and not __fish_seen_subcommand_from list create add" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and not __fish_seen_subcommand_from list create add" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and not __fish_seen_subcommand_from list create add" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and not __fish_seen_subcommand_from list create add" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and not __fish_seen_subcommand_from list create add" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and not __fish_seen_subcommand_from list create add" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and not __fish_seen_subcommand_from list create add" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and not __fish_seen_subcommand_from list create add" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and not __fish_seen_subcommand_from list create add" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and not __fish_seen_subcommand_from list create add" -f -a "list" -d 'List evaluation datasets'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and not __fish_seen_subcommand_from list create add" -f -a "create" -d 'Create an evaluation dataset'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and not __fish_seen_subcommand_from list create add" -f -a "add" -d 'Add traces to an evaluation dataset'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from list" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from list" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from list" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from list" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from list" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from list" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from list" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from list" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from list" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from list" -l all-experiments -d 'Use all active experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from list" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from list" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from list" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from list" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from create" -l tag -d 'Tag of the dataset; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from create" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from create" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from create" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from create" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from create" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from create" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from create" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from create" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from create" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from create" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from create" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from create" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from create" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from create" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l filter -d 'The filter, given as a flag' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l status -d 'Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l name -d 'Trace name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l tag -d 'Tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l meta -d 'Metadata entry; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l session -d 'Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l user -d 'Application user' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l run -d 'MLflow run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l client-request-id -d 'Client request id, set by the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l since -d 'Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time; UTC unless an offset is given' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l min-duration -d 'Took at least this long, such as 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l text -d 'Text in the inputs, outputs or attributes of a span; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l feedback -d 'Feedback with this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l model -d 'Language model called by a span' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l dry-run -d 'Show what would be added; send nothing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l all-experiments -d 'Use all active experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l verify -d 'Verify an archive against the SHA-256 sums in its manifest first'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l fail-if-empty -d 'Exit with code 8 if nothing matches'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l server-only -d 'Refuse filters that the server cannot evaluate completely'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand dataset; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and not __fish_seen_subcommand_from list create add" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and not __fish_seen_subcommand_from list create add" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and not __fish_seen_subcommand_from list create add" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and not __fish_seen_subcommand_from list create add" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and not __fish_seen_subcommand_from list create add" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and not __fish_seen_subcommand_from list create add" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and not __fish_seen_subcommand_from list create add" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and not __fish_seen_subcommand_from list create add" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and not __fish_seen_subcommand_from list create add" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and not __fish_seen_subcommand_from list create add" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and not __fish_seen_subcommand_from list create add" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and not __fish_seen_subcommand_from list create add" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and not __fish_seen_subcommand_from list create add" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and not __fish_seen_subcommand_from list create add" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and not __fish_seen_subcommand_from list create add" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and not __fish_seen_subcommand_from list create add" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and not __fish_seen_subcommand_from list create add" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and not __fish_seen_subcommand_from list create add" -f -a "list" -d 'List evaluation datasets'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and not __fish_seen_subcommand_from list create add" -f -a "create" -d 'Create an evaluation dataset'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and not __fish_seen_subcommand_from list create add" -f -a "add" -d 'Add traces to an evaluation dataset'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from list" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from list" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from list" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from list" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from list" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from list" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from list" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from list" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from list" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from list" -l all-experiments -d 'Use all active experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from list" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from list" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from list" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from list" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from create" -l tag -d 'Tag of the dataset; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from create" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from create" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from create" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from create" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from create" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from create" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from create" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from create" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from create" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from create" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from create" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from create" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from create" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from create" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l filter -d 'The filter, given as a flag' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l filter-file -d 'Read the filter from a file; - for standard input' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l status -d 'Status: OK, ERROR (or failed), IN_PROGRESS (or running); case does not matter' -r -f -a "OK\t'Finished without an error in the root span'
ERROR\t'The root span failed'
IN_PROGRESS\t'The root span has not arrived yet'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l name -d 'Trace name' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l tag -d 'Tag; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l meta -d 'Metadata entry; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l session -d 'Session id; a path such as trip/day-2 includes the sessions below it (MLflow 3.18)' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l user -d 'Application user' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l run -d 'MLflow run that the trace was recorded in or linked to' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l client-request-id -d 'Client request id, set by the application' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l since -d 'Started at or after this time: 2h (ago), today, yesterday, 2026-11-01, 2026-11-01T08:00+01:00 or a Unix time; UTC unless an offset is given' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l until -d 'Started before this time' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l min-duration -d 'Took at least this long, such as 5s' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l max-duration -d 'Took at most this long' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l text -d 'Text in the inputs, outputs or attributes of a span; % and _ are wildcards' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l feedback -d 'Feedback with this value; repeatable' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l model -d 'Language model called by a span' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l dry-run -d 'Show what would be added; send nothing'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l all-experiments -d 'Use all active experiments'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l verify -d 'Verify an archive against the SHA-256 sums in its manifest first'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l fail-if-empty -d 'Exit with code 8 if nothing matches'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l server-only -d 'Refuse filters that the server cannot evaluate completely'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l strict -d 'Treat warnings about the filter as errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand datasets; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand doctor" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand doctor" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand doctor" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand doctor" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand doctor" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand doctor" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand doctor" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand doctor" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand doctor" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand doctor" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand doctor" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand doctor" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand doctor" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand doctor" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand doctor" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand doctor" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -f -a "init" -d 'Make a profile: ask for what is not given, test the connection, and write it'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -f -a "list" -d 'List profiles'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -f -a "show" -d 'Show the settings in force and where each comes from'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -f -a "use" -d 'Make a profile the default'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and not __fish_seen_subcommand_from init list show use path" -f -a "path" -d 'Print the path of the configuration file'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l username -d 'User name for basic authentication' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l ca -d 'PEM file with certificates to trust' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l client-certificate -d 'PEM file with the client certificate and its key' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l workspace -d 'Workspace' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l max-delete -d 'Delete nothing if more than this many traces would be deleted' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l default-since -d 'Search and count only traces since this time unless --since is given, such as 7d' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l password-stdin -d 'Read the password from standard input, and keep it in a file that only you can read'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l token-stdin -d 'Read a bearer token from standard input, and keep it in a file that only you can read'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l read-only -d 'Refuse all changes while this profile is used'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l plan-only -d 'Delete traces only with a plan: --plan, then apply'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l use -d 'Make it the default profile; the first profile always is'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l no-test -d 'Do not connect to the server before the profile is written'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from list" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from list" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from list" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from list" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from list" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from list" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from list" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from list" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from list" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from list" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from list" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from list" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from list" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from show" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from show" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from show" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from show" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from show" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from show" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from show" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from show" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from show" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from show" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from show" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from show" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from use" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from use" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from use" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from use" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from use" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from use" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from use" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from use" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from use" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from use" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from use" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from use" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from use" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from use" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from use" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from use" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from path" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from path" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from path" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from path" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from path" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from path" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from path" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from path" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from path" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from path" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from path" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from path" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from path" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from path" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from path" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from path" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand config; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand mcp" -l allow -d 'Offer tools that change traces: annotate offers feedback and tags; deletion is never offered' -r -f -a "annotate\t'Log feedback and set tags'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand mcp" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand mcp" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand mcp" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand mcp" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand mcp" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand mcp" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand mcp" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand mcp" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand mcp" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand mcp" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand mcp" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand mcp" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand mcp" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand mcp" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand mcp" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand mcp" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand mcp" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand agent-skill" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand agent-skill" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand agent-skill" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand agent-skill" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand agent-skill" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand agent-skill" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand agent-skill" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand agent-skill" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand agent-skill" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand agent-skill" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand agent-skill" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand agent-skill" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand agent-skill" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand agent-skill" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand agent-skill" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand agent-skill" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand agent-skill" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand completions" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand topic" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand topic" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand topic" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand topic" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand topic" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand topic" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand topic" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand topic" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand topic" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand topic" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand topic" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand topic" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand topic" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand topic" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand topic" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand topic" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand topic" -s h -l help -d 'Print help'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -l directory -d 'Write a page for each command to a directory: mlflow-trace.1, mlflow-trace-search.1 and so on' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -s u -l tracking-uri -d 'Tracking server URL, ARN of an Amazon SageMaker server, databricks or databricks://PROFILE, MLflow database (sqlite:///mlflow.db, postgresql://…, mysql://…), file:PATH for exported traces or MLflow\'s folder mlruns, or demo [env: MLFLOW_TRACKING_URI] [default: mlruns or mlflow.db in the current folder]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -l profile -d 'Profile of the configuration file, or none for none of them; see mlflow-trace config [env: MLFLOW_TRACE_PROFILE]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -s x -l experiment -d 'Experiment name or id; repeatable [env: MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -s o -l output -d 'Output format: table, wide (a table with everything), json, jsonl, csv or ids [default: table]' -r -f -a "table\t'For people: a table, a span tree, a summary'
wide\t'A table with every column, whole ids and whole texts'
json\t'One JSON document'
jsonl\t'One JSON document per line'
csv\t'Comma-separated values with a header'
ids\t'One id per line'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -l timeout -d 'Timeout of each request; a plain number means seconds [default: 120s] [env: MLFLOW_HTTP_REQUEST_TIMEOUT]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -l concurrency -d 'Maximum concurrent requests of each kind, 1 to 32 [default: adaptive]' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -l header -d 'Header of every request to the tracking server; repeatable; never shown' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -l token-file -d 'File with a bearer token, read again for every request' -r -F
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -l token-command -d 'Shell command that prints a bearer token; run once, and again when the server refuses the token' -r
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -s 0 -l null -d 'Separate ids with NUL instead of newlines, both in -o ids output and when reading ids from -'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -s q -l quiet -d 'Hide status messages; print only data, warnings and errors'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -l no-pager -d 'Show long output without a pager [env: MLFLOW_TRACE_PAGER, PAGER]'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -s v -l verbose -d 'Log requests to standard error; -vv adds retries and timings'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -l no-progress -d 'Hide the progress bar'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -l allow-database-writes -d 'Allow writing to an MLflow database without a server, which bypasses the server\'s permissions'
complete -c mlflow-trace -n "__fish_mlflow_trace_using_subcommand man" -s h -l help -d 'Print help'
