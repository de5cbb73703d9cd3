using System.Text.RegularExpressions;

namespace Orchestrator.Domain.Jobs;

/// <summary>Checks what a job asks of its standbys: its own command, started ahead and held back.</summary>
internal static partial class StandbyCheck
{
    private const string Key = "standby.import";

    /// <summary>Every problem, as a sentence.</summary>
    public static IEnumerable<string> Problems(JobSpec spec)
    {
        if (spec.StandbyImports.IsDefaultOrEmpty)
        {
            yield break;
        }

        if (spec.StandbyImports.Length > Limits.StandbyImports)
        {
            yield return $"{Key}: must name at most {Limits.StandbyImports} modules.";
        }

        foreach (var name in spec.StandbyImports)
        {
            if (name.Length > Limits.ModuleNameLength || !ModulePattern().IsMatch(name))
            {
                yield return $"{Key}: '{name}' must be the name of a Python module, such as torch.distributed, "
                    + $"of at most {Limits.ModuleNameLength} letters, digits, '_' and '.'.";
            }
        }

        // Where the interpreter does not take our hook, or none is there, the script itself would start ahead.
        if (spec.Command.Length > 0 && !CanBeHeld(spec.Command.AsSpan()))
        {
            yield return MustBePython("command", spec.Command[0]);
        }

        if (!spec.ResumeCommand.IsDefaultOrEmpty && !CanBeHeld(spec.ResumeCommand.AsSpan()))
        {
            yield return MustBePython("resumeCommand", spec.ResumeCommand[0]);
        }
    }

    private static string MustBePython(string command, string first) =>
        $"{Key}: the {command} must be a list that begins with a Python interpreter, whose file name begins with "
        + $"'python', without its options -E, -I and -S; it begins with '{first}'.";

    private static bool CanBeHeld(ReadOnlySpan<string> command)
    {
        if (!InterpreterPattern().IsMatch(Path.GetFileName(command[0])))
        {
            return false;
        }

        for (var index = 1; index < command.Length && command[index].StartsWith('-'); index++)
        {
            // Letters may be joined, and some take the rest of the text, or else the next one, as their value.
            var letters = command[index].AsSpan(1);
            var valued = letters.IndexOfAny("cmWX");
            if ((valued < 0 ? letters : letters[..valued]).IndexOfAny("EIS") >= 0)
            {
                return false;
            }

            if (valued >= 0 && letters[valued] is 'c' or 'm')
            {
                return true;
            }

            index += valued >= 0 && valued == letters.Length - 1 ? 1 : 0;
        }

        return true;
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex ModulePattern();

    [GeneratedRegex(@"\Apython[0-9.]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex InterpreterPattern();
}
