"""Apache Kafka on this machine, without Docker or root: one node or three, from jars that Maven fetches once.

``python -m deploy.kafka up`` runs it from a shell, with TLS, a login for every service and agency, and ACLs;
`deploy.kafka.cluster.Cluster` from a test; `deploy.kafka.node` is the one in the place of the embedded broker.
``python -m deploy.kafka grant`` gives a running cluster the same ACLs.
"""
