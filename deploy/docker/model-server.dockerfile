# The ONNX model server alone, for amd64 and arm64. Context: the project's root.
# Only the last stage is of the target's platform, and it runs nothing: no emulation is needed.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
# The install scripts would build (there is nothing yet to build) and download CUDA parts.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY bundle bundle
COPY apps apps
COPY libs libs
# The build runs both apps once, so that they start faster here.
COPY protos protos
COPY models models
RUN npm run build
COPY deploy/docker/app-package.js deploy/docker/
RUN node deploy/docker/app-package.js /out \
  dist/apps/model-server/src/main.js \
  && ln -s /models /out/models \
  && mkdir /lock && mv /out/package-lock.json /lock/

FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS packages
WORKDIR /app
# The lock lists the other app's packages as well, so it stays out of the image, where scanners would read it.
COPY --from=build /src/.npmrc /out/package.json /lock/package-lock.json ./
COPY deploy/docker/install-packages.sh /usr/local/bin/
ARG TARGETARCH
RUN sh /usr/local/bin/install-packages.sh "$TARGETARCH"

# Of every version what ONNX Runtime reads: the rest is TensorFlow Serving's.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS model
COPY models/clothing-model /from
RUN for version in /from/[1-9]*; do \
  to=/models/clothing-model/${version##*/} && mkdir -p "$to" && cp "$version"/*.onnx* "$to" || exit; \
  done

FROM ${NODE_IMAGE}
WORKDIR /app
# The least changing first: a new build of the app pushes the small layers at the end alone.
COPY --from=packages /app/node_modules node_modules
COPY --from=model /models /models
COPY protos protos
COPY --from=build /out ./

ENV NODE_ENV=production
# ONNX Runtime would otherwise report what it runs to its makers, and keep a file for that.
ENV ORT_DISABLE_TELEMETRY=1

# A number, so that runAsNonRoot can be checked.
USER 1000:1000
EXPOSE 8500
ENTRYPOINT ["node", "dist/apps/model-server/src/main.js"]

ARG VERSION=""
ARG REVISION=""
ARG CREATED=""
ARG SOURCE=""
LABEL org.opencontainers.image.title="model-server" \
  org.opencontainers.image.description="TensorFlow Serving's gRPC API on ONNX Runtime, with the clothing model" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.created="${CREATED}" \
  org.opencontainers.image.source="${SOURCE}"
