#!/bin/sh
# Installs aibrixctl @VERSION@ on Linux: gets the archive for this machine, checks its sha256 against SHA256SUMS, and puts the
# program, manual pages and completions under a prefix. Removing it: sh install.sh --remove
#
#   sh install.sh [--prefix FOLDER] [--from URL-OR-FOLDER] [--remove]
#
# The prefix is /usr/local where that can be written, else ~/.local.
set -eu

version=@VERSION@
from=${AIBRIXCTL_INSTALL_FROM:-@BASE_URL@}
prefix=
remove=

say() { printf 'install.sh: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
usage() { fail 'usage: sh install.sh [--prefix FOLDER] [--from URL-OR-FOLDER] [--remove]'; }

while [ $# -gt 0 ]; do
  case $1 in
    --prefix) [ $# -gt 1 ] || usage; prefix=$2; shift ;;
    --prefix=*) prefix=${1#*=} ;;
    --from) [ $# -gt 1 ] || usage; from=$2; shift ;;
    --from=*) from=${1#*=} ;;
    --remove) remove=yes ;;
    *) usage ;;
  esac
  shift
done
if [ -z "$prefix" ]; then
  if [ -w /usr/local/bin ] || { [ ! -e /usr/local/bin ] && [ -w /usr/local ]; }; then prefix=/usr/local; else prefix=$HOME/.local; fi
fi
bin=$prefix/bin share=$prefix/share

if [ -n "$remove" ]; then
  rm -f "$bin/aibrixctl" "$bin/kubectl-aibrix" "$bin/kubectl_complete-aibrix" "$share/man/man1"/aibrixctl*.1 \
    "$share/bash-completion/completions/aibrixctl" "$share/bash-completion/completions/kubectl-aibrix" \
    "$share/zsh/site-functions/_aibrixctl" "$share/fish/vendor_completions.d/aibrixctl.fish" \
    "$share/fish/vendor_completions.d/kubectl-aibrix.fish" "$share/aibrixctl/report.schema.json"
  rm -rf "$share/doc/aibrixctl"
  rmdir "$share/aibrixctl" 2>/dev/null || true
  say "removed from $prefix"
  exit 0
fi

[ "$(uname -s)" = Linux ] || fail "there is a program for Linux only; on macOS: brew install --formula aibrixctl.rb"
case $(uname -m) in
  x86_64 | amd64) machine=amd64 ;;
  aarch64 | arm64) machine=arm64 ;;
  *) fail "there is no program for $(uname -m); build it from $from/aibrixctl-$version.tar.gz" ;;
esac
archive=aibrixctl_${version}_linux_$machine.tar.gz

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

get() { # FILE: into $work
  case $from in
    http://* | https://*)
      if command -v curl >/dev/null 2>&1; then
        curl --fail --silent --show-error --location --retry 2 --output "$work/$1" "$from/$1"
      elif command -v wget >/dev/null 2>&1; then
        wget -q -O "$work/$1" "$from/$1"
      else
        fail 'neither curl nor wget is here'
      fi
      ;;
    *) cp "$from/$1" "$work/$1" ;;
  esac || fail "$from/$1 could not be had"
}
sum() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum "$1"
  elif command -v openssl >/dev/null 2>&1; then
    openssl dgst -sha256 -r "$1"
  else
    fail 'neither sha256sum nor openssl is here: the archive cannot be checked, so nothing is installed'
  fi | cut -d' ' -f1
}

get SHA256SUMS
get "$archive"
wanted=$(sed -n "s/^\([0-9a-f]\{64\}\)[ *]*$archive\$/\1/p" "$work/SHA256SUMS")
[ -n "$wanted" ] || fail "SHA256SUMS does not name $archive"
is=$(sum "$work/$archive")
[ "$is" = "$wanted" ] || fail "$archive has the sha256 $is, SHA256SUMS says $wanted: nothing is installed"

tar -xzf "$work/$archive" -C "$work"
files=$work/${archive%.tar.gz}
mkdir -p "$bin" "$share/man/man1" "$share/bash-completion/completions" "$share/zsh/site-functions" \
  "$share/fish/vendor_completions.d" "$share/aibrixctl" "$share/doc/aibrixctl" || fail "$prefix cannot be written; name another: --prefix FOLDER"
# In one step, so that a running program is not written over.
cp "$files/aibrixctl" "$bin/.aibrixctl.new"
chmod 755 "$bin/.aibrixctl.new"
"$bin/.aibrixctl.new" --version >/dev/null || { rm -f "$bin/.aibrixctl.new"; fail 'the program does not run here: nothing is installed'; }
mv -f "$bin/.aibrixctl.new" "$bin/aibrixctl"
ln -sf aibrixctl "$bin/kubectl-aibrix"
cp "$files/completions/kubectl_complete-aibrix" "$bin/"
cp "$files"/man/man1/*.1 "$share/man/man1/"
cp "$files/completions/aibrixctl.bash" "$share/bash-completion/completions/aibrixctl"
cp "$files/completions/aibrixctl.bash" "$share/bash-completion/completions/kubectl-aibrix"
cp "$files/completions/_aibrixctl" "$share/zsh/site-functions/"
cp "$files/completions/aibrixctl.fish" "$share/fish/vendor_completions.d/aibrixctl.fish"
cp "$files/completions/aibrixctl.fish" "$share/fish/vendor_completions.d/kubectl-aibrix.fish"
cp "$files/report.schema.json" "$share/aibrixctl/"
cp -R "$files/LICENSE" "$files/licenses" "$share/doc/aibrixctl/"
say "$("$bin/aibrixctl" --version) is in $bin"
case ":$PATH:" in
  *":$bin:"*) ;;
  *) say "$bin is not on your PATH" ;;
esac
