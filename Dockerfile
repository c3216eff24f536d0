# keylint with git, for CI that runs containers:
#   docker run --rm --network none -v "$PWD:/repo:ro" ghcr.io/keylint/keylint scan
# The image is pinned by its digest; all that pip installs by .ci/requirements-runtime.txt.
FROM python:3.13-slim@sha256:9d2e5553305c7c7b0097999bb17187c69b921ccd6bc9d40e4bb5ebe652c00285 AS build
WORKDIR /build
COPY .ci/requirements-runtime.txt .ci/requirements.txt .ci/
RUN python -m venv /opt/keylint \
    && /opt/keylint/bin/pip install --no-cache-dir --require-hashes -r .ci/requirements-runtime.txt \
    && python -m venv /opt/tools \
    && grep -A 99 '^hatchling==' .ci/requirements.txt | awk 'NR > 1 && /^[a-z]/ { exit } { print }' > build.txt \
    && /opt/tools/bin/pip install --no-cache-dir --require-hashes --no-deps -r build.txt \
    && for name in packaging pathspec pluggy trove-classifiers; do \
           grep -A 99 "^$name==" .ci/requirements.txt | awk 'NR > 1 && /^[a-z]/ { exit } { print }' >> more.txt; \
       done \
    && /opt/tools/bin/pip install --no-cache-dir --require-hashes --no-deps -r more.txt
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY keylint keylint
COPY rules rules
COPY docs/keys.schema.json docs/dossier.schema.json docs/dossier-examples.schema.json docs/
RUN /opt/tools/bin/python -m hatchling build -t wheel -d /dist \
    && /opt/keylint/bin/pip install --no-cache-dir --no-index --no-deps /dist/*.whl \
    && KEYLINT_CACHE_DIR=/opt/keylint/cache /opt/keylint/bin/keylint scan --isolated README.md

FROM python:3.13-slim@sha256:9d2e5553305c7c7b0097999bb17187c69b921ccd6bc9d40e4bb5ebe652c00285
LABEL org.opencontainers.image.source=https://github.com/keylint/keylint \
      org.opencontainers.image.licenses=Apache-2.0 \
      org.opencontainers.image.description="Finds leaked exchange and wallet keys, and keys that may do too much"
RUN apt-get update \
    && apt-get install -y --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory '*' \
    && useradd --create-home --uid 10001 keylint
COPY --from=build /opt/keylint /opt/keylint
ENV PATH=/opt/keylint/bin:$PATH
USER keylint
WORKDIR /repo
ENTRYPOINT ["keylint"]
CMD ["scan"]
