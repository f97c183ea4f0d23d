# One image for `shouwen up`, `web` and `worker`. Not run where it was written: see README, honest limits.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends make \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/shouwen
COPY . .
RUN make built && rm -rf frontend/node_modules .build/lock

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/shouwen --create-home --shell /usr/sbin/nologin shouwen
COPY --from=build /opt/shouwen /opt/shouwen
ENV PATH=/opt/shouwen/.venv/bin:$PATH \
    DATA_DIR=/var/lib/shouwen \
    HOST=0.0.0.0 \
    PYTHONUNBUFFERED=1
WORKDIR /opt/shouwen
USER 10001
VOLUME /var/lib/shouwen
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=4s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
ENTRYPOINT ["shouwen"]
CMD ["up"]
