# TensorFlow Serving with a Keras model of yours, converted inside the build. Context: the project's root.
#
#   docker build -f deploy/docker/keras-model.dockerfile -t my-model:1 \
#     --build-arg KERAS_FILE=models/my-model/my-model.keras --build-arg MODEL_NAME=my-model .
#
# Other targets: `converter` (Python that converts what it is asked on stdin; `imgserve convert --docker`),
# `convert` (the same with the result in /models), `saved-model` (the result alone, for --output).
ARG PYTHON_IMAGE=python:3.11-slim-bookworm
ARG TF_SERVING_IMAGE=tensorflow/serving
ARG TAG=2.19.1

# A SavedModel is the same for every platform, so this runs on the builder's.
FROM --platform=$BUILDPLATFORM ${PYTHON_IMAGE} AS converter
WORKDIR /convert
COPY apps/imgserve/python/requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt
COPY apps/imgserve/python ./
# Keras and TensorFlow look for a home, which another user has not.
ENV HOME=/tmp
ENTRYPOINT ["python", "-u", "convert.py"]

FROM converter AS convert
# .keras or .h5 in the build context; .dockerignore lets what is under models/ in.
ARG KERAS_FILE
ARG MODEL_NAME
ARG MODEL_VERSION=1
# As a model spec's; SCALE,OFFSET too. Left out, there is no serving_uint8 and no serving_bytes.
ARG SCALING=""
ARG RESAMPLE=""
# HEIGHTxWIDTH, where the network leaves them open.
ARG SIZE=""
COPY ${KERAS_FILE} /keras/
RUN printf '{"source":"%s","target":"/models/%s/%s","scaling":"%s","resample":"%s","size":"%s"}' \
  /keras/* "${MODEL_NAME:?is not set}" "$MODEL_VERSION" "$SCALING" "$RESAMPLE" "$SIZE" | python -u convert.py \
  && printf 'model_config_list { config { name: "%s" base_path: "/models/%s" model_platform: "tensorflow" } }\n' \
  "$MODEL_NAME" "$MODEL_NAME" >/models/models.config

FROM scratch AS saved-model
COPY --from=convert /models /

FROM ${TF_SERVING_IMAGE}:${TAG}
COPY --from=convert /models /models

USER 1000:1000
EXPOSE 8500 8501
ENTRYPOINT ["tensorflow_model_server"]
CMD ["--port=8500", "--rest_api_port=8501", "--model_config_file=/models/models.config", \
  "--enable_grpc_healthcheck_service=true"]

ARG MODEL_NAME
ARG VERSION=""
ARG REVISION=""
ARG CREATED=""
ARG SOURCE=""
LABEL org.opencontainers.image.title="${MODEL_NAME}" \
  org.opencontainers.image.description="TensorFlow Serving with a Keras model" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.created="${CREATED}" \
  org.opencontainers.image.source="${SOURCE}"
