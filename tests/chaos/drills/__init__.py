"""Single faults with their bounds, on the campaign's cluster: what a failover, an outage and a cut cost."""
