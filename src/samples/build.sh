# Builds in Release. To be sourced: . src/samples/build.sh

# Builds solutions or projects; what begins with "-" is an option of dotnet build. Returns 1 when one does not build.
build_release() { # path|option ...
  # One compiler for all projects halves the time. It bears a name of its own, so that it can be ended afterwards, and
  # no build node stays behind: a process that does would hold the caller's output open.
  local compiler="orchestrator-build-$$" paths=() options=() path status=0
  for path in "$@"; do
    case $path in -*) options+=("$path") ;; *) paths+=("$path") ;; esac
  done
  for path in "${paths[@]}"; do
    MSBUILDDISABLENODEREUSE=1 dotnet build "$path" -c Release --nologo -v q \
      -p:UseSharedCompilation=true -p:SharedCompilationId="$compiler" ${options[@]+"${options[@]}"} \
      || { status=1; break; }
  done
  end_compiler "$compiler"
  return $status
}

end_compiler() { # name
  local process
  for process in /proc/[0-9]*; do
    if grep -qsa "^.*VBCSCompiler.*pipename:$1" "$process/cmdline"; then
      kill "${process#/proc/}" 2>/dev/null || true
    fi
  done
}
