# Two stages: the first installs the locked environment, the second carries only what runs.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements.lock pyproject.toml prefect.yaml README.md LICENSE ./
RUN python -m venv --without-pip .venv \
 && python -m pip --python .venv/bin/python install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY flows flows
COPY scrapers scrapers
COPY extraction extraction
COPY warehouse warehouse
COPY expectations expectations
COPY dbt_project dbt_project
RUN python -m pip --python .venv/bin/python install --no-cache-dir --no-deps --editable .

FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends catdoc \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 10001 fazhi \
 && install -d -o fazhi /data
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH FAZHI_HOME=/data DO_NOT_TRACK=1 PREFECT_SERVER_ANALYTICS_ENABLED=false
USER fazhi
VOLUME /data
ENTRYPOINT ["fazhi"]
CMD ["run"]
