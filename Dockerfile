# syntax=docker/dockerfile:1

# From source:      docker build -t function-xcluster .
# From a binary:    docker build -t function-xcluster --target prebuilt -f Dockerfile DIR
#                   where DIR/function-xcluster is a static binary (see the RUN line below).

ARG RUST_VERSION=1.95.0

FROM rust:${RUST_VERSION}-bookworm AS build
ARG RUST_VERSION
# The image's own toolchain, without the components that rust-toolchain.toml adds for people.
ENV RUSTUP_TOOLCHAIN=${RUST_VERSION}
WORKDIR /src
COPY . .
# With --target the flags do not reach build scripts and procedural macros, which cannot be static.
RUN target="$(rustc -vV | sed -n 's/^host: //p')" \
 && RUSTFLAGS="-C target-feature=+crt-static --remap-path-prefix=/src=/function-xcluster --remap-path-prefix=$CARGO_HOME=/cargo" \
    cargo build --release --locked --bin function-xcluster --target "$target" \
 && cp "target/$target/release/function-xcluster" /function-xcluster

FROM scratch AS runtime
USER 2000:2000
EXPOSE 9443 8080
ENTRYPOINT ["/function-xcluster"]

FROM runtime AS prebuilt
ARG BINARY=function-xcluster
COPY --chmod=0755 ${BINARY} /function-xcluster

FROM runtime AS image
COPY --from=build /function-xcluster /function-xcluster
