# Sourced by ./postern and ./dev: builds the three programs when a source is newer than what was built.

built_stamp=$root/target/built

sources_changed() {
  [ -f "$built_stamp" ] || return 0
  for jar in controller edge-router ws-proxy cli; do
    [ -f "$root/$jar/target/quarkus-app/quarkus-run.jar" ] || return 0
  done
  [ -n "$(find "$root/pom.xml" "$root/libs" "$root/controller" "$root/edge-router" "$root/ws-proxy" "$root/cli" \
    \( -name target -o -name node_modules -o -path '*/src/test' \) -prune -o -type f -newer "$built_stamp" -print -quit)" ]
}

build_when_needed() {
  sources_changed || return 0
  mkdir -p "$root/target"
  exec 9>"$root/target/build.lock"
  if command -v flock >/dev/null; then flock 9; fi
  if sources_changed; then
    echo "Building Postern (the first time this downloads libraries and takes about two minutes)." >&2
    touch "$built_stamp.next"
    if ! (cd "$root" && ./mvnw -q -B -ntp -DskipTests -pl controller,edge-router,ws-proxy,cli -am package) >"$root/target/build.log" 2>&1 9>&-; then
      grep -E '^\[ERROR\]' "$root/target/build.log" | head -n 20 >&2
      echo "The build failed; its whole log is $root/target/build.log" >&2
      exit 4
    fi
    mv "$built_stamp.next" "$built_stamp"
  fi
  exec 9>&-
}
