"""Recognise files written by others: installed packages, and lock files of package managers."""

from __future__ import annotations

from keylint.core.lazy_patterns import defer_regex

# Folders that package managers fill, in any surroundings. The content of a folder `vendor` or
# `third_party` may be the user's own, except for programs of others and package managers' files.
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

# A history may contain tens of thousands of these that are long gone. A build cache is not
# included, as its content is made from the user's own code; nor are scripts that a shell reads and
# files beside the packages.
_DEPENDENCY = defer_regex(r"""(?x)
    (?:^|/)(?: (?:site-packages|bower_components)/[^/]+ | node_modules/(?:[^./][^/]*|\.pnpm) )/
    (?! (?:.*/)? \.env [^/]* $ )
""")

# Files that package managers write, without any human input: names, versions, addresses and
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

    Its names are those of packages, its values versions, addresses and digests; a secret in it is
    part of an address, or is recognisable by itself.
    """
    return path.replace('\\', '/').rsplit('/', 1)[-1].lower() in _LOCK_FILES


def is_installed_package(path: str) -> bool:
    """Tell whether a package manager filled the folder, so that the file is its authors' work."""
    return find_package_folder(path) is not None


def is_dependency(path: str) -> bool:
    """Tell whether a file is part of a dependency, in a folder only package managers write to."""
    return _DEPENDENCY.search(path) is not None


def find_package_folder(path: str) -> str | None:
    """Return the outermost folder of others' packages around a file; None for the user's own files.

    The pattern is compiled on the first call, because most runs of the hook never need it.
    """
    found = _PACKAGE_FOLDER.search(path)
    return None if found is None else path[: found.end() - 1]
