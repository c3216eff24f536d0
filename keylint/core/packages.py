"""Tell files of others: what package managers fill folders with, and the lock files they write."""

from __future__ import annotations

from keylint.core.late_patterns import defer_regex

# Folders that package managers fill, whatever else lies around them. What a folder `vendor` or
# `third_party` holds may be one's own, but for programs of others and what their managers write.
_PACKAGE_FOLDER = defer_regex(r"""(?x)
    (?:^|/)(?:
        (?:site-packages|dist-packages|node_modules|bower_components|jspm_packages|__pypackages__
            |web_modules|Pods|Carthage|elm-stuff|\.pnpm|\.pnpm-store)
        | \.yarn/(?:cache|unplugged|releases|plugins|sdks|versions)
        | (?:\.?venv|virtualenv|\.virtualenvs/[^/]+)/(?:lib|lib64|Lib|bin|Scripts|include|share)
        | pip/_vendor | vendor/(?:bundle|cache|composer|gems)
        | vendor/(?:github\.com|gitlab\.com|bitbucket\.org|golang\.org|google\.golang\.org|gopkg\.in
            |go\.uber\.org|k8s\.io|sigs\.k8s\.io|cloud\.google\.com)
        | \.cargo/registry | \.m2/repository | \.gradle/caches
        | (?:vendor|vendors|vendored|_vendor|third[_-]party|thirdparty|3rd-?party)
            (?=/.*\.(?:[cm]?js|css|map|wasm|php|go|rb)$)
    )/
""")

# Of these a history may hold tens of thousands that are long gone. A cache of a build is none, as
# what it holds is made of one's own code; nor are scripts that a shell reads and what lies beside
# the packages.
_DEPENDENCY = defer_regex(r"""(?x)
    (?:^|/)(?: (?:site-packages|bower_components)/[^/]+ | node_modules/(?:[^./][^/]*|\.pnpm) )/
    (?! (?:.*/)? \.env [^/]* $ )
""")

# Files that package managers write, of which a human wrote nothing: names, versions, addresses and
# digests of packages.
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


def is_installed_package(path: str) -> bool:
    """Tell whether a package manager filled the folder: it holds what its authors wrote."""
    return find_package_folder(path) is not None


def is_dependency(path: str) -> bool:
    """Tell whether a file is a part of a dependency, in a folder that nobody else writes to."""
    return _DEPENDENCY.search(path) is not None


def find_package_folder(path: str) -> str | None:
    """Return the outermost folder of others' packages that holds a file; None for one's own.

    The pattern is compiled where a path is asked about: most runs of the hook never do.
    """
    found = _PACKAGE_FOLDER.search(path)
    return None if found is None else path[: found.end() - 1]
