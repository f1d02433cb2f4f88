# Sourced by ./postern: opens what the caller closed of the standard streams. Else the JVM's first file would get the number, and
# be read as our input or written as our output.
[ -e /dev/fd/0 ] || exec </dev/null
[ -e /dev/fd/1 ] || exec >/dev/null
[ -e /dev/fd/2 ] || exec 2>/dev/null
