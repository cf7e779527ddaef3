# The gateway alone, for amd64 and arm64. Context: the project's root.
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
  dist/apps/gateway/src/main.js dist/apps/gateway/src/verify-model.js \
  dist/libs/preprocessing/src/workers/process.js dist/libs/preprocessing/src/workers/thread.js \
  dist/libs/jpeg/jpeg.wasm dist/libs/preprocessing/png.wasm \
  && ln -s /models /out/models \
  && mkdir /lock && mv /out/package-lock.json /lock/

FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS packages
WORKDIR /app
# The lock lists the other app's packages as well, so it stays out of the image, where scanners would read it.
COPY --from=build /src/.npmrc /out/package.json /lock/package-lock.json ./
COPY deploy/docker/install-packages.sh /usr/local/bin/
ARG TARGETARCH
RUN sh /usr/local/bin/install-packages.sh "$TARGETARCH"

FROM ${NODE_IMAGE}
WORKDIR /app
# The least changing first: a new build of the app pushes the small layers at the end alone.
COPY --from=packages /app/node_modules node_modules
COPY models/clothing-model/model.yaml /models/clothing-model/
COPY models/clothing-model/golden/*.json models/clothing-model/golden/*.jpg models/clothing-model/golden/*.png \
  models/clothing-model/golden/*.webp models/clothing-model/golden/*.gif models/clothing-model/golden/*.tiff \
  /models/clothing-model/golden/
COPY models/clothing-model/samples/*.jpg /models/clothing-model/samples/
COPY protos protos
COPY apps/gateway/public apps/gateway/public
COPY --from=build /out ./

ENV NODE_ENV=production

# A decoded photograph of 12 MP is a block of 36 MB. By default malloc maps each such block afresh, and the
# kernel clears it page by page. Here blocks up to 64 MiB come from the heap, which keeps 128 MiB instead of
# giving them back at once; one heap for all threads, because each heap would keep as much. README.md has the figures.
ENV MALLOC_ARENA_MAX=1 \
  MALLOC_MMAP_THRESHOLD_=67108864 \
  MALLOC_TRIM_THRESHOLD_=134217728 \
  MALLOC_TOP_PAD_=16777216

# Node's 4 threads decode images and look up names. At most half of them look up, however slow the DNS of a
# link is; so 8 are left for decoding, of which there is one for each CPU. An idle thread costs some 10 KB.
ENV UV_THREADPOOL_SIZE=16

# There is no model server in this image: it asks the one that compose and the cluster call so.
ENV TF_SERVING_HOST=tf-serving:8500

# A number, so that runAsNonRoot can be checked.
USER 1000:1000
EXPOSE 9696 9464
# One thread for V8's collections and compiling beside the event loop's instead of four, which are in its way on
# two cores.
ENTRYPOINT ["node", "--v8-pool-size=1", "dist/apps/gateway/src/main.js"]

ARG VERSION=""
ARG REVISION=""
ARG CREATED=""
ARG SOURCE=""
LABEL org.opencontainers.image.title="gateway" \
  org.opencontainers.image.description="Image-classification gateway for TensorFlow Serving" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.created="${CREATED}" \
  org.opencontainers.image.source="${SOURCE}"
