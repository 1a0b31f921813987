# The one image of every Airflow service: locked dependencies in a virtual environment, then the project, read-only.
FROM python:3.11-slim-bookworm AS dependencies
RUN pip install --no-cache-dir uv==0.13.9
COPY requirements.txt .
RUN uv venv /opt/venv && uv pip install --no-cache --compile-bytecode --python /opt/venv/bin/python -r requirements.txt

FROM python:3.11-slim-bookworm
RUN useradd --uid 50000 --create-home regsosek \
    && install -d -o regsosek -g regsosek /opt/airflow /opt/airflow/logs \
    && install -d -o regsosek -g regsosek -m 0750 /data/raw /data/warehouse /data/published /data/state /data/scratch
COPY --from=dependencies /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH VIRTUAL_ENV=/opt/venv PYTHONUNBUFFERED=1
WORKDIR /opt/regsosek
COPY . .
RUN python -m compileall -q .
USER regsosek
CMD ["airflow", "version"]
