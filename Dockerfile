# Three stages: the explorer's pages, the locked environment, and what runs. Nothing that builds is in the last one.
FROM node:22.12.0-bookworm-slim AS pages
WORKDIR /app/site
COPY site/package.json site/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY flows/showing.css /app/flows/showing.css
COPY site ./
RUN npm run build

FROM python:3.11.11-slim-bookworm AS build
WORKDIR /app
COPY requirements.lock requirements-dev.lock pyproject.toml prefect.yaml README.md LICENSE ./
# what extra `scale` asks for and DuckDB's extensions, those of BI too, stand in the developers' lock alone
ARG MORE="duckdb-extension[a-z-]*|prefect-dask|dask|distributed|locket|partd|psutil|sortedcontainers|tblib|toolz|tornado|zict|\
s3fs|aiobotocore|aiohappyeyeballs|aiohttp|aioitertools|aiosignal|botocore|frozenlist|jmespath|multidict|propcache|wrapt|yarl"
RUN python -m venv --without-pip .venv \
 && awk -v more="^($MORE)==" '/^[^ ]/ { wanted = $0 ~ more } wanted' requirements-dev.lock > more.lock \
 && python -m pip --python .venv/bin/python install --no-cache-dir --no-deps --require-hashes \
    -r requirements.lock -r more.lock
COPY flows flows
COPY scrapers scrapers
COPY extraction extraction
COPY warehouse warehouse
COPY expectations expectations
COPY dbt_project dbt_project
RUN python -m pip --python .venv/bin/python install --no-cache-dir --no-deps --editable .
COPY --from=pages /app/site/dist site/dist

FROM python:3.11.11-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends catdoc \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 10001 fazhi \
 && install -d -o fazhi -g fazhi /data
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH FAZHI_HOME=/data DO_NOT_TRACK=1 PREFECT_SERVER_ANALYTICS_ENABLED=false
USER 10001:10001
VOLUME /data
# the services of docker-compose.yml say better what is alive; this holds for a container that runs a single command
HEALTHCHECK --interval=60s --timeout=10s --start-period=30s CMD ["python", "-m", "flows.alive", "home"]
ENTRYPOINT ["fazhi"]
CMD ["run"]
