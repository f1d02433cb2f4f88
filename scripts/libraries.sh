# Sourced. Copies into a root folder the C libraries that files need, the loader among them: libraries FOLDER FILE…; files of another
# platform need none.
libraries() {
  local into=$1 file
  shift
  { ldd "$@" 2>/dev/null || true; } |
    sed -n -e 's/.* => \(\/[^ ]*\) (.*/\1/p' -e 's/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p' | sort -u | while read -r file; do
      [[ $file != "$into"* ]] || continue
      mkdir -p "$into$(dirname "$file")"
      cp -L "$file" "$into$file"
    done
}
