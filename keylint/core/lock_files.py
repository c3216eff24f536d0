"""The one table of the files that package managers write, of which a human wrote nothing."""

from __future__ import annotations

# Files that package managers write: names, versions, addresses and digests of packages.
_LOCK_FILES = frozenset(
    """package-lock.json npm-shrinkwrap.json .package-lock.json yarn.lock pnpm-lock.yaml
    pnpm-lock.yml bun.lock bun.lockb deno.lock poetry.lock pipfile.lock uv.lock pdm.lock pylock.toml
    pixi.lock conda-lock.yml conda-lock.yaml requirements.lock requirements-dev.lock cargo.lock
    go.sum go.work.sum gemfile.lock gems.locked composer.lock symfony.lock flake.lock
    packages.lock.json project.assets.json paket.lock podfile.lock cartfile.resolved
    package.resolved mix.lock rebar.lock pubspec.lock gradle.lockfile buildscript-gradle.lockfile
    verification-metadata.xml stack.yaml.lock cabal.project.freeze chart.lock
    .terraform.lock.hcl module.bazel.lock maven_install.json dub.selections.json shard.lock
    cpanfile.snapshot packrat.lock renv.lock berksfile.lock
    puppetfile.lock spack.lock conan.lock buf.lock dune.lock foundry.lock soldeer.lock""".split()
)


def is_lock_file(path: str) -> bool:
    """Tell whether a package manager wrote a file.

    Its names are those of packages, its values versions, addresses and digests; what is secret in
    it stands in an address, or names itself.
    """
    return path.replace('\\', '/').rsplit('/', 1)[-1].lower() in _LOCK_FILES
