# Sourced by ./postern and ./dev: sets JAVA_HOME to a JDK of 21 or newer, or says in one sentence what to install.
# Order: JAVA_HOME, then java on the PATH, then the usual folders, newest first. Inside, a JDK is told by its javac.
# Sees to it, too, that the JDK takes the names of files and what it prints for UTF-8 where the locale says nothing.

jdk_major() { # folder -> major version, or nothing
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

jdk_fits() {
  local major
  major=$(jdk_major "$1")
  [ -n "$major" ] && [ "$major" -ge 21 ]
}

jdk_find() {
  local candidate java
  if [ -n "${JAVA_HOME:-}" ] && jdk_fits "$JAVA_HOME"; then
    printf '%s\n' "$JAVA_HOME"
    return
  fi
  if java=$(command -v java); then
    candidate=$(dirname "$(dirname "$(readlink -f "$java")")")
    if jdk_fits "$candidate"; then
      printf '%s\n' "$candidate"
      return
    fi
  fi
  for candidate in /usr/lib/jvm/* /opt/*jdk* /opt/java/* /usr/local/*jdk* "$HOME"/.sdkman/candidates/java/* \
    "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -d "$candidate" ] && jdk_fits "$candidate"; then
      printf '%s %s\n' "$(jdk_major "$candidate")" "$candidate"
    fi
  done | sort -rn | head -n 1 | cut -d' ' -f2-
}

JAVA_HOME=$(jdk_find)
if [ -z "$JAVA_HOME" ]; then
  echo "Postern needs a JDK of 21 or newer (Temurin 25, say): install one, or point JAVA_HOME at it." >&2
  exit 3
fi
export JAVA_HOME

# In most containers no locale is set, which means ASCII: the JDK then finds no file with an umlaut in its name.
case "${LC_ALL:-${LC_CTYPE:-${LANG:-C}}}" in
  C | POSIX)
    if [ -n "${LC_ALL:-}" ]; then export LC_ALL=C.UTF-8; else export LC_CTYPE=C.UTF-8; fi
    ;;
esac
