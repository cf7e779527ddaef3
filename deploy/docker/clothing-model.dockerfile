# TensorFlow Serving with the clothing model. Context: the project's root.
# GPU: --build-arg TAG=2.19.1-gpu. There is no arm64 image of TensorFlow Serving.
ARG TF_SERVING_IMAGE=tensorflow/serving
ARG TAG=2.19.1

# Every version, less the ONNX files, which are the other model server's.
FROM ${TF_SERVING_IMAGE}:${TAG} AS model
USER 0
COPY models/clothing-model /from
RUN mkdir -p /out/clothing-model && cp -R /from/[1-9]* /out/clothing-model && rm -f /out/clothing-model/*/*.onnx*

FROM ${TF_SERVING_IMAGE}:${TAG}
COPY --from=model /out /models

# The base names no user. It needs none of root's rights: it reads /models and opens high ports.
USER 1000:1000
EXPOSE 8500 8501
# Not the base's script: a shell as process 1 passes no signal on.
ENTRYPOINT ["tensorflow_model_server"]
CMD ["--port=8500", "--rest_api_port=8501", "--model_name=clothing-model", \
  "--model_base_path=/models/clothing-model", "--enable_grpc_healthcheck_service=true"]

ARG VERSION=""
ARG REVISION=""
ARG CREATED=""
ARG SOURCE=""
LABEL org.opencontainers.image.title="clothing-model" \
  org.opencontainers.image.description="TensorFlow Serving with the clothing model" \
  org.opencontainers.image.licenses="Apache-2.0 AND MIT" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.created="${CREATED}" \
  org.opencontainers.image.source="${SOURCE}"
