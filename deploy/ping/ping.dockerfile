# Context: this folder.
FROM node:24-bookworm-slim
WORKDIR /app
COPY package.json server.js ./
# A number, so that runAsNonRoot can be checked.
USER 1000:1000
EXPOSE 9696
ENTRYPOINT ["node", "server.js"]
