# An agent with what Python jobs need. Ranks run inside of the container, beside the agent. Build from the root:
#   docker build -f docker/agent.Dockerfile -t orchestrator-agent .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /code
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY protos protos
COPY src src
RUN dotnet publish src/Orchestrator.Agent -c Release -r linux-x64 --self-contained -o /app

FROM debian:12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates libssl3 libstdc++6 python3 python3-torch python3-grpcio python3-protobuf \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /app /usr/lib/orchestrator
COPY src/python /usr/lib/orchestrator/python
ENV PYTHONPATH=/usr/lib/orchestrator/python
# Other agents knock here.
EXPOSE 7071 7073
# /state must outlive the container, /memory must not.
VOLUME /state
ENTRYPOINT ["/usr/lib/orchestrator/orchestrator-agent", "--state", "/state", "--memory", "/dev/shm/orchestrator"]
