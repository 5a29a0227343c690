# The worker; the window, by another entry point; and the command line beside them.
FROM python:3.13.14-slim AS wheel
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
# What builds the wheel is pinned as well: the one setuptools of constraints/, by its hashes.
COPY constraints/embedded.txt ./
RUN sed -n '/^setuptools==/,/[^\\]$/p' embedded.txt > setuptools.txt \
    && pip install --require-hashes -r setuptools.txt
COPY . .
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheel .

FROM python:3.13.14-slim
WORKDIR /srv
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
COPY constraints/production.txt ./
RUN pip install --no-deps --require-hashes --only-binary :all: -r production.txt
COPY --from=wheel /wheel /wheel
RUN pip install --no-deps /wheel/*.whl && pip check
COPY deploy/is_polling.py ./
RUN useradd --system --uid 10001 --no-create-home qingqian && install -d -o qingqian /papers
USER 10001
ENTRYPOINT ["python", "-m", "worker"]
