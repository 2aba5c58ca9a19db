#!/bin/sh
# Builds minesweep_VERSION_all.deb from a checkout: what npm would publish with its dependencies, the man page, shell
# completions, units and a system user. Needs npm, dpkg-deb, gzip. Nothing is downloaded when the package is installed.
# usage: packaging/deb/build.sh [FOLDER for the package, . if absent]
set -eu
umask 022
top=$(cd "$(dirname "$0")/../.." && pwd)
out=$(cd "${1:-.}" && pwd)
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
root=$stage/root
lib=$root/usr/lib/minesweep
version=$(node -p "require('$top/package.json').version")

cd "$top"
[ -d dist ] || npm run --silent build
tarball=$(npm pack --ignore-scripts --silent --pack-destination "$stage")
mkdir -p "$lib"
tar -xzf "$stage/$tarball" -C "$lib" --strip-components=1
cp package-lock.json "$lib"
(cd "$lib" && npm ci --omit=dev --ignore-scripts --no-audit --no-fund --silent)
# Only what runs: no maps, types, tests, licences in copies (all of them stand in copyright) or documents of packages.
rm -f "$lib/package-lock.json" "$lib/node_modules/.package-lock.json" "$lib/LICENSE"
find "$lib/node_modules" \( -name '*.map' -o -name '*.ts' -o -name '*.md' -o -iname 'license*' -o -name '*.html' -o -name '.*' \) -type f -delete
find "$lib/node_modules" \( -name .bin -o -name test -o -name tests -o -name docs -o -name .github -o -name .husky \) -type d -prune -exec rm -rf {} +
find "$lib/node_modules" -type d -empty -delete
find "$lib" -type f -exec chmod 644 {} +
chmod 755 "$lib/bin/minesweep.js"
mkdir -p "$root/usr/bin"
ln -s ../lib/minesweep/bin/minesweep.js "$root/usr/bin/minesweep"

run="node $lib/bin/minesweep.js"
mkdir -p "$root/usr/share/man/man1" "$root/usr/share/bash-completion/completions" \
  "$root/usr/share/zsh/vendor-completions" "$root/usr/share/fish/vendor_completions.d"
$run completions man | gzip -9n >"$root/usr/share/man/man1/minesweep.1.gz"
$run completions bash >"$root/usr/share/bash-completion/completions/minesweep"
$run completions zsh >"$root/usr/share/zsh/vendor-completions/_minesweep"
$run completions fish >"$root/usr/share/fish/vendor_completions.d/minesweep.fish"

mkdir -p "$root/usr/lib/systemd/system" "$root/usr/lib/sysusers.d" "$root/usr/lib/tmpfiles.d" "$root/etc/minesweep"
cp packaging/systemd/*.service packaging/systemd/*.timer "$root/usr/lib/systemd/system/"
cp packaging/deb/sysusers.conf "$root/usr/lib/sysusers.d/minesweep.conf"
cp packaging/deb/minesweep.json "$root/etc/minesweep/minesweep.json"

doc=$root/usr/share/doc/minesweep
mkdir -p "$doc"
{ cat packaging/deb/copyright; sed 's/^$/./; s/^/ /' dist/THIRD-PARTY.txt; } >"$doc/copyright"
date=$(git log -1 --format=%cD 2>/dev/null || date -R)
printf 'minesweep (%s) unstable; urgency=medium\n\n  * See /usr/share/doc/minesweep/NEWS.gz.\n\n -- The minesweep authors <minesweep@localhost>  %s\n' \
  "$version" "$date" | gzip -9n >"$doc/changelog.gz"
gzip -9nc CHANGELOG.md >"$doc/NEWS.gz"

mkdir -p "$root/DEBIAN"
size=$(du -sk "$root" | cut -f1)
sed "s/@VERSION@/$version/; s/@SIZE@/$size/" packaging/deb/control >"$root/DEBIAN/control"
echo /etc/minesweep/minesweep.json >"$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do install -m 755 "packaging/deb/$script" "$root/DEBIAN/$script"; done
(cd "$root" && find usr etc -type f -exec md5sum {} +) >"$root/DEBIAN/md5sums"
dpkg-deb --root-owner-group --build "$root" "$out/minesweep_${version}_all.deb"
