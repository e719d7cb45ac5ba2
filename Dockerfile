# Eddy on Debian: built with what ./dev setup installs, shipped with the shared libraries that the program names.
FROM debian:bookworm-slim AS build
WORKDIR /src
COPY dev ./
COPY tools tools
RUN ./dev setup --for build
COPY . .
RUN cmake --preset release -DBUILD_TESTING=OFF -DEDDY_BENCH=OFF \
  && cmake --build build/release \
  && cmake --install build/release --prefix /opt/eddy --component program --strip

FROM debian:bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates libjemalloc2 libopenblas0-pthread libprometheus-cpp-core1.0 \
    libprotobuf32 librdkafka1 librocksdb7.8 libsimdjson14 libspdlog1.10 libtbb12 libtorch1.13 libutf8proc2 libxxhash0 libyaml-cpp0.7 \
    libzstd1 zlib1g \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --create-home --home-dir /var/lib/eddy eddy
COPY --from=build /opt/eddy/bin/eddy /usr/local/bin/eddy
COPY config/eddy.yaml /etc/eddy/eddy.yaml
USER eddy
WORKDIR /var/lib/eddy
ENTRYPOINT ["eddy"]
CMD ["--help"]
