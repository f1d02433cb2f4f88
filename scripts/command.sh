# Sourced by ./postern: starts the command line tool, and after a build lets the JVM note once what starting it takes.
# The note is an AOT cache (JDK 25 on) or a class archive (JDK 21 to 24) beside the jars. Without one, or with one that does
# not fit any more, the tool starts all the same and only takes longer.

command_app=$root/cli/target/quarkus-app

# Jars in a fixed order, or the note would not fit. What only Quarkus itself needs is left out: no verb boots it.
command_classpath() {
  local jar reframed=$command_app/command/picocli.jar
  classpath=
  [ -s "$reframed" ] && classpath=$reframed
  for jar in "$command_app"/app/*.jar "$command_app"/lib/boot/*.jar "$command_app"/lib/main/*.jar; do
    case "${jar##*/}" in
      io.quarkus.* | io.smallrye.* | jakarta.* | org.jboss.slf4j.* | org.jboss.logmanager.* | org.eclipse.* | *-osx-* | *-windows-*) ;;
      info.picocli.*) [ -s "$reframed" ] || classpath+=${classpath:+:}$jar ;;
      *) classpath+=${classpath:+:}$jar ;;
    esac
  done
}

command_note() { # sets note and note_flags for this JDK
  local major
  major=$(jdk_major "$JAVA_HOME")
  if [ "$major" -ge 25 ]; then
    note=$command_app/command/$major.aot
    note_flags=(-XX:AOTCache="$note")
    note_make=(-XX:AOTCacheOutput="$note.$$")
  else
    note=$command_app/command/$major.jsa
    note_flags=(-XX:SharedArchiveFile="$note")
    note_make=(-XX:ArchiveClassesAtExit="$note.$$")
  fi
}

note_is_old() {
  [ ! -e "$note" ] || [ "$command_app/app" -nt "$note" ] || [ "$command_app/quarkus-run.jar" -nt "$note" ]
}

# Once for every build, in a few seconds; what it says nobody needs to read. A failure is noted by an empty file.
make_note() {
  local folder java=$JAVA_HOME/bin/java
  folder=$(mktemp -d) || return 0
  [ -t 2 ] && echo "Preparing the command line tool for quick starts (once for a build)." >&2
  mkdir -p "$command_app/command"
  if [[ $note == *.aot ]]; then
    rm -f "$command_app/command/picocli.jar"
    "$java" "${command_flags[@]}" "$root/scripts/Reframe.java" "$command_app"/lib/main/info.picocli.*.jar "$folder/picocli.jar" \
      >"$folder/log" 2>&1 && mv "$folder/picocli.jar" "$command_app/command/"
  fi
  command_classpath
  "$java" "${command_flags[@]}" -cp "$classpath" io.postern.cli.RehearsalStage "$folder" >>"$folder/log" 2>&1 || true
  if ! XDG_CONFIG_HOME=$folder POSTERN_PROFILE='' timeout 60 "$java" "${note_make[@]}" "${command_flags[@]}" \
    -cp "$classpath" io.postern.cli.Rehearsal "$folder" >>"$folder/log" 2>&1 || [ ! -s "$note.$$" ]; then
    : >"$note.$$" || true
  fi
  rm -f "$note.$$.config"
  mv -f "$note.$$" "$note"
  rm -rf "$folder"
}

run_command() {
  local flags=() classpath note note_flags note_make
  command_flags=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -Dslf4j.internal.verbosity=ERROR)
  if [ "$(jdk_major "$JAVA_HOME")" -ge 23 ]; then # or the JDK warns of what Netty does, before anything is printed
    command_flags+=(--sun-misc-unsafe-memory-access=allow)
  fi
  command_note
  if note_is_old && [ -w "$command_app" ]; then
    mkdir -p "$root/target"
    exec 9>"$root/target/note.lock"
    if command -v flock >/dev/null; then flock 9; fi
    if note_is_old; then make_note 9>&- || true; fi
    exec 9>&-
  fi
  command_classpath
  [ -s "$note" ] && flags+=("${note_flags[@]}" -Xlog:disable)
  [ -t 2 ] && flags+=(-Dpostern.terminal=true)
  # The first compiler alone starts soonest, but ciphers are only fast in code of the second.
  case "${1:-}" in
    attach | exec | cp | tunnel | host | try) flags+=(-XX:TieredStopAtLevel=4) ;;
    quickstart)
      flags+=(-Xms14m -Xmx384m -Xmn2m -XX:MinHeapFreeRatio=5 -XX:MaxHeapFreeRatio=10 -XX:-ShrinkHeapInSteps
        -Dio.netty.allocator.numDirectArenas=1 -Dio.netty.allocator.numHeapArenas=0 -Dio.netty.allocator.maxOrder=7)
      [ "$(jdk_major "$JAVA_HOME")" -lt 25 ] || flags+=(-XX:TrimNativeHeapInterval=5000)
      export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2}
      ;;
  esac
  exec "$JAVA_HOME/bin/java" "${command_flags[@]}" "${flags[@]}" ${POSTERN_JAVA_OPTS:-} \
    -Dpostern.controller.jar="$root/controller/target/quarkus-app/quarkus-run.jar" \
    -Dpostern.router.jar="$root/edge-router/target/quarkus-app/quarkus-run.jar" \
    -cp "$classpath" io.postern.cli.Main "$@"
}
