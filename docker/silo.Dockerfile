# The control plane. Build from the repository's root:
#   docker build -f docker/silo.Dockerfile -t orchestrator-silo .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /code
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY protos protos
COPY src src
RUN dotnet publish src/Orchestrator.Silo -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
COPY --from=build /app /usr/lib/orchestrator
USER app
# Agents and clients; probes; silos among themselves.
EXPOSE 7070 7072 11111
ENTRYPOINT ["/usr/lib/orchestrator/orchestrator-silo"]
