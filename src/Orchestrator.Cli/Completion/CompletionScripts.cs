namespace Orchestrator.Cli.Completion;

/// <summary>Scripts that let a shell ask orch what may come next.</summary>
/// <remarks>
/// Each passes the command line up to the cursor, without the program's name, to the directive
/// <c>[suggest:POSITION]</c>, which answers one completion per line. Where orch has none, files are offered.
/// </remarks>
internal static class CompletionScripts
{
    private const string Bash =
        """
        # Completes orch in bash. Load it with: source <(orch completion bash)
        _orch() {
          local line=${COMP_LINE:0:COMP_POINT} current=${COMP_WORDS[COMP_CWORD]} reply
          local text=${line#*[[:space:]]}
          COMPREPLY=()
          while IFS= read -r reply; do
            if [[ $reply == "$current"* ]]; then COMPREPLY+=("$reply"); fi
          done < <("${COMP_WORDS[0]}" "[suggest:${#text}]" "$text" 2> /dev/null)
        }
        complete -o default -F _orch orch

        """;

    private const string Zsh =
        """
        #compdef orch
        # Completes orch in zsh. Load it with: source <(orch completion zsh)
        _orch() {
          local -a typed replies
          typed=("${(@)words[2,CURRENT-1]}" "$PREFIX")
          local text="${(j: :)typed}"
          replies=("${(@f)$("${words[1]}" "[suggest:${#text}]" "$text" 2> /dev/null)}")
          replies=("${(@)replies:#}")
          if (( ${#replies} )); then compadd -- "${(@)replies}"; else _files; fi
        }
        compdef _orch orch

        """;

    private const string Fish =
        """
        # Completes orch in fish. Load it with: orch completion fish | source
        function __orch_complete
            set --local line (commandline --current-process --cut-at-cursor)
            set --local text (string replace --regex '^\s*\S+\s' '' -- "$line")
            set --local position (string length -- "$text")
            orch "[suggest:$position]" "$text" 2> /dev/null
        end
        complete --command orch --arguments '(__orch_complete)'

        """;

    public static string Of(Shell shell) => shell switch
    {
        Shell.Bash => Bash,
        Shell.Zsh => Zsh,
        Shell.Fish => Fish,
        _ => throw new ArgumentOutOfRangeException(nameof(shell), shell, "There is no script for this shell."),
    };
}
