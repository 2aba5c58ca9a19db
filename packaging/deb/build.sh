#!/bin/sh
# Builds minesweep_VERSION_all.deb from a checkout: what npm would publish, which is whole (package.json has no
# dependencies), the man page, shell completions, units and a system user. Needs npm and debhelper.
# usage: packaging/deb/build.sh [FOLDER for the package, made if it is not there; . if absent]
set -eu
umask 022
top=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "${1:-.}"
out=$(cd "${1:-.}" && pwd)
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
debian=$stage/debian
root=$debian/minesweep
lib=$root/usr/lib/minesweep
version=$(node -p "require('$top/package.json').version")

cd "$top"
[ -d dist ] || npm run --silent build
tarball=$(node bin/pack.mjs "$stage")
mkdir -p "$lib"
tar -xzf "$stage/$tarball" -C "$lib" --strip-components=1

cp -r packaging/deb/. "$debian"
date=$(git log -1 --format=%cD 2>/dev/null || date -R)
maintainer=$(sed -n 's/^Maintainer: //p' "$debian/control")
printf 'minesweep (%s) unstable; urgency=medium\n\n  * See NEWS.gz in this folder.\n\n -- %s  %s\n' \
  "$version" "$maintainer" "$date" >"$debian/changelog"
cp CHANGELOG.md "$stage/NEWS"
# Licences of what is bundled. The text of the Apache License stands in every Debian system.
awk '
  /^ *Apache License$/ { inside = 1; print "On Debian systems: /usr/share/common-licenses/Apache-2.0" }
  !inside || /^ *Copyright [0-9(]/ { print }
  /limitations under the License\.$/ { inside = 0 }
' dist/THIRD-PARTY.txt | sed 's/^[[:space:]]*$/./; s/^/ /' >>"$debian/copyright"

# Documents are in /usr/share/doc.
doc=$root/usr/share/doc/minesweep
mkdir -p "$doc"
mv "$lib/docs" "$lib/README.md" "$lib/ARCHITECTURE.md" "$doc"
mv "$lib/packaging" "$doc/examples"
rm -f "$lib/LICENSE" "$lib/CHANGELOG.md"
find "$lib" -type f -exec chmod 644 {} +
mkdir -p "$root/usr/bin"
ln -s ../lib/minesweep/bin/minesweep.js "$root/usr/bin/minesweep"

complete() { node "$lib/bin/minesweep.js" completions "$1"; }
share=$root/usr/share
mkdir -p "$share/bash-completion/completions" "$share/zsh/vendor-completions" "$share/fish/vendor_completions.d"
complete man >"$stage/minesweep.1"
complete bash >"$share/bash-completion/completions/minesweep"
complete zsh >"$share/zsh/vendor-completions/_minesweep"
complete fish >"$share/fish/vendor_completions.d/minesweep.fish"
mkdir -p "$root/usr/lib/systemd/system" "$root/etc/minesweep"
cp -r packaging/systemd/. "$root/usr/lib/systemd/system/"
cp packaging/deb/minesweep.json "$root/etc/minesweep/"

cd "$stage"
dh_installdocs NEWS
dh_installchangelogs
dh_installman minesweep.1
dh_installsysusers
# The operator enables the service that is wanted; an upgrade starts it again if it was running.
dh_installsystemd --no-enable minesweep-nightly.timer minesweep-watch.service
dh_compress
dh_fixperms
chmod 755 "$lib/bin/minesweep.js"
dh_installdeb
dh_gencontrol
dh_md5sums
dh_builddeb --destdir="$out"
