# Sourced by scripts/release.sh: SQLite as a static library, for programs that are compiled ahead of time.

# The NuGet package of development builds has only shared libraries, and Debian's static one is years older. This npm package brings
# SQLite's own single source file, in the version of the NuGet package. The checksum is of that file.
sqlite_version=3.53.4
sqlite_package=better-sqlite3@13.0.3
sqlite_sha256=6a2805f8c1ef020a7086e62258519323cf98b219e9fe87a42065d916cfebaefc

# need_sqlite FOLDER COMPILER...: makes FOLDER/libe_sqlite3.a with that compiler, unless it is there already.
need_sqlite() {
  local folder=$1 work
  shift
  [ ! -f "$folder/libe_sqlite3.a" ] || return 0
  echo "compiling SQLite $sqlite_version"
  mkdir -p "$folder"
  work=$(mktemp -d)
  (
    cd "$work"
    npm pack "$sqlite_package" --silent >/dev/null
    tar -xzf ./*.tgz --strip-components=3 package/deps/sqlite3
    echo "$sqlite_sha256  sqlite3.c" | sha256sum --check --quiet
    # Like the NuGet package, without the extensions that nothing here uses.
    "$@" -c -O2 -fPIC -ffunction-sections -fdata-sections -DSQLITE_THREADSAFE=1 -DSQLITE_ENABLE_COLUMN_METADATA sqlite3.c
    ar rcs libe_sqlite3.a sqlite3.o
  )
  mv "$work/libe_sqlite3.a" "$folder/"
  rm -rf "$work"
}
